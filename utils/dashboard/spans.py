"""The days of a report in as many columns as a chart can draw: days, or weeks, or months."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from statistics import median_low
from typing import TYPE_CHECKING

from utils.statistics import words
from utils.statistics.counts import Counts
from utils.statistics.figures import Spread
from utils.statistics.parts import begin_of, cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from utils.statistics.figures import Day

MOST_DAYS = 93
MOST_WEEKS = 160


@dataclass(frozen=True)
class Span:
    """What one column stands for: `label` on the axis, `told` in full."""

    label: str
    told: str
    counts: Counts
    duration: Spread


def unit_of(days: int) -> str:
    """Return what a column of a chart of so many days is: day, week or month."""
    if days <= MOST_DAYS:
        return "day"
    return "week" if days <= MOST_WEEKS * 7 else "month"


def spans(days: Sequence[Day]) -> tuple[str, tuple[Span, ...]]:
    """Return the unit and the columns of a chart, oldest first."""
    unit = unit_of(len(days))
    begin = begin_of(unit)
    groups = ((first, list(some)) for first, some in groupby(days, lambda each: begin(each.day)))
    return unit, tuple(_span(unit, first, some) for first, some in groups)


def told_cut(unit: str, since: datetime, until: datetime) -> str:
    """Return in words what `cut` tells; empty where both columns are whole."""
    told = f"begins on {words.moment(since)}", f"ends on {words.moment(until)}"
    edges = [each for each, is_cut in zip(told, cut(unit, since, until), strict=True) if is_cut]
    if not edges:
        return ""
    return f"A faint column is not a whole {unit}: the period {' and '.join(edges)}."


def _span(unit: str, first: date, days: Sequence[Day]) -> Span:
    if unit == "day":
        weekday = words.WEEKDAYS[first.weekday()]
        told = f"{weekday} {words.day(first, with_year=True)}"
        return Span(words.day(first), told, days[0].counts, days[0].duration)
    told = f"{words.day(days[0].day, with_year=True)} to {words.day(days[-1].day, with_year=True)}"
    label = words.day(first, with_year=True)
    return Span(
        label if unit == "week" else label.split(" ", 1)[1],
        told,
        total(day.counts for day in days),
        middle([day.duration for day in days]),
    )


def total(counts: Iterable[Counts]) -> Counts:
    """Return all of them together."""
    rows = [(c.successful, c.failed, c.error, c.canceled, c.unfinished) for c in counts]
    return Counts(*(sum(column) for column in zip(*rows, strict=True)))


def middle(spreads: Sequence[Spread]) -> Spread:
    """Return the median of each percentile: the jobs that the percentiles are of are not here."""
    known = [spread for spread in spreads if spread.count]

    def of(values: Iterable[float | None]) -> float | None:
        numbers = [value for value in values if value is not None]
        return median_low(numbers) if numbers else None

    return Spread(
        sum(spread.count for spread in known),
        of(spread.p50 for spread in known),
        of(spread.p90 for spread in known),
        of(spread.p95 for spread in known),
        max((spread.max for spread in known if spread.max is not None), default=None),
    )
