"""Runs and durations over time, drawn by pygal as SVG that the page's own style colours.

Each chart comes in two widths, since text in SVG shrinks with its picture; the style shows the one
that fits the screen.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from utils.dashboard.svg import compact
from utils.statistics import words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from utils.dashboard.spans import Span

OUTCOMES = ("successful", "failed", "error", "canceled", "unfinished")
PERCENTILES = ("p50", "p90", "p95")
# Width, height, and how many labels fit below.
WIDE, NARROW = (1000, 250, 9), (400, 240, 4)
FONT_SIZE = 12
# Lines of the upright axis above its zero.
LEAST_LINES, MOST_LINES = 2, 5
# Marks of a line that has few: seen on their own, and each below the other where they meet.
FEW = 14
FEW_SIZES, MANY_SIZES = (5.0, 3.6, 2.2), (1.8, 1.8, 1.8)
# What a step of an axis may be. None is more than 2.5 times the one before: so at least three of
# them reach any value that five of the one before do not.
COUNTS = tuple(base * 10**power for power in range(8) for base in (1, 2, 5))
SECONDS = (
    0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30,
    *(60 * minutes for minutes in (1, 2, 5, 10, 15, 20, 30)),
    *(3600 * hours for hours in (1, 2, 3, 6, 12)),
    *(86400 * days for days in COUNTS),
)  # fmt: skip


@dataclass(frozen=True)
class Series:
    """A colour of a chart: its name, its value in each column, and how one is told."""

    name: str
    values: tuple[float | None, ...]
    tell: Callable[[float], str]


@dataclass(frozen=True)
class Chart:
    """What a chart shows: pygal's name of its kind, and what its upright axis has and how."""

    kind: str
    label: str
    unit: str
    series: tuple[Series, ...]
    columns: tuple[Span, ...]
    ticks: tuple[float, ...]
    tell: Callable[[float], str]
    # Whether the first and the last column are paler: a part of a day is no dip.
    cut: tuple[bool, bool] = (False, False)

    @property
    def wide(self) -> str:
        """Return its SVG for a screen; a mouse over a mark is told what it is."""
        return _drawn(self, WIDE, with_titles=True)

    @property
    def narrow(self) -> str:
        """Return its SVG for a phone, which has no mouse."""
        return _drawn(self, NARROW, with_titles=False)


def runs(unit: str, columns: tuple[Span, ...], cut: tuple[bool, bool] = (False, False)) -> Chart:
    """Return the chart of how many jobs there were, stacked by how they ended.

    `cut` is whether the first and the last column are of less time than the others.
    """
    every = [
        Series(name, tuple(getattr(column.counts, name) for column in columns), words.number)
        for name in OUTCOMES
    ]
    series = tuple(each for each in every if any(each.values) or each.name in OUTCOMES[:2])
    label = f"Runs by {unit}, {columns[0].told} to {columns[-1].told}, stacked by outcome"
    highest = max(column.counts.runs for column in columns)
    ticks = _ticks(highest, COUNTS)
    return Chart("StackedBar", label, unit, series, columns, ticks, words.number, cut)


def durations(unit: str, columns: tuple[Span, ...]) -> Chart:
    """Return the chart of the durations' percentiles over time."""
    series = tuple(
        Series(name, tuple(getattr(column.duration, name) for column in columns), words.seconds)
        for name in PERCENTILES
    )
    label = (
        f"Median, 90th and 95th percentile of the duration by {unit}, "
        f"{columns[0].told} to {columns[-1].told}"
    )
    highest = max((value for each in series for value in each.values if value), default=0)
    ticks = _ticks(highest, SECONDS)
    tell = partial(words.tick, step=ticks[1])
    return Chart("Line", label, unit, series, columns, ticks, tell)


def _ticks(highest: float, steps: Sequence[float]) -> tuple[float, ...]:
    step = next((each for each in steps if each * MOST_LINES >= highest), steps[-1])
    count = max(LEAST_LINES, -int(-highest // step))
    return tuple(each * step for each in range(count + 1))


def _drawn(plan: Chart, size: tuple[int, int, int], *, with_titles: bool) -> str:
    pygal = _pygal()
    width, height, most_labels = size
    chart = getattr(pygal, plan.kind)(
        width=width, height=height, margin=4, margin_right=12, spacing=8, css=(), js=(),
        show_legend=False, show_minor_x_labels=False, allow_interruptions=True,
        truncate_label=-1,
        x_labels_major_every=-(-len(plan.columns) // most_labels), print_values=False,
        style=pygal.style.Style(label_font_size=FONT_SIZE, major_label_font_size=FONT_SIZE),
    )  # fmt: skip
    chart.x_labels = [column.label for column in plan.columns]
    chart.y_labels = [{"value": value, "label": plan.tell(value)} for value in plan.ticks]
    chart.range = (plan.ticks[0], plan.ticks[-1])
    sizes = FEW_SIZES if len(plan.columns) <= FEW else MANY_SIZES
    for number, each in enumerate(plan.series):
        chart.add(each.name, list(each.values), dots_size=sizes[number % len(sizes)])
    titles = [_titles(each, plan.columns) for each in plan.series] if with_titles else []
    names = [each.name for each in plan.series]
    pale = [place for place, is_cut in zip((0, -1), plan.cut, strict=True) if is_cut]
    return compact(chart.render_tree(), plan.label, names, titles, pale)


def _pygal() -> ModuleType:
    finders = sys.meta_path[:]
    import pygal  # noqa: PLC0415  # only this needs it
    from pygal.etree import etree  # noqa: PLC0415

    # It leaves a finder behind, for maps, of a kind that Python 3.11 warns of at each import.
    sys.meta_path[:] = finders
    # Where lxml happens to be installed pygal takes it, which writes SVG differently.
    etree.to_etree()
    return cast("ModuleType", pygal)


def _titles(series: Series, columns: tuple[Span, ...]) -> list[str]:
    """Return what a mouse over each mark is told, in the order that they are drawn in."""
    return [
        f"{column.told}: {series.tell(value)} {series.name}"
        for column, value in zip(columns, series.values, strict=True)
        if value is not None
    ]
