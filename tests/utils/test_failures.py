from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rows import event, page
from utils import failures
from utils.failures import Failure
from utils.jobs import Launched

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

    Row = dict[str, object]

JOB = Launched(40, "job", "jobs/40/", "page")
EVENTS = "jobs/40/job_events/"
SUMMARIES = "jobs/40/job_host_summaries/"


def failed(counter: int, host: str, result: Row, **fields: object) -> Row:
    """Return the event of a task that failed on a host."""
    data = {"host": host, "res": result}
    kind: Row = {"event": "runner_on_failed", "task": "Deploy", "host_name": host}
    return {**event(counter, event_data=data), **kind, **fields}


def found(client: Client, awx: FakeAwx, hosts: list[str], *events: Row) -> list[Failure]:
    summaries = [{"id": number, "host_name": host} for number, host in enumerate(hosts, 1)]
    awx.get(SUMMARIES, page(*summaries))
    awx.get(EVENTS, page(*events))
    return failures.of_job(client, JOB)


def test_what_failed_where_and_why(client: Client, awx: FakeAwx) -> None:
    only = found(client, awx, ["web01"], failed(7, "web01", {"msg": "No package\n  httpd"}))
    assert only == [Failure("web01", "Deploy", "No package httpd", unreachable=False)]
    assert str(only[0]) == "failed web01, task 'Deploy': No package httpd"


def test_only_failed_hosts_and_failed_tasks_are_asked_for(client: Client, awx: FakeAwx) -> None:
    found(client, awx, [])
    assert awx.queries(SUMMARIES)[0]["failed"] == "true"
    assert set(awx.queries(EVENTS)[0]["event__in"].split(",")) == {
        "runner_on_failed", "runner_on_unreachable", "runner_on_async_failed",
    }  # fmt: skip


def test_a_host_that_cannot_be_reached_is_told_without_a_task(client: Client, awx: FakeAwx) -> None:
    lost = failed(1, "web01", {"msg": "timed out"}, event="runner_on_unreachable")
    (only,) = found(client, awx, ["web01"], lost)
    assert str(only) == "unreachable web01: timed out"


def test_hosts_are_in_order_the_unreachable_ones_last(client: Client, awx: FakeAwx) -> None:
    lost = failed(1, "a", {"msg": "timed out"}, event="runner_on_unreachable")
    events = [lost, failed(2, "c", {"msg": "no"}), failed(3, "b", {"msg": "no"})]
    assert [each.host for each in found(client, awx, ["a", "b", "c"], *events)] == ["b", "c", "a"]


def test_the_last_failure_of_a_host_is_the_one_that_ended_it(client: Client, awx: FakeAwx) -> None:
    events = [failed(1, "web01", {"msg": "rescued"}), failed(2, "web01", {"msg": "the end"})]
    assert [each.message for each in found(client, awx, ["web01"], *events)] == ["the end"]


def test_what_was_ignored_or_rescued_is_none(client: Client, awx: FakeAwx) -> None:
    ignored = failed(1, "web01", {"msg": "ignored"})
    ignored["event_data"] = {"res": {"msg": "ignored"}, "ignore_errors": True}
    events = [failed(2, "web01", {"msg": "real"}), ignored, failed(3, "web02", {"msg": "rescued"})]
    assert [each.message for each in found(client, awx, ["web01"], *events)] == ["real"]


def test_a_host_is_known_by_its_event_data_too(client: Client, awx: FakeAwx) -> None:
    nameless = failed(1, "web01", {"msg": "no"}, host_name="")
    assert [each.host for each in found(client, awx, ["web01"], nameless)] == ["web01"]


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ({"msg": "non-zero return code", "stderr": "disk\n full"},
         "non-zero return code: disk full"),
        ({"msg": "non-zero return code", "stdout": "disk full"}, "non-zero return code: disk full"),
        ({"msg": "non-zero return code", "stderr": "a", "stdout": "b"}, "non-zero return code: a"),
        ({"msg": "MODULE FAILURE", "stderr": "Traceback"}, "MODULE FAILURE: Traceback"),
        ({"msg": "non-zero return code"}, "non-zero return code"),
        ({"stderr": "disk full"}, "disk full"),
        ({"msg": "clear", "stderr": "noise"}, "clear"),
        ({"msg": ["a", "list"]}, "['a', 'list']"),
        ({"msg": "", "stderr": 5}, "no message"),
        ({}, "no message"),
        ({"msg": "x" * 301}, "x" * 300),
    ],
)  # fmt: skip
def test_the_message_is_the_one_that_tells_most(
    client: Client, awx: FakeAwx, result: Row, message: str
) -> None:
    (only,) = found(client, awx, ["web01"], failed(1, "web01", result))
    assert only.message == message


@pytest.mark.parametrize("kind", ["workflow_job", "project_update", "ad_hoc_command"])
def test_other_kinds_of_jobs_have_no_such_events(client: Client, awx: FakeAwx, kind: str) -> None:
    assert failures.of_job(client, Launched(40, kind, f"{kind}s/40/", "page")) == []
    assert awx.sent == []


def test_trouble_is_no_error_since_the_end_is_known(
    client: Client, awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    awx.refuse("GET", SUMMARIES, 403, "You do not have permission.")
    assert failures.of_job(client, JOB) == []
    (told,) = [each for each in caplog.records if each.name == "awx.failures"]
    assert told.levelname == "DEBUG"
    assert "You do not have permission" in told.message


def test_an_event_that_makes_no_sense_is_none_either(client: Client, awx: FakeAwx) -> None:
    assert found(client, awx, ["web01"], event(1, event_data="odd", host_name="")) == []


@pytest.mark.parametrize(("count", "lines"), [(0, 0), (1, 1), (10, 10), (11, 11), (250, 11)])
def test_the_first_few_of_many_are_told_as_errors(
    caplog: pytest.LogCaptureFixture, count: int, lines: int
) -> None:
    failures.tell(
        [Failure(f"web{number}", "Deploy", "no", unreachable=False) for number in range(count)]
    )
    assert [each.levelname for each in caplog.records] == ["ERROR"] * lines
    rest = f"and {count - 10} more host(s)"
    assert (caplog.messages[-1:] == [rest]) is (count > 10)
