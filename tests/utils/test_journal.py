from __future__ import annotations

import fcntl
import json
import re
import stat
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from utils.errors import UsageError
from utils.journal import Journal, cut_off

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 21, 22, 16, 19, 500_000, tzinfo=timezone.utc)


def test_each_note_is_on_disk_at_once_and_adds_to_the_others(tmp_path: Path) -> None:
    journal = Journal(tmp_path, NOW)
    journal.note(state="launching", template=9)
    journal.note(state="launched", job=40)
    assert json.loads(journal.path.read_text()) == {
        "run_id": journal.run_id, "started": "2026-11-21T22:16:19+00:00",
        "state": "launched", "template": 9, "job": 40,
    }  # fmt: skip


def test_it_is_named_by_time_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path, NOW)
    journal.note()
    assert re.fullmatch(r"20261121T221619Z-[0-9a-f]{6}", journal.run_id)
    assert journal.path == tmp_path / "runs" / f"{journal.run_id}.json"
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


def test_two_runs_of_the_same_second_have_each_their_own(tmp_path: Path) -> None:
    assert Journal(tmp_path, NOW).path != Journal(tmp_path, NOW).path


def test_nothing_is_written_before_the_first_note(tmp_path: Path) -> None:
    Journal(tmp_path, NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(UsageError, match="cannot write"):
        Journal(tmp_path, NOW).note()


@pytest.mark.parametrize(("ended", "state"), [(True, "ended"), (False, "launched")])
def test_the_end_of_a_run_is_that_of_its_job_only_where_that_was_seen(
    tmp_path: Path, ended: bool, state: str
) -> None:
    journal = Journal(tmp_path, NOW)
    journal.note(state="launched", job=40)
    journal.close(1, is_over=ended)
    noted = json.loads(journal.path.read_text())
    assert (noted["state"], noted["job"], noted["exit_code"]) == (state, 40, 1)


def test_an_end_that_cannot_be_noted_is_only_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "runs").write_text("")
    Journal(tmp_path, NOW).close(0, is_over=True)
    (record,) = [each for each in caplog.records if each.levelname != "DEBUG"]
    assert record.levelname == "ERROR"
    assert "cannot write" in record.message


def test_what_a_killed_run_left_is_removed_before_its_first_and_after_its_last_note(
    tmp_path: Path,
) -> None:
    going_on, ended = Journal(tmp_path), Journal(tmp_path)
    for journal in (going_on, ended):
        journal.note(state="ended" if journal is ended else "launched")
    runs = ended.path.parent
    ended.unlock()
    left = [
        ended.path.with_suffix(".lock"),
        runs / "20261121T221619Z-0a1b2c.lock",
        runs / ".20261121T221619Z-0a1b2c.json.x1y2",
    ]
    for path in left:
        path.touch()
    assert list(cut_off(tmp_path)) == []
    assert set(runs.iterdir()) == {ended.path, going_on.path, going_on.path.with_suffix(".lock")}


def test_what_it_left_of_a_journal_is_removed_when_it_is_gone_on_with(tmp_path: Path) -> None:
    killed = Journal(tmp_path)
    killed.note(state="launched")
    killed.unlock()
    half = killed.path.with_name(f".{killed.path.name}.x1y2")
    half.touch()
    assert [entries["run_id"] for entries in cut_off(tmp_path)] == [killed.run_id]
    assert list(killed.path.parent.iterdir()) == [killed.path]


def test_a_lock_whose_file_was_removed_meanwhile_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Journal(tmp_path)
    first.note(state="launched")
    flock = fcntl.flock

    def slowly(number: int, how: int) -> None:
        first.unlock()
        flock(number, how)

    monkeypatch.setattr(fcntl, "flock", slowly)
    second = Journal.opened(tmp_path, first.run_id)
    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(UsageError, match="goes on in another process"):
        Journal.opened(tmp_path, first.run_id)
    second.unlock()
