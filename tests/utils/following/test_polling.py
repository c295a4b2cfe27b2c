from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_awx import FakeTime
from utils.following.polling import LONGEST_S, SHORTEST_S, Pace

if TYPE_CHECKING:
    from collections.abc import Sequence


def pace_at(time: FakeTime, usual_s: float = 0.0) -> Pace:
    """Return the pace of a job that begins to run now."""
    started = time.now
    return Pace(lambda: time.now - started, lambda: usual_s)


def pauses(pace: Pace, count: int) -> list[float]:
    return [pace.pause_s() for _ in range(count)]


def test_pauses_grow_while_nothing_happens(time: FakeTime) -> None:
    pace = pace_at(time)
    assert pauses(pace, 4) == [0.5, 0.75, 1.125, 1.6875]
    assert pauses(pace, 10)[-1] == LONGEST_S


def test_they_start_short_again_when_something_does(time: FakeTime) -> None:
    pace = pace_at(time)
    pauses(pace, 5)
    pace.hurry()
    assert pauses(pace, 2) == [0.5, 0.75]


@pytest.mark.parametrize(("age_s", "pause_s"), [(30, 0.5), (120, 2.0), (300, 5.0), (86400, 5.0)])
def test_an_old_job_is_asked_about_seldom_even_where_it_is_busy(
    time: FakeTime, age_s: float, pause_s: float
) -> None:
    pace = pace_at(time)
    time.now += age_s
    for _ in range(3):
        pace.hurry()
        assert pace.pause_s() == pytest.approx(pause_s)


@pytest.mark.parametrize(
    ("usual_s", "age_s", "is_near"),
    [
        (600.0, 560.0, False),
        (600.0, 577.0, True),
        (600.0, 600.0, True),
        (600.0, 623.0, True),
        (600.0, 640.0, False),
        (10.0, 7.0, False),
        (10.0, 8.5, True),
        (10.0, 11.5, True),
        (0.0, 0.0, False),
    ],
)
def test_near_its_usual_end_it_is_asked_about_often(
    time: FakeTime, usual_s: float, age_s: float, is_near: bool
) -> None:
    pace = pace_at(time, usual_s)
    time.now += age_s
    pauses(pace, 10)
    assert pace.is_near_end is is_near
    assert (pace.pause_s() == SHORTEST_S) is is_near


def test_a_long_pause_ends_where_the_end_comes_near(time: FakeTime) -> None:
    pace = pace_at(time, 60.0)
    time.now += 54.0
    assert pauses(pace, 9)[-1] == pytest.approx(3.6)


def test_where_the_usual_is_known_a_dozen_looks_do_however_much_happens(time: FakeTime) -> None:
    pace, started, looks = pace_at(time, 60.0), time.now, 0
    while time.now - started < 56.9:
        pace.hurry()
        time.sleep(pace.pause_s())
        looks += 1
    assert looks <= 16


@given(st.lists(st.booleans(), max_size=60), st.floats(0, 3600), st.floats(0, 1e6))
def test_they_stay_within_bounds_whatever_happens(
    happened: Sequence[bool], usual_s: float, age_s: float
) -> None:
    time = FakeTime()
    pace = pace_at(time, usual_s)
    time.now += age_s
    for something in happened:
        if something:
            pace.hurry()
        pause_s = pace.pause_s()
        assert SHORTEST_S <= pause_s <= LONGEST_S
        time.sleep(pause_s)


def test_ten_busy_minutes_take_less_than_a_request_a_second(time: FakeTime) -> None:
    pace, started, asked = pace_at(time), time.now, 0
    while time.now - started < 600:
        pace.hurry()
        time.sleep(pace.pause_s())
        asked += 1
    assert asked < 600
