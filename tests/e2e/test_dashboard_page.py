"""The dashboard in a real browser, from disk: `make browser` gets what that takes."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, TypedDict

import pytest

from tests.e2e.chromium import FOLDER, found, what_is_missing
from tests.utils.dashboard.hostile import hostile
from tests.utils.dashboard.reports import made_up, of_jobs
from utils.dashboard.page import render

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_S = 60.0
# Of the first page, and of those that are seen in the light only.
VIEWS, LIGHT = 7, 4


class Box(TypedDict):
    label: str
    width: float
    height: float


class Violation(TypedDict):
    id: str
    impact: str
    help: str
    where: list[str]


class View(TypedDict):
    """One page at one width in one theme, as tests/browser/look.js prints it."""

    file: str
    address: str
    width: int
    theme: str
    title: str
    overflow: int
    spilt: list[str]
    broken: list[str]
    charts: list[Box]
    background: str
    color: str
    scripts: int
    hit: bool
    said: list[str]
    requests: list[str]
    # None where axe was not asked.
    violations: list[Violation] | None


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> list[View]:
    """Return what one browser finds in a page of hostile names, an empty and a usual one."""
    browser = found()
    if missing := what_is_missing():
        pytest.skip(missing)
    assert browser
    folder: Path = tmp_path_factory.mktemp("pages")
    report = hostile()
    pages = {
        "hostile.html": report,
        "empty.html": of_jobs([], report.since, 30, []),
        "usual.html": made_up(),
    }
    for name, each in pages.items():
        (folder / name).write_text(render(each), encoding="utf-8")
    seen = subprocess.run(
        ["node", "look.js", browser, *(str(folder / name) for name in pages)],
        cwd=FOLDER, capture_output=True, text=True, timeout=LONGEST_S, check=False,
    )  # fmt: skip
    assert seen.returncode == 0, seen.stderr
    views: list[View] = json.loads(seen.stdout)
    assert len(views) == VIEWS + LIGHT * (len(pages) - 1)
    return views


def nothing_is_fetched_and_nothing_complained_of(views: list[View]) -> None:
    for view in views:
        assert view["requests"] == [view["address"]]
        assert view["said"] == []


def no_text_of_others_is_run(views: list[View]) -> None:
    assert {(view["scripts"], view["hit"]) for view in views} == {(0, False)}


def both_charts_are_seen_in_one_of_their_widths(views: list[View]) -> None:
    for view in views:
        if view["file"].endswith("hostile.html"):
            for name in ("Runs by day", "Median, 90th and 95th percentile"):
                drawn = [each for each in view["charts"] if each["label"].startswith(name)]
                (box,) = (each for each in drawn if each["width"])
                assert len(drawn) == 2
                assert view["width"] * 0.8 < box["width"] <= view["width"]
                assert box["height"] > 150


def the_page_never_scrolls_sideways(views: list[View]) -> None:
    assert {view["overflow"] for view in views} == {0}


def no_table_is_wider_than_its_card(views: list[View]) -> None:
    assert [(view["file"], view["width"], view["spilt"]) for view in views if view["spilt"]] == []


def no_word_is_broken_that_fits(views: list[View]) -> None:
    usual = [view for view in views if view["file"].endswith("usual.html")]
    assert [(view["width"], view["broken"]) for view in usual if view["broken"]] == []


def the_theme_is_the_reader_s_and_paper_is_white(views: list[View]) -> None:
    grounds = {view["theme"]: (view["background"], view["color"]) for view in views}
    assert grounds["print"] == ("rgb(255, 255, 255)", "rgb(17, 17, 17)")
    assert grounds["light"][0] == "rgb(245, 246, 248)"
    assert grounds["dark"][0] == "rgb(15, 19, 24)"


def axe_finds_nothing_that_keeps_a_reader_out(views: list[View]) -> None:
    judged = [view for view in views if view["violations"] is not None]
    assert [(view["width"], view["theme"]) for view in judged] == [
        (1280, "light"), (1280, "dark"), (390, "light"),
    ]  # fmt: skip
    for view in judged:
        assert view["violations"] == [], f"{view['width']} px, {view['theme']}"


CHECKS = (
    nothing_is_fetched_and_nothing_complained_of,
    no_text_of_others_is_run,
    both_charts_are_seen_in_one_of_their_widths,
    the_page_never_scrolls_sideways,
    no_table_is_wider_than_its_card,
    no_word_is_broken_that_fits,
    the_theme_is_the_reader_s_and_paper_is_white,
    axe_finds_nothing_that_keeps_a_reader_out,
)


# One test, so that the browser starts once however many processes share the tests.
def test_the_page_in_a_browser(views: list[View], subtests: pytest.Subtests) -> None:
    for check in CHECKS:
        with subtests.test(check.__name__):
            check(views)
