"""What repeats: `--every`, `--cron` and `--at` as recurrence rules, and where they may begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from utils.schedules import cron
from utils.schedules.parts import DAY_MIN, WEEKDAYS

_EVERY = re.compile(r"(\d{1,5})\s*([mhdw])", re.ASCII)
_UNITS_MIN = {"m": 1, "h": 60, "d": DAY_MIN, "w": 7 * DAY_MIN}
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TAKES_AT = "takes times of day, and days before them, such as 08:00 or 'Mon-Fri 08:00,17:30'"
_TAKES_EVERY = "takes a number of minutes, hours, days or weeks such as 30m, 6h, 1d or 1w"


@dataclass(frozen=True)
class Pattern:
    """Rules without a beginning (`FREQ=...`), for a clock on the wall.

    `clock` is the time of day that they take from their beginning, None where they have their own.
    `step_min` is by how many minutes a beginning may be moved and all falls due as before; 0 where
    it may not: then it must be given.
    """

    rules: tuple[str, ...]
    clock: time | None = None
    step_min: int = 1

    def begins(self, moment: datetime, *, is_given: bool) -> datetime:
        """Return the beginning: the first that fits from that moment on, or it itself if given."""
        whole = moment.replace(second=0, microsecond=0)
        whole += timedelta(minutes=1) if whole < moment else timedelta()
        if self.clock is not None:
            found = datetime.combine(whole.date(), self.clock)
            return found if found >= whole else found + timedelta(days=1)
        if is_given or not self.step_min:
            return whole
        behind = (whole.hour * 60 + whole.minute) % self.step_min
        return whole + timedelta(minutes=(self.step_min - behind) % self.step_min)


@dataclass(frozen=True)
class Times:
    """Times of day in order, and the days of the week (`MO`), none of which are all."""

    clocks: tuple[time, ...]
    days: tuple[str, ...]


def of_cron(text: str) -> Pattern:
    """Return what a line of cron means; raises ValueError, to be read after "it"."""
    return Pattern(cron.rules(text))


def of_every(text: str, at: Times | None, *, is_counted: bool) -> Pattern:
    """Return what `6h` means, or `1w` at some times; raises ValueError, to be read after "it".

    `is_counted` says that it ends after so many times, which AWX counts from its beginning.
    """
    match = _EVERY.fullmatch(text.strip().lower())
    number = int(match[1]) if match else 0
    if not match or not number:
        raise ValueError(_TAKES_EVERY)
    unit, minutes = match[2], number * _UNITS_MIN[match[2]]
    if at:
        return _of_days_at(number, unit, at)
    if minutes % DAY_MIN:
        # AWX begins these anew each day from a week ago, at the same time of day.
        if DAY_MIN % minutes and not is_counted:
            raise ValueError(
                "divides no day evenly, and AWX begins what runs by the minute or hour anew every "
                "day: its times would jump; take such as 6h or 8h, or --count with --start"
            )
        frequency = f"HOURLY;INTERVAL={minutes // 60}"
        if minutes % 60:
            frequency = f"MINUTELY;INTERVAL={minutes}"
        return Pattern((f"FREQ={frequency}",), step_min=0 if DAY_MIN % minutes else minutes)
    if unit == "w":
        return Pattern((f"FREQ=WEEKLY;INTERVAL={number}",), step_min=0)
    days = minutes // DAY_MIN
    return Pattern((f"FREQ=DAILY;INTERVAL={days}",), step_min=DAY_MIN if days == 1 else 0)


def _of_days_at(number: int, unit: str, at: Times) -> Pattern:
    if unit not in "dw":
        raise ValueError("is by the minute or hour, which --at cannot narrow: pass --start")
    if unit == "d" and at.days:
        raise ValueError("is by the day, and --at names days of the week: leave one of them out")
    if unit == "w" and not at.days:
        raise ValueError("is by the week, and --at names no day of it: pass such as 'Mon 08:00'")
    found = of_times(at, "DAILY" if unit == "d" else "WEEKLY", number)
    if number == 1:
        return found
    return Pattern(found.rules, found.clock, step_min=0)


def of_times(at: Times, frequency: str = "", interval: int = 1) -> Pattern:
    """Return what times of day, on some days of the week or on all, mean."""
    frequency = frequency or ("WEEKLY" if at.days else "DAILY")
    rule = f"FREQ={frequency};INTERVAL={interval}"
    rule += f";BYDAY={','.join(at.days)}" if at.days else ""
    if len(at.clocks) == 1:
        return Pattern((rule,), at.clocks[0], step_min=DAY_MIN)
    by_minute: dict[int, list[int]] = {}
    for clock in at.clocks:
        by_minute.setdefault(clock.minute, []).append(clock.hour)
    return Pattern(tuple(
        f"{rule};BYHOUR={','.join(map(str, hours))};BYMINUTE={minute}"
        for minute, hours in sorted(by_minute.items())
    ))  # fmt: skip


def times(text: str) -> Times:
    """Read `08:00`, `Mon-Fri 08:00,17:30` or `Sat,Sun 10:00`; raises ValueError as `of_every`."""
    words = re.sub(r"\s*,\s*", ",", text.strip()).split()
    if len(words) not in {1, 2}:
        raise ValueError(_TAKES_AT)
    clocks = set()
    for each in words[-1].split(","):
        match = _CLOCK.fullmatch(each)
        if not match:
            raise ValueError(_TAKES_AT)
        clocks.add(time(int(match[1]), int(match[2])))
    days = _days(words[0]) if len(words) > 1 else set()
    codes = tuple(WEEKDAYS[number] for number in sorted(days))
    return Times(tuple(sorted(clocks)), codes if len(codes) < len(WEEKDAYS) else ())


def _days(text: str) -> set[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.lower().partition("-")
        low, high = _day(first), _day(last) if dash else _day(first)
        # Fri-Mon goes on over the end of the week.
        found.update((low + each) % 7 for each in range((high - low) % 7 + 1))
    return found


def _day(text: str) -> int:
    names = [name for name in _WEEK if text[:3] == name]
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    if not names or (len(text) > 3 and text not in full):  # noqa: PLR2004  # letters of a name
        raise ValueError(_TAKES_AT)
    return _WEEK.index(names[0])
