"""`history`: past jobs, newest first or in an order of choice."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import auth
import history
from utils import job_cells, list_writers, logger
from utils.errors import ExitCode, UsageError
from utils.job_filters import job_list, plain_filters
from utils.list_writers import CYAN, RED, YELLOW, Columns
from utils.session import session
from utils.statistics.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from utils.awx_client import Client
    from utils.command_line import Call
    from utils.job_filters import JobList
    from utils.record import Record

log = logger.get("history")

LARGEST_PAGE = 200
# Ids rise with the time of creation, and by id a list of any length stays quick.
BY_ID = {"id": False, "created": False, "-id": True, "-created": True}
JOBS: Columns[Record] = Columns(
    history.COLUMNS,
    history.cells,
    lambda job: job.fields,
    job_cells.COLUMNS,
    job_cells.cells,
    gives_way="template",
    numbers=history.NUMBERS,
    colours={
        ("status", "failed"): RED, ("status", "error"): RED, ("status", "canceled"): YELLOW,
        ("status", "running"): CYAN,
    },
)  # fmt: skip


def run(call: Call) -> ExitCode:
    """Print the jobs that fit the filters (`GET /api/v2/jobs/`) as text, JSON, JSON lines or CSV.

    Each is written as it comes, so that memory does not grow with the list.
    """
    asked = call.settings
    _check_order(asked)
    at_most = _at_most(asked)
    plain = plain_filters(asked, datetime.now(timezone.utc))
    write = list_writers.chosen(asked, JOBS)
    with session(asked) as (client, settings, done):
        auth.obtain(client, settings, done)
        jobs = job_list(client, settings, plain)
        rows = Limited(_rows(client, settings, jobs, at_most), at_most)
        count = write(client, rows)
        if not count and asked.only_user:
            _warn_of_a_stranger(client, asked.only_user)
    if rows.has_more:
        log.info("%s shown, more fit: --all or --limit N", plural(count, "job"))
    elif not count:
        log.info("no job fits")
    return ExitCode.OK


def _warn_of_a_stranger(client: Client, username: str) -> None:
    """Say that the user may be misspelt who launched nothing (`GET /api/v2/users/`)."""
    if not client.get("users/", username=username).records("results"):
        log.warning("AWX has no user %r, or it is not shown to this user", username)


class Limited:
    """So many rows of a list at most, all where that is None; `has_more` says if one was left."""

    def __init__(self, rows: Iterator[Record], at_most: int | None) -> None:
        """Take a list that has one row more than that, if there is one."""
        self._rows, self._at_most = rows, at_most
        self.has_more = False

    def __iter__(self) -> Iterator[Record]:
        """Yield the rows, once."""
        for number, row in enumerate(self._rows):
            # Gone through to its end, it leaves no request under way.
            if number == self._at_most:
                self.has_more = True
            else:
                yield row


def _at_most(settings: Settings) -> int | None:
    """Return how many jobs are wanted, None for all; what is on the command line goes first."""
    limit, everything = settings.source("history"), settings.source("all")
    if settings.all and limit.startswith("-") and everything.startswith("-"):
        raise UsageError(f"{limit} and {everything} do not go together")
    is_all = settings.all and settings.first_asked("all", "history") == "all"
    return None if is_all else settings.history


def _check_order(settings: Settings) -> None:
    """Raise UsageError for an order that is none."""
    if not re.fullmatch(r"-?[a-z]\w*(,-?[a-z]\w*)*", settings.order):
        raise UsageError(
            f"{settings.source('order')} is {settings.order!r}: it takes a field of AWX's jobs, "
            "with - for the greatest first, such as -elapsed"
        )


def _rows(
    client: Client, settings: Settings, jobs: JobList, at_most: int | None
) -> Iterator[Record]:
    """Return the jobs, and one more than are wanted, to tell whether more fit."""
    at_most = None if at_most is None else at_most + 1
    if settings.order not in BY_ID:
        from utils.awx_client.numbered import in_order  # noqa: PLC0415  # where it is asked for

        return in_order(client, jobs.path, settings.order, jobs.params, at_most)
    if at_most is not None:
        jobs.params["page_size"] = min(at_most, LARGEST_PAGE)
    newest_first = BY_ID[settings.order]
    return client.walk(jobs.path, newest_first=newest_first, at_most=at_most, **jobs.params)
