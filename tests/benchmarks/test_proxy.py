from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.proxy import Requests

GET = b"GET /api/v2/ping/ HTTP/1.1\r\nHost: awx\r\n\r\n"
BODY = b'{"extra_vars": "GET / HTTP/1.1\\r\\n\\r\\n"}\r\n\r\n'
POST = b"POST /launch/ HTTP/1.1\r\ncontent-LENGTH: %d\r\n\r\n%b" % (len(BODY), BODY)
UPGRADE = b"GET /websocket/ HTTP/1.1\r\nUpgrade: WebSocket\r\n\r\n"
LINES = [b"GET /api/v2/ping/ HTTP/1.1", b"POST /launch/ HTTP/1.1"]


def first_lines(*parts: bytes) -> list[bytes]:
    found = Requests()
    return [head.split(b"\r\n")[0] for part in parts for head in found.feed(part)]


def test_each_request_of_a_connection_is_found_and_no_body_is_taken_for_one() -> None:
    assert first_lines(GET + POST + GET) == [*LINES, LINES[0]]


@given(st.lists(st.integers(0, len(GET + POST + GET)), max_size=8))
def test_it_does_not_matter_how_the_bytes_are_cut(cuts: list[int]) -> None:
    whole = GET + POST + GET
    ends = [*sorted(cuts), len(whole)]
    parts = [whole[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert first_lines(*parts) == [*LINES, LINES[0]]


def test_what_is_sent_over_an_opened_websocket_is_no_request() -> None:
    assert first_lines(UPGRADE, GET) == [b"GET /websocket/ HTTP/1.1"]
