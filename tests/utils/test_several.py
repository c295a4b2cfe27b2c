"""Asking for many objects, two at a time: the order of the answers, and what goes wrong."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest

from tests.fake_awx import address
from utils.awx_client.several import FEW, several
from utils.errors import AppError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from requests import PreparedRequest

    from tests.fake_awx import FakeAwx, FakeTime
    from utils.awx_client import Client
    from utils.awx_client.params import Params
    from utils.record import Record

Answer = tuple[int, dict[str, str], str]
MANY = 9


def numbered(job: int) -> Answer:
    return 200, {}, json.dumps({"id": job})


class Answers:
    """Answers for `jobs/N/`: its id, or what a test has put in the place of the Nth's next ones."""

    def __init__(self, awx: FakeAwx, count: int) -> None:
        self.instead: dict[int, list[Answer]] = {}
        self.asked: list[int] = []
        self.tokens: list[str | None] = []
        self._lock = threading.Lock()
        for job in range(count):
            awx.mock.add_callback("GET", address(f"jobs/{job}/"), self.answer_for(job))

    def answer_for(self, job: int) -> Callable[[PreparedRequest], Answer]:
        def answer(request: PreparedRequest) -> Answer:
            with self._lock:
                self.asked.append(job)
                self.tokens.append(request.headers.get("Authorization"))
                others = self.instead.get(job)
                return others.pop(0) if others else numbered(job)

        return answer


def of(answer: Record | AppError) -> int | str:
    """Return a job's id, or the last words of what went wrong."""
    return str(answer).rpartition(": ")[2] if isinstance(answer, AppError) else answer.integer("id")


def wanted(count: int) -> list[tuple[str, Params]]:
    return [(f"jobs/{job}/", {"page_size": 200}) for job in range(count)]


@pytest.mark.parametrize("count", [1, FEW, FEW + 1, MANY])
def test_answers_come_in_order_each_asked_for_once(
    client: Client, awx: FakeAwx, count: int
) -> None:
    answers = Answers(awx, count)
    found = [of(row) for row in several(client, wanted(count))]
    assert found == list(range(count))
    assert sorted(answers.asked) == found
    assert threading.active_count() == 1


@pytest.mark.parametrize("count", [FEW, MANY])
def test_what_goes_wrong_with_one_is_its_answer(client: Client, awx: FakeAwx, count: int) -> None:
    Answers(awx, count).instead[2] = [(404, {}, json.dumps({"detail": "Not found."}))]
    found = [of(row) for row in several(client, wanted(count))]
    assert found == ["Not found." if job == 2 else job for job in range(count)]


@pytest.mark.parametrize("count", [FEW, MANY])
def test_short_trouble_is_ridden_out(
    client: Client, awx: FakeAwx, time: FakeTime, count: int
) -> None:
    answers = Answers(awx, count)
    answers.instead = {1: [(502, {}, "Bad Gateway")] * 2, 2: [(502, {}, "Bad Gateway")]}
    found = [of(row) for row in several(client, wanted(count))]
    assert found == list(range(count))
    assert answers.asked.count(1) == 3
    assert time.pauses


def test_a_refusal_ends_it_and_leaves_no_thread(client: Client, awx: FakeAwx) -> None:
    answers = Answers(awx, MANY)
    awx.mock.assert_all_requests_are_fired = False
    answers.instead[1] = [(401, {}, json.dumps({"detail": "Not for you."}))]
    with pytest.raises(Refused, match="Not for you"):
        list(several(client, wanted(MANY)))
    assert threading.active_count() == 1


def test_credentials_are_renewed_once(client: Client, awx: FakeAwx) -> None:
    answers = Answers(awx, MANY)
    refusal: Answer = (
        401,
        {},
        json.dumps({"detail": "Not provided."}),
    )
    answers.instead = {job: [refusal] for job in (1, 2, 3)}
    client.use_token("old")
    renewed = []

    def renew() -> None:
        renewed.append(1)
        client.use_token("new")

    client.renew = renew
    assert [of(row) for row in several(client, wanted(MANY))] == [*range(MANY)]
    assert len(renewed) == 1
    assert answers.tokens[-1] == "Bearer new"
