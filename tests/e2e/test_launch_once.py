"""One launch is one job, whatever becomes of the answer to it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from demo.faults import Fault
from tests.e2e.conftest import new_jobs

if TYPE_CHECKING:
    from pathlib import Path

    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain

PLAIN = ("--template", "9", "--sync", "never", "--history", "0")
MARKED = ("--template", "Prompts", "--sync", "never", "--history", "0")


@pytest.mark.parametrize("run", [PLAIN, MARKED], ids=["plain", "marked"])
def test_a_launch_whose_answer_is_lost_is_found_and_followed(
    awx: DemoServer, main: RunMain, run: tuple[str, ...]
) -> None:
    awx.faults.add(Fault("drop_after", "POST", "/launch/"))
    ended = main(*run)
    assert ended.code == 0, ended.err
    (job,) = new_jobs(awx)
    assert f"job {job.id} is the one that was launched" in ended.err
    assert "PLAY RECAP" in ended.out
    assert awx.awx.tokens == {}


def test_runs_at_the_same_moment_each_find_their_own_by_its_mark(
    awx: DemoServer, main: RunMain, tmp_path: Path
) -> None:
    awx.faults.add(Fault("drop_after", "POST", "/launch/", times=2))
    with ThreadPoolExecutor() as pool:
        both = [
            pool.submit(main, *MARKED, "-o", "json", AWX_LOG_DIR=str(tmp_path / name))
            for name in ("one", "two")
        ]
        documents = [json.loads(each.result().out) for each in both]
    assert [each["exit_code"] for each in documents] == [0, 0]
    for document in documents:
        (job,) = (run for run in new_jobs(awx) if run.id == document["job"]["id"])
        assert document["run_id"] in str(job.prompts.extra_vars)
    assert len(new_jobs(awx)) == 2


def test_runs_at_the_same_moment_do_not_guess_where_there_is_no_mark(
    awx: DemoServer, main: RunMain, tmp_path: Path
) -> None:
    awx.faults.add(Fault("drop_after", "POST", "/launch/", times=2))
    with ThreadPoolExecutor() as pool:
        both = [
            pool.submit(main, *PLAIN, "-o", "json", AWX_LOG_DIR=str(tmp_path / name))
            for name in ("one", "two")
        ]
        ends = [json.loads(each.result().out) for each in both]
    _, second = new_jobs(awx)
    codes = sorted(each["exit_code"] for each in ends)
    # Whose note was made when the other's job was there already has only its own to find.
    assert codes in ([9, 9], [0, 9])
    assert {each["job"]["id"] for each in ends if each["job"]} <= {second.id}
