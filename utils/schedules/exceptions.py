"""What is left out of a schedule, as EXRULEs: AWX takes no dates there, but rules that end.

A day becomes a rule of that day of the year where it is that day of the week, until that very day.
It does not hang on where the schedule begins, which AWX moves for what runs by the minute or hour.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from utils.schedules import cron
from utils.schedules.rule import in_utc, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

LONGEST_DAYS = 62
_DAY = r"\d{4}-\d\d-\d\d"
_DATE = re.compile(rf"({_DAY})(?:\.\.({_DAY}))?", re.ASCII)
_MOMENT = re.compile(rf"({_DAY})[T ](\d\d:\d\d)(?::00)?", re.ASCII)
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# What says at which times of the day a rule falls due.
_OF_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
_BY_CLOCK = frozenset({"HOURLY", "MINUTELY"})
_TAKES = (
    "takes a day (2026-12-24), days (2026-12-24..2026-12-26), a time (2026-12-24T08:00), a line of "
    "cron, or a rule (RRULE:FREQ=...)"
)


def rules(text: str, base: tuple[str, ...], start: datetime, zone: tzinfo) -> tuple[str, ...]:
    """Return what leaves something out of the base rules, which begin at `start` (on the wall).

    Raises ValueError for what AWX cannot express, to be read after "it".
    """
    text = text.strip()
    name, colon, rule = text.partition(":")
    if colon and name.upper() in {"RRULE", "EXRULE"}:
        return (rule.strip(),)
    if text.startswith("@") or len(text.split()) == cron.FIELDS:
        return cron.rules(text)
    if match := _MOMENT.fullmatch(text):
        moment = datetime.combine(_day(match[1]), _clock(match[2]))
        clock = f";BYHOUR={moment.hour};BYMINUTE={moment.minute};BYSECOND=0"
        until = in_utc(moment.replace(tzinfo=zone))
        return (f"FREQ=DAILY;INTERVAL=1{clock}{_only(moment.date(), start)};UNTIL={until}",)
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(_TAKES)
    first, last = _day(match[1]), _day(match[2] or match[1])
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise ValueError(f"takes up to {LONGEST_DAYS} days, the first of them first")
    clocks = tuple(dict.fromkeys(map(_whole_day, base)))
    return tuple(
        f"{clock}{_only(day, start)};UNTIL={in_utc(_end_of(day, zone))}"
        for day in _days(first, last) for clock in clocks
    )  # fmt: skip


def _whole_day(rule: str) -> str:
    """Return a rule of every time of a day at which a rule may fall due."""
    parts = parts_of(rule)
    frequency = parts.get("FREQ", "").upper()
    found = f"FREQ={frequency if frequency in _BY_CLOCK else 'DAILY'};INTERVAL=1"
    return found + "".join(f";{name}={parts[name]}" for name in _OF_CLOCK if name in parts)


def _only(day: date, start: datetime) -> str:
    """Return the parts that let a rule hold on that day and, from the start to it, on no other."""
    for year in range(start.year, day.year):
        try:
            before = day.replace(year=year)
        except ValueError:  # 29 February
            continue
        if before.weekday() == day.weekday() and before >= start.date():
            raise ValueError(f"is too far off: AWX would leave out {before} as well, before {day}")
    return f";BYMONTH={day.month};BYMONTHDAY={day.day};BYDAY={_CODES[day.weekday()]}"


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _end_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(23, 59, 59), zone)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"has {text}, which is no day; it {_TAKES}") from None


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError(f"has {text}, which is no time of day; it {_TAKES}") from None
