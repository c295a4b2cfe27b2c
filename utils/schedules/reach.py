"""Which days and times of the day a rule can fall due at, and so what exceptions leave of it.

Days are told by month, day and day of the week, in whatever year: what is said of them holds for
good. Nothing is counted through, so it costs the same for every rule.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from utils.schedules.parts import (
    DAY_MIN,
    UNITS_MIN,
    WEEKDAYS,
    clock_from_start,
    has_day_from_start,
    interval_of,
    parts_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_LEAP_YEAR = 2000
_MONTHS = range(1, 13)
_LONGEST = {month: monthrange(_LEAP_YEAR, month)[1] for month in _MONTHS}
_WHOLE = {"BYHOUR": range(24), "BYMINUTE": range(60), "BYSECOND": range(60)}
# What narrows a rule further than is looked at here, or ends it.
_NARROWING = frozenset({"BYSETPOS", "BYWEEKNO", "BYYEARDAY", "BYEASTER", "COUNT", "UNTIL"})


@dataclass(frozen=True)
class Reach:
    """Days (month, day, day of the week) and times of the day (in seconds) of a rule.

    It falls due on no others; `is_full` says that it does at all of them, for ever.
    """

    days: frozenset[tuple[int, int, int]]
    clocks: frozenset[int]
    is_full: bool

    def meets(self, other: Reach) -> bool:
        """Tell whether two may fall due at the same time."""
        return bool(self.days & other.days and self.clocks & other.clocks)

    def clock(self, name: str) -> tuple[int, ...]:
        """Return the hours (`BYHOUR`), minutes or seconds of its times, in order."""
        apart = {"BYHOUR": (3600, 24), "BYMINUTE": (60, 60), "BYSECOND": (1, 60)}
        size, count = apart[name]
        return tuple(sorted({each // size % count for each in self.clocks}))


def of(rule: str, start: datetime) -> Reach:
    """Return where a rule reaches that begins at `start` (on the wall)."""
    parts = parts_of(rule)
    days, has_all_days = _days(parts, start)
    clocks, has_all_clocks = _clocks(parts, start)
    is_full = has_all_days and has_all_clocks and not _NARROWING.intersection(parts)
    return Reach(days, clocks, is_full)


def leaves_nothing(rules: Iterable[str], exceptions: Iterable[str], start: datetime) -> bool:
    """Tell whether it is sure that exceptions leave out all of the rules, for ever."""
    exceptions = tuple(exceptions)
    same = [parts_of(each) for each in exceptions]
    full = [found for each in exceptions if (found := of(each, start)).is_full]
    return all(
        parts_of(rule) in same or _is_within(of(rule, start), full) for rule in rules
    )  # fmt: skip


def _is_within(one: Reach, others: list[Reach]) -> bool:
    """Tell whether all times of one are times of others, too."""
    together = {tuple(each for each in others if day in each.days) for day in one.days}
    return bool(together) and all(
        one.clocks <= frozenset().union(*(each.clocks for each in group)) for group in together
    )


def _days(
    parts: Mapping[str, str], start: datetime
) -> tuple[frozenset[tuple[int, int, int]], bool]:
    frequency = parts.get("FREQ", "")
    months = _numbers(parts, "BYMONTH") or set(_MONTHS)
    numbers, weekdays = _numbers(parts, "BYMONTHDAY"), set(range(len(WEEKDAYS)))
    text = parts.get("BYDAY", parts.get("BYWEEKDAY", ""))
    named = re.findall("|".join(WEEKDAYS), text)
    # The last day of a month, or the first Monday of it, is not looked at more closely.
    is_all = all(each > 0 for each in numbers) and bool(re.fullmatch(r"[A-Z,]*", text))
    if not numbers or min(numbers) < 0:
        numbers = set(range(1, 32))
    if named:
        weekdays = {WEEKDAYS.index(code) for code in named}
    if has_day_from_start(parts):
        if frequency == "WEEKLY":
            weekdays = {start.weekday()}
        else:
            numbers = {start.day}
        if frequency == "YEARLY" and "BYMONTH" not in parts:
            months = {start.month}
    is_all = is_all and (frequency in UNITS_MIN or interval_of(parts) == 1)
    found = product(months, numbers, weekdays)
    return frozenset(each for each in found if each[1] <= _LONGEST.get(each[0], 0)), is_all


def _clocks(parts: Mapping[str, str], start: datetime) -> tuple[frozenset[int], bool]:
    begins = {"BYHOUR": start.hour, "BYMINUTE": start.minute, "BYSECOND": start.second}
    taken = clock_from_start(parts)
    hours, minutes, seconds = (
        {begins[name]} if name in taken else _numbers(parts, name) or set(whole)
        for name, whole in _WHOLE.items()
    )
    found = {(hour, minute) for hour in hours for minute in minutes}
    unit_min = UNITS_MIN.get(parts.get("FREQ", ""), 0)
    step_min = interval_of(parts) * unit_min
    is_in_step = not step_min or DAY_MIN % step_min == 0
    if step_min and is_in_step:
        # By the hour the minutes are no part of the step.
        begin = start.hour * 60 + (start.minute if unit_min == 1 else 0)
        found = {
            (hour, minute) for hour, minute in found
            if (hour * 60 + (minute if unit_min == 1 else 0) - begin) % step_min == 0
        }  # fmt: skip
    clocks = frozenset(
        hour * 3600 + minute * 60 + second for hour, minute in found for second in seconds
    )
    return clocks, is_in_step


def _numbers(parts: Mapping[str, str], name: str) -> set[int]:
    """Return the numbers of a part; none where AWX would not take it either."""
    texts = parts.get(name, "").split(",")
    return {int(text) for text in texts if re.fullmatch(r"[+-]?\d{1,4}", text, re.ASCII)}
