"""Why jobs failed: AWX's explanation, and the hosts and tasks that failed, asked for once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from utils import failures, logger
from utils.errors import NotFound
from utils.job_store.store import changing
from utils.printable import printable

if TYPE_CHECKING:
    import sqlite3

    from utils.awx_client import Client
    from utils.job_store.fetching import KeptList

log = logger.get("store")

# From so many on, it is told that they are asked for.
MANY = 20
# How many failed jobs of a period are looked into, the newest ones: two requests each.
AT_MOST = 200
# Of a job on thousands of hosts, as many are looked at.
HOSTS = 1000
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

    Times are seconds since the epoch. Raises as `Client.get` does; what was learned until then
    stays.
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
    for job, status, explanation, finished in todo:
        explained = _explained(client, job, status, explanation)
        is_settled = finished is not None and now - finished > SETTLED_S
        with changing(database):
            _keep(database, job, explained, is_settled=is_settled)


def _explained(client: Client, job: int, status: str, explanation: str) -> Explained:
    words = printable(" ".join(explanation.split()))
    for part, kind in EXPLANATIONS:
        if part in explanation:
            return Explained(kind, words)
    path = f"jobs/{job}/"
    try:
        summaries = {
            row.text("host_name"): bool(row.integer("failures"))
            for row in islice(failures.failed_summaries(client, path), HOSTS)
        }
        told = failures.of_hosts(client, path, set(summaries)) if summaries else []
    except NotFound:  # deleted at this very moment
        summaries, told = {}, []
    messages = {each.host: (each.task, each.message) for each in told}
    hosts = tuple(
        (host, *messages.get(host, ("", "")), not failed) for host, failed in summaries.items()
    )
    if status == "error":
        return Explained("AWX", words, hosts)
    if not summaries:
        return Explained("playbook", words or "it failed before any host did anything", hosts)
    kind = "task" if any(summaries.values()) else "unreachable"
    return Explained(kind, words or (_reason(told[0]) if told else ""), hosts)


def _reason(failure: failures.Failure) -> str:
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
