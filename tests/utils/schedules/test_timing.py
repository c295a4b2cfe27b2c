"""What is said of when something runs, as AWX's rules, and how those fall due in AWX."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from demo import recurrence
from tests.utils.schedules.falling_due import BERLIN, NOW
from utils.errors import UsageError
from utils.schedules import rule
from utils.schedules.timing import is_meant, rule_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config import Settings

    Make = Callable[..., Settings]


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        ({"every": "6h"}, f"{BERLIN}:20261122T180000 RRULE:FREQ=HOURLY;INTERVAL=6"),
        ({"every": "30m"}, f"{BERLIN}:20261122T163000 RRULE:FREQ=MINUTELY;INTERVAL=30"),
        ({"every": "24h"}, f"{BERLIN}:20261123T000000 RRULE:FREQ=DAILY;INTERVAL=1"),
        ({"every": "1d", "at": "17:00"}, f"{BERLIN}:20261122T170000 RRULE:FREQ=DAILY;INTERVAL=1"),
        ({"every": "7h", "count": 3, "start": "2026-12-01"},
         f"{BERLIN}:20261201T000000 RRULE:FREQ=HOURLY;INTERVAL=7;COUNT=3"),
        ({"every": "2w", "at": "Mon 08:00", "start": "2026-12-01"},
         f"{BERLIN}:20261201T080000 RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
        ({"every": "2d", "start": "2026-12-01T09:30"},
         f"{BERLIN}:20261201T093000 RRULE:FREQ=DAILY;INTERVAL=2"),
        ({"every": "6h", "start": "90m"}, f"{BERLIN}:20261122T175100 RRULE:FREQ=HOURLY;INTERVAL=6"),
        ({"at": "Mon-Fri 08:00"},
         f"{BERLIN}:20261123T080000 RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR"),
        ({"at": "fri-mon 8:05"},
         f"{BERLIN}:20261123T080500 RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,FR,SA,SU"),
        ({"at": "08:00, 20:30,21:30"}, (f"{BERLIN}:20261122T162100 "
         "RRULE:FREQ=DAILY;INTERVAL=1;BYHOUR=8;BYMINUTE=0 "
         "RRULE:FREQ=DAILY;INTERVAL=1;BYHOUR=20,21;BYMINUTE=30")),
        ({"at": "08:00", "end": "2026-12-31"},
         f"{BERLIN}:20261123T080000 RRULE:FREQ=DAILY;INTERVAL=1;UNTIL=20261231T225959Z"),
        ({"cron": "@daily", "tz": "utc"},
         "DTSTART:20261122T152100Z RRULE:FREQ=DAILY;INTERVAL=1;BYHOUR=0;BYMINUTE=0"),
        ({"rrule": "RRULE:FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=2;BYHOUR=8;BYMINUTE=0"}, (f"{BERLIN}:"
         "20261122T162100 RRULE:FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=2;BYHOUR=8;BYMINUTE=0")),
        ({"rrule": "RRULE:FREQ=HOURLY;INTERVAL=1;BYMINUTE=30;UNTIL=20261201T000000"}, (f"{BERLIN}:"
         "20261122T162100 RRULE:FREQ=HOURLY;INTERVAL=1;BYMINUTE=30;UNTIL=20261130T230000Z")),
        ({"rrule": "RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR", "start": "2026-12-01 09:00"},
         f"{BERLIN}:20261201T090000 RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR"),
        ({"tz": "", "rrule": f"{BERLIN}:20260101T000000  RRULE:FREQ=DAILY;INTERVAL=1;"
          "UNTIL=20270701T000000 EXRULE:FREQ=WEEKLY;INTERVAL=1"},
         (f"{BERLIN}:20260101T000000 RRULE:FREQ=DAILY;INTERVAL=1;UNTIL=20270630T220000Z "
         "EXRULE:FREQ=WEEKLY;INTERVAL=1")),
    ],
)  # fmt: skip
def test_rules(made: Callable[..., str], flags: dict[str, object], text: str) -> None:
    found = made(**flags)
    assert found == text
    assert recurrence.preview(recurrence.ruleset(found, NOW.timestamp()), NOW.timestamp())


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({}, "nothing says when: pass --every, --cron, --rrule or --at"),
        ({"every": "6h", "cron": "@daily"}, "--every and --cron do not go together"),
        ({"every": "7h"}, "divides no day evenly"),
        ({"every": "36h"}, "divides no day evenly"),
        ({"every": "6x"}, "takes a number of minutes, hours, days or weeks"),
        ({"every": "0h"}, "takes a number of minutes, hours, days or weeks"),
        ({"every": "1w"}, "--every 1w does not say from when on: pass --start"),
        ({"every": "2d"}, "does not say from when on"),
        ({"every": "2w", "at": "Mon 08:00"}, "does not say from when on"),
        ({"every": "6h", "at": "08:00"}, "which --at cannot narrow"),
        ({"every": "1d", "at": "Mon 08:00"}, "names days of the week"),
        ({"every": "1w", "at": "08:00"}, "names no day of it"),
        ({"at": "25:00"}, "--at is '25:00': it takes times of day"),
        ({"at": "Mon"}, "it takes times of day"),
        ({"at": "Funday 08:00"}, "it takes times of day"),
        ({"at": "08:00,09:30", "count": 3}, "--count: this takes several rules"),
        ({"at": "08:00", "count": 3, "end": "2027-01-01"}, "do not go together"),
        ({"at": "08:00", "start": "2026-02-01", "end": "2026-01-01"}, "until 2026-01-01 is before"),
        ({"at": "08:00", "start": "soon"}, "--start is 'soon': it takes a day or a time"),
        ({"rrule": "RRULE:FREQ=DAILY;INTERVAL=0", "start": "2026-01-01"}, "it has INTERVAL=0"),
        ({"rrule": f"{BERLIN}:20260101T000000 RRULE:FREQ=DAILY;interval=00"}, "it has INTERVAL=0"),
        ({"rrule": "FREQ=DAILY"}, "takes RRULE:FREQ=..., or all of it from DTSTART on"),
        ({"rrule": "RRULE:FREQ=DAILY;INTERVAL=1"}, "does not say from when on"),
        ({"rrule": "RRULE:FREQ=MONTHLY;INTERVAL=1;BYHOUR=8;BYMINUTE=0"}, "does not say from when"),
        ({"rrule": "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=8;BYMINUTE=0"}, "not say from w"),
        ({"rrule": "RRULE:FREQ=DAILY;INTERVAL=1;BYHOUR=8;BYMINUTE=0;COUNT=3"}, "not say from when"),
        ({"rrule": "DTSTART:20300101T000000Z"}, "should be such as DTSTART;TZID=ZONE"),
        ({"rrule": "DTSTART:20300101T000000 RRULE:FREQ=DAILY"}, "should be such as DTSTART"),
        ({"rrule": f"{BERLIN}:20300101T000000 RRULE:FREQ=DAILY;INTERVAL=1 EXDATE:20300102T000000"},
         "AWX takes no EXDATE: pass the date with --except"),
        ({"rrule": "DTSTART:20300101T000000Z RRULE:FREQ=DAILY;INTERVAL=1", "start": "2030-01-01"},
         "--start does nothing: --rrule has it all"),
        ({"rrule": "DTSTART:20261399T080000Z RRULE:FREQ=DAILY;INTERVAL=1"},
         "it has 20261399T080000, which is no time such as 20260131T080000"),
        ({"rrule": f"{BERLIN}:20300101T000000 RRULE:FREQ=DAILY;INTERVAL=1;UNTIL=20261399T080000"},
         "it has 20261399T080000, which is no time"),
        ({"rrule": "RRULE:FREQ=DAILY;INTERVAL=1;UNTIL=20261399T080000", "start": "2030-01-01"},
         "it has 20261399T080000, which is no time"),
        ({"every": "1d", "end": "9999-12-31", "tz": "America/New_York"}, "the years 1970 to 9998"),
        ({"every": "1d", "start": "9999-12-31T23:59:30"}, "--start is '9999-12-31T23:59:30': it t"),
        ({"at": "08:00", "start": "9999-12-31T23:59"}, "it takes the years 1970 to 9998"),
        ({"rrule": "DTSTART;TZID=America/New_York:20300101T000000 RRULE:FREQ=DAILY;INTERVAL=1;"
          "UNTIL=99991231T235959"}, "it is too far off: 9999-12-31 23:59"),
        ({"every": "6h", "tz": "Berlin"}, "is Europe/Berlin meant?"),
    ],
)  # fmt: skip
def test_what_makes_no_sense(settings: Make, flags: dict[str, object], words: str) -> None:
    zone = {} if str(flags.get("rrule", "")).startswith("DTSTART") else {"tz": "Europe/Berlin"}
    with pytest.raises(UsageError) as told:
        rule_of(settings(**{**zone, **flags}), NOW)
    assert words in str(told.value)
    assert "\n" not in str(told.value)


def test_the_command_line_goes_before_the_environment(settings: Make) -> None:
    asked = settings({"AWX_CRON": "@daily", "AWX_TZ": "UTC"}, every="6h")
    assert "HOURLY" in str(rule_of(asked, NOW))
    asked = settings(
        {"AWX_TZ": "UTC"}, rrule=f"{BERLIN}:20300101T000000 RRULE:FREQ=DAILY;INTERVAL=1"
    )
    assert rule_of(asked, NOW).zone == "Europe/Berlin"
    asked = settings({"AWX_SKIP_TAGS": "slow", "AWX_DIFF": "true"}, limit="web01")
    meant = {name: is_meant(asked, name) for name in ("skip_tags", "diff", "limit", "tags")}
    assert meant == {"skip_tags": False, "diff": False, "limit": True, "tags": False}


def test_a_beginning_that_was_not_given_stays_as_it_is(settings: Make) -> None:
    later = datetime(2027, 3, 3, 3, 3, 3, tzinfo=timezone.utc)
    for flags in ({"every": "6h"}, {"at": "Mon-Fri 08:00"}, {"cron": "0 4 * * *"}):
        old = rule.parse(str(rule_of(settings(tz="Europe/Berlin", **flags), NOW)))
        new = rule_of(settings(tz="Europe/Berlin", **flags), later)
        assert new.start != old.start
        assert new.as_before(old) == old
        other = rule_of(settings(tz="Europe/London", **flags), later)
        assert other.as_before(old) == other
    given = rule_of(settings(tz="Europe/Berlin", every="6h", start="2027-03-03"), later)
    old = rule.parse(f"{BERLIN}:20261122T180000 RRULE:FREQ=HOURLY;INTERVAL=6")
    assert given.as_before(old) == given
    shifted = rule.parse(f"{BERLIN}:20261122T190000 RRULE:FREQ=HOURLY;INTERVAL=6")
    new = rule_of(settings(tz="Europe/Berlin", every="6h"), later)
    assert new.as_before(shifted) == new


def test_times_are_of_the_zone_that_is_named(made: Callable[..., str]) -> None:
    text = made(tz="America/New_York", at="02:30", end="2027-03-20T12:00")
    rules = recurrence.ruleset(text, NOW.timestamp())
    assert recurrence.until_of(rules) == "2027-03-20T12:00:00"
    assert rule.zone_of("America/New_York") == ZoneInfo("America/New_York")


class TestZoneOfThisMachine:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
        def put(name: str) -> None:
            monkeypatch.setenv("TZ", name)
            # A process has one zone, and it is looked for once.
            monkeypatch.setattr("tzlocal.unix._cache_tz_name", None)
            time.tzset()

        yield put
        monkeypatch.undo()
        time.tzset()

    @pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "UTC"])
    def test_it_goes_by_its_name(
        self, settings: Make, clock: Callable[[str], None], name: str
    ) -> None:
        clock(name)
        assert rule_of(settings(at="08:00"), NOW).zone == name

    def test_one_that_has_no_name_is_asked_for(
        self, settings: Make, clock: Callable[[str], None]
    ) -> None:
        clock("CET-1CEST,M3.5.0,M10.5.0/3")
        with pytest.raises(UsageError, match="pass --tz, as Europe/Berlin"):
            rule_of(settings(at="08:00"), NOW)
