"""The figures of a report's whole period as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.statistics.words import NONE, WEEKDAYS, change, moment, percent, plural, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.statistics.counts import Counts
    from utils.statistics.figures import Hour, Report, Slo, Spread, Streak
    from utils.statistics.words import Change

# A figure's name, itself, whether it is better or worse than it should be, and how it moved.
Line = tuple[str, str, str, "Change | None"]


def lines(report: Report) -> Iterator[Line]:
    """Yield the figures of the whole period."""
    total, before = report.total, report.before
    counts, earlier = total.counts, before.counts
    yield "runs", _runs(counts), "", change(counts.runs, earlier.runs)
    yield "success rate", _rate(counts), "", change(counts.rate, earlier.rate, "points", "up")
    yield "duration", _spread(total.duration), "", _of_p95(total.duration, before.duration)
    yield "in the queue", _spread(total.waiting), "", _of_p95(total.waiting, before.waiting)
    if total.repair_s is not None:
        repaired = f"{seconds(total.repair_s)}, mean of {plural(total.repairs, 'red streak')}"
        yield "time to repair", repaired, "", change(total.repair_s, before.repair_s, "%", "down")
    if report.streak:
        tone = "plain" if report.streak.is_over else "worse"
        yield "longest red streak", _streak(report.streak), tone, None
    if counts.judged:
        flaky = f"{plural(total.flaky, 'failure')}, {percent(total.flakiness)} of what ended"
        yield "flaky", flaky, "", change(total.flakiness, before.flakiness, "points", "down")
    if report.slo:
        yield "objective", _slo(report.slo), "better" if report.slo.is_met else "worse", None
    if report.retries.runs:
        retries = report.retries
        by_us = f"{retries.retried} of {plural(retries.runs, 'run')} of this program retried"
        yield "retries", f"{by_us}, {retries.rescued} ended well by it", "", None
    if report.busiest:
        yield "busiest hours", ", ".join(map(_hour, report.busiest)), "", None


def _runs(counts: Counts) -> str:
    ended = f"{counts.successful} successful, {counts.failed} failed, {counts.error} error"
    return f"{counts.runs}: {ended}, {counts.canceled} canceled, {counts.unfinished} not ended"


def _rate(counts: Counts) -> str:
    if counts.interval is None:
        return NONE
    low, high = counts.interval
    return f"{percent(counts.rate)} (95% interval {percent(low)} to {percent(high)})"


def _spread(spread: Spread) -> str:
    if not spread.count:
        return NONE
    median, p90, p95, longest = map(seconds, (spread.p50, spread.p90, spread.p95, spread.max))
    return f"median {median}, p90 {p90}, p95 {p95}, longest {longest}"


def _of_p95(now: Spread, before: Spread) -> Change | None:
    return change(now.p95, before.p95, "%", "down")


def _streak(streak: Streak) -> str:
    over = "" if streak.is_over else ", not over yet"
    since = f"jobs {streak.first_job} to {streak.last_job}, since {moment(streak.began)}"
    return f"{plural(streak.length, 'failure')} of {streak.template}, {since}{over}"


def _slo(slo: Slo) -> str:
    spent = "" if slo.spent is None else f", {percent(slo.spent, 0)} of the error budget spent"
    verdict = "met" if slo.is_met else "missed"
    return f"{percent(slo.target)} {verdict}: {slo.bad} failed of {slo.allowed:.1f} allowed{spent}"


def _hour(hour: Hour) -> str:
    return f"{WEEKDAYS[hour.weekday]} {hour.hour:02}:00 ({plural(hour.runs, 'run')})"
