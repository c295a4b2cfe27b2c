"""`history`: past jobs, newest first or in an order of choice."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import auth
from utils import job_writers, logger
from utils.errors import ExitCode, UsageError
from utils.job_filters import job_list, plain_filters
from utils.session import session

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


def run(call: Call) -> ExitCode:
    """Print the jobs that fit the filters (`GET /api/v2/jobs/`) as text, JSON, JSON lines or CSV.

    Each is written as it comes, so that memory does not grow with the list.
    """
    asked = call.settings
    _check(asked)
    plain = plain_filters(asked, datetime.now(timezone.utc))
    write = job_writers.chosen(asked)
    with session(asked) as (client, settings, done):
        auth.obtain(client, settings, done)
        jobs = job_list(client, settings, plain)
        if not write(client, _rows(client, settings, jobs)):
            log.info("no job fits")
    return ExitCode.OK


def _check(settings: Settings) -> None:
    """Raise UsageError for flags that do not go together, and an order that is none."""
    limit, everything = settings.source("history"), settings.source("all")
    if settings.all and limit.startswith("-") and everything.startswith("-"):
        raise UsageError(f"{limit} and {everything} do not go together")
    if not re.fullmatch(r"-?[a-z]\w*(,-?[a-z]\w*)*", settings.order):
        raise UsageError(
            f"{settings.source('order')} is {settings.order!r}: it takes a field of AWX's jobs, "
            "with - for the greatest first, such as -elapsed"
        )


def _rows(client: Client, settings: Settings, jobs: JobList) -> Iterator[Record]:
    at_most = None if settings.all else settings.history
    if settings.order not in BY_ID:
        from utils.awx_client.numbered import in_order  # noqa: PLC0415  # where it is asked for

        return in_order(client, jobs.path, settings.order, jobs.params, at_most)
    if at_most is not None:
        jobs.params["page_size"] = max(1, min(at_most, LARGEST_PAGE))
    newest_first = BY_ID[settings.order]
    return client.walk(jobs.path, newest_first=newest_first, at_most=at_most, **jobs.params)
