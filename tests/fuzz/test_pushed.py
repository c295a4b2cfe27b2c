"""Whatever comes over the websocket: news, nothing, or a lost connection; and one clear end."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websocket import ABNF, WebSocket

from tests.fake_awx import HOST, FakeTime
from tests.fuzz.nonsense import BODIES, in_json, literals
from tests.rows import event
from utils.awx_client import Client
from utils.errors import BadAnswer
from utils.following import push
from utils.following.followed_job import FollowedJob
from utils.jobs import Launched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from utils.following.news import News

IS_LONG = settings.get_current_profile_name() == "fuzz"
EXAMPLES = settings(max_examples=4000 if IS_LONG else 150, derandomize=not IS_LONG)
JOB = Launched(40, "job", "jobs/40/", "")
TRUE = (
    {"unified_job_id": 40, "status": "running", "group_name": "jobs", "type": "job"},
    {"unified_job_id": 40, "status": "failed", "finished": "2026-11-21T22:16:21Z",
     "final_counter": 3, "workflow_job_id": 39, "group_name": "jobs"},
    {"unified_job_id": 40, "status": "canceled"},
    {**event(1, "TASK [x]\r\n", group_name="job_events", job=40, start_line=0, end_line=1,
             event_data={"host": "web01", "ignore_errors": False}, uuid="u", parent_uuid="p")},
    {**event(3, "ok", group_name="project_update_events", project_update=40)},
)  # fmt: skip


@st.composite
def _messages(draw: st.DrawFn) -> bytes:
    body = json.dumps(draw(st.sampled_from(TRUE))).encode()
    for _ in range(draw(st.integers(0, 3))):
        how = draw(st.sampled_from(("replace", "replace", "remove", "twice", "wrap", "many")))
        way = tuple(draw(st.lists(st.integers(0, 20), min_size=1, max_size=3)))
        body = in_json(body, way, how, draw(literals))
    return body


def _frame(opcode: int, data: bytes, rsv: int) -> bytes:
    """Return a frame as a server sends it, its data not masked."""
    frame = ABNF(1, rsv & 1, 0, 0, opcode, 0, data)
    return frame.format() if not rsv & 1 else bytes([0xC0 | opcode, min(len(data), 125)]) + data


texts = st.one_of(_messages(), _messages(), st.sampled_from(BODIES), st.binary(max_size=30))
frames = st.one_of(
    st.builds(_frame, st.just(ABNF.OPCODE_TEXT), texts, st.just(0)),
    st.builds(_frame, st.sampled_from(ABNF.OPCODES), texts.map(lambda text: text[:120]),
              st.integers(0, 3)),
    st.binary(max_size=200),
)  # fmt: skip


def told(parts: Sequence[bytes]) -> list[News]:
    """Return what is understood of what another side sends before it goes away."""
    ours, theirs = socket.socketpair()
    connection = WebSocket()
    connection.sock, connection.connected = ours, True
    found: list[News] = []
    with ours, theirs, pytest.MonkeyPatch.context() as patch:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2_000_000)
        theirs.setblocking(False)
        theirs.send(b"".join(parts)[:200_000])
        theirs.shutdown(socket.SHUT_WR)
        patch.setattr(push, "_open", lambda *_: connection)
        pushed = push.Push(Client(HOST, prefix="/api/v2/"))
        # A message takes two bytes at least, and at its end the connection is lost.
        for _ in range(200_000):
            try:
                news = pushed.wait(0.5)
            except (push.PushLost, BadAnswer):
                return found
            if news:
                found.append(news)
    raise AssertionError("it goes on after its end")


def test_true_messages_are_understood() -> None:
    frames_of_all = [_frame(ABNF.OPCODE_TEXT, json.dumps(each).encode(), 0) for each in TRUE]
    assert [each.status for each in told(frames_of_all)] == ["running", "failed", "", "", ""]


@EXAMPLES
@given(st.lists(frames, min_size=1, max_size=5))
def test_nonsense_is_news_nothing_or_a_lost_connection(parts: Sequence[bytes]) -> None:
    time = FakeTime()
    client = Client(HOST, prefix="/api/v2/", sleep=time.sleep)
    shown: list[bytes] = []
    one = FollowedJob(client, JOB, shown.append, clock=time.clock)
    for news in told(parts):
        # A hint is a question to AWX, which tests of runs have.
        news.is_hint = False
        try:
            one.take(news)
        except BadAnswer:
            continue
    assert one.status != "successful"
    assert all(text.endswith(b"\n") for text in shown)
