"""A week of jobs, of which the report by the program is the one by hand."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from tests.utils.statistics.drawing import report_of, wrong_in
from tests.utils.statistics.histories import History, asking, job
from tests.utils.statistics.oracle import Question, Why

if TYPE_CHECKING:
    from tests.utils.statistics.jobs_by_hand import Row
    from utils.statistics.figures import Report

# A week from Monday on.
SINCE = datetime(2026, 11, 16, tzinfo=timezone.utc)
UNTIL = SINCE + timedelta(days=7)
MOMENT = timedelta(microseconds=1)


def at(hours: float, seconds: float = 0) -> datetime:
    return SINCE + timedelta(hours=hours, seconds=seconds)


def utc(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=timezone.utc)


def report(
    *rows: Row, why: dict[int, Why] | None = None, zone: str = "UTC", **asked: object
) -> Report:
    """Return the program's report, which is the one by hand."""
    question = Question(SINCE, UNTIL, ZoneInfo(zone))
    history = asking(History(rows, why or {}, question, zone), **asked)
    found = report_of(history)
    if wrong := wrong_in(found, history):
        pytest.fail("\n".join(wrong))
    return found


def labels(found: Report) -> list[tuple[str, int | None, int]]:
    return [(each.label, each.key, each.summary.counts.runs) for each in found.groups]


def several(statuses: str, **fields: Any) -> list[Row]:  # noqa: ANN401  # the fields of a job
    """Return jobs of a template an hour apart; G is a good one, B a bad one, C a canceled one."""
    full = {"G": "successful", "B": "failed", "E": "error", "C": "canceled", "R": "running"}
    return [
        job(number, at(number), status=full[each], scm_revision="", **fields)
        for number, each in enumerate(statuses, 1)
    ]
