from __future__ import annotations

from random import Random

import pytest

from tests.utils.statistics.drawing import report_of, wrong_in
from tests.utils.statistics.histories import BYS, asking, drawn

SEEDS, A_TIME = 240, 12


@pytest.mark.parametrize("first", range(0, SEEDS, A_TIME))
def test_a_report_is_the_one_by_hand(first: int) -> None:
    for seed in range(first, first + A_TIME):
        history = asking(drawn(Random(seed)), by=BYS[seed % len(BYS)])
        wrong = wrong_in(report_of(history), history)
        assert wrong == [], f"the history of seed {seed}"
