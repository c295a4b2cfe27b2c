"""Counts and spreads of sets of jobs: of all, of each template, of each day ..."""

from __future__ import annotations

from array import array
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
# What the jobs of a group took, and how long they waited: arrays, since there may be many.
Seconds = tuple["array[float]", "array[float]"]


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
    """Return how long jobs took, and waited: of all, and by each of one or more expressions."""
    # In Python, since SQLite has no percentiles, and window functions take three times as long.
    found: list[dict[Key, Seconds]]
    found = [defaultdict(lambda: (array("d"), array("d"))) for _ in groups]
    columns = f"period, elapsed, waiting, {', '.join(groups)}"
    rows = database.execute(f"SELECT {columns} FROM run")  # noqa: S608  # our own expressions
    while chunk := rows.fetchmany(CHUNK):
        periods, elapsed, waiting, *keys = zip(*chunk, strict=True)
        for values, column in zip(found, keys, strict=True):
            for period, key, took_s, waited_s in zip(
                periods, column, elapsed, waiting, strict=True
            ):
                durations, waits = values[period, key]
                if took_s is not None:
                    durations.append(took_s)
                if waited_s is not None:
                    waits.append(waited_s)
    return [_spreads(values) for values in (_together(found[0]), *found)]


def _together(values: Mapping[Key, Seconds]) -> Mapping[Key, Seconds]:
    """Return the values of all groups of each period as one group's."""
    found: dict[Key, Seconds] = defaultdict(lambda: (array("d"), array("d")))
    for (period, _), (took, waited) in values.items():
        durations, waits = found[period, 0]
        durations.extend(took)
        waits.extend(waited)
    return found


def _spreads(values: Mapping[Key, Seconds]) -> Mapping[Key, tuple[Spread, Spread]]:
    return {key: (spread(took), spread(waited)) for key, (took, waited) in values.items()}


def spread(values: Iterable[float]) -> Spread:
    """Return the percentiles of values, by nearest rank."""
    ordered = sorted(values)
    if not ordered:
        return Spread()
    count = len(ordered)
    p50, p90, p95 = (ordered[-(-count * percent // 100) - 1] for percent in PERCENTS)
    return Spread(count, p50, p90, p95, ordered[-1])
