"""The figures of a report's whole period as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from utils.statistics.words import NONE, WEEKDAYS, change, moment, percent, plural, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.statistics.counts import Counts
    from utils.statistics.figures import Hour, Report, Retries, Slo, Spread, Streak
    from utils.statistics.words import Change


class Line(NamedTuple):
    """A figure's name, itself, and how it moved since the period before.

    `tone` says whether it is better or worse than it should be, `of` what of it has moved.
    """

    name: str
    figure: str
    moved: Change | None = None
    tone: str = ""
    of: str = ""


def lines(report: Report) -> Iterator[Line]:
    """Yield the figures of the whole period."""
    total, before = report.total, report.before
    counts, earlier = total.counts, before.counts
    yield Line("runs", _runs(counts), change(counts.runs, earlier.runs))
    rate = change(counts.rate, earlier.rate, "points", "up")
    yield Line("success rate", _rate(counts), rate)
    yield _spread("duration", total.duration, before.duration)
    yield _spread("in the queue", total.waiting, before.waiting)
    if repaired := _repaired(report):
        moved = change(total.repair_s, before.repair_s, "%", "down")
        yield Line("time to repair", repaired, moved)
    if report.streak:
        tone = "plain" if report.streak.is_over else "worse"
        yield Line("longest red streak", _streak(report.streak), tone=tone)
    if counts.judged:
        flaky = f"{plural(total.flaky, 'failure')}, {percent(total.flakiness)} of what ended"
        yield Line("flaky", flaky, change(total.flakiness, before.flakiness, "points", "down"))
    if report.slo:
        yield _slo(report.slo, counts)
    if report.retries.retried:
        yield Line("retries", _retries(report.retries))
    if report.busiest:
        yield Line("busiest hours", ", ".join(map(_hour, report.busiest)))


def _runs(counts: Counts) -> str:
    errors = f" ({counts.error} by an error of AWX)" if counts.error else ""
    ended = f"{counts.successful} successful, {counts.bad} failed{errors}"
    return f"{counts.runs}: {ended}, {counts.canceled} canceled, {counts.unfinished} not ended"


def _rate(counts: Counts) -> str:
    if counts.interval is None:
        return NONE
    low, high = counts.interval
    return f"{percent(counts.rate)} (95% interval {percent(low)} to {percent(high)})"


def _spread(name: str, now: Spread, before: Spread) -> Line:
    if not now.count:
        return Line(name, NONE)
    median, p90, p95, longest = map(seconds, (now.p50, now.p90, now.p95, now.max))
    figure = f"median {median}, p90 {p90}, p95 {p95}, longest {longest}"
    return Line(name, figure, change(now.p95, before.p95, "%", "down"), of="p95")


def _repaired(report: Report) -> str:
    """Return how long repairs took; what is not repaired yet is in no mean."""
    total, red = report.total, sum(each.red_now > 0 for each in report.templates)
    mean = "" if total.repair_s is None else seconds(total.repair_s)
    found = [f"{mean}, mean of {plural(total.repairs, 'red streak')}"] if mean else []
    if red:
        found.append(f"{plural(red, 'template')} {'is' if red == 1 else 'are'} red now")
    return "; ".join(found)


def _streak(streak: Streak) -> str:
    since = moment(streak.began)
    jobs = f"jobs {streak.first_job} to {streak.last_job}, since {since}"
    if streak.length == 1:
        jobs = f"job {streak.first_job}, {since}"
    over = "" if streak.is_over else "; still red at the end"
    return f"{plural(streak.length, 'failure')} of {streak.template}, {jobs}{over}"


def _slo(slo: Slo, counts: Counts) -> Line:
    name, target = "objective", percent(slo.target)
    if not counts.judged:
        return Line(name, f"{target}: no job has ended to judge by")
    spent = "" if slo.spent is None else f", {percent(slo.spent, 0)} of the error budget spent"
    allowed = f"{slo.bad} failed of {slo.allowed:.1f} allowed{spent}"
    if slo.is_met:
        return Line(name, f"{target} met: {allowed}", tone="better")
    return Line(name, f"{target} missed: {allowed}", tone="worse")


def _retries(retries: Retries) -> str:
    were = "was" if retries.retried == 1 else "were"
    runs = f"{retries.retried} of {plural(retries.runs, 'run')} of this program {were} retried"
    return f"{runs}, {retries.rescued} ended well by it"


def _hour(hour: Hour) -> str:
    return f"{WEEKDAYS[hour.weekday]} {hour.hour:02}:00 ({plural(hour.runs, 'run')})"
