from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fake_awx import FakeAwx, FakeTime, address
from tests.rows import event, job, node, page
from utils.errors import BadAnswer
from utils.following.follower import Follower
from utils.following.news import News
from utils.following.workflow import followed as followed_job
from utils.jobs import Launched
from utils.record import Record
from utils.waiting import STORED_WITHIN_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from requests import PreparedRequest

    from utils.awx_client import Client

    Row = dict[str, object]

LAUNCHED = Launched(40, "job", "jobs/40/", "http://awx.test/#/jobs/playbook/40/output")
WORKFLOW = Launched(40, "workflow_job", "workflow_jobs/40/", "")
LINES = {counter: f"line {counter}" for counter in range(1, 8)}
TEXT = b"".join(f"{line}\n".encode() for line in LINES.values())


class LiveJob:
    """A job in AWX: each look at its details is a tick; its status and events follow a script.

    `script` has for each tick the status and the counters stored by then; the last one stays.
    """

    def __init__(
        self, awx: FakeAwx, script: list[tuple[str, set[int]]], *, stored_from: int | None
    ) -> None:
        self.script = script
        self.stored_from = stored_from
        self.tick = -1
        self.texts = {counter: f"line {counter}" for counter in range(1, 8)}
        self.asked_after: list[int] = []
        awx.mock.add_callback("GET", address("jobs/40/"), self.details)
        awx.mock.add_callback("GET", address("jobs/40/job_events/"), self.events)

    def details(self, _request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        self.tick += 1
        status, _ = self.script[min(self.tick, len(self.script) - 1)]
        is_stored = self.stored_from is not None and self.tick >= self.stored_from
        return 200, {}, json.dumps(job(status=status, event_processing_finished=is_stored))

    def events(self, request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        query = {key: value[0] for key, value in parse_qs(urlsplit(str(request.url)).query).items()}
        assert query["order_by"] == "counter"
        assert query["no_truncate"] == "1"
        after = int(query["counter__gt"])
        self.asked_after.append(after)
        _, there = self.script[min(self.tick, len(self.script) - 1)]
        rows = [event(each, self.texts.get(each, "")) for each in sorted(there) if each > after]
        return 200, {}, json.dumps({"results": rows[: int(query["limit"])]})


def follow(
    client: Client, time: FakeTime, show: Callable[[bytes], None], job: Launched = LAUNCHED
) -> Record:
    """Follow without a websocket; what it pushes is tested against the embedded AWX."""
    one = followed_job(client, job, show, clock=time.clock)
    Follower(client, [one], sleep=time.sleep, clock=time.clock, use_push=False).follow()
    assert one.is_over
    return one.conclude()


def followed(client: Client, time: FakeTime) -> tuple[str, bytes]:
    shown: list[bytes] = []
    end = follow(client, time, shown.append)
    return end.text("status"), b"".join(shown)


ALL = set(LINES)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param([("successful", ALL)], id="over before the first look"),
        pytest.param(
            [("pending", set()), ("running", {1, 2}), ("running", {1, 2, 3}), ("successful", ALL)],
            id="in order",
        ),
        pytest.param(
            [("running", {1, 2, 5}), ("running", {1, 2, 4, 5}), ("successful", {1, 2, 4, 5, 7}),
             ("successful", ALL)],
            id="with holes",
        ),
        pytest.param(
            [("running", {7}), ("running", {6, 7}), ("running", {4, 5, 6, 7}), ("successful", ALL)],
            id="backwards",
        ),
        pytest.param(
            [("running", set()), ("successful", set()), ("successful", {3}), ("successful", ALL)],
            id="all of them late",
        ),
    ],
)  # fmt: skip
def test_the_text_is_whole_and_in_order_however_the_events_come(
    client: Client, awx: FakeAwx, time: FakeTime, script: list[tuple[str, set[int]]]
) -> None:
    LiveJob(awx, script, stored_from=len(script) - 1)
    end, text = followed(client, time)
    assert text == TEXT
    assert end == "successful"


def test_it_is_shown_as_it_comes_up_to_the_first_hole(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    live = LiveJob(awx, [("running", {1, 2, 4}), ("running", {1, 2, 4}), ("successful", ALL)],
                   stored_from=2)  # fmt: skip
    shown: list[tuple[int, bytes]] = []
    follow(client, time, lambda text: shown.append((live.tick, text)))
    assert [text for tick, text in shown if tick < 2] == [b"line 1\n", b"line 2\n"]
    assert b"".join(text for _, text in shown) == TEXT


def test_an_event_without_text_shows_nothing_but_moves_on(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    live = LiveJob(awx, [("running", {1, 2, 3}), ("successful", {1, 2, 3})], stored_from=1)
    live.texts = {1: "", 2: "\r\nTASK [x] ***\r\nok", 3: ""}
    _, text = followed(client, time)
    assert text == b"\nTASK [x] ***\nok\n"
    assert live.asked_after[-1] == 3


def test_more_events_than_one_answer_holds(client: Client, awx: FakeAwx, time: FakeTime) -> None:
    count = 650
    live = LiveJob(awx, [("successful", set(range(1, count + 1)))], stored_from=0)
    live.texts = {each: str(each) for each in range(1, count + 1)}
    _, text = followed(client, time)
    assert text.split() == [str(each).encode() for each in range(1, count + 1)]


def test_what_never_comes_is_told_and_the_rest_is_shown(
    client: Client, awx: FakeAwx, time: FakeTime, caplog: pytest.LogCaptureFixture
) -> None:
    LiveJob(awx, [("failed", {1, 2, 5, 7})], stored_from=0)
    end, text = followed(client, time)
    assert text == b"line 1\nline 2\nline 5\nline 7\n"
    assert "3 event(s) of job 40 never came" in caplog.text
    assert end in {"failed", "error"}


def test_events_that_are_never_said_to_be_stored_are_waited_for_within_bounds(
    client: Client, awx: FakeAwx, time: FakeTime, caplog: pytest.LogCaptureFixture
) -> None:
    LiveJob(awx, [("error", {1, 2})], stored_from=None)
    end, text = followed(client, time)
    assert STORED_WITHIN_S <= sum(time.pauses) <= STORED_WITHIN_S + 10
    assert text == b"line 1\nline 2\n"
    assert "does not say that all output of job 40 is stored" in caplog.text
    assert end in {"failed", "error"}


def test_pauses_grow_while_nothing_happens_and_start_anew_with_output(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    quiet: list[tuple[str, set[int]]] = [("running", set())] * 6
    LiveJob(awx, [*quiet, ("running", {1}), ("successful", {1})], stored_from=7)
    followed(client, time)
    assert time.pauses[:5] == [0.5, 0.75, 1.125, 1.6875, 2.53125]
    after_output = time.pauses.index(0.5, 1)
    assert after_output > 4
    assert max(time.pauses) <= 5.0


def test_a_workflow_has_no_output_of_its_own(client: Client, awx: FakeAwx, time: FakeTime) -> None:
    awx.get("workflow_jobs/40/", job(type="workflow_job", status="failed"))
    awx.get("workflow_jobs/40/workflow_nodes/", page(node(1), node(2)))
    shown: list[bytes] = []
    assert follow(client, time, shown.append, WORKFLOW).text("status") == "failed"
    assert shown == []
    assert awx.sent == ["GET workflow_jobs/40/", "GET workflow_jobs/40/workflow_nodes/"]


def test_a_project_update_has_its_events_elsewhere(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    related = {"events": "/api/v2/project_updates/40/events/"}
    awx.get("project_updates/40/", job(type="project_update", related=related))
    awx.get("project_updates/40/events/", {"results": [event(1, "Cloning")]})
    shown: list[bytes] = []
    update = Launched(40, "project_update", "project_updates/40/", "")
    follow(client, time, shown.append, update)
    assert shown == [b"Cloning\n"]


def test_each_change_of_status_is_told_once(
    client: Client, awx: FakeAwx, time: FakeTime, caplog: pytest.LogCaptureFixture
) -> None:
    for status in ("pending", "pending", "running", "running", "canceled"):
        awx.get("jobs/40/", job(status=status))
    awx.get("jobs/40/job_events/", {"results": []})
    follow(client, time, print)
    told = [each.message for each in caplog.records if each.name == "awx.follow"]
    assert told == ["job 40 is pending", "job 40 is running", "job 40 is canceled"]


def test_short_trouble_does_not_end_it(client: Client, awx: FakeAwx, time: FakeTime) -> None:
    awx.get("jobs/40/", job(status="running"))
    awx.get("jobs/40/", {}, 502)
    awx.get("jobs/40/", {}, 503)
    awx.get("jobs/40/", job())
    awx.get("jobs/40/job_events/", {"results": []})
    assert follow(client, time, print).text("status") == "successful"


def test_the_end_is_that_of_the_last_event(client: Client, awx: FakeAwx, time: FakeTime) -> None:
    awx.get("jobs/40/", job(event_processing_finished=False))
    awx.get("jobs/40/", job(host_status_counts={"ok": 3}))
    awx.get("jobs/40/job_events/", {"results": [event(1, "ok")]})
    assert follow(client, time, print).fields["host_status_counts"] == {"ok": 3}


def test_a_hole_of_many_events_is_gone_over_to_the_last(
    client: Client, awx: FakeAwx, time: FakeTime, caplog: pytest.LogCaptureFixture
) -> None:
    there = {1, *range(50, 700)}
    live = LiveJob(awx, [("failed", there)], stored_from=0)
    live.texts = {each: str(each) for each in there}
    _, text = followed(client, time)
    assert [int(line) for line in text.split()] == sorted(there)
    assert "48 event(s) of job 40 never came" in caplog.text


class TestDeleted:
    def test_in_the_middle_it_ends_as_deleted_and_what_came_is_shown(
        self, client: Client, awx: FakeAwx, time: FakeTime, caplog: pytest.LogCaptureFixture
    ) -> None:
        awx.get("jobs/40/", job(status="running"))
        awx.get("jobs/40/", {"detail": "Not found."}, 404)
        awx.get("jobs/40/job_events/", {"results": [event(1, "one")]})
        awx.get("jobs/40/job_events/", {"detail": "Not found."}, 404)
        end, text = followed(client, time)
        assert (end, text) == ("deleted", b"one\n")
        assert time.now >= 1001.0
        assert caplog.text.count("is not there any more") == 1

    def test_after_its_end_it_ends_as_it_did(
        self, client: Client, awx: FakeAwx, time: FakeTime, caplog: pytest.LogCaptureFixture
    ) -> None:
        awx.get("jobs/40/", job(event_processing_finished=False))
        awx.get("jobs/40/", {"detail": "Not found."}, 404)
        awx.get("jobs/40/job_events/", {"results": [event(1, "one")]})
        end, text = followed(client, time)
        assert (end, text) == ("successful", b"one\n")
        assert caplog.text.count("is not there any more") == 1

    def test_a_404_that_passes_is_not_believed(
        self, client: Client, awx: FakeAwx, time: FakeTime
    ) -> None:
        awx.get("jobs/40/", job(status="running"))
        awx.get("jobs/40/", "<html>", 404)
        awx.get("jobs/40/", job())
        awx.get("jobs/40/job_events/", {"results": [event(1, "one")]})
        awx.get("jobs/40/job_events/", "<html>", 404)
        awx.get("jobs/40/job_events/", {"results": [event(2, "two")]})
        assert followed(client, time) == ("successful", b"one\ntwo\n")


def test_output_of_one_that_is_said_to_wait_is_shown_all_the_same(
    client: Client, time: FakeTime
) -> None:
    shown: list[bytes] = []
    one = followed_job(client, LAUNCHED, shown.append, clock=time.clock)
    one.take(News(40, status="pending"))
    one.take(News(40, [Record(event(1, "one"), "websocket")]))
    assert (one.status, shown) == ("running", [b"one\n"])
    assert not one.is_waiting


class TestSeveral:
    """Jobs 40 and 41, followed together."""

    def follow(self, client: Client, time: FakeTime) -> tuple[list[str], bytes]:
        shown: list[bytes] = []
        jobs = [
            followed_job(client, each, shown.append, clock=time.clock)
            for each in (LAUNCHED, Launched(41, "job", "jobs/41/", ""))
        ]
        Follower(client, jobs, sleep=time.sleep, clock=time.clock, use_push=False).follow()
        return [each.conclude().text("status") for each in jobs], b"".join(shown)

    def test_their_statuses_come_by_one_list(
        self, client: Client, awx: FakeAwx, time: FakeTime
    ) -> None:
        awx.get("unified_jobs/", page(job(status="running"), job(id=41, status="pending")))
        awx.get("unified_jobs/", page(job(status="running"), job(id=41, status="running")))
        awx.get("unified_jobs/", page(job(status="failed"), job(id=41)))
        for number in (40, 41):
            awx.get(f"jobs/{number}/job_events/", {"results": []})
        awx.get("jobs/40/job_events/", {"results": [event(1, "forty")]})
        awx.get("jobs/40/", job(status="failed"))
        awx.get("jobs/41/job_events/", {"results": [event(1, "forty-one")]})
        awx.get("jobs/41/", job(id=41))
        statuses, text = self.follow(client, time)
        assert statuses == ["failed", "successful"]
        assert text == b"forty\nforty-one\n"
        assert [each["id__in"] for each in awx.queries("unified_jobs/")] == ["40,41"] * 3
        assert awx.sent.count("GET jobs/40/") == awx.sent.count("GET jobs/41/") == 1

    def test_one_that_was_deleted_does_not_end_the_others(
        self, client: Client, awx: FakeAwx, time: FakeTime
    ) -> None:
        awx.get("unified_jobs/", page(job(status="running"), job(id=41, status="running")))
        awx.get("unified_jobs/", page(job(status="running")))
        awx.get("jobs/41/", {"detail": "Not found."}, 404)
        for number in (40, 41):
            awx.get(f"jobs/{number}/job_events/", {"results": []})
        awx.get("jobs/40/", job())
        assert self.follow(client, time)[0] == ["successful", "deleted"]


@pytest.mark.parametrize("minutes", [10, 60])
@pytest.mark.parametrize("share", [0.7, 1.0, 1.4])
def test_a_long_job_that_says_nothing_takes_less_than_a_request_a_second(
    client: Client, awx: FakeAwx, time: FakeTime, minutes: int, share: float
) -> None:
    began, ends_at = time.now, time.now + minutes * 60

    def details(_request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        row = job(status="running" if time.now < ends_at else "successful")
        row = {**row, "elapsed": min(time.now, ends_at) - began}
        return 200, {}, json.dumps({**row, "unified_job_template": 9})

    awx.mock.add_callback("GET", address("jobs/40/"), details)
    awx.get("jobs/40/job_events/", {"results": []})
    awx.get("unified_jobs/", page(job(elapsed=minutes * 60 * share)))
    follow(client, time, print)
    assert len(awx.requests) < minutes * 60
    late_s = time.now - ends_at
    assert late_s <= (1.0 if share == 1.0 else 6.0)


@pytest.mark.parametrize(("seconds", "told"), [(250, []), (400, [60.0])])
def test_how_long_a_job_usually_has_left_is_told_once_it_runs_for_five_minutes(
    client: Client, awx: FakeAwx, time: FakeTime, seconds: int, told: list[float]
) -> None:
    began = time.now

    def details(_request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        row = job(status="running" if time.now < began + seconds else "successful")
        row = {**row, "elapsed": min(time.now - began, seconds), "unified_job_template": 9}
        return 200, {}, json.dumps(row)

    awx.mock.add_callback("GET", address("jobs/40/"), details)
    awx.get("jobs/40/job_events/", {"results": []})
    awx.get("unified_jobs/", page(job(elapsed=360)))
    left: list[float] = []
    one = followed_job(client, LAUNCHED, lambda _: None, clock=time.clock)
    Follower(
        client,
        [one],
        sleep=time.sleep,
        clock=time.clock,
        use_push=False,
        on_long=lambda left_s: left.append(left_s()),
    ).follow()
    assert left == [pytest.approx(each, abs=6) for each in told]


def test_an_answer_about_another_job_does_not_end_this_one(client: Client, awx: FakeAwx) -> None:
    awx.get("jobs/40/", job(id=39))
    one = followed_job(client, LAUNCHED, lambda _: None)
    with pytest.raises(BadAnswer, match="tells of job 39"):
        one.look()
    assert not one.is_final


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (None, {"ok": 1, "changed": 1, "failures": 1, "dark": 1, "skipped": 1}),
        ({"ok": 9}, {"ok": 9}),
        ({}, {}),
    ],
)
def test_hosts_are_counted_by_the_recap_where_awx_has_not_yet_done_so(
    client: Client, awx: FakeAwx, time: FakeTime, told: object, found: object
) -> None:
    """AWX stores and pushes the recap first, and writes `host_status_counts` down then."""
    recap = event(1, "PLAY RECAP", event="playbook_on_stats")
    recap["event_data"] = {
        "skipped": {"a": 1, "b": 1, "e": 2}, "ok": {"a": 1, "b": 2, "c": 1}, "changed": {"b": 1},
        "failures": {"c": 1}, "dark": {"d": 1}, "processed": {"a": 1}, "rescued": {},
    }  # fmt: skip
    awx.get("jobs/40/", job(host_status_counts=told))
    awx.get("jobs/40/job_events/", page(recap))
    end = follow(client, time, lambda _: None)
    assert end.fields["host_status_counts"] == found
    assert awx.sent.count("GET jobs/40/") == 1


def test_hosts_that_nobody_counted_stay_unknown(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    awx.get("jobs/40/", job(status="error", host_status_counts=None))
    awx.get("jobs/40/job_events/", page(event(1, "no recap")))
    assert follow(client, time, lambda _: None).fields["host_status_counts"] is None
