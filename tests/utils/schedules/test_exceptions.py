"""What is left out of a schedule is left out in AWX, in every week, and nothing else is."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from tests.utils.schedules.falling_due import BERLIN, NOW, due
from utils.errors import UsageError
from utils.schedules.timing import rule_of
from utils.schedules.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from utils.awx_client import Client

    Make = Callable[..., Settings]

CHRISTMAS = (date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26))


def is_last(moment: datetime, weekdays: range) -> bool:
    """Tell whether that is the last day of its month that is one of those of the week."""
    days = range(moment.day, monthrange(moment.year, moment.month)[1] + 1)
    return [day for day in days if moment.replace(day=day).weekday() in weekdays] == [moment.day]


FORMS: dict[str, Callable[[datetime], bool]] = {
    "2026-12-24": lambda at: at.date() == CHRISTMAS[0],
    "2026-12-24..2026-12-26": lambda at: at.date() in CHRISTMAS,
    "2026-12-24T06:00": lambda at: at == datetime(2026, 12, 24, 6),  # noqa: DTZ001  # on the wall
    "0 6 * * tue": lambda at: at.weekday() == 1 and (at.hour, at.minute) == (6, 0),
    "*/30 * 25 12 *": lambda at: (at.month, at.day) == (12, 25),
    "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=TU": lambda at: at.weekday() == 1,
    "RRULE:FREQ=DAILY;INTERVAL=1;BYDAY=TU": lambda at: at.weekday() == 1,
    "RRULE:FREQ=DAILY;INTERVAL=1;BYHOUR=12": lambda at: at.hour == 12,
    "RRULE:FREQ=HOURLY;INTERVAL=1;BYDAY=TU": lambda at: at.weekday() == 1,
    "EXRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=12;BYMONTHDAY=25":
        lambda at: (at.month, at.day) == (12, 25),
    "EXRULE:freq=monthly;interval=1;byday=-1FR": lambda at: is_last(at, range(4, 5)),
    "RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1":
        lambda at: is_last(at, range(5)),
}  # fmt: skip
BASES: tuple[dict[str, object], ...] = (
    {"every": "6h"}, {"at": "06:00,12:00,17:30"}, {"cron": "0 6 * * *"},
    {"cron": "*/30 6,12 * * *"}, {"at": "06:00"}, {"every": "1h", "start": "2026-11-01T00:15"},
    {"rrule": f"{BERLIN}:20261101T060030 RRULE:FREQ=DAILY;INTERVAL=1", "tz": ""},
)  # fmt: skip
# AWX begins what runs by the hour or minute anew from the second week on.
WEEKS = (NOW, *(datetime(2026, 12, day, 3, tzinfo=timezone.utc) for day in (2, 23)))


@pytest.mark.parametrize("form", FORMS)
def test_it_is_left_out_in_every_week(made: Callable[..., str], form: str) -> None:
    is_out, left_out = FORMS[form], 0
    for flags in BASES:
        plain, without = made(**flags), made(**flags, exceptions=[form])
        for week in WEEKS:
            times = due(plain, week, 40)
            kept = [at for at in times if not is_out(at.replace(second=0))]
            assert due(without, week, len(kept)) == kept
            left_out += len(times) - len(kept)
    assert left_out


@pytest.mark.parametrize(
    "flags",
    [
        {"every": "6h"}, {"cron": "30 1-23/3 * * *"}, {"at": "08:00"},
        {"every": "45m", "count": 999}, {"at": "06:00,20:30"},
    ],
)  # fmt: skip
def test_left_out_days_are_left_out_and_no_other(
    made: Callable[..., str], flags: dict[str, object]
) -> None:
    plain = made(**flags)
    without = made(**flags, exceptions=["2026-12-24", "2026-12-31..2027-01-02"])
    out = {(12, 24), (12, 31), (1, 1), (1, 2)}
    for later in (datetime(2026, 11, 23, tzinfo=timezone.utc), WEEKS[-1]):
        kept = [at for at in due(plain, later, 1500) if (at.month, at.day) not in out]
        assert kept[:300] == due(without, later, 300)


def test_times_lines_and_rules_go_together(made: Callable[..., str]) -> None:
    friday = "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=FR"
    found = made(at="08:00", exceptions=["2026-11-24T08:00", "0 8 26 11 *", friday])
    assert [at.day for at in due(found, NOW, 4)] == [23, 25, 28, 29]


def test_a_counted_exception_has_its_times_at_each_clock(made: Callable[..., str]) -> None:
    text = "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;COUNT=1"
    found = made(at="08:00,20:00", start="2026-11-23", exceptions=[text])
    assert [(at.day, at.hour) for at in due(found, NOW, 4)] == [
        (23, 8),
        (23, 20),
        (25, 8),
        (25, 20),
    ]


def test_how_it_is_written_does_not_hang_on_when_it_is(made: Callable[..., str]) -> None:
    """At 08:00 a line of cron begins at the very time at which it falls due, too."""
    tuesday = "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=TU"
    eight = datetime(2026, 11, 23, 7, tzinfo=timezone.utc)
    texts = [made(now, cron="0 8 * * *", exceptions=[tuesday]) for now in (NOW, eight)]
    assert texts[0].split()[1:] == texts[1].split()[1:]


def test_only_days_to_come_are_to_be_kept(made: Callable[..., str]) -> None:
    """The 24th of December was a Thursday in 2015, too, when this began."""
    found = made(at="08:00", start="2015-01-01", exceptions=["2026-12-24"])
    before = NOW + timedelta(days=30)
    assert [at.day for at in due(found, before, 4)] == [23, 25, 26, 27]


@pytest.mark.parametrize(
    ("flags", "text", "words"),
    [
        ({"every": "6h"}, "Christmas", "--except is 'Christmas': it takes a day"),
        ({"every": "6h"}, "2026-02-30", "has 2026-02-30, which is no day"),
        ({"every": "6h"}, "2026-12-24..2026-12-20", "the first of them first"),
        ({"every": "6h"}, "2026-12-24..2027-12-24", "takes up to 62 days"),
        ({"every": "6h"}, "2040-01-01", "would leave out 2034-01-01 as well"),
        ({"at": "08:00", "start": "9998-01-01", "tz": "America/New_York"}, "9999-12-31",
         "it is too far off: 9999-12-31 23:59"),
        ({"at": "08:00"}, "RRULE:FREQ=DAILY;INTERVAL=1 RRULE:FREQ=DAILY;INTERVAL=1", "one rule at"),
        ({"every": "12h", "start": "2026-10-01"},
         "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;BYHOUR=0,12", "begins what runs by the minute"),
        ({"every": "12h", "start": "2026-10-01"}, "RRULE:FREQ=MONTHLY;INTERVAL=1", "take INTERVAL"),
        ({"every": "12h", "start": "2026-10-01"}, "RRULE:FREQ=DAILY;INTERVAL=1;COUNT=3", "no COUN"),
        ({"cron": "*/5 * * * *", "start": "2026-10-01"}, "RRULE:FREQ=HOURLY;INTERVAL=5", "hangs"),
        ({"at": "08:00"}, "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "not given: pass --start"),
        ({"cron": "0 * * * *"}, "RRULE:FREQ=HOURLY;INTERVAL=6", "not given: pass --start"),
        ({"every": "30m"}, "RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=MO,TU;BYSETPOS=1", "give it BYH"),
        ({"at": "08:00"}, "0 8 * * *", "this leaves out everything"),
    ],
)  # fmt: skip
def test_what_cannot_be_left_out(
    settings: Make, flags: dict[str, object], text: str, words: str
) -> None:
    with pytest.raises(UsageError) as told:
        rule_of(settings(**{"tz": "UTC", **flags}, exceptions=[text]), NOW)
    assert words in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("flags", "text", "is_nothing"),
    [
        ({"at": "Mon-Fri 08:00"}, "2026-12-26", True),
        ({"at": "Mon-Fri 08:00"}, "2026-12-25", False),
        ({"at": "Mon-Fri 08:00"}, "2026-12-25..2026-12-27", False),
        ({"at": "08:00"}, "2026-12-25T09:00", True),
        ({"at": "08:00"}, "RRULE:FREQ=DAILY;INTERVAL=1;BYHOUR=9", True),
        ({"every": "6h"}, "0 */12 * * *", False),
        ({"every": "6h"}, "30 * * * *", True),
        ({"every": "2w", "at": "Mon 08:00", "start": "2026-12-07"}, "2026-12-14", False),
    ],
)
def test_what_leaves_out_nothing_is_warned_of(
    settings: Make, client: Client, caplog: pytest.LogCaptureFixture,
    flags: dict[str, object], text: str, is_nothing: bool,
) -> None:  # fmt: skip
    rule_of(settings(**flags, tz="UTC", exceptions=[text]), NOW, Zones(client))
    assert (f"--except {text} leaves out nothing" in caplog.text) is is_nothing
