from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from utils.errors import NotNeeded, PreflightFailed
from utils.flow import Passed, Step, Timeline, walk
from utils.results import Results, Skipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeTime
    from utils.awx_client import Client


@dataclass(frozen=True)
class Found:
    value: int

    def __str__(self) -> str:
        return f"found {self.value}"


@dataclass(frozen=True)
class Doubled:
    value: int


def find(_client: Client, _settings: Settings, _done: Results) -> Found:
    return Found(21)


def double(_client: Client, _settings: Settings, done: Results) -> Doubled:
    return Doubled(done[Found].value * 2)


def fail(_client: Client, _settings: Settings, _done: Results) -> Found:
    raise PreflightFailed("no such thing")


def leave(_client: Client, _settings: Settings, _done: Results) -> Found:
    raise NotNeeded("done already")


def skip(_client: Client, _settings: Settings, _done: Results) -> Skipped:
    return Skipped("not wanted")


@pytest.fixture
def go(
    client: Client, settings: Callable[..., Settings], done: Results, time: FakeTime
) -> Callable[..., None]:
    def run(*steps: Step, announce: bool = True) -> None:
        walk(steps, client, settings(), done, announce=announce, clock=time.clock)

    return run


def test_a_later_step_finds_what_an_earlier_one_found(
    go: Callable[..., None], done: Results
) -> None:
    go(Step("find", find), Step("double", double))
    assert done[Doubled].value == 42


def test_each_step_is_told_with_its_place_and_its_time(
    go: Callable[..., None],
    done: Results,
    time: FakeTime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def slow(client: Client, settings: Settings, results: Results) -> Found:
        time.sleep(2.5)
        return find(client, settings, results)

    go(Step("find", slow), Step("skip", skip))
    assert [each.message for each in caplog.records] == [
        "[1/2] find           found 21 (2.5 s)",
        "[2/2] skip           skipped: not wanted (0.0 s)",
    ]
    assert done[Timeline].passed == [
        Passed("find", "ok", 2.5, "found 21"),
        Passed("skip", "skipped", 0.0, "not wanted"),
    ]


def test_an_error_in_a_vital_step_ends_the_walk(go: Callable[..., None], done: Results) -> None:
    with pytest.raises(PreflightFailed):
        go(Step("fail", fail), Step("find", find))
    assert done.get(Found) is None
    assert [each.state for each in done[Timeline].passed] == ["failed"]
    assert done[Timeline].passed[0].text == "no such thing"


@pytest.mark.parametrize(
    ("announce", "told"), [(True, "[2/2] fail: no such thing"), (False, "no such thing")]
)
def test_the_error_says_at_which_step_where_steps_are_told(
    go: Callable[..., None], announce: bool, told: str
) -> None:
    with pytest.raises(PreflightFailed) as error:
        go(Step("find", find), Step("fail", fail), announce=announce)
    assert str(error.value) == told


def test_one_in_another_step_is_a_warning(
    go: Callable[..., None], done: Results, caplog: pytest.LogCaptureFixture
) -> None:
    go(Step("fail", fail, vital=False), Step("find", find))
    assert done[Found].value == 21
    assert [each.state for each in done[Timeline].passed] == ["failed", "ok"]
    warnings = [each.message for each in caplog.records if each.levelno == logging.WARNING]
    assert warnings == ["fail failed: no such thing"]


def test_a_defect_is_not_passed_over_even_in_a_step_that_is_not_vital(
    go: Callable[..., None],
) -> None:
    with pytest.raises(KeyError):
        go(Step("double", double, vital=False))


def test_two_walks_have_one_timeline(go: Callable[..., None], done: Results) -> None:
    go(Step("find", find))
    go(Step("double", double), announce=False)
    assert [each.name for each in done[Timeline].passed] == ["find", "double"]


def test_it_can_be_silent(go: Callable[..., None], caplog: pytest.LogCaptureFixture) -> None:
    go(Step("find", find), announce=False)
    assert caplog.text == ""


def test_the_timeline_has_all_steps_and_the_one_that_runs(
    client: Client, settings: Callable[..., Settings], done: Results
) -> None:
    seen: list[str] = []

    def look(_client: Client, _settings: Settings, done: Results) -> Found:
        seen.append(done[Timeline].current)
        return Found(1)

    for names in (("first", "second"), ("third",)):
        walk([Step(name, look) for name in names], client, settings(), done)
    assert seen == ["first", "second", "third"]
    assert done[Timeline].steps == ("first", "second", "third")


def test_what_is_not_needed_ends_the_flow_and_is_no_failure(
    go: Callable[..., None], done: Results
) -> None:
    with pytest.raises(NotNeeded, match="leave: done already"):
        go(Step("leave", leave), Step("find", find))
    assert [(each.name, each.state) for each in done[Timeline].passed] == [("leave", "skipped")]
    assert Found not in done
