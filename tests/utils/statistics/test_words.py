from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.utils.dashboard.hostile import ADDRESSES, GOOD
from utils.statistics import words
from utils.statistics.words import Change


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (None, words.NONE), (0.0, "0%"), (1.0, "100%"), (0.5, "50.0%"), (0.98765, "98.8%"),
        (0.99999, "99.9%"), (0.00001, "0.1%"), (1.97, "197.0%"),
    ],
)  # fmt: skip
def test_a_share_is_told_as_all_or_none_only_where_it_is(share: float | None, told: str) -> None:
    assert words.percent(share) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (None, words.NONE), (0.0, "0.0 s"), (42.4, "42 s"), (307.0, "5 min 07 s"),
        (7500.0, "2 h 05 min"), (100 * 3600.0, "4 d 4 h"),
    ],
)  # fmt: skip
def test_durations(seconds: float | None, told: str) -> None:
    assert words.seconds(seconds) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (30 * 86400, "30 days"), (30 * 86400 + 1, "30 days"), (86400, "day"), (7200, "2 hours"),
        (3599, "hour"), (86400 + 7200, "26 hours"), (300, "5 min 00 s"),
        (30 * 86400 + 3600, "30 d 1 h"),
    ],
)  # fmt: skip
def test_how_long_a_period_is(seconds: float, told: str) -> None:
    assert words.length(seconds) == told


@pytest.mark.parametrize(
    ("step", "ticks"),
    [
        (0.5, ["0", "0.5 s", "1 s"]), (20, ["0", "20 s", "40 s", "60 s", "80 s"]),
        (1800, ["0", "30 min", "60 min", "90 min"]), (7200, ["0", "2 h", "4 h"]),
        (2 * 86400, ["0", "2 d", "4 d"]),
    ],
)  # fmt: skip
def test_an_axis_is_in_the_unit_of_its_steps(step: float, ticks: list[str]) -> None:
    assert [words.tick(each * step, step) for each in range(len(ticks))] == ticks


def test_days_are_the_same_in_every_locale() -> None:
    assert words.day(date(2026, 3, 1)) == "1 Mar"
    assert words.moment(datetime(2026, 3, 1, 4, 5, tzinfo=timezone.utc)) == "1 Mar 2026, 04:05"


@pytest.mark.parametrize(
    ("arguments", "change"),
    [
        ((110, 100), Change("10%", "plain", "up")),
        ((90.0, 100.0, "%", "down"), Change("10.0%", "better", "down")),
        ((0.95, 0.9, "points", "up"), Change("5.0 points", "better", "up")),
        ((0.9, 0.95, "points", "up"), Change("5.0 points", "worse", "down")),
        ((7, 3, "", "down"), Change("4", "worse", "up")),
        ((2345, 0, "", "down"), Change("2,345", "worse", "up")),
        ((5, 5), Change("no change", "plain", "")),
        ((1.0, 1.0001, "%", "down"), Change("no change", "plain", "")),
        ((5, 0), None),
        ((None, 0.5, "points", "up"), None),
        ((0.5, None, "points", "up"), None),
    ],
)
def test_changes(arguments: tuple[float, float], change: Change | None) -> None:
    assert words.change(*arguments) == change


@given(st.text(st.characters()))
def test_a_name_has_nothing_that_turns_or_ends_the_text_around_it(text: str) -> None:
    name = words.name(text)
    assert name.isprintable()
    assert name.strip() == name != ""
    assert len(words.short(text, 20)) <= 20
    name.encode()


@given(
    st.sampled_from(["http:", "https:", "javascript:", "JavaScript:", "", "//"]),
    st.text("/ab:@[]?#%. \n\t\0<>\"'é\u202e"),
)
def test_only_http_is_a_link(scheme: str, rest: str) -> None:
    link = words.link(scheme + rest)
    assert link in {"", scheme + rest}
    assert not link or link.startswith(("http://", "https://"))


def test_what_is_a_link_and_what_is_none() -> None:
    assert words.link(GOOD) == GOOD
    assert [words.link(each) for each in ADDRESSES] == [""] * len(ADDRESSES)
