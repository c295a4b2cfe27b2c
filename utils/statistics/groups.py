"""Jobs by template, inventory, user, day ...: the names of the groups, and a summary of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from utils.printable import printable
from utils.statistics import sums
from utils.statistics.counts import Counts
from utils.statistics.figures import Group, Spread, Summary
from utils.statistics.runs import BEFORE, NOW

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from utils.statistics.sums import Key

EPOCH = date(1970, 1, 1)
# The first day of the epoch was a Thursday; weeks begin on Monday.
THURSDAY = 3

# What of the table `run` a group is of.
EXPRESSIONS = {
    "template": "template", "inventory": "inventory", "project": "project",
    "organization": "organization", "user": "launcher", "day": "hour / 24",
    "week": f"(hour / 24 + {THURSDAY}) / 7", "hour": "hour % 24",
}  # fmt: skip
BY_TIME = frozenset({"day", "week", "hour"})
NONE = Summary(Counts(), Spread(), Spread())


@dataclass(frozen=True)
class Groups:
    """The summaries of all groups of one kind, in both periods."""

    by: str
    summaries: Mapping[Key, Summary]

    def keys(self, period: int) -> list[Any]:
        """Return the keys of the groups that had jobs in a period."""
        return [key for each, key in self.summaries if each == period]

    def of(self, period: int, key: object) -> Summary:
        """Return the summary of a group, one of nothing where it had no jobs."""
        return self.summaries.get((period, key), NONE)


def grouped(database: sqlite3.Connection, kinds: Sequence[str]) -> list[Groups]:
    """Return all jobs as one group, whose kind is empty, and the groups of each of several kinds.

    The tables `run`, `red` and `flaky` are there.
    """
    expressions = [EXPRESSIONS[kind] for kind in kinds]
    spread = sums.spreads(database, expressions)
    found = []
    for kind, expression, spreads in zip(["", *kinds], ["0", *expressions], spread, strict=True):
        repairs = _repairs(database, expression)
        flaky = _flaky(database, expression)
        summaries = {}
        for key, counts in sums.counts(database, expression).items():
            duration, waiting = spreads[key]
            repair_s, number = repairs.get(key, (None, 0))
            summaries[key] = Summary(
                counts=counts,
                duration=duration,
                waiting=waiting,
                repair_s=repair_s,
                repairs=number,
                flaky=flaky.get(key, 0),
            )
        found.append(Groups(kind, summaries))
    return found


def _flaky(database: sqlite3.Connection, expression: str) -> dict[Key, int]:
    rows = database.execute(
        f"SELECT period, {expression}, count(*) FROM run "  # noqa: S608  # our own expressions
        "WHERE bad AND id IN (SELECT id FROM flaky) GROUP BY 1, 2"
    )
    return {(period, key): number for period, key, number in rows}


def _repairs(database: sqlite3.Connection, expression: str) -> dict[Key, tuple[float | None, int]]:
    """Return the mean time of repairs and their number, each in the group of what broke."""
    rows = database.execute(
        f"SELECT period, {expression}, avg(repair_s), count(*) FROM (SELECT run.*, repair_s "  # noqa: S608  # our own expressions
        "FROM run CROSS JOIN red ON run.id = red.first WHERE bad AND repair_s IS NOT NULL) "
        "GROUP BY 1, 2"
    )
    return {(period, key): (mean, number) for period, key, mean, number in rows}


def listed(
    groups: Groups, names: Mapping[tuple[str, int], str], days: tuple[int, int]
) -> list[Group]:
    """Return the groups for people: those of time in their order and without a hole.

    `names` are those of resources by kind and id, `days` the first and the last of the period,
    counted from the epoch. The others begin with the worst: by bad jobs, then by
    runs, most first.
    """
    if groups.by in BY_TIME:
        return [
            Group(_time_label(groups.by, key), None, groups.of(NOW, key))
            for key in _all_times(groups.by, *days)
        ]
    found = [
        Group(
            label(groups.by, key, names),
            key if isinstance(key, int) else None,
            groups.of(NOW, key),
            groups.of(BEFORE, key),
        )
        for key in groups.keys(NOW)
    ]
    return sorted(found, key=lambda each: urgency(each.summary, each.label))


def urgency(summary: Summary, name: str) -> tuple[int, int, str]:
    """Return what to sort by so that what is worst comes first."""
    return -summary.counts.bad, -summary.counts.runs, name


def label(by: str, key: object, names: Mapping[tuple[str, int], str]) -> str:
    """Return what a group is called: the name of a resource, a user's, `(none)`."""
    if key is None:
        return f"(no {by})"
    return printable(names.get((by, key), f"{by} {key}") if isinstance(key, int) else str(key))


def day_of(number: int) -> date:
    """Return a day that is counted from the epoch."""
    return EPOCH + timedelta(days=number)


def _all_times(by: str, first: int, last: int) -> range:
    if by == "hour":
        return range(24)
    if by == "week":
        return range((first + THURSDAY) // 7, (last + THURSDAY) // 7 + 1)
    return range(first, last + 1)


def _time_label(by: str, key: int) -> str:
    if by == "hour":
        return f"{key:02}:00"
    return f"{day_of(key if by == 'day' else key * 7 - THURSDAY)}"
