"""The hours of a week: how many runs each had, and how many of them failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.statistics import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from utils.statistics.figures import Hour

LEVELS = 5
# From which share of failed jobs a cell is marked, small, larger and largest.
MARKED = (0.0, 0.1, 0.25)


@dataclass(frozen=True)
class Cell:
    """An hour: `level` 0 to 5 is its shade, `mark` 0 to 3 how many failed."""

    runs: int
    bad: int
    level: int
    mark: int
    told: str


@dataclass(frozen=True)
class Row:
    """A day of the week and its 24 cells."""

    name: str
    cells: tuple[Cell, ...]


def rows(hours: Sequence[Hour]) -> tuple[Row, ...]:
    """Return the week's days from Monday on, none where nothing ran."""
    most = max((hour.runs for hour in hours), default=0)
    if not most:
        return ()
    by_place = {(hour.weekday, hour.hour): hour for hour in hours}
    return tuple(
        Row(name, tuple(_cell(by_place.get((weekday, hour)), most) for hour in range(24)))
        for weekday, name in enumerate(words.WEEKDAYS)
    )


def _cell(hour: Hour | None, most: int) -> Cell:
    if hour is None or not hour.runs:
        return Cell(0, 0, 0, 0, "no runs")
    share = hour.bad / hour.runs
    told = f"{words.plural(hour.runs, 'run')}, {words.number(hour.bad)} failed"
    mark = sum(share > least for least in MARKED)
    return Cell(hour.runs, hour.bad, -(-hour.runs * LEVELS // most), mark, told)
