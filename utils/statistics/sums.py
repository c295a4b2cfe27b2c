"""Counts and spreads of sets of jobs: of all, of each template, of each day ..."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from utils.statistics.figures import Counts, Spread

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

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


def spreads(
    database: sqlite3.Connection, column: str, groups: Sequence[str]
) -> list[Mapping[Key, Spread]]:
    """Return the spreads of a column of seconds, by each of several expressions.

    All are made of one pass: percentiles are what SQLite has no function for.
    """
    values: list[dict[Key, list[float]]] = [defaultdict(list) for _ in groups]
    rows = database.execute(
        f"SELECT {column}, period, {', '.join(groups)} FROM run WHERE {column} IS NOT NULL"  # noqa: S608  # our own
    )
    for value, period, *keys in rows:
        for found, key in zip(values, keys, strict=True):
            found[period, key].append(value)
    return [{key: spread(each) for key, each in found.items()} for found in values]


def spread(values: Iterable[float]) -> Spread:
    """Return the percentiles of values, by nearest rank."""
    ordered = sorted(values)
    if not ordered:
        return Spread()
    count = len(ordered)
    p50, p90, p95 = (ordered[-(-count * percent // 100) - 1] for percent in PERCENTS)
    return Spread(count, p50, p90, p95, ordered[-1])
