"""Which days and weeks of a report lie only in part within its period."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from utils.statistics.figures import Report

LENGTHS = {"day": timedelta(days=1), "week": timedelta(weeks=1)}
MOMENT = timedelta(microseconds=1)


def parts(report: Report) -> tuple[bool, ...]:
    """Tell of each group of a report by day or by week whether the period has only a part of it.

    Only the first and the last can be such; nothing is told of groups of another kind.
    """
    if report.by not in LENGTHS:
        return ()
    # Whichever day it still is just before: one that the zone's clock has skipped is no part.
    before = _here(report.since.astimezone(timezone.utc) - MOMENT, report.since).date()
    found = []
    for group in report.groups:
        first = date.fromisoformat(group.label)
        found.append(before >= first or report.until.date() < first + LENGTHS[report.by])
    return tuple(found)


def _here(moment: datetime, other: datetime) -> datetime:
    return moment.astimezone(other.tzinfo)
