from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from websocket import ABNF

from tests.rows import event, job
from utils.following import push
from utils.following.follower import Follower
from utils.following.workflow import followed
from utils.jobs import Launched

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx, FakeTime
    from utils.awx_client import Client

JOB = Launched(40, "job", "jobs/40/", "")


class Socket:
    """A websocket that sends those messages, and then nothing more."""

    def __init__(self, *messages: object) -> None:
        self.messages = list(messages)

    def send(self, text: str) -> None:
        """Take a subscription."""

    def settimeout(self, seconds: float) -> None:
        """Take the time to wait."""

    def close(self, timeout: float) -> None:
        """Be closed."""

    def recv_data_frame(self, *, control_frame: bool) -> tuple[int, object]:
        assert control_frame
        if not self.messages:
            raise OSError("gone")
        return ABNF.OPCODE_TEXT, SimpleNamespace(data=json.dumps(self.messages.pop(0)).encode())


def pushed(client: Client, monkeypatch: pytest.MonkeyPatch, *messages: object) -> push.Push:
    monkeypatch.setattr(push, "_open", lambda *_: Socket(*messages))
    return push.Push(client)


@pytest.mark.parametrize(
    ("group", "key"), [(group, kind) for kind, group in push.EVENT_GROUPS.items()]
)
def test_an_event_names_its_job_by_its_kind(
    client: Client, monkeypatch: pytest.MonkeyPatch, group: str, key: str
) -> None:
    message = {"group_name": group, key: 40, "counter": 3, "event": "verbose", "stdout": "x"}
    news = pushed(client, monkeypatch, message).wait(1.0)
    assert news
    assert (news.job_id, len(news.events)) == (40, 1)


def test_a_status_tells_the_workflow_that_the_job_belongs_to(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = {"unified_job_id": 41, "status": "running", "workflow_job_id": 40}
    news = pushed(client, monkeypatch, message).wait(1.0)
    assert news
    assert (news.job_id, news.status, news.workflow_id, news.is_hint) == (41, "running", 40, False)


def test_a_cancel_that_is_asked_for_is_only_a_hint(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"unified_job_id": 40, "status": "canceled"}
    ended = {**asked, "finished": "2026-11-22T00:00:00Z"}
    source = pushed(client, monkeypatch, asked, ended)
    first, second = source.wait(1.0), source.wait(1.0)
    assert first
    assert second
    assert (first.status, first.is_hint) == ("", True)
    assert (second.status, second.is_hint) == ("canceled", False)


@pytest.mark.parametrize("message", [["a list"], "text", 5, {"error": "no"}, {"close": True}])
def test_what_is_no_message_ends_the_connection(
    client: Client, monkeypatch: pytest.MonkeyPatch, message: object
) -> None:
    with pytest.raises(push.PushLost):
        pushed(client, monkeypatch, message).wait(1.0)


@pytest.mark.parametrize(
    "message",
    [
        {"unified_job_id": "40", "status": "running"},
        {"unified_job_id": 40, "status": 7},
        {"unified_job_id": 40, "final_counter": "many"},
        {"counter": 3, "event": "x", "group_name": "job_events"},
        {"counter": "3", "event": "x", "group_name": "job_events", "job": 40},
        {"counter": 3, "event": "x", "group_name": "job_events", "job": 40, "stdout": 5},
    ],
)
def test_a_message_of_the_wrong_shape_ends_the_connection_and_not_the_following(
    client: Client,
    awx: FakeAwx,
    time: FakeTime,
    monkeypatch: pytest.MonkeyPatch,
    message: dict[str, object],
) -> None:
    monkeypatch.setattr(push, "_open", lambda *_: Socket(message))
    awx.get("jobs/40/", job(status="running"))
    awx.get("jobs/40/", job())
    awx.get("jobs/40/job_events/", {"results": [event(1, "one")]})
    shown: list[bytes] = []
    one = followed(client, JOB, shown.append, clock=time.clock)
    Follower(client, [one], sleep=time.sleep, clock=time.clock).follow()
    assert (one.status, shown) == ("successful", [b"one\n"])


def test_a_message_too_deep_to_work_on_ends_the_connection(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    message: list[object] = []
    for _ in range(500):
        message = [message]
    with pytest.raises(push.PushLost, match="nested too deep"):
        pushed(client, monkeypatch, {"unified_job_id": 40, "status": message}).wait(1.0)
