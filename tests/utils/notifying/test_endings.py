from __future__ import annotations

import pytest

from utils.errors import ExitCode
from utils.notifying import endings
from utils.settings.notifying import OCCASIONS


def told(event: str, code: ExitCode, *, is_attended: bool = False) -> set[str]:
    return {
        each
        for each in OCCASIONS
        if endings.is_wanted(event, code, [each], is_attended=is_attended)
    }


@pytest.mark.parametrize("code", [code for code in ExitCode if code not in {0, 2, 70}])
def test_what_is_not_0_is_a_failure(code: ExitCode) -> None:
    assert told("failure", code) == {"failure", "always"}


@pytest.mark.parametrize("code", [ExitCode.USAGE, ExitCode.DEFECT])
def test_a_slip_or_a_defect_is_for_who_started_it(code: ExitCode) -> None:
    assert told("failure", code) == set()


def test_a_success() -> None:
    assert told("success", ExitCode.OK) == {"success", "always"}
    assert told("recovery", ExitCode.OK) == {"success", "recovery", "always"}
    assert told("skip", ExitCode.OK) == {"always"}


def test_who_pressed_ctrl_c_knows_it_and_a_pipeline_that_stopped_it_does_not() -> None:
    assert told("failure", ExitCode.INTERRUPTED, is_attended=True) == {"always"}
    assert told("failure", ExitCode.INTERRUPTED) == {"failure", "always"}
    assert told("failure", ExitCode.TERMINATED, is_attended=True) == {"failure", "always"}
