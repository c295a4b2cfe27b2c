from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.utils.dashboard.parsed import parsed
from tests.utils.dashboard.reports import made_up
from utils.dashboard.page import render
from utils.dashboard.tiles import Tile, objective, parts, success, tiles
from utils.statistics import words
from utils.statistics.counts import Counts
from utils.statistics.figures import Retries, Slo, Spread, Summary

NOTHING = Summary(Counts(), Spread(), Spread())
REPORT = made_up(5)

seconds = st.one_of(st.none(), st.floats(0, 1e9))
counts = st.builds(Counts, *(st.integers(0, 10**7) for _ in range(5)))
spreads = st.builds(Spread, st.integers(0, 10**7), seconds, seconds, seconds, seconds)
summaries = st.builds(
    Summary, counts, spreads, spreads, seconds, st.integers(0, 99), st.integers(0, 10**7)
)


def by_label(now: Summary, before: Summary = NOTHING) -> dict[str, Tile]:
    report = replace(REPORT, total=now, before=before)
    return {each.label: each for each in (success(report), *tiles(report))}


def test_a_period_without_jobs_before_is_not_compared_with() -> None:
    assert [each.change for each in by_label(REPORT.total).values()] == [None] * 10


def test_less_failures_are_better_and_more_runs_are_neither() -> None:
    before = Summary(Counts(successful=50, failed=10), Spread(60, 9.0, 9.0, 9.0, 9.0), Spread())
    now = Summary(Counts(successful=80, failed=5), Spread(85, 18.0, 9.0, 9.0, 9.0), Spread())
    told = by_label(now, before)
    moved = {
        name: each.change and (each.change.text, each.change.tone) for name, each in told.items()
    }
    assert moved["Runs"] == ("42%", "plain")
    assert moved["Failed"] == ("5", "better")
    assert moved["Success rate"] == ("11 points", "better")
    assert moved["Median duration"] == ("100%", "worse")
    assert moved["95th percentile"] == ("no change", "plain")


@pytest.mark.parametrize(
    ("slo", "value", "note"),
    [
        (Slo(0.9, 10.0, 4), "Met", "4 failures of 10 allowed, 40% of the error budget spent"),
        (Slo(0.9, 10.0, 11), "Missed", "11 failures of 10 allowed, 110% of the error budget spent"),
        (Slo(0.999, 0.1, 5), "Missed",
         "5 failures of 0.1 allowed, the error budget spent 50 times over"),
        (Slo(1.0, 0.0, 0), "Met", "0 failures of 0 allowed"),
        (Slo(1.0, 0.0, 1), "Missed", "1 failure of 0 allowed"),
    ],
)  # fmt: skip
def test_an_objective_tells_what_is_left_of_its_budget(slo: Slo, value: str, note: str) -> None:
    tile = objective(slo)
    assert tile
    assert (tile.value, tile.note) == (value, note)


def test_without_an_objective_there_is_no_tile_of_one() -> None:
    assert objective(None) is None
    assert "Objective" not in render(replace(REPORT, slo=None))


def test_a_streak_that_is_not_over_stands_out() -> None:
    streak = REPORT.streak
    assert streak
    for is_over, tone in ((True, ""), (False, "worse")):
        report = replace(REPORT, streak=replace(streak, is_over=is_over))
        (tile,) = (each for each in tiles(report) if each.label == "Longest red streak")
        assert tile.tone == tone
        assert ("not over yet" in tile.note) != is_over


def test_retries_are_told_where_there_were_any() -> None:
    for retries, value in ((Retries(), words.NONE), (Retries(9, 3, 4, 2), "2 of 3")):
        assert tiles(replace(REPORT, retries=retries))[-1].value == value


@given(counts)
def test_the_parts_of_all_runs_fill_the_bar(each: Counts) -> None:
    found = parts(each)
    assert sum(part.count for part in found) == each.runs
    assert sum(part.width for part in found) == pytest.approx(100 if each.runs else 0)


@given(summaries, summaries)
@settings(max_examples=8)
def test_any_figures_make_a_page(now: Summary, before: Summary) -> None:
    page = parsed(render(replace(REPORT, total=now, before=before, days=REPORT.days[:1])))
    shown = page.section("figures").text
    assert words.number(now.counts.runs) in shown
    assert words.percent(now.counts.rate) in shown
    for wrong in ("None", "nan", "inf"):
        assert wrong not in shown.split()
