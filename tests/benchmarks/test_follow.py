from __future__ import annotations

import pytest

from benchmarks.follow import (
    HUGE,
    LARGE,
    PEER,
    POLLED,
    PUSHED,
    SHORTEST,
    Case,
    Followed,
    Row,
    broken,
    text_of,
)
from benchmarks.measuring import Taken


def row(
    tool: str,
    case: Case = SHORTEST,
    *,
    equal: bool = True,
    exit_s: float = 0.2,
    requests: int = 9,
    mb: float = 30.0,
    code: int = 0,
) -> Row:
    taken = Taken(1.0, 0.3, mb, 0.0, code)
    return Row(case, tool, [Followed(7, 7, equal, exit_s, requests, taken)])


def test_of_awx_only_what_stands_between_its_marks_is_the_jobs_output() -> None:
    printed = [
        b"\x1b[31m------Starting Standard Out Stream------\x1b[0m\n",
        b"\r\n",
        b"\x1b[0;32mok: [web01]\x1b[0m\r\n",
        b"\x1b[31m------End of Standard Out Stream--------\n",
        b"\x1b[0m\n",
        b'{"id": 1}\n',
    ]
    assert list(text_of(printed, PEER)) == [b"\n", b"ok: [web01]\n"]


def test_all_that_ours_prints_counts_and_so_does_a_carriage_return() -> None:
    assert list(text_of([b"\x1b[0;32mok\x1b[0m\r\n"], PUSHED)) == [b"ok\r\n"]


def test_a_row_shows_the_worst_output_and_the_medians() -> None:
    rounds = [row(PUSHED, exit_s=s).all[0] for s in (0.1, 0.2, 0.9)]
    short = Followed(5, 7, False, 0.2, 9, rounds[0].taken)
    assert str(Row(SHORTEST, PUSHED, [*rounds, short])) == (
        f"| 0.5 s | {PUSHED} | 5 of 7 | no | 0.20 | 9 | 0.30 | 30 MB | 0 |"
    )


def test_nothing_is_broken_where_all_is_kept() -> None:
    kept = [row(PUSHED), row(POLLED, exit_s=0.9), row(PEER, requests=11, equal=False, exit_s=4)]
    assert list(broken([*kept, row(PUSHED, LARGE, mb=37)])) == []


def test_100_mb_are_there_for_the_memory_and_promised_to_be_whole_not_quick() -> None:
    slow = row(PUSHED, HUGE, mb=79, exit_s=4.0, requests=127)
    assert list(broken([slow, row(PEER, HUGE, requests=13)])) == []
    assert list(broken([row(PUSHED, HUGE, equal=False)]))


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (row(PUSHED, equal=False), "not the job's output"),
        (row(PUSHED, code=1), "exit code"),
        (row(PUSHED, exit_s=0.3), "0.3 promised"),
        (row(POLLED, exit_s=1.0), "1.0 promised"),
        (row(PUSHED, requests=11), "awx sent 11"),
        (row(PUSHED, HUGE, mb=80), "80 promised"),
        (row(PUSHED, LARGE, mb=38), "30 for a short job"),
    ],
)
def test_a_broken_promise_is_named(bad: Row, word: str) -> None:
    others = [row(PUSHED)] if bad.case is not SHORTEST else []
    (problem,) = broken([*others, bad, row(PEER, requests=11)])
    assert word in problem
    assert bad.tool in problem
