"""Going through a long list of an AWX that is in use, and not always well."""

from __future__ import annotations

import threading
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from demo.faults import Fault
from demo.server import DemoServer
from utils.awx_client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.faults import Kind
    from tests.fake_awx import FakeTime

JOBS = 120
# Small pages make a long list of a short one.
PAGE = 50
WINDOW = r"/jobs/\?.*id__gte="


@pytest.fixture
def awx() -> Iterator[DemoServer]:
    with DemoServer(jobs=JOBS) as server:
        yield server


@pytest.fixture
def client(awx: DemoServer, time: FakeTime) -> Iterator[Client]:
    made = Client(awx.url, prefix="/api/v2/", use_proxies=False, sleep=time.sleep, clock=time.clock)
    made.use_basic("admin", awx.password)
    yield made
    made.close()


def job_ids(awx: DemoServer) -> list[int]:
    return sorted((run.id for run in awx.awx.jobs.values() if run.kind == "job"), reverse=True)


def walk(client: Client) -> Iterator[int]:
    rows = client.walk("jobs/", newest_first=True, page_size=PAGE)
    return (row.integer("id") for row in rows)


def is_asking() -> bool:
    return any(each.name.startswith("ask-ahead") for each in threading.enumerate())


def test_jobs_that_come_and_go_meanwhile(awx: DemoServer, client: Client) -> None:
    before = job_ids(awx)
    rows = walk(client)
    found = list(islice(rows, 3 * PAGE))
    # Two more pages are under way already.
    gone = [each for each in before if each % 7 == 0 and each < before[5 * PAGE]]
    for each in gone:
        awx.awx.purge(each)
    client.post("job_templates/9/launch/")
    found += rows
    assert found == [each for each in before if each not in gone]


@pytest.mark.parametrize("skip", [0, 3])
@pytest.mark.parametrize("kind", ["status", "drop_before", "drop_after", "cut_body", "html"])
def test_trouble_of_either_request_is_ridden_out(
    awx: DemoServer, client: Client, kind: Kind, skip: int
) -> None:
    awx.faults.add(Fault(kind, "GET", WINDOW, skip=skip, times=2))
    assert list(walk(client)) == job_ids(awx)
    assert not is_asking()


def test_who_leaves_waits_for_no_answer(awx: DemoServer, client: Client) -> None:
    awx.faults.add(Fault("stall", "GET", WINDOW, skip=2, times=None, seconds=20.0))
    rows = client.walk("jobs/", newest_first=True, page_size=PAGE)
    assert len(list(islice(rows, 2 * PAGE))) == 2 * PAGE
    assert is_asking()
    rows.close()  # type: ignore[attr-defined]  # a generator
    assert not is_asking()
