from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.utils.dashboard.parsed import parsed
from tests.utils.dashboard.reports import made_up
from utils.dashboard.page import render
from utils.dashboard.tiles import Tile, objective, parts, success, tiles
from utils.statistics import words
from utils.statistics.counts import Counts
from utils.statistics.figures import Report, Retries, Slo, Spread, Streak, Summary

NOTHING = Summary(Counts(), Spread(), Spread())
REPORT = made_up(5)

seconds = st.one_of(st.none(), st.floats(0, 1e9))
counts = st.builds(Counts, *(st.integers(0, 10**7) for _ in range(5)))
spreads = st.builds(Spread, st.integers(0, 10**7), seconds, seconds, seconds, seconds)
summaries = st.builds(
    Summary, counts, spreads, spreads, seconds, st.integers(0, 99), st.integers(0, 10**7)
)


def by_name(report: Report) -> dict[str, Tile]:
    return {each.label: each for each in (success(report), *tiles(report))}


def by_label(now: Summary, before: Summary = NOTHING) -> dict[str, Tile]:
    return by_name(replace(REPORT, total=now, before=before))


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
    assert moved["Duration, 95% within"] == ("no change", "plain")


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
    tile = objective(replace(REPORT, slo=slo))
    assert tile
    assert (tile.value, tile.note) == (value, note)


def test_an_objective_of_no_judged_job_is_neither_met_nor_missed() -> None:
    canceled = replace(NOTHING, counts=Counts(canceled=3))
    tile = objective(replace(REPORT, total=canceled, slo=Slo(0.9, 0.0, 0)))
    assert tile
    assert (tile.value, tile.note, tile.tone, tile.share) == (
        words.NONE, "No run has ended well or badly", "", 0.0,
    )  # fmt: skip


def test_without_an_objective_there_is_no_tile_of_one() -> None:
    assert objective(replace(REPORT, slo=None)) is None
    assert "Objective" not in render(replace(REPORT, slo=None))


@pytest.mark.parametrize(
    ("is_over", "is_now", "tone", "state"),
    [
        (True, True, "", "over"), (False, True, "worse", "still red"),
        (False, False, "worse", "still red at the end"),
    ],
)  # fmt: skip
def test_a_streak_that_nothing_has_ended_stands_out(
    is_over: bool, is_now: bool, tone: str, state: str
) -> None:
    streak = Streak("Deploy web", 2, 3304, 3309, REPORT.since, is_over)
    report = replace(REPORT, streak=streak, generated=REPORT.until + timedelta(days=not is_now))
    tile = by_name(report)["Longest red streak"]
    assert (tile.value, tile.tone) == ("2 failures", tone)
    assert tile.note == f"Deploy web, jobs 3304 to 3309, since 24 Feb, {state}"


def test_a_streak_of_one_job_is_one_job() -> None:
    streak = Streak("Deploy web", 1, 3304, 3304, REPORT.since, is_over=True)
    tile = by_name(replace(REPORT, streak=streak))["Longest red streak"]
    assert tile.note == "Deploy web, job 3304, since 24 Feb, over"


@pytest.mark.parametrize(
    ("repairs", "red", "is_now", "note"),
    [
        (0, 0, True, "Nothing was repaired"),
        (0, 1, True, "Nothing was repaired; 1 template still red"),
        (1, 0, True, "Mean of 1 red streak"),
        (3, 2, True, "Mean of 3 red streaks; not in it: 2 templates still red"),
        (3, 2, False, "Mean of 3 red streaks; not in it: 2 templates still red at the end"),
    ],
)
def test_the_time_to_repair_tells_what_is_not_in_it(
    repairs: int, red: int, is_now: bool, note: str
) -> None:
    report = replace(
        REPORT,
        total=replace(REPORT.total, repairs=repairs),
        templates=tuple(
            replace(each, red_now=number < red) for number, each in enumerate(REPORT.templates)
        ),
        generated=REPORT.until + timedelta(days=not is_now),
    )
    assert by_name(report)["Time to repair"].note == note


@pytest.mark.parametrize(
    ("flaky", "note"),
    [
        (0, "No failure on a revision that also succeeded, or made good by a relaunch"),
        (1, "1 failure on a revision that also succeeded, or made good by a relaunch"),
        (4, "4 failures on revisions that also succeeded, or made good by a relaunch"),
    ],
)
def test_flaky_is_told_as_it_is_defined(flaky: int, note: str) -> None:
    report = replace(REPORT, total=replace(REPORT.total, flaky=flaky))
    assert by_name(report)["Flaky"].note == note


@pytest.mark.parametrize(
    ("retries", "told"),
    [
        (Retries(), None),
        (Retries(1), ("0", "in 1 run of this program")),
        (Retries(9, 1, 1, 0), ("0 of 1", "retried run ended well, in 9 runs of this program")),
        (Retries(9, 3, 4, 2), ("2 of 3", "retried runs ended well, in 9 runs of this program")),
    ],
)
def test_retries_are_told_where_this_program_ran(
    retries: Retries, told: tuple[str, str] | None
) -> None:
    tile = by_name(replace(REPORT, retries=retries)).get("Retries")
    assert (tile and (tile.value, tile.note)) == told


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
