from __future__ import annotations

from random import Random

import pytest

from tests.statistics.drawing import report_of, wrong_in
from tests.statistics.histories import BYS, asking, drawn

SEEDS = 200


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_report_is_the_one_by_hand(seed: int) -> None:
    history = drawn(Random(seed))
    history = asking(history, by=BYS[seed % len(BYS)])
    assert wrong_in(report_of(history), history) == []
