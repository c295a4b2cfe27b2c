from __future__ import annotations

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.utils.statistics.jobs_by_hand import rank, wilson
from utils.statistics.counts import Counts
from utils.statistics.figures import Slo
from utils.statistics.sums import spread

SECONDS = st.lists(st.floats(0, 1e6), max_size=40)


@pytest.mark.parametrize(
    ("good", "of", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (8, 10, 0.4902, 0.9433), (10, 10, 0.7225, 1), (0, 10, 0, 0.2775), (1, 1, 0.2065, 1),
    ],
)  # fmt: skip
def test_the_interval_is_the_one_in_the_books(good: int, of: int, low: float, high: float) -> None:
    counts = Counts(successful=good, failed=of - good, canceled=3, unfinished=4)
    assert counts.interval == pytest.approx((low, high), abs=5e-5)
    assert wilson(good, of) == pytest.approx([low, high], abs=5e-5)


@given(good=st.integers(0, 10**6), failed=st.integers(0, 10**6), error=st.integers(0, 99))
def test_the_rate_is_within_its_interval_and_that_within_0_and_1(
    good: int, failed: int, error: int
) -> None:
    counts = Counts(successful=good, failed=failed, error=error)
    if not (good or failed or error):
        assert (counts.rate, counts.interval) == (None, None)
        return
    assert counts.rate is not None
    assert counts.interval is not None
    low, high = counts.interval
    assert 0 <= low <= counts.rate <= high <= 1
    assert counts.interval == pytest.approx(wilson(good, counts.judged), abs=1e-8)


def test_all_that_ends_and_does_not_is_a_run() -> None:
    counts = Counts(successful=1, failed=2, error=4, canceled=8, unfinished=16)
    assert (counts.runs, counts.bad, counts.judged) == (31, 6, 7)


@given(SECONDS)
def test_percentiles_are_by_nearest_rank(values: list[float]) -> None:
    found = spread(values)
    assert found.count == len(values)
    assert [found.p50, found.p90, found.p95, found.max] == [
        rank(values, percent) for percent in (50, 90, 95, 100)
    ]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=200, unique=True))
def test_the_nearest_rank_is_counted_from_one(values: list[int]) -> None:
    found = spread(map(float, values))
    ranks = [ceil(Fraction(percent, 100) * len(values)) for percent in (50, 90, 95)]
    assert [found.p50, found.p90, found.p95] == [sorted(values)[each - 1] for each in ranks]


@given(SECONDS)
def test_percentiles_rise(values: list[float]) -> None:
    found = spread(values)
    if values:
        assert found.p50 is not None
        assert found.p90 is not None
        assert found.p95 is not None
        assert found.max is not None
        assert min(values) <= found.p50 <= found.p90 <= found.p95 <= found.max == max(values)
    else:
        assert found.p50 is found.p90 is found.p95 is found.max is None


@pytest.mark.parametrize(
    ("slo", "is_met", "spent"),
    [(Slo(0.9, 2.0, 1), True, 0.5), (Slo(0.9, 2.0, 2), True, 1.0), (Slo(0.9, 2.0, 3), False, 1.5),
     (Slo(1.0, 0.0, 0), True, None), (Slo(1.0, 0.0, 1), False, None)],
)  # fmt: skip
def test_a_budget_is_spent_by_bad_jobs(slo: Slo, is_met: bool, spent: float | None) -> None:
    assert (slo.is_met, slo.spent) == (is_met, spent)
