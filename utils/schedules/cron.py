"""Lines of cron as recurrence rules: the five fields, and `@daily` and its like.

A day fits where the day of the month or that of the week does, if both are restricted, as cron has
it: two rules then. What runs by the minute or hour is a rule by the minute or hour, since AWX only
begins those anew from a week ago; others would be counted through from their very beginning.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

from utils.schedules import parts

NICKNAMES = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FIELDS = 5
LEAP_YEAR = 2000
_PART = re.compile(r"(\*|\w+(?:-\w+)?)(?:/(\d{1,4}))?", re.ASCII)


@dataclass(frozen=True)
class Field:
    """One of the five: its name, its least and greatest number, and what words mean of them."""

    name: str
    least: int
    most: int
    words: tuple[str, ...] = ()

    @property
    def whole(self) -> tuple[int, ...]:
        """Every number of the field."""
        return tuple(range(self.least, self.most + 1))

    def read(self, text: str) -> tuple[int, ...]:
        """Return the numbers that a text means, in order; raises ValueError for what is none."""
        found: set[int] = set()
        for part in text.split(","):
            match = _PART.fullmatch(part)
            if not match:
                raise ValueError(f"has {part!r} for the {self.name}{self._hint(part)}")
            found.update(self._numbers(match[1], match[2], part))
        return tuple(sorted(found))

    def _numbers(self, span: str, step: str | None, part: str) -> range:
        low, dash, high = span.partition("-")
        if span == "*":
            first, last = self.least, self.most
        else:
            first = self._number(low, part)
            last = self._number(high, part) if dash else first
        if step is not None and (int(step) == 0 or (span != "*" and not dash)):
            raise ValueError(f"has {part!r} for the {self.name}: a step is such as */15 or 8-18/2")
        if last < first:
            raise ValueError(f"has {part!r} for the {self.name}, which ends before it begins")
        return range(first, last + 1, int(step or 1))

    def _number(self, text: str, part: str) -> int:
        if text.lower() in self.words:
            return self.words.index(text.lower()) + self.least
        number = int(text) if text.isdecimal() else -1
        if not self.least <= number <= self.most:
            span = f"{self.least} to {self.most}"
            raise ValueError(
                f"has {part!r} for the {self.name}, which takes {span}{self._hint(part)}"
            )
        return number

    def _hint(self, part: str) -> str:
        is_of_others = re.fullmatch(r"[\d,-]*[?LW#][?LW#\d,-]*", part, re.IGNORECASE)
        return ": that is of other programs' cron; pass --rrule" if is_of_others else ""


MINUTE = Field("minute", 0, 59)
HOUR = Field("hour", 0, 23)
DAY = Field("day of the month", 1, 31)
MONTH = Field("month", 1, 12, MONTHS)
# Sunday is 0 and 7.
WEEKDAY = Field("day of the week", 0, 7, WEEKDAYS)


def rules(text: str) -> tuple[str, ...]:
    """Return a line of cron as RRULEs (`FREQ=...`), one or two.

    They begin at whole minutes. Raises ValueError with what is wrong, to be read after "it".
    """
    text = text.strip()
    if text.lower() == "@reboot":
        raise ValueError("is @reboot, and AWX starts nothing by that")
    words = NICKNAMES.get(text.lower(), text).split()
    if len(words) != FIELDS:
        raise ValueError(
            "takes five fields (minute, hour, day, month, day of the week) such as "
            f"'0 */6 * * *', or {', '.join(NICKNAMES)}"
        )
    minutes, hours, days, months = (
        field.read(word) for field, word in zip((MINUTE, HOUR, DAY, MONTH), words, strict=False)
    )
    weekdays = tuple(sorted({number % 7 for number in WEEKDAY.read(words[4])}))
    longest = max(monthrange(LEAP_YEAR, month)[1] for month in months)
    # Each of them alone is enough, unless one has a star.
    is_either = not words[2].startswith("*") and not words[4].startswith("*")
    if days[0] > longest and not is_either:
        raise ValueError("names a day that none of its months has")
    clock = _clock(minutes, hours)
    if months != MONTH.whole:
        clock += f";BYMONTH={_listed(months)}"
    by_day = "" if days == DAY.whole else f";BYMONTHDAY={_listed(days)}"
    by_weekday = ""
    if len(weekdays) < len(WEEKDAYS):
        # Sunday is the last day there, and the first here.
        by_weekday = f";BYDAY={','.join(parts.WEEKDAYS[number - 1] for number in weekdays)}"
    if not is_either:
        return (f"{clock}{by_day}{by_weekday}",)
    if not by_day or not by_weekday:
        return (clock,)
    found = [f"{clock}{by_day}"] if days[0] <= longest else []
    return (*found, f"{clock}{by_weekday}")


def _clock(minutes: tuple[int, ...], hours: tuple[int, ...]) -> str:
    is_hourly = hours == HOUR.whole
    by_hour = "" if is_hourly else f";BYHOUR={_listed(hours)}"
    if minutes == MINUTE.whole:
        return f"FREQ=MINUTELY;INTERVAL=1{by_hour}"
    frequency = "HOURLY" if is_hourly else "DAILY"
    return f"FREQ={frequency};INTERVAL=1{by_hour};BYMINUTE={_listed(minutes)}"


def _listed(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
