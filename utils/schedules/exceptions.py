"""What is left out of a schedule, as EXRULEs: AWX takes no dates there, but rules that end.

A day becomes a rule of that day of the year where it is that day of the week, until that very day.
It does not hang on where the schedule begins, which AWX moves for what runs by the minute or hour.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import TYPE_CHECKING

from utils.schedules import cron, parts, reach
from utils.schedules.parts import parts_of
from utils.schedules.rule import as_taken, in_utc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from utils.schedules.rule import Rule

LONGEST_DAYS = 62
MOST_CLOCKS = 24
_DAY = r"\d{4}-\d\d-\d\d"
_DATE = re.compile(rf"({_DAY})(?:\.\.({_DAY}))?", re.ASCII)
_MOMENT = re.compile(rf"({_DAY})[T ](\d\d:\d\d)(?::00)?", re.ASCII)
# What picks some of all the times that a rule has, those of one day among them.
_PICKING = frozenset({"COUNT", "BYSETPOS"})
_TAKES = (
    "takes a day (2026-12-24), days (2026-12-24..2026-12-26), a time (2026-12-24T08:00), a line of "
    "cron, or a rule (RRULE:FREQ=...)"
)
_MOVED = (
    "hangs on where the schedule begins, and AWX begins what runs by the minute or hour anew from "
    "a week ago, with all that is left out: take INTERVAL=1, no COUNT, and days by BYDAY or "
    "BYMONTHDAY"
)


def rules(text: str, base: Rule, zone: tzinfo, now: datetime) -> tuple[str, ...]:
    """Return what leaves something out of a rule from `now` on, which has a zone.

    Raises ValueError for what AWX cannot express, to be read after "it".
    """
    text = text.strip()
    name, colon, rule = text.partition(":")
    if colon and name.upper() in {"RRULE", "EXRULE"}:
        return _given(rule.strip(), base, zone)
    if text.startswith("@") or len(text.split()) == cron.FIELDS:
        return tuple(each for rule in cron.rules(text) for each in _with_clock(rule, base))
    since = max(base.start.date(), now.astimezone(zone).date())
    if match := _MOMENT.fullmatch(text):
        moment = datetime.combine(_day(match[1]), _clock(match[2]))
        seconds = sorted({each for rule in base.rules
                          for each in reach.of(rule, base.start).clock("BYSECOND")})  # fmt: skip
        clock = f";BYHOUR={moment.hour};BYMINUTE={moment.minute};BYSECOND={_listed(seconds)}"
        until = in_utc(moment.replace(tzinfo=zone, second=seconds[-1]))
        return (f"FREQ=DAILY;INTERVAL=1{clock}{_only(moment.date(), since)};UNTIL={until}",)
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(_TAKES)
    first, last = _day(match[1]), _day(match[2] or match[1])
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise ValueError(f"takes up to {LONGEST_DAYS} days, the first of them first")
    clocks = tuple(dict.fromkeys(map(_whole_day, base.rules)))
    return tuple(
        f"{clock}{_only(day, since)};UNTIL={in_utc(_end_of(day, zone))}"
        for day in _days(first, last) for clock in clocks
    )  # fmt: skip


def _given(rule: str, base: Rule, zone: tzinfo) -> tuple[str, ...]:
    if len(rule.split()) != 1:
        raise ValueError("takes one rule at a time, without spaces: pass it once for each")
    found = parts_of(rule)
    if base.step_min and not parts.is_fixed(found):
        raise ValueError("hangs on where the schedule begins, which is not given: pass --start")
    if parts.is_begun_anew(base.rules) and parts.loses_step(found):
        raise ValueError(_MOVED)
    return _with_clock(as_taken(rule, zone), base)


def _with_clock(rule: str, base: Rule) -> tuple[str, ...]:
    """Return a rule at the times of the day at which the base's fall due, unless it has its own.

    What it has not it would take from where the schedule begins, at which nothing may fall due.
    """
    found, taken = [], parts.clock_from_start(parts_of(rule))
    picks = _PICKING.intersection(parts_of(rule))
    for each in base.rules:
        # Where the base takes it from there, too, the two go together.
        names = [name for name in taken if name not in parts.clock_from_start(parts_of(each))]
        clock = [reach.of(each, base.start).clock(name) for name in names]
        # One of them alone is counted, or picked, as it is without a clock of its own.
        choices: list[tuple[object, ...]] = [tuple(map(_listed, clock))]
        if picks:
            choices = list(product(*clock))
        if len(choices) > MOST_CLOCKS:
            raise ValueError(
                f"has {' and '.join(sorted(picks))} and no times of the day, of which there are "
                "many: give it BYHOUR and BYMINUTE"
            )
        for values in choices:
            text = "".join(f";{name}={value}" for name, value in zip(names, values, strict=True))
            found.append(f"{rule}{text}")
    return tuple(dict.fromkeys(found))


def _whole_day(rule: str) -> str:
    """Return a rule of every time of a day at which a rule may fall due."""
    found = parts_of(rule)
    frequency = found.get("FREQ", "")
    made = f"FREQ={frequency if frequency in parts.UNITS_MIN else 'DAILY'};INTERVAL=1"
    return made + "".join(f";{name}={found[name]}" for name in parts.CLOCK if name in found)


def _only(day: date, since: date) -> str:
    """Return the parts that let a rule hold on that day and, from `since` to it, on no other."""
    for year in range(since.year, day.year):
        try:
            before = day.replace(year=year)
        except ValueError:  # 29 February
            continue
        if before.weekday() == day.weekday() and before >= since:
            raise ValueError(f"is too far off: AWX would leave out {before} as well, before {day}")
    weekday = parts.WEEKDAYS[day.weekday()]
    return f";BYMONTH={day.month};BYMONTHDAY={day.day};BYDAY={weekday}"


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _end_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(23, 59, 59), zone)


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


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
