from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fake_awx import address
from tests.rows import event
from utils.following.event_reader import FEWEST, MOST, WANTED_BYTES, EventReader
from utils.jobs import Launched

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

PATH = "jobs/40/job_events/"


def answer(awx: FakeAwx, count: int, length: int = 0) -> None:
    awx.get(PATH, {"results": [event(each, "x" * length) for each in range(1, count + 1)]})


@pytest.fixture
def reader(client: Client) -> EventReader:
    found = EventReader.of(client, Launched(40, "job", "jobs/40/", "page"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("job", "jobs/40/job_events/"),
        ("project_update", "project_updates/40/events/"),
        ("ad_hoc_command", "ad_hoc_commands/40/events/"),
        ("inventory_update", "inventory_updates/40/events/"),
        ("system_job", "system_jobs/40/events/"),
    ],
)
def test_each_kind_has_its_events_where_awx_has_them(
    client: Client, awx: FakeAwx, kind: str, path: str
) -> None:
    found = EventReader.of(client, Launched(40, kind, f"{kind}s/40/", "page"))
    assert found is not None
    awx.get(path, {"results": [event(1, "ok")]})
    rows, _ = found.after(0)
    assert [each.integer("counter") for each in rows] == [1]


def test_a_workflow_has_none(client: Client, awx: FakeAwx) -> None:
    assert EventReader.of(client, Launched(40, "workflow_job", "workflow_jobs/40/", "")) is None
    assert awx.sent == []


def test_they_are_asked_for_in_order_whole_and_uncounted(reader: EventReader, awx: FakeAwx) -> None:
    answer(awx, 1)
    reader.after(7)
    assert awx.queries(PATH) == [
        {"counter__gt": "7", "order_by": "counter", "no_truncate": "1", "limit": "100"}
    ]


@pytest.mark.parametrize(("count", "more"), [(0, False), (99, False), (100, True)])
def test_a_full_answer_means_that_there_may_be_more(
    reader: EventReader, awx: FakeAwx, count: int, more: bool
) -> None:
    answer(awx, count, 9_500)
    rows, found = reader.after(0)
    assert (len(rows), found) == (count, more)


@pytest.mark.parametrize(
    ("length", "size"),
    [(0, MOST), (1_500, MOST), (2_000, 400), (4_500, 200), (99_500, FEWEST), (500_000, FEWEST)],
)
def test_as_many_are_asked_for_next_as_suit_their_size(
    reader: EventReader, awx: FakeAwx, length: int, size: int
) -> None:
    answer(awx, 3, length)
    reader.after(0)
    assert reader.size == size
    reader.after(3)
    assert [each["limit"] for each in awx.queries(PATH)] == ["100", str(size)]


def test_it_is_their_average_that_counts(reader: EventReader, awx: FakeAwx) -> None:
    awx.get(PATH, {"results": [event(1, "x" * 18_000), event(2), event(3, None)]})  # type: ignore[arg-type]
    reader.after(0)
    assert reader.size == int(WANTED_BYTES / 6_500)


def test_more_is_told_by_what_was_asked_for_and_not_by_what_will_be(
    reader: EventReader, awx: FakeAwx
) -> None:
    answer(awx, 100, 99_500)
    _, more = reader.after(0)
    assert (reader.size, more) == (FEWEST, True)
    awx.mock.upsert(
        "GET", address(PATH), json={"results": [event(each) for each in range(101, 111)]}
    )
    _, more = reader.after(100)
    assert (reader.size, more) == (MOST, True)


def test_no_events_say_nothing_about_their_size(reader: EventReader, awx: FakeAwx) -> None:
    answer(awx, 0)
    reader.size = 42
    reader.after(0)
    assert reader.size == 42


def test_an_awx_that_heeds_no_bound_is_not_asked_for_ever(
    reader: EventReader, awx: FakeAwx
) -> None:
    answer(awx, 100, 9_500)
    assert reader.after(100) == ([], False)
    assert reader.before(1, 100) == []
    assert len(reader.before(None, 100)) == 100
