"""The figures of a report in words: what each says, and when it says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from tests.utils.dashboard.reports import made_up
from utils.statistics.counts import Counts
from utils.statistics.figures import Report, Retries, Slo, Streak, Summary
from utils.statistics.told import Line, lines


@pytest.fixture(scope="module")
def report() -> Report:
    return made_up(7)


def told(report: Report) -> dict[str, Line]:
    return {line.name: line for line in lines(report)}


def with_counts(report: Report, counts: Counts) -> Report:
    return replace(report, total=Summary(counts, report.total.duration, report.total.waiting))


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (Counts(5, 3, 2, 1, 4), "15: 5 successful, 5 failed (2 by an error of AWX), 1 canceled, 4"),
        (Counts(5, 3), "8: 5 successful, 3 failed, 0 canceled, 0 not ended"),
    ],
)
def test_failed_means_the_same_as_in_the_table(report: Report, counts: Counts, words: str) -> None:
    assert told(with_counts(report, counts))["runs"].figure.startswith(words)


def test_the_change_of_a_duration_is_that_of_its_p95(report: Report) -> None:
    found = told(report)
    assert {name for name, line in found.items() if line.of} == {"duration", "in the queue"}
    assert {found[name].of for name in ("duration", "in the queue")} == {"p95"}


@pytest.mark.parametrize(
    ("length", "is_over", "words"),
    [
        (1, True, "1 failure of Deploy, job 3304, 1 Mar 2026, 12:00"),
        (1, False, "1 failure of Deploy, job 3304, 1 Mar 2026, 12:00; still red at the end"),
        (2, True, "2 failures of Deploy, jobs 3304 to 3310, since 1 Mar 2026, 12:00"),
    ],
)
def test_a_streak(report: Report, length: int, is_over: bool, words: str) -> None:
    began = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
    streak = Streak("Deploy", length, 3304, 3304 if length == 1 else 3310, began, is_over)
    assert told(replace(report, streak=streak))["longest red streak"].figure == words


@pytest.mark.parametrize(
    ("counts", "slo", "words", "tone"),
    [
        (Counts(canceled=3), Slo(0.95, 0.0, 0), "95.0%: no job has ended to judge by", ""),
        (Counts(9, 1), Slo(0.9, 1.0, 1), "90.0% met: 1 failed of 1.0 allowed, 100%", "better"),
        (Counts(9, 1), Slo(1.0, 0.0, 1), "100% missed: 1 failed of 0.0 allowed", "worse"),
    ],
)
def test_an_objective(report: Report, counts: Counts, slo: Slo, words: str, tone: str) -> None:
    line = told(replace(with_counts(report, counts), slo=slo))["objective"]
    assert line.figure.startswith(words)
    assert line.tone == tone


@pytest.mark.parametrize(
    ("retries", "words"),
    [
        (Retries(3, 2, 4, 1), "2 of 3 runs of this program were retried, 1 ended well by it"),
        (Retries(1, 1, 1, 0), "1 of 1 run of this program was retried, 0 ended well by it"),
        (Retries(3), None),
    ],
)
def test_retries_are_told_where_there_are_any(
    report: Report, retries: Retries, words: str | None
) -> None:
    line = told(replace(report, retries=retries)).get("retries")
    assert (line and line.figure) == words


@pytest.mark.parametrize(
    ("repair_s", "red", "words"),
    [
        (None, 0, None),
        (None, 1, "1 template is red now"),
        (60.0, 0, "1 min 00 s, mean of 2 red streaks"),
        (60.0, 2, "1 min 00 s, mean of 2 red streaks; 2 templates are red now"),
    ],
)
def test_what_is_red_now_is_told_beside_the_repairs(
    report: Report, repair_s: float | None, red: int, words: str | None
) -> None:
    templates = tuple(
        replace(each, red_now=int(number < red)) for number, each in enumerate(report.templates)
    )
    total = replace(report.total, repair_s=repair_s, repairs=2 if repair_s else 0)
    line = told(replace(report, total=total, templates=templates)).get("time to repair")
    assert (line and line.figure) == words
