from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from utils.trouble import Trouble

if TYPE_CHECKING:
    from tests.fake_awx import FakeTime


@pytest.mark.parametrize(
    ("longest_s", "pauses"),
    [(2.0, [0.5, 1.0, 0.5]), (12.0, [0.5, 1, 2, 4, 4.5]), (0.0, []), (0.3, [0.3])],
)
def test_the_last_attempt_is_made_when_the_time_is_over(
    time: FakeTime, longest_s: float, pauses: list[float]
) -> None:
    trouble = Trouble(time.sleep, time.clock)
    while trouble.wait("AWX is away", longest_s):
        pass
    assert time.pauses == pauses


def test_a_clock_that_stands_still_ends_it_all_the_same() -> None:
    trouble = Trouble(lambda _: None, lambda: 5.0)
    assert sum(iter(lambda: trouble.wait("AWX is away", 2.0), False)) == 3


def test_it_is_told_when_it_begins_and_when_it_is_over(
    time: FakeTime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="awx")
    trouble = Trouble(time.sleep, time.clock)
    trouble.over()
    for _ in range(3):
        assert trouble.wait("AWX is away", 60.0)
    trouble.over()
    trouble.over()
    assert caplog.messages == [
        "AWX is away; trying again for up to 60 s", "AWX answers again, after 4 s"
    ]  # fmt: skip
