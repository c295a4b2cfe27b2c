"""A run that is killed at any moment is gone on with (docs/reliability.md)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.kills import __main__ as report
from tests.kills import matrix, points
from tests.kills.observed import Observed
from utils.errors import ExitCode

AT_THE_SAME_TIME = 8
FLOW = points.RUNS[0]
# Each of the others where it is unlike the whole flow.
TRIED = (
    ("a marked launch", points.Point(points.SENT)),
    ("a marked launch", points.Point(f"body of {points.LAUNCH}")),
    ("a job that fails", points.Point("journal: ended, exit code")),
    ("no websocket", points.Point("answer to GET jobs/N/job_events/")),
    ("a long job", points.Point(points.NOTED, 10)),
    ("resume, after the launch", points.Point("journal: launched")),
    ("resume, amid the output", points.Point(points.SHOWN, 9)),
    ("a reader who is slow", points.Point(points.STUCK, 50_000)),
)
WELL = Observed(
    FLOW, points.Point("GET ping/"), has_struck=True, found_state="launched", was_sent=True,
    resumed=0, exit_code=0, state="ended", jobs=1, tokens_left=0, tokens_lost=0, is_log_right=True,
    is_output_right=True, repeated=b"", litter=(), leaks=(),
)  # fmt: skip


def check(cases: list[tuple[points.Run, points.Point]], compiled: str) -> None:
    seen = list(matrix.observe_all(cases, workers=AT_THE_SAME_TIME, compiled=compiled))
    problems = {f"{each.run.name}, {each.point}": each.problems for each in seen if each.problems}
    assert problems == {}
    assert [str(each.point) for each in seen if not each.has_struck] == []


def test_the_whole_flow_goes_on_wherever_it_was_killed(compiled: str) -> None:
    possible = matrix.points_of(FLOW, compiled)
    assert len(possible) > 50
    # What waits longest comes first.
    chosen = dict.fromkeys(
        [*points.around_launch(possible), *points.around_log(possible), *points.spread(possible, 5)]
    )
    check([(FLOW, point) for point in chosen], compiled)


def test_other_runs_and_resume_itself_go_on_wherever_they_were_killed(compiled: str) -> None:
    runs = {run.name: run for run in points.RUNS}
    assert {name for name, _ in TRIED} == runs.keys() - {FLOW.name}
    check([(runs[name], point) for name, point in TRIED], compiled)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"resumed": 2}, "resume: exit code 2"),
        ({"exit_code": 1}, "exit code 1"),
        ({"state": "launched"}, "the journal says launched"),
        ({"jobs": 2}, "2 job(s)"),
        ({"tokens_left": 1}, "1 token(s) left"),
        ({"is_log_right": False}, "the log is not the job's output"),
        ({"is_output_right": False}, "the output is not the log"),
        ({"repeated": b"ok"}, "2 bytes came twice"),
        ({"litter": ("a.lock",)}, "left behind: a.lock"),
        ({"leaks": ("a secret in stderr",)}, "to be shown nowhere: a secret in stderr"),
    ],
)
def test_what_is_not_as_it_must_be_is_a_problem(change: dict[str, object], problem: str) -> None:
    assert WELL.problems == []
    assert replace(WELL, **change).problems == [problem]  # type: ignore[arg-type]  # some of each


def test_only_one_piece_may_come_twice_and_only_where_it_was_not_noted() -> None:
    noted = replace(WELL, point=points.Point(points.NOTED), repeated=b"one\ntwo\n")
    assert noted.problems == []
    assert replace(noted, repeated=b"one\n" * 2000).problems == ["8000 bytes came twice"]
    stuck = replace(WELL, point=points.Point(points.STUCK), repeated=b"x" * 5000)
    assert stuck.problems == []
    assert replace(stuck, repeated=b"one\ntwo\n").problems == ["8 bytes came twice"]


def test_a_launch_that_was_not_sent_wholly_must_not_be_told_as_made() -> None:
    unsent = replace(WELL, found_state="launching", was_sent=False)
    assert unsent.problems == [
        "resume: exit code 0", "exit code 0", "the journal says ended", "1 job(s)",
    ]  # fmt: skip
    code = ExitCode.UNKNOWN_OUTCOME
    assert replace(unsent, resumed=code, exit_code=code, state="unknown", jobs=0).problems == []


def test_the_document_tells_of_these_runs_and_nothing_in_it_is_wrong() -> None:
    told = report.DOCUMENT.read_text().partition("<!-- kills -->\n")[2].partition("\n<!-- end")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in told.splitlines()[2:]]
    assert [name for name, *_ in rows] == [run.name for run in points.RUNS], "run: make kills"
    assert {wrong for *_, wrong in rows} == {"0"}
    assert sum(int(killed) for _, killed, *_ in rows) > 300
