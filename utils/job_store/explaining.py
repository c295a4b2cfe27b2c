"""Why jobs failed: AWX's explanation, and the hosts and tasks that failed, asked for once."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from utils import failures, logger
from utils.awx_client.several import several
from utils.errors import AppError, BadAnswer, Refused, Unreachable
from utils.failures import Failure
from utils.job_store.store import changing
from utils.printable import printable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator, Iterable

    from utils.awx_client import Client
    from utils.awx_client.params import Params
    from utils.job_store.fetching import KeptList
    from utils.record import Record

log = logger.get("store")

# From so many on, it is told that they are asked for.
MANY = 20
# How many failed jobs of a period are looked into, the newest ones: two requests each.
AT_MOST = 200
# Of a job on thousands of hosts, as many are looked at.
HOSTS = 1000
PAGE_SIZE = 200
# AWX stores the last events and the summaries of the hosts some seconds after a job's end.
SETTLED_S = 60.0

# What AWX's explanation (`job_explanation`) has in it, and the kind of failure that it means.
EXPLANATIONS = (
    ('"job_type": "project_update"', "project sync"),
    ('"job_type": "inventory_update"', "inventory sync"),
    ("timeout", "timed out"),
    ("cannot start", "not started"),
    ("not in a startable state", "not started"),
    ("Task failed pre-start check", "not started"),
    ("Missing needed fields", "not started"),
)


# Each host that failed: whether in a task (else it was unreachable), and its last failure.
Hosts = dict[str, tuple[bool, Failure]]


@dataclass(frozen=True)
class Explained:
    """Why a job failed; of each host its name, the task, what it said, whether unreachable."""

    kind: str
    reason: str
    hosts: tuple[tuple[str, str, str, bool], ...] = ()


def explain(
    client: Client,
    database: sqlite3.Connection,
    jobs: KeptList,
    *,
    since: float,
    until: float,
    now: float,
) -> None:
    """Look into the newest failed jobs created in [since, until) that were not looked into yet.

    Times are seconds since the epoch. Trouble is told, not raised: a report without a reason is
    better than none, and what was learned until then stays.
    """
    found = database.execute(
        "SELECT jobs.id, status, explanation, finished, is_settled FROM jobs "  # noqa: S608  # our own words
        "LEFT JOIN explained ON job = jobs.id "
        f"WHERE created >= ? AND created < ? AND {jobs.condition} "
        "AND status IN ('failed', 'error') ORDER BY jobs.id DESC LIMIT ?",
        (since, until, AT_MOST),
    ).fetchall()
    todo = [row[:4] for row in found if not row[4]]
    if len(todo) > MANY:
        log.info("asking why %d job(s) failed", len(todo))
    unknown: list[AppError] = []
    with closing(_told(client, [row[0] for row in todo if not _kind(row[2])])) as told:
        for job, status, explanation, finished in todo:
            words = printable(" ".join(explanation.split()))
            explained = Explained(_kind(explanation), words)
            if not explained.kind:
                try:
                    hosts = next(told)
                except (Unreachable, Refused) as error:
                    unknown.append(error)
                    break
                if isinstance(hosts, AppError):
                    unknown.append(hosts)
                    continue
                explained = _explained(status, words, hosts)
            is_settled = finished is not None and now - finished > SETTLED_S
            with changing(database):
                _keep(database, job, explained, is_settled=is_settled)
    if unknown:
        log.warning("why some jobs failed is not known: %s", unknown[-1])


def _kind(explanation: str) -> str:
    """Return the kind of failure that AWX's explanation tells; empty where it tells none."""
    return next((kind for part, kind in EXPLANATIONS if part in explanation), "")


def _told(client: Client, jobs: list[int]) -> Generator[Hosts | AppError, None, None]:
    """Yield the hosts that failed in each of the jobs, and how, or why that is not known."""
    page: Params = {"page_size": PAGE_SIZE, "order_by": "id"}
    wanted = []
    for job in jobs:
        wanted += [
            (f"jobs/{job}/job_host_summaries/", {**page, "failed": "true"}),
            (f"jobs/{job}/job_events/", {**page, "event__in": failures.KINDS}),
        ]
    with closing(several(client, wanted)) as answers:
        for job in jobs:
            summaries, events = next(answers), next(answers)
            if isinstance(summaries, AppError):
                yield summaries
            elif isinstance(events, AppError):
                yield events
            else:
                yield _read(client, f"jobs/{job}/", summaries, events)


def _read(client: Client, path: str, summaries: Record, events: Record) -> Hosts | BadAnswer:
    try:
        if "next" in summaries or "next" in events:
            return _all_told(client, path)
        return _hosts(summaries.records("results"), events.records("results"))
    except BadAnswer as error:
        return error


def _all_told(client: Client, path: str) -> Hosts:
    """Return the same of a job that has more than fits in a page, within bounds."""
    summaries = list(islice(failures.failed_summaries(client, path), HOSTS))
    events = client.walk(f"{path}job_events/", event__in=failures.KINDS)
    return _hosts(summaries, events)


def _hosts(summaries: list[Record], events: Iterable[Record]) -> Hosts:
    failed = {row.text("host_name"): bool(row.integer("failures")) for row in summaries}
    found = {each.host: each for each in failures.last_of_each(events, set(failed))}
    # What failed in a task comes first: it is the reason rather than a host that was away.
    return {
        host: (failed[host], found.get(host, Failure(host, "", "", not failed[host])))
        for host in sorted(failed, key=lambda each: (not failed[each], each))
    }


def _explained(status: str, words: str, hosts: Hosts) -> Explained:
    rows = tuple(
        (host, failure.task, failure.message, not is_failed)
        for host, (is_failed, failure) in hosts.items()
    )
    if status == "error":
        return Explained("AWX", words, rows)
    if not hosts:
        return Explained("playbook", words or "it failed before any host did anything", rows)
    reasons = (_reason(failure) for _, failure in hosts.values() if failure.message)
    kind = "task" if any(is_failed for is_failed, _ in hosts.values()) else "unreachable"
    return Explained(kind, words or next(reasons, ""), rows)


def _reason(failure: Failure) -> str:
    if failure.unreachable:
        return failure.message
    return f"{failure.task}: {failure.message}"


def _keep(
    database: sqlite3.Connection, job: int, explained: Explained, *, is_settled: bool
) -> None:
    row = (job, explained.kind, explained.reason, len(explained.hosts), is_settled)
    database.execute("INSERT OR REPLACE INTO explained VALUES (?, ?, ?, ?, ?)", row)
    database.executemany(
        "INSERT OR REPLACE INTO failed_hosts VALUES (?, ?, ?, ?, ?)",
        [(job, *each) for each in explained.hosts],
    )
