"""Counts and spreads of sets of jobs: of all, of each template, of each day ..."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from utils.statistics.figures import Counts, Spread

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

ENDS = frozenset({"successful", "failed", "error", "canceled"})
PERCENTS = (50, 90, 95)

# (period, key of the group)
Key = tuple[int, Any]


def counts(database: sqlite3.Connection, group: str = "0") -> Mapping[Key, Counts]:
    """Return the counts of both periods by an expression over the columns of `run`."""
    rows = database.execute(
        f"SELECT period, {group}, status, count(*) FROM run GROUP BY 1, 2, 3"  # noqa: S608  # our own expressions
    )
    found: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for period, key, status, number in rows:
        found[period, key][status if status in ENDS else "unfinished"] += number
    return {key: Counts(**numbers) for key, numbers in found.items()}


def spreads(database: sqlite3.Connection, group: str = "0") -> Mapping[Key, tuple[Spread, Spread]]:
    """Return how long the jobs of both periods took, and waited, by an expression as above."""
    # In Python, since SQLite has no percentiles, and a window function takes three times as long.
    durations: dict[Key, list[float]] = defaultdict(list)
    waits: dict[Key, list[float]] = defaultdict(list)
    rows = database.execute(f"SELECT period, {group}, elapsed, waiting FROM run")  # noqa: S608  # our own expressions
    for period, key, elapsed, waiting in rows:
        group_key = (period, key)
        if elapsed is not None:
            durations[group_key].append(elapsed)
        if waiting is not None:
            waits[group_key].append(waiting)
    return defaultdict(
        lambda: (Spread(), Spread()),
        {
            key: (spread(durations[key]), spread(waits[key]))
            for key in durations.keys() | waits.keys()
        },
    )


def spread(values: Iterable[float]) -> Spread:
    """Return the percentiles of values, by nearest rank."""
    ordered = sorted(values)
    if not ordered:
        return Spread()
    count = len(ordered)
    p50, p90, p95 = (ordered[-(-count * percent // 100) - 1] for percent in PERCENTS)
    return Spread(count, p50, p90, p95, ordered[-1])
