"""Figures as people say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.live.words import duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.statistics.figures import Counts, Hour, Report, Slo, Spread, Streak

# A figure's name, itself, whether it is good or bad, and its change.
Line = tuple[str, str, str, str]

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def percent(share: float | None) -> str:
    """Return `98.4%`; never 100% where it is less, `-` for none."""
    if share is None:
        return "-"
    told = f"{share * 100:.1f}"
    if told == "100.0" and share < 1:
        return "99.9%"
    return f"{told.removesuffix('.0')}%"


def rate_told(counts: Counts) -> str:
    """Return the success rate with its interval."""
    if counts.interval is None:
        return "-"
    low, high = counts.interval
    return f"{percent(counts.rate)} ({percent(low)} to {percent(high)} with 95% confidence)"


def spread_told(spread: Spread) -> str:
    """Return the percentiles of a duration."""
    if spread.p50 is None or spread.p90 is None or spread.p95 is None or spread.max is None:
        return "-"
    median, p90, p95, longest = map(duration, (spread.p50, spread.p90, spread.p95, spread.max))
    return f"median {median}, p90 {p90}, p95 {p95}, longest {longest}"


def change(now: float | None, before: float | None) -> str:
    """Return by how much something has grown, as a share of what it was."""
    if now is None or not before:
        return ""
    return f"{(now - before) / before:+.0%}"


def points(now: float | None, before: float | None) -> str:
    """Return by how many percentage points a share has changed."""
    if now is None or before is None:
        return ""
    return f"{(now - before) * 100:+.1f} pt"


def hour_told(hour: Hour) -> str:
    """Return an hour of the week and its runs: `Mon 09:00 (5)`."""
    return f"{WEEKDAYS[hour.weekday]} {hour.hour:02}:00 ({hour.runs})"


def lines(report: Report) -> Iterator[Line]:
    """Yield the figures of the whole period."""
    total, before = report.total, report.before
    counts, earlier = total.counts, before.counts
    ended = f"{counts.successful} successful, {counts.failed} failed, {counts.error} error"
    rest = f"{counts.canceled} canceled, {counts.unfinished} not ended"
    yield "runs", f"{counts.runs}: {ended}, {rest}", "", change(counts.runs, earlier.runs)
    yield "success rate", rate_told(counts), "", points(counts.rate, earlier.rate)
    yield "duration", spread_told(total.duration), "", _of_p95(total.duration, before.duration)
    yield "in the queue", spread_told(total.waiting), "", _of_p95(total.waiting, before.waiting)
    if total.repair_s is not None:
        repaired = f"{duration(total.repair_s)}, mean of {total.repairs}"
        yield "time to repair", repaired, "", change(total.repair_s, before.repair_s)
    if report.streak:
        verdict = "" if report.streak.is_over else "bad"
        yield "longest red streak", streak_told(report.streak), verdict, ""
    if counts.judged:
        flaky = f"{total.flaky} failure(s), {percent(total.flakiness)} of what ended"
        yield "flaky", flaky, "", points(total.flakiness, before.flakiness)
    if report.slo:
        yield "SLO", slo_told(report.slo), "good" if report.slo.is_met else "bad", ""
    if report.retries.runs:
        retries = report.retries
        by_us = f"{retries.retried} of {retries.runs} run(s) of this program retried"
        yield "retries", f"{by_us}, {retries.rescued} ended well by it", "", ""
    if report.busiest:
        yield "busiest hours", ", ".join(map(hour_told, report.busiest)), "", ""


def _of_p95(now: Spread, before: Spread) -> str:
    told = change(now.p95, before.p95)
    return told and f"{told} (p95)"


def streak_told(streak: Streak) -> str:
    """Return which template failed how many times in a row, and since when."""
    over = "" if streak.is_over else ", not over"
    since = f"from job {streak.first_job} on, {streak.began:%Y-%m-%d}"
    return f"{streak.length} of {streak.template} {since}{over}"


def slo_told(slo: Slo) -> str:
    """Return whether a target is met, and how much of its error budget is spent."""
    spent = "" if slo.spent is None else f", {slo.spent:.0%} of the error budget"
    verdict = "met" if slo.is_met else "missed"
    return f"{percent(slo.target)} {verdict}: {slo.bad} failed of {slo.allowed:.1f} that may{spent}"
