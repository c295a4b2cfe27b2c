"""The tiles at the top: the period's figures, and how they moved since the period before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.dashboard.charts import OUTCOMES
from utils.statistics import words
from utils.statistics.words import Change, change, percent, plural, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.statistics.counts import Counts
    from utils.statistics.figures import Report, Slo, Streak


# From where on a share is told as `12 times`.
MANY_TIMES = 10


@dataclass(frozen=True)
class Tile:
    """One figure; `share` is for a bar, `tone` better or worse where the figure itself is it."""

    label: str
    value: str
    note: str
    change: Change | None = None
    share: float | None = None
    tone: str = ""


@dataclass(frozen=True)
class Part:
    """An outcome's part of the bar of all runs: where it begins and how wide it is, in percent."""

    name: str
    count: int
    begin: float
    width: float


def tiles(report: Report) -> tuple[Tile, ...]:
    """Return the tiles beside the success rate."""
    return (*_runs(report), *_durations(report), *_trouble(report))


def success(report: Report) -> Tile:
    """Return the success rate, which `share` is."""
    counts = report.total.counts
    interval = counts.interval
    note = "No run has ended well or badly"
    if interval:
        note = f"95% interval {percent(interval[0])} to {percent(interval[1])}"
    rates = counts.rate, report.before.counts.rate
    return Tile("Success rate", percent(rates[0]), note, change(*rates, "points", "up"), rates[0])


def objective(slo: Slo | None) -> Tile | None:
    """Return what became of the error budget, where a target was given."""
    if slo is None:
        return None
    value, tone, share = ("Met", "better", 0.0) if slo.is_met else ("Missed", "worse", 1.0)
    label = f"Objective {slo.target * 100:.6g}%"
    # A budget below one failure is not none.
    allowed = f"{slo.allowed:,.1f}".removesuffix(".0") if slo.allowed >= 1 else f"{slo.allowed:.2g}"
    note = f"{plural(slo.bad, 'failure')} of {allowed} allowed"
    if slo.spent is not None:
        share = slo.spent
        many = slo.spent >= MANY_TIMES
        times = f"the error budget spent {words.number(slo.spent)} times over"
        note += f", {times if many else f'{percent(slo.spent, 0)} of the error budget spent'}"
    return Tile(label, value, note, share=share, tone=tone)


def parts(counts: Counts) -> tuple[Part, ...]:
    """Return how all runs ended, side by side; what did not happen is left out."""
    found, begin = [], 0.0
    for name in OUTCOMES:
        count: int = getattr(counts, name)
        if count:
            width = 100 * count / counts.runs
            found.append(Part(name, count, begin, width))
            begin += width
    return tuple(found)


def _runs(report: Report) -> Iterator[Tile]:
    counts, before = report.total.counts, report.before.counts
    days = len(report.days)
    yield Tile(
        "Runs",
        words.number(counts.runs),
        f"{counts.runs / days:,.1f} a day" if days > 1 and counts.runs else "",
        change(counts.runs, before.runs),
    )
    yield Tile(
        "Failed",
        words.number(counts.bad),
        f"{words.number(counts.error)} of them by an error of AWX" if counts.error else "",
        # A period with no runs says nothing about failures.
        change(counts.bad, before.bad if before.runs else None, "", "down"),
    )
    gone = plural(report.total.flaky, "failure") if report.total.flaky else "No failure"
    yield Tile(
        "Flaky",
        percent(report.total.flakiness),
        f"{gone} went away with no change" if counts.bad else "",
        change(report.total.flakiness, report.before.flakiness, "points", "down"),
    )


def _durations(report: Report) -> Iterator[Tile]:
    now, before = report.total, report.before
    yield Tile(
        "Median duration",
        seconds(now.duration.p50),
        f"90% within {seconds(now.duration.p90)}" if now.duration.count else "",
        change(now.duration.p50, before.duration.p50, "%", "down"),
    )
    yield Tile(
        "95th percentile",
        seconds(now.duration.p95),
        f"Longest {seconds(now.duration.max)}" if now.duration.count else "",
        change(now.duration.p95, before.duration.p95, "%", "down"),
    )
    yield Tile(
        "Waiting in the queue",
        seconds(now.waiting.p50),
        f"Median; 95% within {seconds(now.waiting.p95)}, longest {seconds(now.waiting.max)}"
        if now.waiting.count
        else "",
        change(now.waiting.p50, before.waiting.p50, "%", "down"),
    )


def _trouble(report: Report) -> Iterator[Tile]:
    now, before = report.total, report.before
    yield Tile(
        "Time to repair",
        seconds(now.repair_s),
        f"Mean of {plural(now.repairs, 'red streak')}" if now.repairs else "Nothing was repaired",
        change(now.repair_s, before.repair_s, "%", "down"),
    )
    yield _streak(report.streak)
    retries = report.retries
    note = "This tool's own runs in this folder of logs"
    if retries.runs:
        note = (
            f"Of {plural(retries.runs, 'run')} of this tool; "
            f"{plural(retries.relaunches, 'job')} started again"
        )
    value = f"{words.number(retries.rescued)} of {words.number(retries.retried)}"
    yield Tile("Rescued by a retry", value if retries.retried else words.NONE, note)


def _streak(streak: Streak | None) -> Tile:
    if streak is None:
        return Tile("Longest red streak", words.NONE, "No failures in a row")
    state = "over" if streak.is_over else "not over yet"
    jobs = f"job {streak.first_job}"
    if streak.length > 1:
        jobs = f"jobs {streak.first_job} to {streak.last_job}"
    note = f"{words.short(streak.template, 60)}, {jobs}, since {words.day(streak.began)}, {state}"
    tone = "" if streak.is_over else "worse"
    return Tile("Longest red streak", plural(streak.length, "failure"), note, tone=tone)
