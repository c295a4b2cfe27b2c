"""Whatever AWX answers at any step: one clear end, one launch, no success that is none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.fuzz.nonsense import Trouble, trouble
from tests.fuzz.recorded_awx import Ended, run
from tests.fuzz.true_answers import recording
from utils.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

IS_LONG = settings.get_current_profile_name() == "fuzz"
EXAMPLES = settings(max_examples=400 if IS_LONG else 8, derandomize=not IS_LONG)
ENDS = {*ExitCode} - {ExitCode.DEFECT, ExitCode.INTERRUPTED, ExitCode.TERMINATED}
LAUNCHES = ("/launch/", "/relaunch/")


@dataclass(frozen=True)
class Scenario:
    """A command line, with ids of what was recorded, and the code that it ends with."""

    line: str
    code: int = 0
    # Whether standard output is made by the program, and not by a job.
    is_own_text: bool = False
    is_json: bool = False

    @property
    def argv(self) -> list[str]:
        return self.line.format_map(recording().ids).split()


SCENARIOS = (
    Scenario("run --template 9"),
    Scenario(
        "run --template 15 --inventory 2 --sync auto --limit web01 --output json", is_json=True
    ),
    Scenario("run --template 10 --expect-host web01", 1),
    Scenario("run --template 14 --sync never -e release=1.2 -e count=3"),
    Scenario("run --template 22 --output json", is_json=True),
    Scenario("check --template 9 --inventory 2 --limit web01", 5, is_own_text=True),
    Scenario("check --template 14 -e release=1 -o json", is_own_text=True, is_json=True),
    Scenario("launch --template 9 --output json", is_json=True),
    Scenario("watch {bad}", 1),
    Scenario("watch {good} {workflow} --output json", is_json=True),
    Scenario("logs {good}"),
    Scenario("logs {bad} --failed --tail 2"),
    Scenario("logs {workflow} --format json", is_json=True),
    Scenario("logs {good} --follow --tail 3 --host web*"),
    Scenario("history --limit 5", is_own_text=True),
    Scenario("history --all --output json", is_own_text=True, is_json=True),
    Scenario("relaunch {bad} --watch", 1),
    Scenario("cancel {canceled} --yes"),
)


@cache
def requests_of(scenario: Scenario) -> list[str]:
    """Return the requests of a run on true answers, each once."""
    return list(dict.fromkeys(run(scenario.argv, (), ()).asked))


each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.line)


@each_scenario
def test_true_answers_make_a_good_run(scenario: Scenario) -> None:
    ended = run(scenario.argv, (), ())
    assert ended.code == scenario.code, ended.err
    judge(scenario, ended)
    assert len(ended.asked) > 3


@each_scenario
@EXAMPLES
@given(st.lists(trouble(), min_size=1, max_size=3))
def test_nonsense_at_any_step_has_one_clear_end(
    scenario: Scenario, troubles: Sequence[Trouble]
) -> None:
    requests = requests_of(scenario)
    for each in troubles:
        note(f"{requests[each.request % len(requests)]}: {each.what}")
    ended = run(scenario.argv, troubles, requests)
    note(f"{ended.code}\n{ended.err}\n{ended.log[-6000:]}")
    judge(scenario, ended)


def judge(scenario: Scenario, ended: Ended) -> None:
    """Hold a run to what holds for all runs."""
    assert ended.code in ENDS
    assert "Traceback" not in ended.err
    assert "Logging error" not in ended.err
    assert sum(each.startswith("POST") and each.endswith(LAUNCHES) for each in ended.asked) <= 1
    if scenario.code == ExitCode.JOB_FAILED:
        assert ended.code != ExitCode.OK
    if ended.code not in {ExitCode.OK, ExitCode.JOB_FAILED}:
        told = "error: " in ended.err or "is not there any more" in ended.err
        assert told or scenario.is_own_text
    assert all(not name.rpartition("/")[2].startswith(".") for name in ended.files)
    if scenario.is_own_text:
        assert ended.out.decode().replace("\n", "").isprintable()
    if scenario.is_json and ended.code == ExitCode.OK:
        json.loads(ended.out, parse_constant=pytest.fail)
