"""The tiles at the top: the period's figures, and how they moved since the period before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.dashboard.charts import OUTCOMES
from utils.dashboard.red import Red
from utils.statistics import words
from utils.statistics.words import Change, change, percent, plural, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.statistics.counts import Counts
    from utils.statistics.figures import Report, Retries, Streak


# From where on a share is told as `12 times`.
MANY_TIMES = 10
NONE_JUDGED = "No run has ended well or badly"


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
    note = NONE_JUDGED
    if interval:
        note = f"95% interval {percent(interval[0])} to {percent(interval[1])}"
    rates = counts.rate, report.before.counts.rate
    return Tile("Success rate", percent(rates[0]), note, change(*rates, "points", "up"), rates[0])


def objective(report: Report) -> Tile | None:
    """Return what became of the error budget, where a target was given."""
    slo = report.slo
    if slo is None:
        return None
    label = f"Objective {slo.target * 100:.6g}%"
    if not report.total.counts.judged:
        return Tile(label, words.NONE, NONE_JUDGED, share=0.0)
    value, tone, share = ("Met", "better", 0.0) if slo.is_met else ("Missed", "worse", 1.0)
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
    flaky = report.total.flaky
    # As docs/report.md defines it.
    which = f"{plural(flaky, 'failure')} on {'a revision' if flaky == 1 else 'revisions'}"
    if not flaky:
        which = "No failure on a revision"
    yield Tile(
        "Flaky",
        percent(report.total.flakiness),
        f"{which} that also succeeded, or made good by a relaunch" if counts.bad else "",
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
        "Duration, 95% within",
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
    red = Red.of(report)
    # What is not repaired has no time yet that the mean could be of.
    without = f"{plural(red.templates, 'template')} {red.still}" if red.templates else ""
    note = "Nothing was repaired" + (f"; {without}" if without else "")
    if now.repairs:
        note = f"Mean of {plural(now.repairs, 'red streak')}"
        note += f"; not in it: {without}" if without else ""
    yield Tile(
        "Time to repair",
        seconds(now.repair_s),
        note,
        change(now.repair_s, before.repair_s, "%", "down"),
    )
    yield _streak(report.streak, red)
    if report.retries.runs:
        yield _retries(report.retries)


def _streak(streak: Streak | None, red: Red) -> Tile:
    if streak is None:
        return Tile("Longest red streak", words.NONE, "No failures in a row")
    state = "over" if streak.is_over else red.still
    jobs = f"job {streak.first_job}"
    if streak.last_job != streak.first_job:
        jobs = f"jobs {streak.first_job} to {streak.last_job}"
    note = f"{words.short(streak.template, 60)}, {jobs}, since {words.day(streak.began)}, {state}"
    tone = "" if streak.is_over else "worse"
    return Tile("Longest red streak", plural(streak.length, "failure"), note, tone=tone)


def _retries(retries: Retries) -> Tile:
    runs = f"{plural(retries.runs, 'run')} of this program"
    if not retries.retried:
        return Tile("Retries", "0", f"in {runs}")
    value = f"{words.number(retries.rescued)} of {words.number(retries.retried)}"
    which = "retried run" if retries.retried == 1 else "retried runs"
    return Tile("Retries", value, f"{which} ended well, in {runs}")
