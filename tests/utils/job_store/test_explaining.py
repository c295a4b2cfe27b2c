"""Why jobs failed, out of AWX's explanation, its host summaries and its events."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.rows import event, page
from utils.job_store import store
from utils.job_store.explaining import SETTLED_S, explain
from utils.job_store.fetching import KeptList

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

    Row = dict[str, object]

NOW = 1_800_000_000.0
SYNC = 'Previous Task Failed: {"job_type": "%s", "job_name": "Web", "job_id": "7"}'


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with closing(store.opened(None, "a test")) as made:
        yield made


def job(
    database: sqlite3.Connection, job_id: int, status: str = "failed", words: str = "",
    finished: float | None = NOW - 3600,
) -> None:  # fmt: skip
    database.execute(
        "INSERT INTO jobs VALUES (?, 9, 2, 8, 1, 'Deploy', 'admin', 'manual', ?, ?, ?, ?, 5.0, '', "
        "?)",
        (job_id, status, NOW - 7200, NOW - 7199, finished, words),
    )


def look(client: Client, database: sqlite3.Connection) -> list[tuple[Any, ...]]:
    explain(client, database, KeptList(), since=0.0, until=NOW, now=NOW)
    return database.execute(
        "SELECT job, kind, reason, hosts FROM explained ORDER BY job"
    ).fetchall()


def summary(number: int, host: str, *, failures: int = 1) -> Row:
    return {"id": number, "host_name": host, "failures": failures, "dark": 1 - failures}


def failed(counter: int, host: str, words: str, kind: str = "runner_on_failed") -> Row:
    data = {"host": host, "res": {"msg": words}}
    named = {"event": kind, "task": "Install", "host_name": host}
    return {**event(counter, event_data=data), **named}


def told(awx: FakeAwx, job_id: int, hosts: list[Row], events: list[Row]) -> None:
    awx.get(f"jobs/{job_id}/job_host_summaries/", page(*hosts))
    awx.get(f"jobs/{job_id}/job_events/", page(*events))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (SYNC % "project_update", "project sync"),
        (SYNC % "inventory_update", "inventory sync"),
        ("Job terminated due to timeout", "timed out"),
        (
            "Job cannot start because Credential 3 does not provide one or more required",
            "not started",
        ),
        ("Job is not in a startable state: running, expecting one of", "not started"),
        ("Task failed pre-start check.", "not started"),
        ("Missing needed fields: password.", "not started"),
    ],
)
def test_what_awx_explains_needs_no_request(
    client: Client, database: sqlite3.Connection, words: str, kind: str
) -> None:
    job(database, 40, words=words)
    assert look(client, database) == [(40, kind, words, 0)]


def test_a_task_that_failed_goes_before_a_host_that_was_away(
    client: Client, awx: FakeAwx, database: sqlite3.Connection
) -> None:
    job(database, 40)
    told(
        awx, 40,
        [summary(1, "away", failures=0), summary(2, "web01")],
        [failed(1, "away", "timed out", "runner_on_unreachable"), failed(2, "web01", "no httpd")],
    )  # fmt: skip
    assert look(client, database) == [(40, "task", "Install: no httpd", 2)]
    assert database.execute("SELECT * FROM failed_hosts ORDER BY host").fetchall() == [
        (40, "away", "Install", "timed out", 1), (40, "web01", "Install", "no httpd", 0)
    ]  # fmt: skip


def test_hosts_that_were_all_away(
    client: Client, awx: FakeAwx, database: sqlite3.Connection
) -> None:
    job(database, 40)
    lost = failed(1, "away", "timed out", "runner_on_unreachable")
    told(awx, 40, [summary(1, "away", failures=0)], [lost])
    assert look(client, database) == [(40, "unreachable", "timed out", 1)]


def test_a_failure_before_any_host(
    client: Client, awx: FakeAwx, database: sqlite3.Connection
) -> None:
    job(database, 40)
    told(awx, 40, [], [])
    assert look(client, database) == [(40, "playbook", "it failed before any host did anything", 0)]


def test_what_awx_could_not_run(client: Client, awx: FakeAwx, database: sqlite3.Connection) -> None:
    job(database, 40, "error", "Failed to JSON parse a line from worker stream.")
    told(awx, 40, [], [])
    assert look(client, database) == [
        (40, "AWX", "Failed to JSON parse a line from worker stream.", 0)
    ]


def test_a_job_that_has_only_just_ended_is_looked_at_again(
    client: Client, awx: FakeAwx, database: sqlite3.Connection
) -> None:
    """AWX has not stored all of its events yet."""
    job(database, 40, finished=NOW - SETTLED_S / 2)
    awx.get("jobs/40/job_host_summaries/", page())
    awx.get("jobs/40/job_host_summaries/", page(summary(1, "web01")))
    awx.get("jobs/40/job_events/", page(failed(1, "web01", "no httpd")))
    assert look(client, database)[0][1] == "playbook"
    assert look(client, database) == [(40, "task", "Install: no httpd", 1)]


def test_hosts_without_an_event_count_all_the_same(
    client: Client, awx: FakeAwx, database: sqlite3.Connection
) -> None:
    job(database, 40)
    told(awx, 40, [summary(1, "web01"), summary(2, "web02")], [failed(1, "web02", "no httpd")])
    assert look(client, database) == [(40, "task", "Install: no httpd", 2)]
    hosts = database.execute("SELECT host, task FROM failed_hosts ORDER BY host").fetchall()
    assert hosts == [("web01", ""), ("web02", "Install")]


@pytest.mark.parametrize("status", [403, 404])
def test_a_job_that_awx_does_not_tell_of_is_left_out(
    client: Client, awx: FakeAwx, database: sqlite3.Connection, status: int
) -> None:
    job(database, 41)
    job(database, 40)
    awx.get("jobs/41/job_host_summaries/", {"detail": "Not for you."}, status=status)
    awx.get("jobs/41/job_events/", {"detail": "Not for you."}, status=status)
    told(awx, 40, [summary(1, "web01")], [failed(1, "web01", "no httpd")])
    assert look(client, database) == [(40, "task", "Install: no httpd", 1)]


def test_an_awx_that_is_gone_costs_only_the_reasons(
    client: Client, awx: FakeAwx, database: sqlite3.Connection
) -> None:
    job(database, 40, words="Job terminated due to timeout")
    job(database, 39)
    awx.get("jobs/39/job_host_summaries/", "Gateway Timeout", status=504)
    assert look(client, database) == [(40, "timed out", "Job terminated due to timeout", 0)]


def test_more_hosts_than_fit_in_a_page(
    client: Client, awx: FakeAwx, database: sqlite3.Connection
) -> None:
    job(database, 40)
    hosts = [summary(number, f"web{number:03}") for number in range(1, 202)]
    first = {
        "count": 201,
        "next": "/api/v2/jobs/40/job_host_summaries/?page=2",
        "results": hosts[:200],
    }
    # Once as a whole job's first page, then again from its beginning on.
    awx.get("jobs/40/job_host_summaries/", first)
    awx.get("jobs/40/job_host_summaries/", first)
    awx.get("jobs/40/job_host_summaries/", {"results": hosts[200:]})
    awx.get("jobs/40/job_events/", page(failed(1, "web201", "no httpd")))
    assert look(client, database) == [(40, "task", "Install: no httpd", 201)]
