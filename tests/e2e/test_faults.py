"""Each fault at each step of a run comes to the end that is promised (docs/reliability.md)."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.faults import __main__ as report
from tests.faults import cells, matrix
from utils.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.e2e.conftest import RunProcess

# Each of them waits more than it works.
AT_THE_SAME_TIME = 12
WELL = matrix.Observed(
    cells.cells(cells.LAUNCH)[0], has_struck=True, exit_code=0, jobs=1, updates=1, tokens_left=0,
    is_log_right=True, leaks=(),
)  # fmt: skip


# Their requests only ask, and all of them in the same way: each fault is tried at two of them.
# `make faults` tries it at all.
ASKING = ("ping", "me", "template", "hosts", "credential", "wait for sync", "history")
EACH_AT = 2
# They are met in the same way as 502 and as an expired token.
ALIKE = frozenset({"503", "504", "token revoked"})


def chosen(step: cells.Step) -> list[cells.Cell]:
    """Return the cells of a step that are tried here."""
    possible = cells.cells(step)
    if step is cells.LAUNCH:
        return possible
    if step.name not in ASKING:
        return [cell for cell in possible if cell.fault.name not in ALIKE]
    first = ASKING.index(step.name)
    return [
        cell
        for cell in possible
        if (cells.FAULTS.index(cell.fault) + first) % len(ASKING) < EACH_AT
    ]


@pytest.mark.parametrize("step", cells.STEPS, ids=lambda step: step.name.replace(" ", "-"))
def test_a_fault_at_this_step_is_ridden_out_or_told(
    step: cells.Step, compiled: str, process: RunProcess
) -> None:
    def run(args: Sequence[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return process(args, {**environment, "PYTHONPYCACHEPREFIX": compiled})

    seen = list(matrix.run_all(chosen(step), workers=AT_THE_SAME_TIME, run_main=run))
    assert {each.cell.fault.name: each.problems for each in seen if each.problems} == {}
    assert len(seen) == len(chosen(step))


def test_each_fault_is_tried_at_steps_that_ask_and_at_all_that_do_more() -> None:
    tried = [cell for step in cells.STEPS for cell in chosen(step)]
    for fault in cells.FAULTS:
        at = {cell.step.name for cell in tried if cell.fault is fault}
        assert len(at.intersection(ASKING)) in {1, EACH_AT}
        least = 1 if fault.name in ALIKE else len(cells.STEPS) - len(ASKING) - 2
        assert len(at.difference(ASKING)) >= least


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"has_struck": False}, "the fault did not strike"),
        ({"exit_code": 3}, "exit code 3, not 0"),
        ({"exit_code": None}, "no end, not 0"),
        ({"jobs": 0}, "0 job(s), not 1"),
        ({"jobs": 2}, "2 job(s), not 1"),
        ({"tokens_left": 1}, "1 token(s) left"),
        ({"updates": 3}, "3 project updates"),
        ({"is_log_right": False}, "the log is not the job's output"),
        ({"leaks": ("a secret in awx.log",)}, "a secret in awx.log: not to be shown"),
    ],
)
def test_what_is_not_as_it_must_be_is_a_problem(change: dict[str, object], problem: str) -> None:
    assert WELL.problems == []
    assert replace(WELL, **change).problems == [problem]  # type: ignore[arg-type]  # some of each


def test_a_launch_that_awx_never_heard_of_must_not_be_told_as_made() -> None:
    unseen = replace(WELL, cell=cells.Cell(cells.LAUNCH, cells.RESET))
    assert unseen.problems == ["exit code 0, not 9", "1 job(s), not 0"]
    assert replace(unseen, exit_code=ExitCode.UNKNOWN_OUTCOME, jobs=0).problems == []


def test_secrets_are_found_wherever_they_are_and_tracebacks_where_users_look(
    tmp_path: Path,
) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "1.txt").write_text("a t0ken of 1970")
    (tmp_path / "awx.log").write_text("Traceback (most recent call last)")
    done = subprocess.CompletedProcess([], 0, "hunter2", "Traceback (most recent call last)")
    assert list(matrix.leaks(done, tmp_path, ["hunter2", "t0ken"])) == [
        "a secret in stdout", "a secret in jobs/1.txt", "a traceback in stderr",
    ]  # fmt: skip


def test_the_document_has_the_table_of_this_matrix_and_nothing_in_it_is_wrong() -> None:
    right = [replace(WELL, cell=cell) for step in cells.STEPS for cell in cells.cells(step)]
    words = report.table(
        replace(each, exit_code=each.cell.right.exit_code, jobs=each.cell.right.jobs)
        for each in right
    )
    text = report.DOCUMENT.read_text().replace(f", {matrix.UPDATES} syncs", "")
    told = text.partition("<!-- faults -->\n")[2].partition("\n<!-- end of faults -->")[0]
    assert told.splitlines() == words, "run: make faults ARGS=--write"
