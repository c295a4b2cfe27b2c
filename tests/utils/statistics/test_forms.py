"""The forms of a report: text for any terminal, CSV, JSON by its schema."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from rich.cells import cell_len

from config import BY
from tests.utils.dashboard.reports import made_up
from utils.statistics.document import document
from utils.statistics.figures import Group, Report
from utils.statistics.groups import EXPRESSIONS
from utils.statistics.table import as_csv
from utils.statistics.text import as_text
from utils.statistics.trend import spark

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "report.schema.json").read_text())


@pytest.fixture(scope="module")
def report() -> Report:
    return made_up(30)


@pytest.fixture(scope="module")
def empty() -> Report:
    return made_up(7, per_day=0)


def shown(report: Report, width: int = 130, *, colors: bool = False, signs: bool = True) -> str:
    return as_text(report, width=width, colors=colors, signs=signs)


def named(report: Report, name: str) -> Report:
    """Return a report all of whose names are that."""
    return replace(
        report,
        groups=tuple(replace(each, label=name) for each in report.groups),
        failures=tuple(replace(each, template=name, reason=name) for each in report.failures),
        failing_hosts=tuple(replace(each, name=name) for each in report.failing_hosts),
    )


@pytest.mark.parametrize("width", [40, 60, 80, 100, 130, 250])
def test_no_line_is_wider_than_the_terminal(report: Report, width: int) -> None:
    for each in (report, named(report, "a very long name " * 20)):
        assert max(map(cell_len, shown(each, width).splitlines())) <= width


def test_a_narrow_terminal_has_the_columns_that_matter(report: Report) -> None:
    heading = next(each for each in shown(report, 60).splitlines() if each.startswith(report.by))
    assert heading.split()[1:4] == ["runs", "failed", "rate"]
    assert "…" not in heading
    assert "repair" not in heading
    wide = next(each for each in shown(report, 130).splitlines() if each.startswith(report.by))
    assert {"change", "queue", "repair", "flaky"} < set(wide.split())


def test_ascii_alone_where_nothing_else_can_be_shown(report: Report, empty: Report) -> None:
    for each in (report, empty):
        assert shown(each, signs=False).isascii()


def test_no_control_codes_but_on_a_terminal(report: Report) -> None:
    assert "\x1b" not in shown(report)
    assert "\x1b[" in shown(report, colors=True)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", shown(report, colors=True))
    assert [line.rstrip() for line in bare.splitlines()] == shown(report).splitlines()


def test_no_number_is_cut_off(report: Report) -> None:
    for width in range(40, 140, 7):
        lines = shown(named(report, "a very long name " * 20), width).splitlines()
        start = next(n for n, each in enumerate(lines) if set(each) == {"─"})
        for line, group in zip(lines[start + 1 :], report.groups, strict=False):
            assert "…" in line
            assert "…" not in line.split("…", 1)[1]
            assert str(group.summary.counts.runs) in line.split()


def test_markup_in_names_is_text(report: Report) -> None:
    assert "[red]x[/red] :boom:" in shown(named(report, "[red]x[/red] :boom:"), colors=True)


def test_without_jobs_only_the_figures_are_told(empty: Report) -> None:
    text = shown(empty)
    assert "0: 0 successful, 0 failed" in text
    assert "newest failures" not in text


def test_every_group_and_figure_is_told(report: Report) -> None:
    text = shown(report)
    for group in report.groups:
        line = next(each for each in text.splitlines() if each.startswith(group.label))
        assert str(group.summary.counts.runs) in line.split()
        assert str(group.summary.counts.bad) in line.split()
    assert str(report.total.counts.runs) in text
    assert report.streak is not None
    assert f"{report.streak.length} failures of {report.streak.template}" in text


def test_csv_has_a_line_for_each_group(report: Report) -> None:
    rows = list(csv.DictReader(as_csv(report).splitlines()))
    assert [row["organization"] for row in rows] == [each.label for each in report.groups]
    for row, group in zip(rows, report.groups, strict=True):
        counts = group.summary.counts
        assert int(row["runs"]) == counts.runs
        assert float(row["success_rate"]) == counts.rate
        assert row["duration_p95_s"] == str(group.summary.duration.p95)
        assert group.before is not None
        assert int(row["runs_before"]) == group.before.counts.runs


def test_csv_is_harmless_in_a_spreadsheet(report: Report) -> None:
    row = next(csv.DictReader(as_csv(named(report, "=1+1")).splitlines()))
    assert row["organization"] == "'=1+1"


def test_groups_by_time_have_no_period_before(report: Report) -> None:
    groups = tuple(Group(each.label, None, each.summary) for each in report.groups)
    rows = csv.DictReader(as_csv(replace(report, by="week", groups=groups)).splitlines())
    assert {row["runs_before"] for row in rows} == {""}


def test_json_fits_its_schema(report: Report, empty: Report) -> None:
    for each in (report, empty, replace(report, slo=None, streak=None)):
        found = json.loads(json.dumps(document(each)))
        jsonschema.validate(found, SCHEMA)


def test_json_has_what_follows_from_the_counts(report: Report) -> None:
    found = json.loads(json.dumps(document(report)))
    counts = found["total"]["counts"]
    assert counts["rate"] == counts["successful"] / (counts["successful"] + counts["bad"])
    assert counts["interval"][0] < counts["rate"] < counts["interval"][1]


@pytest.mark.parametrize(
    ("values", "width", "line", "step", "peak"),
    [
        ([], 10, "", 1, 0),
        ([0, 0], 10, "  ", 1, 0),
        ([0, 1, 8], 10, " ▁█", 1, 8),
        ([1, 1000], 10, "▁█", 1, 1000),
        ([1, 1, 2, 0, 4], 3, "▄▄█", 2, 4),
    ],
)
def test_little_bars(values: list[int], width: int, line: str, step: int, peak: int) -> None:
    assert spark(values, width, signs=True) == (line, step, peak)


def test_the_setting_names_what_can_be_compared() -> None:
    assert set(BY) == set(EXPRESSIONS)
