"""What a report compares, as CSV: a line for each template, user, day ..."""

from __future__ import annotations

import csv
import io
from itertools import zip_longest
from typing import TYPE_CHECKING

from utils.csv_cells import harmless
from utils.statistics.parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.statistics.figures import Group, Report, Spread, Summary

COUNTS = ("runs", "successful", "failed", "error", "canceled", "unfinished")
PERCENTILES = ("p50", "p90", "p95", "max")
SPREADS = ("duration", "waiting")
HEADING = (
    *COUNTS, "success_rate", "success_rate_low", "success_rate_high",
    *(f"{name}_{percentile}_s" for name in SPREADS for percentile in PERCENTILES),
    "repair_s", "repairs", "flaky", "flakiness", "runs_before", "success_rate_before",
    "is_part",
)  # fmt: skip


def as_csv(report: Report) -> str:
    """Return the groups of a report as RFC 4180 has it; shares are from 0 to 1."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow((report.by, f"{report.by}_id", *HEADING))
    for group, is_part in zip_longest(report.groups, parts(report)):
        writer.writerow([harmless(group.label), group.key, *_cells(group), is_part])
    return stream.getvalue()


def _cells(group: Group) -> Iterator[object]:
    summary, before = group.summary, group.before
    yield from (getattr(summary.counts, name) for name in COUNTS)
    yield from (summary.counts.rate, *(summary.counts.interval or (None, None)))
    yield from _percentiles(summary.duration)
    yield from _percentiles(summary.waiting)
    yield from (summary.repair_s, summary.repairs, summary.flaky, summary.flakiness)
    yield from _before(before) if before else (None, None)


def _percentiles(spread: Spread) -> Iterator[float | None]:
    return (getattr(spread, name) for name in PERCENTILES)


def _before(summary: Summary) -> tuple[int, float | None]:
    return summary.counts.runs, summary.counts.rate
