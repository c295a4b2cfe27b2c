from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

import job_output
from monitor import Finished
from tests.rows import job, node, page
from utils.errors import Refused, Unreachable, UsageError
from utils.following.board import Board
from utils.jobs import Launched
from utils.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client
    from utils.results import Results

    Make = Callable[..., Settings]

STDOUT = "jobs/40/stdout/"
DOWNLOAD = b"\nPLAY [all] ***\n\x1b[0;32mok: [web01]\x1b[0m\nC:\\\\temp\\tx\n"
PLAIN = b"\nPLAY [all] ***\nok: [web01]\nC:\\temp\tx\n"
APPROVAL = "workflow_approval"


def finished(done: Results, **fields: object) -> Results:
    row = job(**fields)
    kind = str(row["type"])
    done.add(Launched(40, kind, f"{kind}s/40/", ""))
    done.add(Finished(Record(row, "GET jobs/40/")))
    return done


def test_it_is_saved_whole_as_ansible_printed_it(
    client: Client, settings: Make, awx: FakeAwx, done: Results, tmp_path: Path
) -> None:
    awx.get(STDOUT, DOWNLOAD)
    log = job_output.save(client, settings(), finished(done))
    file = tmp_path / "logs" / "jobs" / "40.txt"
    assert (log.path, log.size_bytes) == (file, len(PLAIN))
    assert file.read_bytes() == PLAIN
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert awx.queries(STDOUT) == [{"format": "ansi_download"}]
    assert str(log) == f"{file} ({len(PLAIN)} bytes)"


def test_a_copy_is_saved_where_it_was_asked_for(
    client: Client, settings: Make, awx: FakeAwx, done: Results, tmp_path: Path
) -> None:
    awx.get(STDOUT, DOWNLOAD)
    copy = tmp_path / "elsewhere" / "job.log"
    log = job_output.save(client, settings(save_log=copy), finished(done))
    assert copy.read_bytes() == log.path.read_bytes() == PLAIN
    assert len(awx.sent) == 1


def test_a_download_that_was_cut_off_starts_again(
    client: Client, settings: Make, awx: FakeAwx, done: Results
) -> None:
    awx.get(STDOUT, DOWNLOAD[:20], headers={"Content-Length": str(len(DOWNLOAD))})
    awx.get(STDOUT, DOWNLOAD)
    log = job_output.save(client, settings(), finished(done))
    assert log.path.read_bytes() == PLAIN


def test_one_that_is_always_cut_off_leaves_no_half_file(
    client: Client, settings: Make, awx: FakeAwx, done: Results, tmp_path: Path
) -> None:
    awx.get(STDOUT, DOWNLOAD[:20], headers={"Content-Length": str(len(DOWNLOAD))})
    with pytest.raises(Unreachable, match="cut off"):
        job_output.save(client, settings(), finished(done))
    assert len(awx.sent) == job_output.ATTEMPTS
    assert list((tmp_path / "logs" / "jobs").iterdir()) == []


def test_a_refusal_is_told_in_awxs_words(
    client: Client, settings: Make, awx: FakeAwx, done: Results
) -> None:
    awx.refuse("GET", STDOUT, 403, "You do not have permission.")
    with pytest.raises(Refused, match="You do not have permission"):
        job_output.save(client, settings(), finished(done))
    assert len(awx.sent) == 1


def test_a_copy_that_cannot_be_written_is_only_told_since_the_log_is_saved(
    client: Client,
    settings: Make,
    awx: FakeAwx,
    done: Results,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    awx.get(STDOUT, DOWNLOAD)
    (tmp_path / "file").write_text("")
    copy = tmp_path / "file" / "x"
    log = job_output.save(client, settings(save_log=copy), finished(done))
    assert log.path.read_bytes() == PLAIN
    warnings = [each.message for each in caplog.records if each.levelname == "WARNING"]
    assert warnings == [f"cannot write {copy}: File exists"]


def test_a_log_folder_that_cannot_be_written_is_told(
    client: Client, settings: Make, awx: FakeAwx, done: Results, tmp_path: Path
) -> None:
    (tmp_path / "logs").write_text("")
    with pytest.raises(UsageError, match=r"cannot write .*40\.txt: Not a directory"):
        job_output.save(client, settings(), finished(done))
    assert awx.sent == []


def test_what_came_whole_while_it_was_followed_is_not_downloaded(
    client: Client, settings: Make, awx: FakeAwx, done: Results, tmp_path: Path
) -> None:
    file = tmp_path / "logs" / "jobs" / "40.txt"
    file.parent.mkdir(parents=True)
    file.write_bytes(PLAIN)
    finished(done)
    done.add(Finished(done[Finished].job, file))
    log = job_output.save(client, settings(save_log=tmp_path / "copy"), done)
    assert log == job_output.Log(file, len(PLAIN))
    assert (tmp_path / "copy").read_bytes() == file.read_bytes() == PLAIN
    assert awx.sent == []


def test_a_workflows_file_holds_its_jobs_one_after_another_each_line_with_its_jobs_name(
    client: Client, settings: Make, awx: FakeAwx, done: Results
) -> None:
    awx.get(
        "workflow_jobs/40/workflow_nodes/",
        page(node(5, 41, "job"), node(6), node(7, 42, "workflow_job"), node(8, 44, APPROVAL)),
    )
    awx.get("workflow_jobs/42/workflow_nodes/", page(node(9, 43, "project_update")))
    awx.get("jobs/41/", job(id=41, event_processing_finished=True))
    awx.get("project_updates/43/", job(id=43, event_processing_finished=True))
    awx.get("jobs/41/stdout/", b"one\n\ntwo\n")
    awx.get("project_updates/43/stdout/", b"three")
    log = job_output.save(client, settings(), finished(done, type="workflow_job"))
    expected = b"step 41 | one\nstep 41 | \nstep 41 | two\nstep 43 | three\n"
    assert log.path.read_bytes() == expected


def test_a_job_was_shown_as_it_came_and_is_not_shown_again(
    client: Client,
    settings: Make,
    awx: FakeAwx,
    done: Results,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    awx.get(STDOUT, DOWNLOAD)
    job_output.save(client, settings(), finished(done))
    assert capsysbinary.readouterr().out == b""


def test_colours_stay_where_they_are_wanted(client: Client, awx: FakeAwx, done: Results) -> None:
    awx.get(STDOUT, DOWNLOAD)
    launched = finished(done)[Launched]
    found = b"".join(job_output.text(client, launched, colours=True))
    assert found == b"\nPLAY [all] ***\n\x1b[0;32mok: [web01]\x1b[0m\nC:\\temp\tx\n"


def test_a_download_says_on_the_board_how_much_of_it_came() -> None:
    board = Board(downloaded_bytes=99)
    sizes = [board.downloaded_bytes for _ in job_output.counted(iter([b"abc", b"de"]), board)]
    assert sizes == [3, 5]
    assert board.downloaded_bytes == 0
