from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest

from demo.faults import Fault

if TYPE_CHECKING:
    from demo.server import DemoServer
    from tests.demo.conftest import Api


def raw(server: DemoServer, api: Api, method: str, path: str) -> bytes:
    """Return every byte of the answer until the server closes the connection."""
    host, port = server.url.removeprefix("http://").split(":")
    request = (
        f"{method} /api/v2/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
        f"Authorization: Bearer {api.token}\r\nContent-Length: 0\r\n\r\n"
    )
    received = b""
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request.encode())
        try:
            while piece := connection.recv(65536):
                received += piece
        except ConnectionResetError:
            pass
    return received


def test_drop_before_does_no_work(server: DemoServer, api: Api) -> None:
    before = server.awx.jobs.next_id
    server.faults.add(Fault("drop_before", "POST", "launch"))
    assert raw(server, api, "POST", "job_templates/9/launch/") == b""
    assert server.awx.jobs.next_id == before


def test_drop_after_does_the_work(server: DemoServer, api: Api) -> None:
    before = server.awx.jobs.next_id
    server.faults.add(Fault("drop_after", "POST", "launch"))
    assert raw(server, api, "POST", "job_templates/9/launch/") == b""
    assert server.awx.jobs.next_id == before + 1
    assert server.awx.jobs[before].name == "Deploy web"
    assert b"201 Created" in raw(server, api, "POST", "job_templates/9/launch/")


def test_cut_body_promises_more_than_it_sends(server: DemoServer, api: Api) -> None:
    whole = raw(server, api, "GET", "config/").partition(b"\r\n\r\n")[2]
    server.faults.add(Fault("cut_body", "GET", "config"))
    head, _, body = raw(server, api, "GET", "config/").partition(b"\r\n\r\n")
    assert f"content-length: {len(whole)}".encode() in head
    assert body == whole[: len(whole) // 2]


def test_status_with_headers_skip_and_times(server: DemoServer, api: Api) -> None:
    server.faults.add(
        Fault("status", "GET", r"me/$", times=2, skip=1, code=503, headers={"Retry-After": "7"})
    )
    seen = [api.send("GET", "me/") for _ in range(4)]
    assert [answer.status_code for answer in seen] == [200, 503, 503, 200]
    assert seen[1].headers["Retry-After"] == "7"
    assert seen[1].text == "Bad Gateway"


def test_html_in_place_of_json(server: DemoServer, api: Api) -> None:
    server.faults.add(Fault("html", times=None))
    answer = api.send("GET", "jobs/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    server.faults.clear()
    assert api.send("GET", "jobs/").headers["Content-Type"] == "application/json"


def test_stall(server: DemoServer, api: Api) -> None:
    server.faults.add(Fault("stall", path="ping", seconds=0.3))
    began = time.monotonic()
    assert api.send("GET", "ping/").status_code == 200
    assert time.monotonic() - began >= 0.3


def test_the_query_is_part_of_the_path(server: DemoServer, api: Api) -> None:
    server.faults.add(Fault("status", path=r"counter__gt=5\b", times=None))
    assert api.send("GET", "jobs/?id__gt=5").status_code == 200
    assert api.send("GET", "jobs/?counter__gt=5").status_code == 502


def test_requests_are_noted(server: DemoServer, api: Api) -> None:
    api.send("GET", "jobs/?page_size=1")
    api.send("GET", "jobs/999999999/")
    assert server.awx.requests[-2:] == [
        ("GET", "/api/v2/jobs/?page_size=1", 200),
        ("GET", "/api/v2/jobs/999999999/", 404),
    ]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_a_dropped_request_is_noted_without_status(server: DemoServer, api: Api, kind: str) -> None:
    server.faults.add(Fault(kind, "GET", "me"))  # type: ignore[arg-type]  # one of its literals
    raw(server, api, "GET", "me/")
    assert server.awx.requests[-1] == ("GET", "/api/v2/me/", 0)
