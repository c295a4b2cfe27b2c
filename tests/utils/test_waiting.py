from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rows import job
from utils.record import Record
from utils.waiting import (
    STORED_WITHIN_S,
    Pauses,
    events_stored,
    until_events_stored,
    until_final,
)

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx, FakeTime
    from utils.awx_client import Client


def test_pauses_grow_to_five_seconds_and_start_anew(time: FakeTime) -> None:
    pauses = Pauses(time.sleep)
    for _ in range(8):
        pauses.wait()
    pauses.reset()
    pauses.wait()
    assert time.pauses == [0.5, 0.75, 1.125, 1.6875, 2.53125, 3.796875, 5.0, 5.0, 0.5]


@pytest.mark.parametrize("end", ["successful", "failed", "error", "canceled"])
def test_a_job_is_polled_until_it_is_over(
    client: Client, awx: FakeAwx, time: FakeTime, end: str
) -> None:
    for status in ("new", "pending", "waiting", "running", "running", end):
        awx.get("jobs/40/", job(status=status))
    told: list[str] = []
    found = until_final(client, "jobs/40/", lambda row: told.append(row.text("status")), time.sleep)
    assert found.text("status") == end
    assert told == ["new", "pending", "waiting", "running", end]
    assert time.pauses == [0.5, 0.5, 0.5, 0.5, 0.75]


def test_one_that_is_over_is_not_waited_for(client: Client, awx: FakeAwx, time: FakeTime) -> None:
    awx.get("jobs/40/", job())
    until_final(client, "jobs/40/", lambda _: None, time.sleep)
    assert (len(awx.sent), time.pauses) == (1, [])


def test_stored_events_are_looked_at_once_more(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    for stored in (False, True):
        awx.get("jobs/40/", job(event_processing_finished=stored))
    end = Record(job(event_processing_finished=False), "GET")
    looks: list[int] = []
    found = until_events_stored(
        client,
        "jobs/40/",
        end,
        time.sleep,
        clock=time.clock,
        each_time=lambda: looks.append(len(awx.sent)),
    )
    assert events_stored(found)
    assert looks == [0, 1, 2]
    assert time.pauses == [0.5, 0.75]


def test_an_awx_that_does_not_say_is_believed(client: Client, time: FakeTime) -> None:
    end = Record({"id": 40, "status": "successful"}, "GET")
    assert until_events_stored(client, "jobs/40/", end, time.sleep, clock=time.clock) is end
    assert events_stored(end)


def test_the_wait_for_events_is_bounded(client: Client, awx: FakeAwx, time: FakeTime) -> None:
    awx.get("jobs/40/", job(event_processing_finished=False))
    end = Record(job(event_processing_finished=False), "GET")
    found = until_events_stored(client, "jobs/40/", end, time.sleep, clock=time.clock)
    assert not events_stored(found)
    assert STORED_WITHIN_S <= sum(time.pauses) < STORED_WITHIN_S + 6
