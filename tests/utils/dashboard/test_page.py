from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.utils.dashboard.hostile import ADDRESSES, GOOD, NAMES, hostile
from tests.utils.dashboard.jobs import Job
from tests.utils.dashboard.parsed import Element, parsed
from tests.utils.dashboard.reports import made_up, of_jobs
from utils.dashboard.page import SHOWN_TEMPLATES, policy, render
from utils.statistics import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from utils.statistics.figures import Report

MANY = tuple(f"Template {number}" for number in range(200))
FETCHING = {"src", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href"}


@pytest.fixture(scope="module")
def report() -> Report:
    return replace(made_up(), filters=("template Deploy web", "label nightly"))


@pytest.fixture(scope="module")
def page(report: Report) -> Element:
    return parsed(render(report))


def job(report: Report, number: int = 1, status: str = "failed") -> Job:
    created = report.since + timedelta(hours=number)
    return Job(number, 0, created, status, 12.0, 1.0, ("Copy", "task", "no space left"), "web01")


def test_it_tells_what_the_report_is_of(page: Element, report: Report) -> None:
    head = page.one("header").text
    assert page.one("h1").text == "31 Dec 2025, 00:00 to 1 Mar 2026, 00:00"
    for told in (report.awx, "24.6.1", "operator", "Europe/Vienna", "1 Mar 2026, 06:12",
                 *report.filters):  # fmt: skip
        assert told in head
    assert "2,906 runs of 12 templates; 2 templates were red at the end." in head
    assert "from 1 Nov 2025, 00:00 to 31 Dec 2025, 00:00, with 2,702 runs" in page.text


def test_its_tiles_have_the_period_s_figures(page: Element) -> None:
    told = {each.one("dt").text: each.text for each in page.all("div") if "tile" in each.classes}
    assert list(told) == [
        "Runs", "Failed", "Flaky", "Median duration", "Duration, 95% within",
        "Waiting in the queue", "Time to repair", "Longest red streak", "Retries",
    ]  # fmt: skip
    hero = page.section("figures").text
    assert "90.1%" in hero
    assert "95% interval 89.0% to 91.2%" in hero
    assert "Objective 95% Missed 280 failures of 142 allowed, 197% of the error" in hero
    assert "successful 2,559 failed 245 error 35 canceled 67" in hero
    assert told["Failed"] == "Failed 280 up 16, worse 35 of them by an error of AWX"


def test_every_chart_has_a_label_and_its_data_as_a_table(page: Element, report: Report) -> None:
    charts = [each for each in page.all("svg") if each.attributes.get("role") == "img"]
    assert all(each.attributes["aria-label"].strip() for each in charts)
    for name, columns in (("runs", 5), ("durations", 4)):
        section = page.section(name)
        wide, narrow = (each for each in section.all("svg") if "role" in each.attributes)
        assert wide.attributes["aria-label"] == narrow.attributes["aria-label"]
        rows = section.one("table").rows
        assert len(rows) == 1 + len(report.days)
        assert {len(row) for row in rows} == {columns}
    day = report.days[3]
    assert page.section("runs").one("table").rows[4] == [
        "Sat 3 Jan 2026", str(day.counts.successful), str(day.counts.failed),
        str(day.counts.error), str(day.counts.canceled),
    ]  # fmt: skip
    percentiles = (day.duration.p50, day.duration.p90, day.duration.p95)
    assert page.section("durations").one("table").rows[4][1:] == [
        words.seconds(each) for each in percentiles
    ]


def test_the_heat_map_is_a_table_of_all_hours(page: Element, report: Report) -> None:
    head, *rows = page.section("hours").one("table").rows
    assert [cell[:5] for cell in head[1:]] == [f"{hour:02}:00" for hour in range(24)]
    assert [row[0] for row in rows] == list(words.WEEKDAYS)
    hour = report.hours[24 + 2]
    assert rows[1][3] == f"{hour.runs} runs, {hour.bad} failed"
    first = report.busiest[0]
    assert f"Busiest: Tue 02:00 ({first.runs} runs, {first.bad} failed)" in page.text


def test_templates_have_their_figures_and_lead_into_awx(page: Element, report: Report) -> None:
    table = page.section("templates").one("table")
    for line, template in zip(table.rows[1:], report.templates, strict=True):
        counts = template.summary.counts
        assert line[0].startswith(template.name)
        assert ("red at the end: " in line[0]) == bool(template.red_now)
        assert line[1].startswith(words.percent(counts.rate))
        assert line[3:5] == [words.number(counts.runs), words.number(counts.bad)]
        assert line[6] == words.seconds(template.summary.duration.p95)
        assert line[7] == words.percent(template.summary.flakiness)
    assert [a.attributes["href"] for a in table.all("a")] == [t.url for t in report.templates]


def test_what_failed_is_told_with_its_reason(page: Element, report: Report) -> None:
    for name, shares in (("kinds", report.kinds), ("hosts", report.failing_hosts),
                         ("tasks", report.failing_tasks)):  # fmt: skip
        for line, share in zip(page.section(name).one("table").rows[1:], shares, strict=True):
            assert line[0].startswith(share.name)
            assert share.message in line[0]
            assert line[1] == str(share.jobs)
    section = page.section("failures")
    assert "AWX was asked why for 200 of 280 failed jobs, the newest ones." in section.text
    for line, failed in zip(section.one("table").rows[1:], report.failures, strict=True):
        assert line[0] == f"{failed.job_id} {failed.template}"
        assert line[3] == failed.reason
        assert all(host in line[4] for host in failed.hosts)


def test_groups_are_shown_but_for_templates_which_are_there_already(page: Element) -> None:
    rows = page.section("groups").one("table").rows
    assert [row[0] for row in rows] == ["Organization", "Platform", "Network", "Data", "Mobile"]
    assert "By template" not in render(made_up(5, by="template"))


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(page: Element) -> None:
    tables = list(page.all("table"))
    assert len(tables) == 9
    assert all(table.one("caption").text for table in tables)
    assert {cell.attributes.get("scope") for cell in page.all("th")} == {"row", "col"}
    levels = [int(each.tag[1]) for each in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert set(levels[1:]) == {2}


@pytest.mark.parametrize("made", [made_up, hostile])
def test_no_script_and_nothing_to_fetch(made: Callable[[], Report]) -> None:
    page = parsed(render(made()))
    for each in page.all():
        assert each.tag not in {"script", "iframe", "object", "embed", "img", "link", "base"}
        assert not FETCHING & set(each.attributes)
        assert not [name for name in each.attributes if name.startswith("on") or name == "style"]
        if "href" in each.attributes:
            assert each.tag == "a"
            assert each.attributes["href"].startswith("https://awx.example.com")
    style = page.one("style").children[0]
    assert isinstance(style, str)
    assert "@import" not in style
    assert re.findall(r"url\((.*?)\)", style) == ["#hatch"]
    (meta,) = (each for each in page.all("meta") if "http-equiv" in each.attributes)
    assert meta.attributes["content"] == policy(style)


def test_texts_of_others_are_texts() -> None:
    page = parsed(render(hostile()))
    for lines in (
        page.section("templates").one("table").rows,
        page.section("hosts").one("table").rows,
    ):
        for line, name in zip(lines[1:], NAMES, strict=True):
            assert line[0].startswith(words.short(name, 80).rstrip("…"))
    assert page.one("head").one("title").children == [
        "AWX job report, 15 Feb 2026 to 1 Mar 2026, 00:00"
    ]
    links = [each.attributes["href"] for each in page.section("failures").all("a")]
    assert links == [GOOD] * 2
    assert not set(links) & set(ADDRESSES)
    # What cannot be written, or would turn the line around.
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page.text
    )


def test_no_jobs_at_all(report: Report) -> None:
    page = parsed(render(of_jobs([], report.since, 30, [])))
    assert "No runs in this period." in page.text
    assert "There is nothing to compare with" in page.text
    assert [each.attributes["aria-labelledby"] for each in page.all("section")] == [
        "figures", "templates", "kinds", "hosts", "tasks", "failures",
    ]  # fmt: skip
    assert "None" not in page.text
    assert "nan" not in page.text.split()


def test_a_report_without_days() -> None:
    assert parsed(render(replace(made_up(1), days=()))).one("h1").text


@pytest.mark.parametrize("status", ["failed", "successful", "canceled", "unfinished"])
def test_one_job(report: Report, status: str) -> None:
    page = parsed(render(of_jobs([job(report, status=status)], report.since, 1, ["Deploy web"])))
    assert "1 run of 1 template;" in page.text
    assert page.section("runs").one("table").rows[0][:3] == ["Day", "successful", "failed"]
    # A job that was canceled, or still is under way, has no duration that counts.
    has_durations = "durations" in {each.attributes.get("id") for each in page.all("h2")}
    assert has_durations == (status in {"failed", "successful"})
    assert "None" not in page.text


def test_nothing_failed() -> None:
    page = parsed(render(made_up(7, bad=0.0)))
    assert "100%" in page.section("figures").text
    assert page.section("failures").text == "Latest failures Nothing failed."
    assert "no template was red at the end" in page.text


def test_a_single_day_that_is_not_whole_says_so() -> None:
    report = made_up(1)
    told = "A paler column is not a whole day: the period begins on 28 Feb 2026, 13:00."
    for since, is_told in ((report.since, False), (report.since + timedelta(hours=13), True)):
        page = parsed(render(replace(report, since=since)))
        assert (told in page.section("runs").text) == is_told
        pale = [each for each in page.section("runs").all("rect") if "opacity" in each.attributes]
        assert bool(pale) == is_told


def test_long_periods_are_drawn_by_week_and_say_so() -> None:
    page = parsed(render(made_up(730, per_day=2)))
    assert "Too many days to draw: each column is a week." in page.section("runs").text
    assert "median of those of its days" in page.section("durations").text
    assert len(page.section("runs").one("table").rows) == 1 + 105


def test_many_templates_are_below_a_megabyte_with_the_rest_behind_a_line_to_open() -> None:
    text = render(made_up(60, MANY, per_day=400))
    assert len(text.encode()) < 1_000_000
    first, rest = parsed(text).section("templates").all("table")
    assert [len(first.rows), len(rest.rows)] == [1 + SHOWN_TEMPLATES, 1 + 200 - SHOWN_TEMPLATES]
    assert rest.rows[-1][0].startswith("Template 199")
