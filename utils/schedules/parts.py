"""The parts of one recurrence rule, and what it takes from where its set begins (DTSTART)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DAY_MIN = 1440
# In the order in which Python counts them.
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# What says at which times of the day a rule falls due.
CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
UNITS_MIN = {"HOURLY": 60, "MINUTELY": 1}
# Those of the clock that a frequency goes through by itself.
_OWN = {"HOURLY": ("BYHOUR",), "MINUTELY": ("BYHOUR", "BYMINUTE")}
_LONGER = frozenset({"WEEKLY", "MONTHLY", "YEARLY"})
_DAYS = frozenset({"BYDAY", "BYWEEKDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYEASTER"})


def parts_of(rule: str) -> dict[str, str]:
    """Return a rule's parts by their names, all in capitals, as AWX reads them."""
    pairs = (part.partition("=") for part in rule.upper().split(";") if part)
    return {name: value for name, _, value in pairs}


def interval_of(parts: Mapping[str, str]) -> int:
    """Return at which of its days, weeks, hours ... a rule falls due: 2 is every second."""
    text = parts.get("INTERVAL", "1")
    # What else may stand there AWX refuses.
    return int(text) or 1 if text.isdecimal() else 1


def clock_from_start(parts: Mapping[str, str]) -> tuple[str, ...]:
    """Return what of the clock a rule takes from where its set begins."""
    own = _OWN.get(parts.get("FREQ", ""), ())
    return tuple(name for name in CLOCK if name not in parts and name not in own)


def has_day_from_start(parts: Mapping[str, str]) -> bool:
    """Tell whether a rule falls due on the day of the week, month or year that its set begins."""
    return parts.get("FREQ", "") in _LONGER and not _DAYS.intersection(parts)


def loses_step(parts: Mapping[str, str]) -> bool:
    """Tell whether a rule means other days, or times, once the day that its set begins is moved."""
    if "COUNT" in parts or has_day_from_start(parts):
        return True
    interval, unit_min = interval_of(parts), UNITS_MIN.get(parts.get("FREQ", ""), 0)
    return bool(DAY_MIN % (interval * unit_min)) if unit_min else interval > 1


def is_fixed(parts: Mapping[str, str]) -> bool:
    """Tell whether a rule means the same wherever its set begins, but for the time of the day."""
    is_by_clock = parts.get("FREQ", "") in UNITS_MIN
    return not loses_step(parts) and not (is_by_clock and interval_of(parts) > 1)


def is_begun_anew(rules: Iterable[str]) -> bool:
    """Tell whether AWX begins a set of these anew every day, a week ago, once it is older.

    It does so for all of the set, its exceptions as well, where a rule is by the hour or minute.
    """
    found = map(parts_of, rules)
    return any(each.get("FREQ", "") in UNITS_MIN and "COUNT" not in each for each in found)
