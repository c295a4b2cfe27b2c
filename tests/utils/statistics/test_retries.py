from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from utils.journal import Journal
from utils.statistics import retries
from utils.statistics.figures import Retries
from utils.statistics.runs import Period

if TYPE_CHECKING:
    from pathlib import Path

AWX = "https://awx.example"
SINCE = datetime(2026, 11, 21, 22, 0, tzinfo=timezone.utc)
HOUR = Period(SINCE.timestamp(), SINCE.timestamp() + 3600)


def attempt(job_id: int, status: str) -> dict[str, object]:
    return {"id": job_id, "type": "job", "page": "", "status": status, "failed_hosts": []}


def noted(log_dir: Path, minute: int = 5, second: int = 0, **entries: object) -> Path:
    """Write the journal of a run begun at that minute of the period, and return its place."""
    hour, minute = divmod(minute, 60)
    journal = Journal(log_dir, SINCE.replace(hour=SINCE.hour + hour, minute=minute, second=second))
    journal.note(**{"awx": AWX, "template": 9, "state": "ended", **entries})
    journal.unlock()
    return journal.path


def test_runs_are_told_by_how_often_they_started_a_job(tmp_path: Path) -> None:
    noted(tmp_path, job=40, attempts=[attempt(40, "failed")])
    noted(tmp_path, job=43, attempts=[attempt(each, "failed") for each in (41, 42, 43)])
    noted(tmp_path, job=45, attempts=[attempt(44, "failed"), attempt(45, "successful")])
    assert retries.read(tmp_path, AWX, HOUR) == Retries(3, 2, 3, 1)


def test_a_run_that_launched_nothing_is_none(tmp_path: Path) -> None:
    noted(tmp_path, state="refused")
    noted(tmp_path, state="skipped")
    assert retries.read(tmp_path, AWX, HOUR) == Retries()


def test_a_run_that_left_its_job_running_is_one(tmp_path: Path) -> None:
    noted(tmp_path, state="launched", job=40)
    assert retries.read(tmp_path, AWX, HOUR) == Retries(1)


def test_a_retry_that_was_cut_off_is_one_and_has_rescued_nothing(tmp_path: Path) -> None:
    # Also where the job before was good: `--retry-on` may say so.
    noted(tmp_path, state="launched", job=41, attempts=[attempt(40, "successful")])
    assert retries.read(tmp_path, AWX, HOUR) == Retries(1, 1, 1, 0)


@pytest.mark.parametrize(
    ("minute", "second", "runs"), [(0, 0, 1), (59, 59, 1), (60, 0, 0), (-1, 59, 0)]
)
def test_a_run_is_of_the_period_in_which_it_began(
    tmp_path: Path, minute: int, second: int, runs: int
) -> None:
    noted(tmp_path, minute, second, job=40)
    assert retries.read(tmp_path, AWX, HOUR).runs == runs


def test_those_of_another_awx_or_template_are_not_counted(tmp_path: Path) -> None:
    noted(tmp_path, job=40, awx="https://other.example")
    noted(tmp_path, job=41, template=8)
    noted(tmp_path, job=42)
    assert retries.read(tmp_path, AWX, HOUR, template=9).runs == 1
    assert retries.read(tmp_path, AWX, HOUR).runs == 2


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '"text"', "null", '{"run_id": "another"}', "\udcff"],
    ids=["empty", "cut off", "list", "text", "null", "another run", "no UTF-8"],
)
def test_a_journal_that_cannot_be_read_tells_nothing(tmp_path: Path, text: str) -> None:
    noted(tmp_path, job=40).write_bytes(text.encode(errors="surrogateescape"))
    noted(tmp_path, job=41)
    assert retries.read(tmp_path, AWX, HOUR) == Retries(1)


@pytest.mark.parametrize("attempts", [7, "text", ["text"], [{}], [[]], {"id": 40}, [{"id": []}]])
def test_attempts_that_are_none_tell_nothing(tmp_path: Path, attempts: object) -> None:
    noted(tmp_path, job=40, attempts=attempts)
    noted(tmp_path, job=41)
    assert retries.read(tmp_path, AWX, HOUR) == Retries(1)


def test_what_is_no_journal_and_no_folder_tell_nothing(tmp_path: Path) -> None:
    assert retries.read(tmp_path, AWX, HOUR) == Retries()
    path = noted(tmp_path, job=40)
    entries = json.loads(path.read_bytes())
    name = f"{path.stem}-copy"
    path.with_name(f"{name}.json").write_text(json.dumps({**entries, "run_id": name}))
    path.with_suffix(".txt").write_text(path.read_text())
    path.with_name("20261121T220600Z-0a1b2c.json").mkdir()
    assert retries.read(tmp_path, AWX, HOUR) == Retries(1)
