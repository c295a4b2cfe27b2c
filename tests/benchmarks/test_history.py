from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from benchmarks.history import (
    AT_ONCE,
    FIRST,
    HISTORY,
    PEER,
    REAL,
    SECOND,
    USUAL,
    Row,
    broken,
    distinct_jobs,
)
from benchmarks.measuring import Taken

if TYPE_CHECKING:
    from pathlib import Path


def row(
    command: str, seconds: float = 0.5, *, mb: float = 50.0, code: int = 0, distinct: int = 1100
) -> Row:
    return Row(REAL, 1000, command, distinct, Taken(seconds, 0.3, mb, 0.0, code))


@pytest.mark.parametrize("indent", [None, 4])
def test_jobs_are_counted_once_however_the_json_is_laid_out(
    tmp_path: Path, indent: int | None
) -> None:
    others = {"related": {"id": 7, "type": "job_template"}, "summary_fields": {"user": {"id": 8}}}
    rows = [{"id": number, "type": "job", **others} for number in (1, 2, 2, 30)]
    file = tmp_path / "written"
    file.write_text(json.dumps(rows, indent=indent))
    assert distinct_jobs(file) == 3
    file.write_text("")
    assert distinct_jobs(file) == 0


GOOD = [
    row(HISTORY), row(FIRST), row(SECOND), row(USUAL, distinct=80), row(PEER, 9.0, mb=900.0)
]  # fmt: skip


def test_what_is_as_promised_is_no_problem() -> None:
    assert list(broken(GOOD)) == []
    quick = [replace(each, pace=AT_ONCE) for each in (*GOOD[:4], row(PEER, 1.0))]
    assert list(broken(quick)) == []
    assert list(broken(GOOD[:3])) == []


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (row(HISTORY, distinct=1099), "the lists differ: [1099, 1100]"),
        (row(HISTORY, distinct=999), "only 999 are in it"),
        (row(HISTORY, code=3), "exit code 3"),
        (row(FIRST, mb=81.0), "81 MB, 80 promised"),
        (row(FIRST, 3.0), "first report: 3.0 times as fast as awx, 4 promised"),
        (row(SECOND, 1.5), "second report of 1,000 jobs: 1.50 s, 1 promised"),
        (row(USUAL, 1.5, distinct=80), "30 days of 1,000 jobs: 1.50 s, 1 promised"),
    ],
)
def test_a_broken_promise_is_told(bad: Row, words: str) -> None:
    rows = [bad if each.command == bad.command else each for each in GOOD]
    assert any(words in problem for problem in broken(rows))


def test_an_awx_that_was_stopped_is_no_measure() -> None:
    stopped = row(PEER, 0.1, code=124, distinct=0)
    assert list(broken([*GOOD[:3], stopped])) == []
    assert "(stopped)" in stopped.line(stopped)
    assert GOOD[0].line(stopped).endswith("|  |")
    assert GOOD[0].line(row(PEER, 1.0)).endswith("| 0.500 |")
