"""A report out of the local store, brought up to date with AWX first."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from utils import logger, output
from utils.errors import UsageError
from utils.files import replacing
from utils.job_store import aside, explaining, fetching, store
from utils.job_store.fetching import KeptList
from utils.statistics import retries
from utils.statistics.report import About, Wanted, draw_up
from utils.statistics.runs import Period
from utils.statistics.zone import Zone

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.statistics.figures import Report

log = logger.get("report")

# A report is of as long a time unless another one is asked for.
USUAL_S = 30 * 86400.0
HOUR_S = 3600.0
TRIES = 3
# A server tells whole seconds, and looks at its clock once in one.
MOMENT_S = 2.0


def current(
    client: Client, settings: Settings, username: str, wanted: Wanted, now: float
) -> Report:
    """Return the report, with what AWX has now (`GET /api/v2/jobs/` and why jobs failed).

    `now` is in seconds since the epoch, by AWX's clock. Raises as `Client.get` does, and UsageError
    where there is no room for what is reckoned with.
    """
    log_dir = Path(settings.log_dir)
    ping = client.ping()
    owner = f"{username} at {client.host} {ping.maybe_text('install_uuid')}".rstrip()
    about = About(
        awx=client.host,
        version=ping.text("version"),
        username=username,
        generated=now,
        page=client.page_url,
        retries=retries.read(log_dir, client.host, wanted.period, wanted.jobs.template),
    )
    if settings.demo or not settings.store:  # the embedded AWX ends with its run
        return _without_store(client, owner, wanted, about)
    path = store.path_of(log_dir, client.host, username)
    found = aside.inode(path)
    try:
        with closing(store.opened(path, owner)) as database:
            if settings.refresh:
                store.clear(database)
            return _drawn_up(client, database, wanted, about)
    except sqlite3.OperationalError as error:
        store.warn(path, error)
    except sqlite3.DatabaseError as error:
        # Broken in a place that was not looked at when it was opened.
        try:
            aside.put(path, f"it is broken ({error})", found)
        except OSError:
            store.warn(path, error)
    return _without_store(client, owner, wanted, about)


def _without_store(client: Client, owner: str, wanted: Wanted, about: About) -> Report:
    try:
        with closing(store.opened(None, owner)) as database:
            return _drawn_up(client, database, wanted, about)
    except sqlite3.OperationalError as error:
        message = f"no room for the figures in SQLite's folder for temporary files: {error}"
        raise UsageError(f"{message}; SQLITE_TMPDIR names another") from None


def _drawn_up(client: Client, database: sqlite3.Connection, wanted: Wanted, about: About) -> Report:
    jobs, period = wanted.jobs, wanted.period
    # From a whole hour on, so that the next report of as long a time lacks nothing before it.
    since = period.since_before // HOUR_S * HOUR_S
    for _ in range(TRIES):
        fetching.bring_up_to_date(client, database, jobs, since)
        explaining.explain(
            client, database, jobs, since=period.since, until=period.until, now=about.generated
        )
        with store.reading(database):
            # Another process may have been told to forget everything meanwhile.
            if fetching.is_whole(database, jobs, since):
                return draw_up(database, wanted, about)
    raise UsageError("other reports with --refresh go on at the same time: try again")


def now_of(client: Client) -> float:
    """Return the time by AWX's clock, by which its jobs are dated, in seconds since the epoch."""
    time_there = client.server_time
    return time_there.timestamp() if time_there else time.time()


def end_of(now: float) -> float:
    """Return the end of a period that goes on: whatever AWX has created by now is in it."""
    return max(now, time.time()) + MOMENT_S


def of_last_days(client: Client, settings: Settings, username: str) -> Report:
    """Return the report that is asked for by nothing in particular: all jobs, the usual time."""
    now = now_of(client)
    until = end_of(now)
    wanted = Wanted(KeptList(), Period(until - USUAL_S, until), Zone(settings.tz), slo=settings.slo)
    return current(client, settings, username, wanted, now)


def write_page(report: Report, path: str) -> None:
    """Write the page with all figures and charts; raises UsageError where it cannot be written."""
    from utils.dashboard.page import render  # noqa: PLC0415  # imports Jinja2 and the charts

    save(render(report), path)


def save(text: str, path: str) -> None:
    """Write a form of the report to a file and say so, or to standard output where that is `-`.

    The file is one for others, for a web server above all. Raises UsageError where it cannot be.
    """
    if path == "-":
        output.result(text)
        return
    content = text.encode()
    with replacing(Path(path), for_others=True) as stream:
        stream.write(content)
    log.info("written: %s (%d kB)", path, max(len(content) // 1000, 1))
