from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import history
from launch_plan import LaunchPlan
from tests.rows import job, page
from utils.record import Record
from utils.results import Skipped
from utils.table import aligned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client
    from utils.results import Results

    Make = Callable[..., Settings]


def jobs(*fields: Mapping[str, object]) -> tuple[Record, ...]:
    return tuple(Record(job(**each), "GET jobs/") for each in fields)


def test_the_last_runs_of_the_template_are_shown_newest_first(
    client: Client,
    settings: Make,
    awx: FakeAwx,
    done: Results,
    caplog: pytest.LogCaptureFixture,
) -> None:
    done.add(LaunchPlan(9, "Deploy web", 2, (3,), 8, "", {}))
    awx.get("jobs/", page(job(id=42), job(id=41, status="failed"), job(id=40)))
    found = history.recent(client, settings(history=2), done)
    assert isinstance(found, history.History)
    assert [each.integer("id") for each in found.jobs] == [42, 41]
    assert str(found) == "last 2 run(s), success rate 50%"
    assert awx.queries("jobs/") == [
        {"job_template": "9", "page_size": "2", "order_by": "-id"}
    ]  # fmt: skip
    shown = [each.message for each in caplog.records if each.name == "awx.history"]
    assert [line.split()[0] for line in shown] == ["job", "42", "41"]


def test_none_wanted_asks_for_nothing(
    client: Client, settings: Make, awx: FakeAwx, done: Results
) -> None:
    found = history.recent(client, settings(history=0), done)
    assert isinstance(found, Skipped)
    assert awx.sent == []


def test_as_many_as_wanted_are_had_over_several_pages(
    client: Client, settings: Make, awx: FakeAwx, done: Results
) -> None:
    done.add(LaunchPlan(9, "Deploy web", 2, (3,), 8, "", {}))
    rows = [job(id=number) for number in range(500, 100, -1)]
    awx.get("jobs/", {**page(*rows[:200]), "next": "/api/v2/jobs/?page=2"})
    awx.get("jobs/", page(*rows[200:]))
    found = history.recent(client, settings(history=250), done)
    assert isinstance(found, history.History)
    assert [each.integer("id") for each in found.jobs] == list(range(500, 250, -1))
    assert len(awx.sent) == 2


@pytest.mark.parametrize(
    ("ends", "rate"),
    [
        (["successful", "failed", "error", "canceled"], 1 / 3),
        (["successful"], 1.0),
        (["failed"], 0.0),
        ([], None),
    ],
)
def test_the_share_of_successes(ends: list[str], rate: float | None) -> None:
    running = jobs({"status": "running", "finished": None})
    found = history.History(running + jobs(*({"status": each} for each in ends)))
    assert found.success_rate == rate


def test_no_runs_at_all_are_told_without_a_share() -> None:
    assert str(history.History(())) == "last 0 run(s)"


def test_columns_are_aligned() -> None:
    rows = jobs(
        {"id": 7, "name": "größe", "started": None, "elapsed": 0},
        {"id": 12345, "name": "A longer name", "status": "failed", "elapsed": 61.24},
        {"launched_by": {}, "launch_type": "scheduled"},
    )
    lines = aligned(history.COLUMNS, [history.cells(row) for row in rows], history.NUMBERS)
    assert len({line.index(status) for line, status in zip(
        lines, ["status", "successful", "failed", "successful"], strict=True)}) == 1  # fmt: skip
    assert lines[1].split() == ["7", "größe", "successful", "-", "0.0", "s", "admin"]
    assert "1 min 01 s" in lines[2]
    assert len({line.index(" s ") for line in lines[1:]}) == 1
    assert lines[3].endswith("scheduled")


def test_what_would_move_the_cursor_is_not_shown() -> None:
    (row,) = jobs({"name": "a\x1b[2J\nb", "launched_by": {"name": "x\r"}})
    assert "".join(history.cells(row)).isprintable()
