"""Which jobs failed and why: kinds of failure, hosts, tasks, and the newest of the jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.printable import printable
from utils.statistics.figures import FailedJob, Share
from utils.statistics.runs import NOW

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from utils.statistics.zone import Zone

SHOWN = 10
NEWEST = 20
HOSTS_SHOWN = 5

# `message` is the newest job's: SQLite takes bare columns from the row that has the maximum, or the
# minimum, if no other row has it too.
KINDS = """
SELECT coalesce(kind, 'not looked at'), count(*) AS jobs, max(id), '' AS message
FROM run LEFT JOIN explained ON job = id WHERE period = ? AND bad
GROUP BY 1 ORDER BY jobs DESC, 1
"""
HOSTS = """
SELECT host, count(*) AS jobs, max(id), message
FROM run JOIN failed_hosts ON job = id WHERE period = ? AND bad
GROUP BY 1 ORDER BY jobs DESC, 1 LIMIT ?
"""
# Of several hosts of that job, the first one's by name.
TASKS = """
SELECT template, task, count(*) AS jobs, max(id), message FROM (
    SELECT template, task, id, message, min(host)
    FROM run JOIN failed_hosts ON job = id
    WHERE period = ? AND bad AND NOT is_unreachable AND task <> ''
    GROUP BY 1, 2, 3
) GROUP BY 1, 2 ORDER BY jobs DESC, 2, 1 LIMIT ?
"""
JOBS = """
SELECT run.id, run.template, run.status, coalesce(run.finished, jobs.created),
    coalesce(kind, 'not looked at'), coalesce(reason, jobs.explanation), coalesce(hosts, 0)
FROM run JOIN jobs ON jobs.id = run.id LEFT JOIN explained ON job = run.id
WHERE period = ? AND bad ORDER BY run.id DESC LIMIT ?
"""
EXPLAINED = "SELECT count(*) FROM run JOIN explained ON job = id WHERE period = ? AND bad"


def kinds(database: sqlite3.Connection) -> tuple[Share, ...]:
    """Return how many jobs failed in which way, most first."""
    return tuple(Share(*row) for row in database.execute(KINDS, (NOW,)))


def hosts(database: sqlite3.Connection) -> tuple[Share, ...]:
    """Return the hosts that failed, or were unreachable, in most jobs."""
    return tuple(_share(*row) for row in database.execute(HOSTS, (NOW, SHOWN)))


def tasks(database: sqlite3.Connection, called: Callable[[object], str]) -> tuple[Share, ...]:
    """Return the tasks that failed in most jobs, each with its template, which `called` names."""
    return tuple(
        _share(f"{called(template)}: {task}", *rest)
        for template, task, *rest in database.execute(TASKS, (NOW, SHOWN))
    )


def _share(name: str, number: int, last: int, message: str) -> Share:
    return Share(printable(name), number, last, printable(message))


def explained(database: sqlite3.Connection) -> int:
    """Return how many of the failed jobs AWX was asked about."""
    (number,) = database.execute(EXPLAINED, (NOW,)).fetchone()
    return int(number)


def newest(
    database: sqlite3.Connection,
    zone: Zone,
    called: Callable[[object], str],
    page: Callable[[str], str],
) -> tuple[FailedJob, ...]:
    """Return the newest failed jobs; `page` makes the address of a page of AWX's."""
    found = []
    for job, template, status, finished, kind, reason, count in database.execute(
        JOBS, (NOW, NEWEST)
    ).fetchall():
        names = database.execute(
            "SELECT host FROM failed_hosts WHERE job = ? ORDER BY host LIMIT ?", (job, HOSTS_SHOWN)
        )
        found.append(
            FailedJob(
                job_id=job,
                template=called(template),
                status=status,
                finished=zone.at(finished),
                kind=kind,
                reason=printable(reason),
                hosts=tuple(printable(row[0]) for row in names),
                host_count=count,
                url=page(f"jobs/playbook/{job}/output"),
            )
        )
    return tuple(found)
