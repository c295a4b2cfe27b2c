from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import run_summary
from awx_status import Ping
from credentials import Credential, Credentials
from history import History
from inventory import Hosts, Inventory
from job_output import Log
from launch_plan import LaunchPlan
from monitor import Finished
from project_sync import ProjectUpdate
from tests.fake_awx import HOST
from tests.rows import job
from utils.errors import ExitCode
from utils.flow import Passed, Timeline
from utils.jobs import Launched
from utils.journal import Journal
from utils.record import Record
from utils.results import EmbeddedAwx
from utils.signing_in.who import User

if TYPE_CHECKING:
    from pathlib import Path

    from utils.awx_client import Client
    from utils.results import Results

KEYS = [
    "run_id",
    "awx",
    "user",
    "template",
    "inventory",
    "hosts",
    "credentials",
    "project_update",
    "job",
    "attempts",
    "log_file",
    "history",
    "steps",
    "notifications",
    "warnings",
    "exit_code",
]


@pytest.fixture
def begun(done: Results, tmp_path: Path) -> Results:
    done.add(Journal(tmp_path))
    done.add(Timeline([Passed("ping", "ok", 0.25, "AWX 24.6.1")]))
    return done


def finish(done: Results, tmp_path: Path, status: str = "successful") -> Results:
    row = Record(job(status=status, extra_vars='{"password": "s3cret"}'), "GET jobs/40/")
    for result in (
        Ping("24.6.1", "awx-1", 1, 220), User(1, "ann", "a given token"),
        LaunchPlan(9, "Deploy web", 2, (3,), 8, "", {"extra_vars": {"password": "s3cret"}}),
        Inventory(2, "Web servers", "", 3), Hosts(("web01",), ("web02",), None),
        Credentials((Credential(3, "Machine", "ssh", {"password": "set"}),)),
        ProjectUpdate(61, 8, "Playbooks", "4d3f1c2b", 2.5),
        Launched(40, "job", "jobs/40/", f"{HOST}/#/jobs/playbook/40/output"),
        Finished(row), Log(tmp_path / "40.txt", 100), History((row,)),
    ):  # fmt: skip
        done.add(result)
    return done


def test_a_whole_run(client: Client, begun: Results, tmp_path: Path) -> None:
    text = json.dumps(run_summary.document(client, finish(begun, tmp_path), ExitCode.OK))
    found = json.loads(text)
    assert list(found) == KEYS
    assert found["awx"] == {"host": HOST, "version": "24.6.1"}
    assert found["user"] == {"id": 1, "username": "ann", "method": "a given token"}
    assert found["template"] == {"id": 9, "name": "Deploy web"}
    assert found["hosts"] == {"enabled": ["web01"], "disabled": ["web02"], "targets": None}
    assert found["job"]["id"] == 40
    assert found["job"]["page"].endswith("/#/jobs/playbook/40/output")
    assert found["attempts"] == [found["job"]]
    assert found["history"]["success_rate"] == 1.0
    assert found["steps"] == [
        {"name": "ping", "state": "ok", "seconds": 0.25, "text": "AWX 24.6.1"}
    ]
    assert found["exit_code"] == 0
    assert "s3cret" not in text


def test_a_run_that_got_nowhere(client: Client, begun: Results) -> None:
    found = run_summary.document(client, begun, ExitCode.UNREACHABLE)
    assert list(found) == KEYS
    empty = {key for key, value in found.items() if value is None}
    assert empty == {"user", "template", "inventory", "hosts", "credentials", "project_update",
                     "job", "log_file", "history"}  # fmt: skip
    assert (found["attempts"], found["exit_code"]) == ([], 3)


def test_a_job_that_was_launched_is_in_it_whatever_came_then(
    client: Client, begun: Results
) -> None:
    begun.add(Launched(40, "job", "jobs/40/", "page"))
    found = run_summary.document(client, begun, ExitCode.INTERRUPTED)
    assert found["job"] == {"id": 40, "type": "job", "page": "page"}
    assert found["exit_code"] == 130


def test_a_failed_job(begun: Results, tmp_path: Path) -> None:
    found = run_summary.job_document(finish(begun, tmp_path, "failed"), ExitCode.JOB_FAILED)
    assert found["exit_code"] == 1
    assert found["log_file"] == str(tmp_path / "40.txt")


class TestTold:
    def lines(self, done: Results, code: ExitCode, caplog: pytest.LogCaptureFixture) -> list[str]:
        run_summary.tell(done, code)
        return [each.message for each in caplog.records]

    def test_a_success(
        self, begun: Results, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        lines = self.lines(finish(begun, tmp_path), ExitCode.OK, caplog)
        assert lines == [
            f"job 40 successful after 2.1 s: {HOST}/#/jobs/playbook/40/output",
            f"output: {tmp_path / '40.txt'}",
        ]

    def test_a_failure_says_where_to_look(
        self, begun: Results, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        lines = self.lines(finish(begun, tmp_path, "failed"), ExitCode.JOB_FAILED, caplog)
        assert lines == [
            f"job 40 failed after 2.1 s: {HOST}/#/jobs/playbook/40/output",
            f"output: {tmp_path / '40.txt'}",
            "next: python main.py relaunch 40  # on the hosts that failed",
        ]

    @pytest.mark.parametrize(
        ("kind", "status", "steps"),
        [
            ("workflow_job", "failed", ["python main.py relaunch 40  # all of it"]),
            ("workflow_job", "canceled", []),
            ("workflow_job", "successful", []),
            ("project_update", "failed", []),
        ],
    )
    def test_a_failed_workflow_is_relaunched_as_a_whole(
        self, begun: Results, tmp_path: Path, kind: str, status: str, steps: list[str]
    ) -> None:
        finish(begun, tmp_path, status).add(Launched(40, kind, f"{kind}s/40/", "page"))
        assert run_summary.next_steps(begun, ExitCode.JOB_FAILED) == steps

    def test_a_job_that_is_left_running_says_how_to_go_on(
        self, begun: Results, caplog: pytest.LogCaptureFixture
    ) -> None:
        begun.add(Launched(40, "job", "jobs/40/", "page"))
        assert self.lines(begun, ExitCode.INTERRUPTED, caplog) == [
            "job 40 was not followed to its end, and may go on in AWX: page",
            f"next: python main.py resume {begun[Journal].run_id}",
            "next: python main.py cancel 40",
        ]

    @pytest.mark.parametrize("status", ["", "failed"])
    def test_there_is_no_next_step_in_an_awx_that_is_gone(
        self, begun: Results, tmp_path: Path, caplog: pytest.LogCaptureFixture, status: str
    ) -> None:
        begun.add(Launched(40, "job", "jobs/40/", "page"))
        begun.add(EmbeddedAwx())
        if status:
            finish(begun, tmp_path, status)
        told = self.lines(begun, ExitCode.JOB_FAILED, caplog)
        assert told[0].startswith(f"job 40 {status or 'was not followed to its end: page'}")
        assert not [line for line in told if "next: " in line]
        assert run_summary.next_steps(begun, ExitCode.JOB_FAILED) == []

    @pytest.mark.parametrize(
        ("status", "code", "level"),
        [
            ("successful", ExitCode.OK, "INFO"),
            ("failed", ExitCode.JOB_FAILED, "ERROR"),
            ("canceled", ExitCode.CANCELED, "ERROR"),
        ],
    )
    def test_quiet_hides_only_what_is_well(
        self,
        begun: Results,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
        status: str,
        code: ExitCode,
        level: str,
    ) -> None:
        run_summary.tell(finish(begun, tmp_path, status), code)
        found = [each.levelname for each in caplog.records]
        assert found == [level, "INFO", *([level] if status == "failed" else [])]

    def test_what_to_do_about_a_job_that_goes_on_is_not_hidden_by_quiet(
        self, begun: Results, caplog: pytest.LogCaptureFixture
    ) -> None:
        begun.add(Launched(40, "job", "jobs/40/", "page"))
        run_summary.tell(begun, ExitCode.TERMINATED)
        assert [each.levelname for each in caplog.records] == ["ERROR"] * 3

    def test_that_nothing_was_launched_is_told(
        self, begun: Results, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert self.lines(begun, ExitCode.PREFLIGHT, caplog) == [
            "nothing was launched",
        ]
