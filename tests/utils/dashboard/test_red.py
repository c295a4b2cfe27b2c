from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.utils.dashboard.parsed import parsed
from tests.utils.dashboard.reports import made_up
from utils.dashboard.page import render
from utils.dashboard.red import Red

REPORT = made_up(5)


@pytest.mark.parametrize(
    ("templates", "is_now", "told"),
    [
        (0, True, "no template is red now"), (1, True, "1 template is red now"),
        (2, True, "2 templates are red now"), (0, False, "no template was red at the end"),
        (1, False, "1 template was red at the end"), (2, False, "2 templates were red at the end"),
    ],
)  # fmt: skip
def test_it_is_told_whether_that_is_so_now(templates: int, is_now: bool, told: str) -> None:
    assert Red(templates, is_now).told == told


@pytest.mark.parametrize(("after", "when"), [(-1, "now"), (0, "now"), (1, "at the end")])
def test_a_page_made_after_its_period_knows_nothing_of_now(after: int, when: str) -> None:
    made = REPORT.until + timedelta(seconds=after)
    first, *rest = REPORT.templates
    report = replace(
        REPORT, generated=made,
        templates=(replace(first, red_now=3), *(replace(each, red_now=0) for each in rest)),
    )  # fmt: skip
    page = parsed(render(report))
    assert Red.of(report).templates == 1
    assert f"red {when}." in page.one("header").text
    assert page.section("templates").one("table").rows[1][0].endswith(f"red {when}: 3 failures")
