from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest

import overlap
from launch_plan import LaunchPlan
from tests.fake_awx import HOST
from tests.rows import job, page
from utils.errors import ExitCode, NotNeeded, PreflightFailed
from utils.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from tests.fake_awx import FakeAwx, FakeTime
    from utils.awx_client import Client
    from utils.results import Results

    Make = Callable[..., Settings]

LIST = "unified_jobs/"
RUNNING = job(status="running", finished=None)
PENDING = job(id=41, status="pending", started=None, finished=None, limit="web02")
NOBODY = page()


@pytest.fixture
def settle(client: Client, settings: Make, done: Results, tmp_path: Path) -> Callable[..., None]:
    """Look for overlaps of a run limited to web01; twice, as a run does before sync and launch."""
    journal = Journal(tmp_path)
    journal.note(state="started")
    done.add(journal)
    done.add(LaunchPlan(9, "Deploy web", 2, (3,), 8, "web01", {}))

    def run(**flags: object) -> None:
        for _ in range(2):
            overlap.settle(client, settings(**flags), done)

    return run


def noted(tmp_path: Path) -> object:
    (path,) = (tmp_path / "runs").glob("*.json")
    return json.loads(path.read_text())["state"]


def test_launch_asks_for_nothing(settle: Callable[..., None], awx: FakeAwx) -> None:
    settle()
    settle(if_running="launch", same_limit="true")
    assert awx.sent == []


@pytest.mark.parametrize("what", ["wait", "skip", "fail"])
def test_where_none_is_under_way_the_run_goes_on(
    settle: Callable[..., None], awx: FakeAwx, time: FakeTime, done: Results, what: str
) -> None:
    awx.get(LIST, NOBODY)
    settle(if_running=what)
    assert awx.sent == [f"GET {LIST}"]
    (query,) = awx.queries(LIST)
    assert query["unified_job_template"] == "9"
    assert query["status__in"] == "new,pending,waiting,running"
    assert time.pauses == []
    assert done[overlap.Overlap].waited_for == ()


def test_fail_names_each_job_its_user_and_its_page(
    settle: Callable[..., None], awx: FakeAwx, tmp_path: Path
) -> None:
    other = {**PENDING, "launched_by": {"id": 7, "name": "bob", "type": "user"}}
    awx.get(LIST, page(RUNNING, other))
    with pytest.raises(PreflightFailed) as error:
        settle(if_running="fail")
    told = str(error.value)
    assert told.startswith("overlap: template 9 (Deploy web) is under way, nothing is launched")
    assert "--if-running is fail" in told
    assert f"job 40, {HOST}/#/jobs/playbook/40/output (running, launched by admin)" in told
    assert f"job 41, {HOST}/#/jobs/playbook/41/output (pending, launched by bob)" in told
    assert noted(tmp_path) == "started"


def test_skip_is_a_good_end_and_leaves_nothing_to_resume(
    settle: Callable[..., None], awx: FakeAwx, tmp_path: Path
) -> None:
    awx.get(LIST, page(RUNNING))
    with pytest.raises(NotNeeded, match="is skip") as error:
        settle(if_running="skip")
    assert error.value.exit_code == ExitCode.OK
    assert f"{HOST}/#/jobs/playbook/40/output" in str(error.value)
    assert noted(tmp_path) == "skipped"


def test_of_many_jobs_some_are_named_and_the_rest_counted(
    settle: Callable[..., None], awx: FakeAwx
) -> None:
    awx.get(LIST, page(*({**RUNNING, "id": number} for number in range(40, 48))))
    with pytest.raises(PreflightFailed, match=r"job 44, .*; and 3 more$") as error:
        settle(if_running="fail")
    assert "job 45" not in str(error.value)


def test_what_awx_does_not_say_of_a_job_is_left_out(
    settle: Callable[..., None], awx: FakeAwx
) -> None:
    row = {"id": 50, "type": "workflow_job", "status": "running", "limit": None,
           "launched_by": None}  # fmt: skip
    awx.get(LIST, page(row))
    with pytest.raises(PreflightFailed, match=r"workflow job 50, \S+/workflow/50/output \(running"):
        settle(if_running="fail")


class TestSameLimit:
    @pytest.mark.parametrize("limit", ["web01", " web01 "])
    def test_jobs_of_ours_count(
        self, settle: Callable[..., None], awx: FakeAwx, limit: str
    ) -> None:
        awx.get(LIST, page({**RUNNING, "limit": limit}, PENDING))
        with pytest.raises(PreflightFailed) as error:
            settle(if_running="fail", same_limit="true")
        assert "job 40" in str(error.value)
        assert "job 41" not in str(error.value)

    @pytest.mark.parametrize("limit", ["web02", "", None, "web01:web02"])
    def test_jobs_of_another_do_not(
        self, settle: Callable[..., None], awx: FakeAwx, limit: str | None
    ) -> None:
        awx.get(LIST, page({**RUNNING, "limit": limit}))
        settle(if_running="fail", same_limit="true")
        assert awx.sent == [f"GET {LIST}"]

    def test_none_is_a_limit_too(
        self, settle: Callable[..., None], awx: FakeAwx, done: Results
    ) -> None:
        done.add(LaunchPlan(9, "Deploy web", 2, (3,), 8, "", {}))
        awx.get(LIST, page({**RUNNING, "limit": None}))
        with pytest.raises(PreflightFailed, match="job 40"):
            settle(if_running="fail", same_limit="true")


class TestWait:
    def test_until_none_is_under_way_telling_what_changes(
        self,
        settle: Callable[..., None],
        awx: FakeAwx,
        time: FakeTime,
        done: Results,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.INFO)
        for rows in ([RUNNING], [RUNNING], [RUNNING, PENDING], [{**PENDING, "status": "running"}],
                     []):  # fmt: skip
            awx.get(LIST, page(*rows))
        settle(if_running="wait")
        told = [each.getMessage() for each in caplog.records if each.name == "awx.overlap"]
        assert [each.partition(":")[0] for each in told] == [
            "template 9 (Deploy web) is under way, waiting for it to end",
            f"waiting also for {str(told[1]).removeprefix('waiting also for ').partition(':')[0]}",
            "job 40 is over",
            "job 41 is running",
            "job 41 is over",
            "template 9 (Deploy web) is not under way any more",
        ]
        assert "job 41, " in told[1]
        assert done[overlap.Overlap].waited_for == (40, 41)
        # As long as nothing happens less and less often, and soon again when something has.
        assert time.pauses == [0.5, 0.75, 0.5, 0.5]

    def test_a_long_job_costs_a_request_in_five_seconds(
        self, settle: Callable[..., None], awx: FakeAwx, time: FakeTime
    ) -> None:
        for _ in range(130):
            awx.get(LIST, page(RUNNING))
        awx.get(LIST, NOBODY)
        settle(if_running="wait")
        assert sum(time.pauses) > 600
        assert len(awx.sent) == len(time.pauses) + 1 == 131
        assert max(time.pauses) == 5.0

    def test_only_for_jobs_with_the_same_limit(
        self, settle: Callable[..., None], awx: FakeAwx, done: Results
    ) -> None:
        awx.get(LIST, page({**RUNNING, "limit": "web01"}, PENDING))
        awx.get(LIST, page(PENDING))
        settle(if_running="wait", same_limit="true")
        assert done[overlap.Overlap].waited_for == (40,)
        assert len(awx.sent) == 2
