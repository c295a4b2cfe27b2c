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
from utils.job_store import explaining, fetching, store
from utils.job_store.fetching import KeptList
from utils.job_store.store import ForeignFile
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


def current(
    client: Client, settings: Settings, username: str, wanted: Wanted, now: float
) -> Report:
    """Return the report, with what AWX has now (`GET /api/v2/jobs/` and why jobs failed).

    `now` is in seconds since the epoch. Raises as `Client.get` does, and UsageError where the store
    cannot be written.
    """
    owner = f"{username} at {client.host}"
    path = store.path_of(Path(settings.log_dir), client.host, username)
    about = About(
        awx=client.host,
        version=client.ping().text("version"),
        username=username,
        generated=now,
        page=client.page_url,
        retries=retries.read(
            Path(settings.log_dir), client.host, wanted.period, wanted.jobs.template
        ),
    )
    kept = path if settings.store else None
    try:
        return _drawn_up(client, kept, owner, wanted, about, is_new=settings.refresh)
    except sqlite3.OperationalError as error:
        hint = "make room, or pass --no-store"
        raise UsageError(f"cannot use the jobs kept in {path}: {error}; {hint}") from None
    except sqlite3.DatabaseError as error:
        # Broken in a place that was not looked at when it was opened.
        store.put_aside(path, ForeignFile(str(error)))
        return _drawn_up(client, kept, owner, wanted, about, is_new=False)


def _drawn_up(
    client: Client, path: Path | None, owner: str, wanted: Wanted, about: About, *, is_new: bool
) -> Report:
    jobs, period = wanted.jobs, wanted.period
    with closing(store.opened(path, owner)) as database:
        if is_new:
            store.clear(database)
        fetching.bring_up_to_date(client, database, jobs, period.since_before)
        explaining.explain(
            client, database, jobs, since=period.since, until=period.until, now=about.generated
        )
        with store.reading(database):
            return draw_up(database, wanted, about)


def of_last_days(client: Client, settings: Settings, username: str) -> Report:
    """Return the report that is asked for by nothing in particular: all jobs, the usual time."""
    now = time.time()
    until = float(int(now) + 1)
    wanted = Wanted(KeptList(), Period(until - USUAL_S, until), Zone())
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
