"""Counts and spreads of sets of jobs: of all, of each template, of each day ..."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from utils.statistics.counts import Counts
from utils.statistics.figures import Spread

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

PERCENTS = (50, 90, 95)
# Rows that are held at a time.
CHUNK = 10_000

# (period, key of the group)
Key = tuple[int, Any]


def counts(database: sqlite3.Connection, group: str = "0") -> Mapping[Key, Counts]:
    """Return the counts of both periods by an expression over the columns of `run`."""
    rows = database.execute(
        f"SELECT period, {group}, status, count(*) FROM run GROUP BY 1, 2, 3"  # noqa: S608  # our own expressions
    )
    found: dict[Key, dict[str, int]] = defaultdict(dict)
    for period, key, status, number in rows:
        found[period, key][status] = number
    return {key: Counts.of(numbers) for key, numbers in found.items()}


def spreads(
    database: sqlite3.Connection, groups: Sequence[str]
) -> list[Mapping[Key, tuple[Spread, Spread]]]:
    """Return how long the jobs of both periods took, and waited, by each of several expressions."""
    # In Python, since SQLite has no percentiles, and window functions take three times as long.
    found: list[dict[Key, tuple[list[float], list[float]]]]
    found = [defaultdict(lambda: ([], [])) for _ in groups]
    columns = f"period, elapsed, waiting, {', '.join(groups)}"
    rows = database.execute(f"SELECT {columns} FROM run")  # noqa: S608  # our own expressions
    while chunk := rows.fetchmany(CHUNK):
        periods, elapsed, waiting, *keys = zip(*chunk, strict=True)
        for lists, column in zip(found, keys, strict=True):
            for period, key, took_s, waited_s in zip(
                periods, column, elapsed, waiting, strict=True
            ):
                durations, waits = lists[period, key]
                if took_s is not None:
                    durations.append(took_s)
                if waited_s is not None:
                    waits.append(waited_s)
    return [
        {key: (spread(took), spread(waited)) for key, (took, waited) in lists.items()}
        for lists in found
    ]


def spread(values: Iterable[float]) -> Spread:
    """Return the percentiles of values, by nearest rank."""
    ordered = sorted(values)
    if not ordered:
        return Spread()
    count = len(ordered)
    p50, p90, p95 = (ordered[-(-count * percent // 100) - 1] for percent in PERCENTS)
    return Spread(count, p50, p90, p95, ordered[-1])
