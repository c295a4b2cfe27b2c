from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fake_awx import address
from tests.rows import event, node, page
from utils.following.line_filter import all_text
from utils.following.stored_text import Tail, counter_before, last_lines, stored_text
from utils.jobs import Launched

if TYPE_CHECKING:
    from requests import PreparedRequest

    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

JOB = Launched(40, "job", "jobs/40/", "")
TEXTS = {1: "one", 2: "", 3: "two\r\nthree", 4: "four", 5: ""}


@pytest.fixture
def _events(awx: FakeAwx) -> None:
    """Let AWX answer for the stored events as it does: by counter, either way."""

    def answer(request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        query = {key: value[0] for key, value in parse_qs(urlsplit(str(request.url)).query).items()}
        after, before = int(query.get("counter__gt", 0)), int(query.get("counter__lt", 99))
        rows = [event(each, text) for each, text in TEXTS.items() if after < each < before]
        if query["order_by"] == "-counter":
            rows.reverse()
        return 200, {}, json.dumps({"results": rows[: int(query["limit"])]})

    awx.mock.add_callback("GET", address("jobs/40/job_events/"), answer)


@pytest.mark.usefixtures("_events")
@pytest.mark.parametrize(
    ("count", "after"), [(0, 3), (1, 3), (2, 2), (3, 2), (4, 0), (5, 0), (100, 0)]
)
def test_the_last_lines_are_found_from_the_end(client: Client, count: int, after: int) -> None:
    found = counter_before(client, JOB, count)
    assert found == after
    text = list(last_lines(stored_text(client, JOB, all_text, after=found), count))
    assert text == [b"one\n", b"two\n", b"three\n", b"four\n"][max(4 - count, 0) :]


def test_a_workflow_has_no_counter(client: Client) -> None:
    assert counter_before(client, Launched(40, "workflow_job", "workflow_jobs/40/", ""), 5) == 0


@pytest.mark.usefixtures("_events")
def test_the_text_of_a_workflow_has_the_names_of_its_jobs(client: Client, awx: FakeAwx) -> None:
    awx.get("workflow_jobs/50/workflow_nodes/", page(node(1, 40), node(2)))
    workflow = Launched(50, "workflow_job", "workflow_jobs/50/", "")
    found = b"".join(stored_text(client, workflow, all_text)).decode().splitlines()
    assert found == ["step 40 | one", "step 40 | two", "step 40 | three", "step 40 | four"]


def test_the_tail_holds_back_what_was_there_and_passes_what_comes() -> None:
    written: list[bytes] = []
    tail = Tail(2, written.append)
    tail(b"one\ntwo\n")
    tail(b"three\n")
    assert written == []
    tail.begin()
    tail(b"four\nfive\n")
    assert written == [b"two\n", b"three\n", b"four\nfive\n"]


def test_a_tail_of_nothing_passes_only_what_comes() -> None:
    written: list[bytes] = []
    tail = Tail(0, written.append)
    tail(b"one\n")
    tail.begin()
    tail(b"two\n")
    assert written == [b"two\n"]
