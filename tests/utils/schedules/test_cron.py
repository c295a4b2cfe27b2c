"""Lines of cron fall due as rules at the very times at which cron would start something."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from dateutil.tz import datetime_exists
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.schedules import cron

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
NAMES = {name: number for names, first in ((MONTHS, 1), (DAYS, 0))
         for number, name in enumerate(names, first)}  # fmt: skip
SPANS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
START = date(2026, 11, 1)
TWO_YEARS = 731


def numbers(text: str, least: int, most: int) -> set[int]:
    """Return what a field means, by the words of cron's manual."""
    found: set[int] = set()
    for part in text.lower().split(","):
        span, _, step = part.partition("/")
        low, _, high = span.partition("-")
        if span == "*":
            low, high = str(least), str(most)
        first = NAMES.get(low) if low in NAMES else int(low)
        last = (NAMES.get(high) if high in NAMES else int(high)) if high else first
        assert first is not None
        assert last is not None
        found |= set(range(first, last + 1, int(step or 1)))
    return found


def by_cron(line: str, days: int, start: date = START) -> list[datetime]:
    """Return the times by the clock on the wall at which cron would start something."""
    words = {"@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *"}.get(line, line).split()
    minutes, hours, month_days, months, week_days = (
        numbers(word, *span) for word, span in zip(words, SPANS, strict=True)
    )
    week_days = {each % 7 for each in week_days}
    clocks = [time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes)]
    is_either = words[2][0] != "*" and words[4][0] != "*"
    found = []
    for number in range(days):
        day = start + timedelta(days=number)
        fits = day.day in month_days, day.isoweekday() % 7 in week_days
        if day.month in months and (any(fits) if is_either else all(fits)):
            found += [datetime.combine(day, clock) for clock in clocks]
    return found


def by_rules(line: str, days: int, zone: str = "", start: date = START) -> list[datetime]:
    """Return the times of the rules; in a zone those that its clock has, in UTC."""
    begin = f"DTSTART;TZID={zone}" if zone else "DTSTART"
    words = [f"{begin}:{start:%Y%m%d}T000000", *(f"RRULE:{rule}" for rule in cron.rules(line))]
    end = datetime.combine(start, time()) + timedelta(days=days)
    found = []
    for each in rrulestr(" ".join(words), forceset=True):
        if each.replace(tzinfo=None) >= end:
            break
        if not zone:
            found.append(each)
        elif datetime_exists(each):
            found.append(each.astimezone(timezone.utc))
    return found


SPARSE = (
    "0 */6 * * *", "30 2 * * *", "15 8-18/5 * * mon-fri", "0 0 1 * mon", "0 12 1,15 * *",
    "5 4 * jan-mar sun", "0 0 29 2 *", "0 3 31 * *", "@weekly", "@monthly", "*/30 9 * 6 1-5",
    "0 0 13 * fri", "0 0 */2 * mon", "0 0 * * 5-7", "7 1,3 1-7 * 0", "0 0 31 feb tue",
    "0 0 * * *", "0 0 1-31 * wed",
)  # fmt: skip
DENSE = ("*/15 * * * *", "* * * * *", "0 * * * *", "* 3 * * *", "*/7 2-4 * * *", "0,30 * 1 * *")
ZONES = ("Europe/Berlin", "America/New_York", "UTC")
# Days on which the clocks of New York and Berlin are put forward and back.
SWITCHES = (date(2027, 3, 14), date(2027, 3, 28), date(2027, 10, 31), date(2027, 11, 7))


@pytest.mark.parametrize("line", SPARSE)
def test_two_years_by_the_clock_on_the_wall(line: str) -> None:
    assert by_rules(line, TWO_YEARS) == by_cron(line, TWO_YEARS)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("line", ["30 2 * * *", "0 */6 * * *", "0 1,2,3 * * sun"])
def test_two_years_across_the_switches(line: str, zone: str) -> None:
    """What the clock leaves out is left out, and what it has twice is of the first time."""
    assert by_rules(line, TWO_YEARS, zone) == _in_utc(by_cron(line, TWO_YEARS), zone)


@pytest.mark.parametrize("line", DENSE)
def test_dense_lines_on_the_days_of_the_switches(line: str) -> None:
    for zone in ZONES[:2]:
        for start in SWITCHES:
            expected = _in_utc(by_cron(line, 1, start), zone)
            assert by_rules(line, 1, zone, start) == expected


def _in_utc(times: list[datetime], zone: str) -> list[datetime]:
    found = []
    for each in times:
        moment = each.replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)
        if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == each:
            found.append(moment)
    return found


def field(least: int, most: int) -> st.SearchStrategy[str]:
    number = st.integers(least, most)
    span = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    stepped = st.tuples(span | st.just("*"), st.integers(1, 40)).map(
        lambda two: f"{two[0]}/{two[1]}"
    )
    parts = st.lists(number.map(str) | span | stepped, min_size=1, max_size=2).map(",".join)
    return st.just("*") | parts


@settings(max_examples=25)
@given(st.tuples(*(field(*span) for span in SPANS)))
def test_any_line_of_cron(fields: tuple[str, ...]) -> None:
    line = " ".join(fields)
    try:
        cron.rules(line)
    except ValueError:
        assert by_cron(line, 4 * 366) == []
        return
    # From before a year's end to after the 29th of February.
    for start in (date(2027, 12, 30), date(2028, 2, 27)):
        assert by_rules(line, 4, "", start) == by_cron(line, 4, start)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("* * * *", "takes five fields"),
        ("0 0 * * * *", "takes five fields"),
        ("60 * * * *", "has '60' for the minute, which takes 0 to 59"),
        ("* 24 * * *", "has '24' for the hour, which takes 0 to 23"),
        ("* * 0 * *", "has '0' for the day of the month, which takes 1 to 31"),
        ("* * * 13 *", "has '13' for the month"),
        ("* * * * 8", "has '8' for the day of the week, which takes 0 to 7"),
        ("* * * * fri-mon", "ends before it begins"),
        ("*/0 * * * *", "a step is such as"),
        ("5/10 * * * *", "a step is such as"),
        ("* * L * *", "of other programs' cron; pass --rrule"),
        ("* * ? * *", "of other programs' cron; pass --rrule"),
        ("* * * * 5#2", "of other programs' cron; pass --rrule"),
        ("0 0 30 2 *", "names a day that none of its months has"),
        ("0 0 31 2,4 *", "names a day that none of its months has"),
        ("@reboot", "AWX starts nothing by that"),
        ("@hour", "takes five fields"),
        ("", "takes five fields"),
        ("1, * * * *", "has '' for the minute"),
        ("\u0661 * * * *", "for the minute"),
    ],
)
def test_what_is_none(line: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        cron.rules(line)
