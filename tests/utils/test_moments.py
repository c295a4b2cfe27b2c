from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from utils.moments import moment

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=timezone.utc)
EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("90s", timedelta(seconds=90)), ("5m", timedelta(minutes=5)), ("12h", timedelta(hours=12)),
        ("7d", timedelta(days=7)), ("1.5d", timedelta(hours=36)), ("2w", timedelta(days=14)),
        ("10y", timedelta(days=3652.5)), (" 7d ", timedelta(days=7)),
    ],
)  # fmt: skip
def test_how_long_ago(text: str, ago: timedelta) -> None:
    assert moment(text, NOW) == NOW - ago


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31", "2026-01-31T00:00:00+02:00"),
        ("2026-01-31T18:30", "2026-01-31T18:30:00+02:00"),
        ("2026-01-31 18:30:05", "2026-01-31T18:30:05+02:00"),
        ("2026-01-31T18:30:05.25", "2026-01-31T18:30:05.250000+02:00"),
        ("2026-01-31T18:30Z", "2026-01-31T18:30:00+00:00"),
        ("2026-01-31T18:30:00z", "2026-01-31T18:30:00+00:00"),
        ("2026-01-31T18:30:00-0500", "2026-01-31T18:30:00-05:00"),
        ("2026-01-31T18:30:00+01:00", "2026-01-31T18:30:00+01:00"),
        ("2026-01-31T18:30+01", "2026-01-31T18:30:00+01:00"),
    ],
)
def test_a_date_or_a_time(text: str, expected: str) -> None:
    assert moment(text, NOW, EAST).isoformat() == expected


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("today", "2026-03-31T12:00:00+00:00", "2026-03-31T00:00:00+02:00"),
        ("yesterday", "2026-03-31T12:00:00+00:00", "2026-03-30T00:00:00+02:00"),
        # It is the next day there already.
        ("today", "2026-03-31T23:00:00+00:00", "2026-04-01T00:00:00+02:00"),
        ("today", "2026-03-30T22:00:00+00:00", "2026-03-31T00:00:00+02:00"),
    ],
)
def test_a_day_by_its_name_is_that_of_the_zone(text: str, now: str, expected: str) -> None:
    assert moment(text, datetime.fromisoformat(now), EAST).isoformat() == expected


def test_a_days_name_has_the_offset_of_its_own_midnight() -> None:
    """The clock went forward at two in the morning of the 29th."""
    noon = datetime(2026, 3, 29, 10, 0, tzinfo=timezone.utc)
    found = moment("today", noon, ZoneInfo("Europe/Berlin"))
    assert found.isoformat() == "2026-03-29T00:00:00+01:00"


def test_what_says_no_zone_is_meant_in_that_of_this_machine() -> None:
    assert moment("2026-01-31", NOW) == datetime(2026, 1, 31).astimezone()  # just so


@pytest.mark.parametrize(
    "text",
    [
        "", "tomorrow", "7", "d7", "0d", "-7d", "7.7.7d", "7 d", "99999999999d", "999999y",
        "2026-13-01", "2026-02-30", "2026-1-1", "20260131", "2026-W05", "2026-01-31Z",
        "2026-01-31T25:00", "2026-01-31T18", "2026-01-31T18:30+99:00", "0001-01-01T00:00+05:00",
        "٢٠٢٦-01-31",
    ],
)  # fmt: skip
def test_anything_else_is_told_with_what_is_taken(text: str) -> None:
    with pytest.raises(ValueError, match=r"takes a duration such as 7d or 12h .*, or a date such"):
        moment(text, NOW, EAST)
