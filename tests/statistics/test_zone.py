from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from utils.statistics.zone import Zone

if TYPE_CHECKING:
    from collections.abc import Iterator

MINUTE_S, QUARTER_S = 60, 900
# A walk by quarters of an hour is as good where no clock was changed in between, and takes no time.
YEARS = (
    ("Europe/Berlin", 2026, MINUTE_S), ("Australia/Lord_Howe", 2026, MINUTE_S),
    ("UTC", 2026, QUARTER_S), ("America/New_York", 2026, QUARTER_S),
    ("Pacific/Apia", 2011, QUARTER_S), ("Africa/Casablanca", 2026, QUARTER_S),
    ("Asia/Kathmandu", 1985, QUARTER_S), ("America/Caracas", 2016, QUARTER_S),
)  # fmt: skip


def start_of(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=timezone.utc).timestamp())


def changes(zone: str, since: int, until: int, step: int) -> Iterator[tuple[int, int]]:
    """Walk step by step, and yield each at which the clock is not as the step before."""
    info = ZoneInfo(zone)
    before = None
    for moment in range(since, until, step):
        ahead = datetime.fromtimestamp(moment, info).utcoffset()
        if ahead != before:
            yield moment, int(ahead.total_seconds()) if ahead else 0
        before = ahead


@pytest.mark.parametrize(("name", "year", "step"), YEARS)
def test_the_clock_is_as_a_walk_through_the_year_finds_it(name: str, year: int, step: int) -> None:
    since, until = start_of(year), start_of(year + 1)
    began = since
    found = []
    for ends, ahead in Zone(name).stretches(since, until):
        found.append((began, ahead))
        began = ends
    assert found == list(changes(name, since, until, step))
    assert began >= until


@pytest.mark.parametrize("later", [-1, 0, 1, 86399, 86400])
def test_a_change_counts_from_its_very_second(later: int) -> None:
    # Berlin's clock went from one hour ahead to two.
    change = int(datetime(2026, 3, 29, 1, tzinfo=timezone.utc).timestamp())
    *changed, (_, last) = Zone("Europe/Berlin").stretches(change - later - 0.5, change + 0.5)
    assert changed == ([] if later < 0 else [(change, 3600)])
    assert last == 7200


def test_a_time_is_told_by_the_clock_of_the_zone() -> None:
    moment = datetime(2026, 11, 21, 22, 16, 19, 826047, tzinfo=timezone.utc)
    found = Zone("Asia/Kathmandu").at(moment.timestamp())
    assert f"{found:%d %H:%M:%S.%f %z}" == "22 04:01:19.826047 +0545"


@pytest.mark.parametrize("name", ["UTC", "utc", "Europe/Berlin"])
def test_a_zone_is_called_as_it_was_asked_for(name: str) -> None:
    assert Zone(name).name == name


@pytest.mark.parametrize(
    "name",
    ["Nowhere/Land", "../etc/passwd", "/etc/passwd", "Europe", "Europe/", " ", "a\0b", "é",
     "\udcff", "CET/CEST", "x" * 999],
)  # fmt: skip
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="takes a zone such as Europe/Berlin or UTC"):
        Zone(name)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Let the zone of the machine be changed, and put it back."""
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "name", "hour"), [("Europe/Berlin", "CET/CEST", 14), ("UTC", "UTC", 12)]
)
def test_no_name_is_the_zone_of_the_machine(
    machine: pytest.MonkeyPatch, zone: str, name: str, hour: int
) -> None:
    machine.setenv("TZ", zone)
    time.tzset()
    found = Zone()
    assert found.name == name
    summer = datetime(2026, 7, 1, 12, tzinfo=timezone.utc).timestamp()
    assert found.at(summer).hour == hour
    assert found.offset(summer) == (hour - 12) * 3600


def test_a_summer_time_that_is_no_more_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "tzname", ("JST", "JDT"))  # as some systems tell Tokyo's
    monkeypatch.setattr(time, "daylight", 0)
    assert Zone().name == "JST"
