"""The drawings, and what their columns are: spans of days, hours of the week, templates' trends."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.utils.dashboard.parsed import Element, parsed
from tests.utils.dashboard.reports import made_up
from utils.dashboard import charts, heat
from utils.dashboard.spans import spans, told_cut
from utils.dashboard.sparkline import COLUMNS, sparkline
from utils.statistics.counts import Counts
from utils.statistics.figures import Day, Hour, Spread, TemplateDay
from utils.statistics.parts import cut

FIRST = date(2026, 1, 1)  # a Thursday
# The steps that a reader takes in at once, by their unit.
ROUND: dict[str, set[float]] = {
    "s": {0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30}, "min": {1, 2, 5, 10, 15, 20, 30},
    "h": {1, 2, 3, 6, 12}, "d": {1, 2, 5, 10, 20, 50, 100},
}  # fmt: skip


def days(count: int) -> list[Day]:
    return [
        Day(
            FIRST + timedelta(each),
            Counts(successful=3 + each % 4, failed=each % 2, canceled=1),
            Spread(4, 10.0 + each, 20.0 + each, 30.0 + each, 40.0 + each) if each % 5 else Spread(),
        )
        for each in range(count)
    ]


def marks(svg: str, name: str, tag: str) -> list[Element]:
    groups = (each for each in parsed(svg).all("g") if each.classes == {"series", name})
    return [mark for group in groups for mark in group.all(tag)]


def test_each_job_has_its_height() -> None:
    unit, columns = spans(days(10))
    chart = charts.runs(unit, columns)
    assert [each.name for each in chart.series] == ["successful", "failed", "canceled"]
    for svg in (chart.wide, chart.narrow):
        good = marks(svg, "successful", "rect")
        heights = [float(each.attributes["height"]) for each in good]
        per_job = heights[0] / 3
        assert heights == pytest.approx([per_job * (3 + each % 4) for each in range(10)], abs=0.2)
        # None is drawn of what was none.
        assert len(marks(svg, "failed", "rect")) == 5
    told = [each.one("title").children for each in marks(chart.wide, "failed", "rect")]
    assert told[0] == ["Fri 2 Jan 2026: 1 failed"]
    assert "<title>" not in chart.narrow


@pytest.mark.parametrize("edges", [(True, False), (False, True), (True, True), (False, False)])
def test_what_is_not_a_whole_day_is_faint(edges: tuple[bool, bool]) -> None:
    unit, columns = spans(days(10))
    chart = charts.runs(unit, columns, edges)
    for svg in (chart.wide, chart.narrow):
        faint = ["opacity" in each.attributes for each in marks(svg, "successful", "rect")]
        assert faint == [edges[0], *[False] * 8, edges[1]]
        # The first day had no failure, so none of it is drawn, and the last day's is the last.
        assert ["opacity" in each.attributes for each in marks(svg, "failed", "rect")] == [
            *[False] * 4, edges[1],
        ]  # fmt: skip


NEW_YEAR = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1)))  # a Thursday


@pytest.mark.parametrize(
    ("unit", "since", "until", "told"),
    [
        ("day", NEW_YEAR, NEW_YEAR + timedelta(3), ""),
        ("day", NEW_YEAR + timedelta(hours=13, minutes=8), NEW_YEAR + timedelta(3),
         "a whole day: the period begins on 1 Jan 2026, 13:08."),
        ("day", NEW_YEAR, NEW_YEAR + timedelta(3, hours=1),
         "a whole day: the period ends on 4 Jan 2026, 01:00."),
        ("day", NEW_YEAR + timedelta(hours=13), NEW_YEAR + timedelta(hours=14),
         "a whole day: the period begins on 1 Jan 2026, 13:00 and ends on 1 Jan 2026, 14:00."),
        ("week", NEW_YEAR + timedelta(4), NEW_YEAR + timedelta(39), ""),
        ("week", NEW_YEAR, NEW_YEAR + timedelta(39),
         "a whole week: the period begins on 1 Jan 2026, 00:00."),
        ("month", NEW_YEAR, NEW_YEAR + timedelta(365), ""),
        ("month", NEW_YEAR, NEW_YEAR + timedelta(364),
         "a whole month: the period ends on 31 Dec 2026, 00:00."),
    ],
)  # fmt: skip
def test_what_is_not_whole_is_told(unit: str, since: datetime, until: datetime, told: str) -> None:
    found = told_cut(unit, since, until)
    assert found == (f"A faint column is not {told}" if told else "")
    assert any(cut(unit, since, until)) == bool(told)


def test_percentiles_are_drawn_where_there_are_some() -> None:
    unit, columns = spans(days(10))
    chart = charts.durations(unit, columns)
    for svg in (chart.wide, chart.narrow):
        for name in charts.PERCENTILES:
            assert len(marks(svg, name, "circle")) == 8
    told = [each.one("title").children for each in marks(chart.wide, "p95", "circle")]
    assert told[0] == ["Fri 2 Jan 2026: 31 s p95"]


@pytest.mark.parametrize("count", [1, 2, 13, 93, 94, 800, 4000])
def test_a_picture_has_a_label_a_size_and_nothing_that_runs(count: int) -> None:
    unit, columns = spans(days(count))
    for chart in (charts.runs(unit, columns), charts.durations(unit, columns)):
        for svg in (chart.wide, chart.narrow):
            root = parsed(svg).one("svg")
            assert root.attributes["role"] == "img"
            assert root.attributes["aria-label"] == chart.label
            assert {"width", "height", "viewbox"} <= set(root.attributes)
            assert not list(root.all("script", "style", "defs"))
            # Where the page's style is forbidden the marks still have their colours.
            series = [each for each in root.all("g") if "series" in each.classes]
            assert bool(series) == any(any(each.values) for each in chart.series)
            assert all(each.attributes["fill"].startswith("#") for each in series)
            assert "nan" not in svg
            assert len(svg) < 60_000
            labels = [each.text for each in root.all("text")]
            assert 2 <= len(labels) <= 16
            assert "…" not in "".join(labels)


def test_the_axis_reaches_the_highest_value() -> None:
    for highest in (0, 1, 2, 7, 43, 99, 100, 101, 12_345):
        ticks = charts._ticks(highest, charts.COUNTS)
        assert ticks[0] == 0
        assert ticks[-1] >= highest
        assert 3 <= len(ticks) <= 6


@given(st.one_of(st.floats(0, 200), st.floats(0, 10_000), st.floats(0, 3e7)))
@example(62.4)
@example(0.0)
def test_an_axis_of_durations_has_a_few_round_times_in_one_unit(highest: float) -> None:
    day = Day(FIRST, Counts(successful=1), Spread(1, *(highest,) * 4))
    chart = charts.durations(*spans([day]))
    assert chart.ticks[-1] >= highest
    assert 3 <= len(chart.ticks) <= 6
    zero, *labels = (chart.tell(each) for each in chart.ticks)
    assert zero == "0"
    steps, units = zip(*(label.split() for label in labels), strict=True)
    assert len(set(units)) == 1
    first = float(steps[0])
    assert first in ROUND[units[0]]
    assert [float(each) for each in steps] == pytest.approx(
        [first * number for number in range(1, len(steps) + 1)]
    )
    # As many digits as are read at a glance.
    assert max(map(len, steps)) <= 3


def test_a_chart_leaves_no_finder_of_imports_behind() -> None:
    assert all(hasattr(each, "find_spec") for each in sys.meta_path)


def test_weeks_begin_on_monday_and_lose_no_job() -> None:
    every = days(200)
    unit, columns = spans(every)
    assert unit == "week"
    assert columns[0].told == "1 Jan 2026 to 4 Jan 2026"
    assert columns[1].told == "5 Jan 2026 to 11 Jan 2026"
    assert sum(each.counts.runs for each in columns) == sum(each.counts.runs for each in every)
    # Of 11, 12 and 13 s, that of the day without jobs is none.
    assert columns[0].duration == Spread(12, 12.0, 22.0, 32.0, 43.0)


def test_many_years_are_drawn_by_month() -> None:
    unit, columns = spans(days(4000))
    assert unit == "month"
    assert columns[0].label == "Jan 2026"
    assert len(columns) == 132


def test_hours_are_shaded_by_runs_and_marked_by_failures() -> None:
    hours = [Hour(0, 0, 100, 0), Hour(0, 1, 20, 1), Hour(0, 2, 21, 3), Hour(6, 23, 1, 1)]
    rows = heat.rows(hours)
    cells = [*rows[0].cells[:4], rows[6].cells[23]]
    assert [cell.level for cell in cells] == [5, 1, 2, 0, 1]
    assert [cell.mark for cell in cells] == [0, 1, 2, 0, 3]
    assert cells[1].told == "20 runs, 1 failed"
    assert heat.rows([Hour(0, 0, 0, 0)]) == ()


def test_a_trend_has_a_column_for_each_day_failed_jobs_on_top() -> None:
    line = sparkline([TemplateDay(FIRST, 3, 1), TemplateDay(FIRST + timedelta(2), 2, 0)], FIRST, 4)
    assert line.ok == "M0 6.0h11v18.0h-11z" + "M24 12.0h11v12.0h-11z"
    assert line.bad == "M0 0.0h11v6.0h-11z"
    assert line.told == "failures on 1 of 2 days with runs"


def test_a_trend_of_a_long_period_takes_days_together() -> None:
    every = [TemplateDay(FIRST + timedelta(each), 1, each % 2) for each in range(600)]
    line = sparkline(every, FIRST, 600)
    assert line.ok.count("M") == line.bad.count("M") == COLUMNS


def test_a_trend_shows_a_single_failure_among_thousands() -> None:
    line = sparkline([TemplateDay(FIRST, 5000, 1)], FIRST, 1)
    assert "v2.0" in line.bad
    assert "v22.0" in line.ok


def test_the_same_report_makes_the_same_picture() -> None:
    unit, columns = spans(made_up(9).days)
    assert charts.runs(unit, columns).wide == charts.runs(unit, columns).wide
