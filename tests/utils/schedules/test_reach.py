"""What is known of a rule without counting it through, against the library that AWX counts by."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr

from utils.schedules import reach, rule

START = datetime(2027, 1, 29, 8, 30)  # noqa: DTZ001  # on the wall
LATER = START + timedelta(days=1500)
SOON = START + timedelta(days=4)


@pytest.mark.parametrize(
    ("text", "is_full"),
    [
        ("FREQ=DAILY;INTERVAL=1", True),
        ("FREQ=DAILY;INTERVAL=1;BYDAY=TU,SA;BYHOUR=8,17", True),
        ("FREQ=DAILY;INTERVAL=1;BYMONTH=2;BYMONTHDAY=27,28,29;BYSECOND=0,30", True),
        ("FREQ=DAILY;INTERVAL=3", False),
        ("FREQ=WEEKLY;INTERVAL=1", True),
        ("freq=weekly;interval=1;byday=mo;byminute=15", True),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", False),
        ("FREQ=MONTHLY;INTERVAL=1", True),
        ("FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR", False),
        ("FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1", False),
        ("FREQ=MONTHLY;INTERVAL=1;BYDAY=MO,TU;BYSETPOS=-1", False),
        ("FREQ=YEARLY;INTERVAL=1", True),
        ("FREQ=YEARLY;INTERVAL=1;BYMONTH=12", True),
        ("FREQ=YEARLY;INTERVAL=1;BYYEARDAY=100", False),
        ("FREQ=DAILY;INTERVAL=1;COUNT=9", False),
    ],
)
def test_days(text: str, is_full: bool) -> None:
    _hold(text, is_full, LATER)


@pytest.mark.parametrize(
    ("text", "is_full"),
    [
        ("FREQ=HOURLY;INTERVAL=6", True),
        ("FREQ=HOURLY;INTERVAL=6;BYHOUR=2,3,14;BYMINUTE=0,45", True),
        ("FREQ=HOURLY;INTERVAL=7", False),
        ("FREQ=MINUTELY;INTERVAL=40", True),
        ("FREQ=MINUTELY;INTERVAL=50", False),
        ("FREQ=MINUTELY;INTERVAL=5;BYHOUR=3;BYDAY=MO,TU,WE,TH,FR,SA,SU", True),
    ],
)
def test_clocks(text: str, is_full: bool) -> None:
    _hold(text, is_full, SOON)


def _hold(text: str, is_full: bool, end: datetime) -> None:
    found = reach.of(text, START)
    assert found.is_full is is_full
    times = set(takewhile(lambda at: at < end, rrulestr(text, dtstart=START)))
    assert times
    days = (START.date() + timedelta(days=number) for number in range((end - START).days + 1))
    reached = {
        datetime.combine(day, datetime.min.time()) + timedelta(seconds=clock)
        for day in days if (day.month, day.day, day.weekday()) in found.days
        for clock in found.clocks
    }  # fmt: skip
    reached = {at for at in reached if START <= at < end}
    assert times == reached if is_full else times < reached


EIGHT = "FREQ=DAILY;INTERVAL=1;BYHOUR=8;BYMINUTE=0"
NOON = "FREQ=DAILY;INTERVAL=1;BYHOUR=12;BYMINUTE=0"


@pytest.mark.parametrize(
    ("rules", "exceptions", "is_sure"),
    [
        ([EIGHT], [EIGHT], True),
        ([EIGHT], ["FREQ=HOURLY;INTERVAL=1;BYMINUTE=0"], True),
        ([EIGHT], ["FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH;BYHOUR=8;BYMINUTE=0",
                   "FREQ=DAILY;INTERVAL=1;BYDAY=FR,SA,SU;BYHOUR=8,9;BYMINUTE=0"], True),
        ([EIGHT], ["FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH;BYHOUR=8;BYMINUTE=0"], False),
        ([EIGHT], [f"{EIGHT};BYMONTHDAY={','.join(map(str, range(1, 31)))}"], False),
        ([EIGHT], [f"{EIGHT};UNTIL=20300101T000000Z"], False),
        ([EIGHT, NOON], [EIGHT], False),
        ([EIGHT, NOON], [NOON, EIGHT], True),
        (["FREQ=WEEKLY;INTERVAL=2"], ["interval=2;freq=weekly"], True),
        (["FREQ=WEEKLY;INTERVAL=2"], ["FREQ=WEEKLY;INTERVAL=1"], True),
        (["FREQ=WEEKLY;INTERVAL=1"], ["FREQ=WEEKLY;INTERVAL=2"], False),
        ([f"{EIGHT};BYSECOND=0,30"], [EIGHT], False),
    ],
)  # fmt: skip
def test_whether_anything_is_left(rules: list[str], exceptions: list[str], is_sure: bool) -> None:
    assert reach.leaves_nothing(rules, exceptions, START) is is_sure


@pytest.mark.parametrize(
    ("words", "drifts"),
    [
        ("RRULE:FREQ=HOURLY;INTERVAL=7", True),
        ("RRULE:freq=hourly;interval=7", True),
        ("RRULE:FREQ=MINUTELY;INTERVAL=50", True),
        ("RRULE:FREQ=HOURLY;INTERVAL=7;COUNT=5", False),
        ("RRULE:FREQ=HOURLY;INTERVAL=6", False),
        ("RRULE:FREQ=DAILY;INTERVAL=7", False),
        ("RRULE:FREQ=HOURLY;INTERVAL=6 RRULE:FREQ=DAILY;INTERVAL=2", True),
        ("RRULE:FREQ=HOURLY;INTERVAL=6 RRULE:FREQ=WEEKLY;INTERVAL=1", True),
        ("RRULE:FREQ=HOURLY;INTERVAL=6 RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=SU", False),
        ("RRULE:FREQ=HOURLY;INTERVAL=6 RRULE:FREQ=DAILY;INTERVAL=1;COUNT=5", True),
        ("RRULE:FREQ=HOURLY;INTERVAL=6 EXRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=12", True),
        ("RRULE:FREQ=DAILY;INTERVAL=1 EXRULE:FREQ=HOURLY;INTERVAL=7", False),
    ],
)
def test_which_rules_awx_does_not_keep_in_step(words: str, drifts: bool) -> None:
    assert rule.parse(f"DTSTART:20261122T180000Z {words}").drifts is drifts
