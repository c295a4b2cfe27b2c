from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

import monitor
from tests.fake_awx import address
from tests.rows import event, job, node, page
from utils import signals
from utils.jobs import Launched
from utils.journal import Journal
from utils.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from requests import PreparedRequest

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client
    from utils.results import Results

    Make = Callable[..., Settings]

JOB = Launched(40, "job", "jobs/40/", "page", "running")
COLOURED = "\x1b[0;32mok: [web01]\x1b[0m"


@pytest.mark.parametrize(
    ("status", "code"),
    [("successful", 0), ("failed", 1), ("error", 1), ("canceled", 8)],
)
def test_what_each_end_means_for_the_caller(status: str, code: int) -> None:
    assert monitor.Finished(Record(job(status=status), "")).exit_code == code


def test_the_end_is_told_with_awxs_reason() -> None:
    row = job(status="failed", elapsed=7, job_explanation="Previous Task\n Failed: {}")
    assert str(monitor.Finished(Record(row, ""))) == "failed after 7.0 s: Previous Task Failed: {}"


def test_how_the_hosts_fared_is_told() -> None:
    row = job(status="failed", elapsed=2, host_status_counts={"ok": 2, "failures": 1})
    assert str(monitor.Finished(Record(row, ""))) == "failed after 2.0 s, hosts: 2 ok, 1 failed"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"elapsed": None}, "failed"),
        ({"elapsed": "long"}, "failed"),
        ({"elapsed": []}, "failed"),
        ({"elapsed": 2, "host_status_counts": None}, "failed after 2.0 s"),
        ({"elapsed": 2, "host_status_counts": {}}, "failed after 2.0 s"),
        ({"elapsed": 2, "host_status_counts": ["ok"]}, "failed after 2.0 s"),
        ({"elapsed": 2, "host_status_counts": {"ok": None}}, "failed after 2.0 s, hosts: None ok"),
        ({"elapsed": 2, "job_explanation": None}, "failed after 2.0 s"),
        ({"elapsed": 2, "job_explanation": 5}, "failed after 2.0 s: 5"),
        ({"elapsed": 2, "job_explanation": ["a"]}, "failed after 2.0 s: ['a']"),
    ],
)
def test_an_odd_end_is_told_all_the_same(fields: dict[str, object], told: str) -> None:
    row = {**job(status="failed"), **fields}
    assert str(monitor.Finished(Record(row, ""))) == told


def test_the_status_alone_is_enough() -> None:
    assert str(monitor.Finished(Record({"status": "canceled"}, ""))) == "canceled"


class TestLog:
    @pytest.fixture
    def follow(
        self, client: Client, settings: Make, done: Results, awx: FakeAwx
    ) -> Callable[..., monitor.Finished]:
        """Return a monitoring of job 40, which ended with that status and those events."""

        def run(
            *texts: str | dict[str, object], status: str = "successful", **flags: object
        ) -> monitor.Finished:
            rows = [
                event(number, text) if isinstance(text, str) else text
                for number, text in enumerate(texts, 1)
                if text != "lost"
            ]
            awx.get("jobs/40/", job(status=status))
            awx.get("jobs/40/job_events/", {"results": rows})
            done.add(JOB)
            return monitor.monitor(client, settings(**flags), done)

        return run

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "logs" / "jobs" / "40.txt"

    def test_is_written_without_colours_while_the_job_is_shown(
        self,
        follow: Callable[..., monitor.Finished],
        file: Path,
        capsysbinary: pytest.CaptureFixture[bytes],
    ) -> None:
        ended = follow("", COLOURED, "größe")
        text = "ok: [web01]\ngröße\n".encode()
        assert (ended.status, ended.log_file) == ("successful", file)
        assert file.read_bytes() == capsysbinary.readouterr().out == text
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_is_written_also_where_nothing_is_shown(
        self,
        follow: Callable[..., monitor.Finished],
        file: Path,
        capsysbinary: pytest.CaptureFixture[bytes],
    ) -> None:
        assert follow("ok", output="json").log_file == file
        assert file.read_bytes() == b"ok\n"
        assert capsysbinary.readouterr().out == b""

    def test_with_a_hole_is_not_taken_for_whole(
        self, follow: Callable[..., monitor.Finished], caplog: pytest.LogCaptureFixture
    ) -> None:
        ended = follow("one", "lost", "three")
        assert ended.log_file is None
        assert "1 event(s) of job 40 never came" in caplog.text

    def test_of_a_job_without_events_is_to_be_downloaded(
        self, follow: Callable[..., monitor.Finished]
    ) -> None:
        assert follow().log_file is None

    def test_that_meets_a_full_disk_is_to_be_downloaded_and_the_following_goes_on(
        self,
        follow: Callable[..., monitor.Finished],
        done: Results,
        tmp_path: Path,
        capsysbinary: pytest.CaptureFixture[bytes],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        journal = Journal(tmp_path)
        journal.note()
        journal.part(40).symlink_to("/dev/full")
        done.add(journal)
        ended = follow("one", "two")
        assert (ended.status, ended.log_file) == ("successful", None)
        assert capsysbinary.readouterr().out == b"one\ntwo\n"
        warnings = [each.message for each in caplog.records if each.levelname == "WARNING"]
        path = tmp_path / "logs" / "jobs" / "40.txt"
        assert warnings == [f"cannot save the output in {path}: No space left on device"]

    def test_in_a_place_that_cannot_be_written_is_told_and_the_job_followed(
        self,
        client: Client,
        settings: Make,
        done: Results,
        awx: FakeAwx,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        (tmp_path / "logs").write_text("")
        awx.get("jobs/40/", job())
        awx.get("jobs/40/job_events/", {"results": [event(1, "ok")]})
        done.add(JOB)
        found = monitor.monitor(client, settings(), done)
        assert (found.status, found.log_file) == ("successful", None)
        assert f"cannot save the output in {tmp_path}" in caplog.text

    @pytest.mark.usefixtures("default_signals")
    def test_of_a_job_that_is_left_running_is_not_kept(
        self, client: Client, settings: Make, done: Results, awx: FakeAwx, file: Path
    ) -> None:
        def leave(_request: PreparedRequest) -> tuple[int, dict[str, str], str]:
            raise signals.Interrupted(15)

        awx.mock.add_callback("GET", address("jobs/40/"), leave)
        done.add(JOB)
        with pytest.raises(signals.Interrupted):
            monitor.monitor(client, settings(), done)
        assert list(file.parent.iterdir()) == []

    @pytest.mark.parametrize(
        ("status", "told"),
        [("failed", True), ("error", True), ("successful", False), ("canceled", False)],
    )
    def test_why_it_failed_is_told_where_it_failed(
        self,
        follow: Callable[..., monitor.Finished],
        awx: FakeAwx,
        caplog: pytest.LogCaptureFixture,
        status: str,
        told: bool,
    ) -> None:
        if told:
            awx.get("jobs/40/job_host_summaries/", page({"id": 1, "host_name": "web01"}))
        fatal = {
            **event(1, "fatal: [web01]"), "event": "runner_on_failed", "task": "T",
            "host_name": "web01", "event_data": {"res": {"msg": "no"}},
        }  # fmt: skip
        follow(fatal, status=status)
        errors = [each.message for each in caplog.records if each.levelname == "ERROR"]
        assert errors == (["failed web01, task 'T': no"] if told else [])


class TestNothingDone:
    QUESTION = "no task ran on any host: do its limit and tags match anything?"

    @staticmethod
    def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
        return [each.message for each in caplog.records if each.levelname == "WARNING"]

    @staticmethod
    def recap(**states: object) -> dict[str, object]:
        return event(1, "PLAY RECAP", event="playbook_on_stats", event_data=states)

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"host_status_counts": {}}, True),
            ({"host_status_counts": {"skipped": 1}}, False),
            ({"host_status_counts": {}, "status": "canceled"}, False),
            ({"host_status_counts": None}, True),  # as the recap has it
        ],
    )
    def test_is_told_of_a_job_that_ended_well(
        self, client: Client, settings: Make, done: Results, awx: FakeAwx,
        caplog: pytest.LogCaptureFixture, fields: dict[str, object], told: bool,
    ) -> None:  # fmt: skip
        awx.get("jobs/40/", job(**fields))
        awx.get("jobs/40/job_events/", page(self.recap(ok={}, changed={}, processed={})))
        done.add(JOB)
        ended = monitor.monitor(client, settings(), done)
        assert ended.job.fields["host_status_counts"] == (fields["host_status_counts"] or {})
        assert self.warnings(caplog) == ([self.QUESTION] if told else [])

    def test_is_not_told_where_nobody_counted(
        self, client: Client, settings: Make, done: Results, awx: FakeAwx,
        caplog: pytest.LogCaptureFixture,
    ) -> None:  # fmt: skip
        awx.get("jobs/40/", job(host_status_counts=None))
        awx.get("jobs/40/job_events/", page(self.recap()))
        done.add(JOB)
        monitor.monitor(client, settings(), done)
        assert self.warnings(caplog) == []

    def test_is_told_of_each_job_of_a_workflow_by_its_name(
        self, client: Client, settings: Make, done: Results, awx: FakeAwx,
        caplog: pytest.LogCaptureFixture,
    ) -> None:  # fmt: skip
        awx.get("workflow_jobs/50/", job(id=50, type="workflow_job", host_status_counts={}))
        awx.get(
            "workflow_jobs/50/workflow_nodes/",
            page(node(1, 41), node(2, 42), node(3, 43, "project_update")),
        )
        for number, recap in ((41, self.recap(ok={})), (42, self.recap(ok={"web01": 1}))):
            awx.get(f"jobs/{number}/", job(id=number))
            awx.get(f"jobs/{number}/job_events/", page(recap))
        awx.get("project_updates/43/", job(id=43, type="project_update", host_status_counts={}))
        awx.get("project_updates/43/events/", page(event(1, "Cloning")))
        done.add(Launched(50, "workflow_job", "workflow_jobs/50/", "page"))
        monitor.monitor(client, settings(), done)
        assert self.warnings(caplog) == [f"step 41: {self.QUESTION}"]


class TestShown:
    def test_a_pipe_gets_no_colours(self, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
        from config import Settings  # noqa: PLC0415  # beside what it is for

        monitor.shown(Settings())(b"\x1b[0;32mok\x1b[0m\n")
        assert capsysbinary.readouterr().out == b"ok\n"
