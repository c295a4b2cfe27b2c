"""The forms of a report: text for any terminal, CSV, JSON by its schema."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from rich.cells import cell_len

from tests.utils.dashboard.reports import made_up
from utils.settings.reporting import BY
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


def heading_of(report: Report, width: int = 130) -> str:
    """Return the heading of the table of groups."""
    lines = shown(report, width).splitlines()
    return lines[next(n for n, each in enumerate(lines) if set(each) == {"─"}) - 1]


def by_time(report: Report, by: str) -> Report:
    """Return a report with groups of time, as they are between its since and its until."""
    first, last = report.since.date(), (report.until - timedelta(seconds=1)).date()
    summary = report.groups[0].summary
    days = [first + timedelta(number) for number in range((last - first).days + 1)]
    labels = {
        "day": [str(each) for each in days],
        "week": sorted({str(each - timedelta(each.weekday())) for each in days}),
        "hour": [f"{hour:02}:00" for hour in range(24)],
    }[by]
    return replace(report, by=by, groups=tuple(Group(each, None, summary) for each in labels))


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
    by_day = by_time(report, "day")
    rows = csv.DictReader(as_csv(by_day).splitlines())
    assert {row["runs_before"] for row in rows} == {""}
    assert "change" not in heading_of(by_day)
    assert "change" in heading_of(report)


@pytest.mark.parametrize(
    ("by", "since", "until", "whole"),
    [
        ("day", "2026-02-02T00:00", "2026-02-05T00:00", [True, True, True]),
        ("day", "2026-02-02T00:00:01", "2026-02-05T00:00", [False, True, True]),
        ("day", "2026-02-02T00:00", "2026-02-04T23:59:59", [True, True, False]),
        ("day", "2026-02-04T08:00", "2026-02-04T09:00", [False]),
        ("week", "2026-02-02T00:00", "2026-02-16T00:00", [True, True]),
        ("week", "2026-02-03T00:00", "2026-02-15T23:00", [False, False]),
        ("hour", "2026-02-03T08:00", "2026-02-04T09:00", [None] * 24),
        # The clock of Beirut went from 30 March, 00:00, to 01:00: that day is whole all the same.
        ("day", "2025-03-30T01:00", "2025-03-31T00:00", [True]),
    ],
)
def test_a_day_or_week_of_which_only_a_part_is_in_the_period_says_so(
    report: Report, by: str, since: str, until: str, whole: list[bool | None]
) -> None:
    zone = ZoneInfo("Asia/Beirut")
    start, end = (datetime.fromisoformat(each).replace(tzinfo=zone) for each in (since, until))
    found = by_time(replace(report, since=start, until=end), by)
    rows = list(csv.DictReader(as_csv(found).splitlines()))
    assert [row["is_part"] for row in rows] == [
        "" if each is None else str(not each) for each in whole
    ]
    lines = shown(found).split("─\n")[1].splitlines()
    for group, each in zip(found.groups, whole, strict=True):
        line = next(line for line in lines if line.startswith(group.label))
        assert line.startswith(f"{group.label} (part)") is (each is False)


def test_templates_that_are_red_now_are_marked(report: Report) -> None:
    lines = [replace(each, red_now=number * 3) for number, each in enumerate(report.templates[:2])]
    groups = tuple(Group(each.name, each.template_id, each.summary, each.before) for each in lines)
    by_template = replace(report, by="template", groups=groups, templates=tuple(lines))
    for width in (60, 130):
        heading = heading_of(by_template, width)
        assert heading.split()[1:5] == ["runs", "failed", "red", "now"]
        rows = shown(by_template, width).splitlines()
        start = rows.index(heading)
        place = heading.index("red now") + len("red now")
        assert [row[:place].split()[-1] for row in rows[start + 3 : start + 4]] == ["3"]
    assert "1 template is red now" in shown(by_template)
    none = replace(by_template, templates=tuple(replace(each, red_now=0) for each in lines))
    assert "red now" not in shown(none)
    assert "red now" not in heading_of(replace(by_template, by="user"))


def test_no_message_is_cut_where_there_is_room(report: Report) -> None:
    words = "a message that goes on and on " * 100
    failures = tuple(replace(each, reason=words) for each in report.failures)
    text = shown(replace(report, failures=failures), 100_000)
    assert words.rstrip() in text
    assert "…" not in text


def test_a_dumb_terminal_has_the_width_that_it_has(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = shown(report, 100, colors=True)
    monkeypatch.setenv("TERM", "dumb")
    bare = re.sub(r"\x1b\[[0-9;]*m", "", shown(report, 100, colors=True))
    assert max(map(cell_len, bare.splitlines())) > 80
    assert bare == re.sub(r"\x1b\[[0-9;]*m", "", usual)


def test_the_trend_says_from_when_to_when_it_goes(report: Report) -> None:
    (line,) = [each for each in shown(report).splitlines() if each.startswith("runs    30 Jan")]
    assert "28 Feb  up to" in line
    years = replace(report, days=made_up(400, per_day=0.1).days)
    (line,) = [each for each in shown(years).splitlines() if each.startswith("runs    25 Jan 2025")]
    assert "28 Feb 2026  up to" in line
    assert "30 Jan" not in shown(report, 60)


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
        ([1] * 91, 1000, "█" * 45 + "▄", 2, 2),
    ],
)
def test_little_bars(values: list[int], width: int, line: str, step: int, peak: int) -> None:
    assert spark(values, width, signs=True) == (line, step, peak)


def test_the_setting_names_what_can_be_compared() -> None:
    assert set(BY) == set(EXPRESSIONS)
