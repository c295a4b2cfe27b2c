"""Which days, weeks and months lie only in part within the period of a report."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from utils.statistics.figures import Report

MOMENT = timedelta(microseconds=1)


def begin_of(unit: str) -> Callable[[date], date]:
    """Return the function that tells the first day of a day's `unit`; weeks begin on Monday."""
    return {
        "day": lambda day: day,
        "week": lambda day: day - timedelta(day.weekday()),
        "month": lambda day: day.replace(day=1),
    }[unit]


def cut(unit: str, since: datetime, until: datetime) -> tuple[bool, bool]:
    """Return whether the first and the last unit lack a part that is not in [since, until)."""
    begin = begin_of(unit)
    # An edge cuts what has begun before it already, also where the clock skips a midnight.
    first, last = (
        begin(_just_before(each).date()) == begin(each.date()) for each in (since, until)
    )
    return first, last


def parts(report: Report) -> tuple[bool, ...]:
    """Tell of each group of a report by day or by week whether the period has only a part of it.

    Nothing is told of groups of another kind.
    """
    if report.by not in {"day", "week"}:
        return ()
    first, last = cut(report.by, report.since, report.until)
    end = len(report.groups) - 1
    return tuple((first and not each) or (last and each == end) for each in range(end + 1))


def _just_before(moment: datetime) -> datetime:
    return (moment.astimezone(timezone.utc) - MOMENT).astimezone(moment.tzinfo)
