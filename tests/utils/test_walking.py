"""Going through long lists with two requests on their way; `test_awx_client` has the short ones."""

from __future__ import annotations

import json
import random
import threading
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_awx import FakeAwx, FakeTime, address
from utils.awx_client.windows import Window, Windows
from utils.errors import BadAnswer, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from requests import PreparedRequest

    from utils.awx_client import Client

Answer = tuple[int, dict[str, str], str]


class Jobs:
    """AWX's list of jobs with those ids, counted as AWX does; `first` may answer in its place."""

    def __init__(self, awx: FakeAwx, ids: Iterable[int]) -> None:
        self.ids = sorted(ids)
        self.queries: list[dict[str, str]] = []
        self.first: Callable[[dict[str, str], PreparedRequest], Answer | None] = lambda *_: None
        self._lock = threading.Lock()
        awx.mock.add_callback("GET", address("jobs/"), self.answer)

    def answer(self, request: PreparedRequest) -> Answer:
        query = {key: value[0] for key, value in parse_qs(urlsplit(str(request.url)).query).items()}
        with self._lock:
            self.queries.append(query)
            return self.first(query, request) or (200, {}, json.dumps(self._page(query)))

    def _page(self, query: dict[str, str]) -> dict[str, object]:
        tests = {
            "id__gt": int.__gt__, "id__gte": int.__ge__, "id__lt": int.__lt__, "id__lte": int.__le__
        }  # fmt: skip
        bounds = [(test, int(query[name])) for name, test in tests.items() if name in query]
        rows = [each for each in self.ids if all(test(each, bound) for test, bound in bounds)]
        rows.sort(reverse=query["order_by"] == "-id")
        size = int(query["page_size"])
        body: dict[str, object] = {"results": [{"id": each} for each in rows[:size]]}
        if "count_disabled" not in query:
            link = f"/api/v2/jobs/?page=2&page_size={size}" if len(rows) > size else None
            body |= {"count": len(rows), "next": link}
        return body


def walked(client: Client, *, newest_first: bool = True, **bounds: int) -> list[int]:
    rows = client.walk("jobs/", newest_first=newest_first, at_most=None, **bounds)
    return [row.integer("id") for row in rows]


def asking() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name.startswith("ask-ahead")]


DICE = random.Random(7)
SHAPES = {
    "every id": range(9, 4009),
    "every third id": range(9, 12009, 3),
    "ids by chance": DICE.sample(range(1, 20_000), 4000),
    "a gap of millions": [*range(500, 2500), *range(8_000_000, 8_002_000)],
    "in bunches": [start + n for start in range(1, 400_000, 10_000) for n in range(100)],
    "thicker and thicker": [n * n // 50 for n in range(10, 4010)],
}


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
class TestShapes:
    def test_every_row_comes_once_and_in_order(
        self, client: Client, awx: FakeAwx, shape: str, newest_first: bool
    ) -> None:
        jobs = Jobs(awx, set(SHAPES[shape]))
        expected = jobs.ids[::-1] if newest_first else jobs.ids
        assert walked(client, newest_first=newest_first) == expected
        pages = len(jobs.ids) / 200
        assert len(jobs.queries) <= 2 * pages + 4
        assert not asking()


def test_where_every_id_is_a_row_no_request_is_too_many(client: Client, awx: FakeAwx) -> None:
    jobs = Jobs(awx, range(9, 4009))
    walked(client)
    assert len(jobs.queries) == 21
    assert sum("id__gte" in each for each in jobs.queries) == 18
    assert sum("count_disabled" not in each for each in jobs.queries) == 1


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (200, 1), (201, 2), (399, 2)])
def test_a_short_list_costs_what_it_did_and_no_thread(
    client: Client,
    awx: FakeAwx,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    requests: int,
) -> None:
    jobs = Jobs(awx, range(1, count + 1))
    monkeypatch.delattr("utils.awx_client.ahead.Ahead")
    assert len(walked(client)) == count
    assert len(jobs.queries) == requests


class TestStopping:
    def test_no_more_is_asked_for_than_is_wanted(self, client: Client, awx: FakeAwx) -> None:
        jobs = Jobs(awx, range(1, 5001))
        assert len(list(client.walk("jobs/", newest_first=True, at_most=1000))) == 1000
        assert len(jobs.queries) == 5

    def test_ten_are_one_request(self, client: Client, awx: FakeAwx) -> None:
        jobs = Jobs(awx, range(1, 5001))
        rows = client.walk("jobs/", newest_first=True, at_most=10, page_size=10)
        assert [row.integer("id") for row in rows] == list(range(5000, 4990, -1))
        assert jobs.queries == [{"page_size": "10", "order_by": "-id"}]

    def test_who_takes_one_page_asks_for_one(self, client: Client, awx: FakeAwx) -> None:
        jobs = Jobs(awx, range(1, 5001))
        assert len(list(islice(client.walk("jobs/"), 200))) == 200
        assert len(jobs.queries) == 1

    def test_who_stops_leaves_no_thread(self, client: Client, awx: FakeAwx) -> None:
        jobs = Jobs(awx, range(1, 5001))
        rows = client.walk("jobs/")
        assert len(list(islice(rows, 500))) == 500
        assert len(asking()) == 2
        rows.close()  # type: ignore[attr-defined]  # a generator
        assert not asking()
        assert len(jobs.queries) <= 6

    def test_who_fails_leaves_no_thread(self, client: Client, awx: FakeAwx) -> None:
        Jobs(awx, range(1, 5001))

        def take() -> None:
            for row in client.walk("jobs/"):
                if row.integer("id") == 500:
                    raise KeyError

        with pytest.raises(KeyError):
            take()
        assert not asking()


class TestChanges:
    def test_what_goes_hides_nothing_and_what_comes_is_not_mixed_in(
        self, client: Client, awx: FakeAwx
    ) -> None:
        jobs = Jobs(awx, range(1, 3001))
        rows = client.walk("jobs/", newest_first=True)
        found = [row.integer("id") for row in islice(rows, 700)]
        gone = set(range(1, 1000, 2))
        jobs.ids = [each for each in jobs.ids if each not in gone] + [3001, 3002]
        found += [row.integer("id") for row in rows]
        assert found == sorted(set(range(1, 3001)) - gone, reverse=True)

    def test_new_rows_at_the_end_come_too(self, client: Client, awx: FakeAwx) -> None:
        jobs = Jobs(awx, range(1, 1501))
        rows = client.walk("jobs/")
        found = [row.integer("id") for row in islice(rows, 300)]
        jobs.ids += range(1501, 2301)
        assert found + [row.integer("id") for row in rows] == list(range(1, 2301))


@pytest.mark.parametrize("bound", ["id__gte", "id__gt"])
def test_a_bound_of_the_callers_own_holds(client: Client, awx: FakeAwx, bound: str) -> None:
    Jobs(awx, range(1, 3001))
    assert walked(client, newest_first=True, **{bound: 950})[-1] == (
        950 if bound == "id__gte" else 951
    )


class TestTrouble:
    @pytest.mark.parametrize("newest_first", [True, False])
    @pytest.mark.parametrize("nth", [2, 3, 4])
    def test_a_passing_status_is_ridden_out(
        self, client: Client, awx: FakeAwx, time: FakeTime, nth: int, newest_first: bool
    ) -> None:
        jobs = Jobs(awx, range(1, 2001))
        jobs.first = lambda *_: (502, {}, "") if len(jobs.queries) == nth else None
        assert sorted(walked(client, newest_first=newest_first)) == jobs.ids
        assert time.pauses == [0.5]

    def test_an_awx_that_is_away_is_waited_for_once(
        self, client: Client, awx: FakeAwx, time: FakeTime
    ) -> None:
        jobs = Jobs(awx, range(1, 3001))
        jobs.first = lambda *_: (503, {}, "") if len(jobs.queries) > 1 and time.now < 1003 else None
        assert sorted(walked(client)) == jobs.ids
        assert time.pauses == [0.5, 1.0, 2.0]

    def test_both_refused_is_one_renewal(
        self, client: Client, awx: FakeAwx, time: FakeTime
    ) -> None:
        jobs = Jobs(awx, range(1, 3001))
        renewed = []

        def renew() -> None:
            renewed.append(1)
            client.use_token("new")

        def first(_: dict[str, str], request: PreparedRequest) -> Answer | None:
            is_old = request.headers["Authorization"] == "Bearer old"
            is_ended = is_old and len(jobs.queries) > 3
            return (401, {}, '{"detail": "Not given."}') if is_ended else None

        client.use_token("old")
        client.renew = renew
        jobs.first = first
        assert sorted(walked(client)) == jobs.ids
        assert renewed == [1]
        assert time.pauses == []

    def test_a_refusal_has_the_servers_words_without_our_secrets(
        self, client: Client, awx: FakeAwx
    ) -> None:
        jobs = Jobs(awx, range(1, 3001))
        client.use_token("s3cret")
        words = json.dumps({"detail": "Not for Bearer s3cret."})
        jobs.first = lambda query, _: (403, {}, words) if "id__gte" in query else None
        with pytest.raises(Refused, match=r"Not for Bearer \*\*\*\.") as error:
            walked(client)
        assert "s3cret" not in str(error.value)
        assert not asking()

    def test_a_window_that_awx_does_not_look_at_is_no_answer(
        self, client: Client, awx: FakeAwx
    ) -> None:
        jobs = Jobs(awx, range(1, 3001))
        again = json.dumps({"results": [{"id": 3000}]})
        jobs.first = lambda query, _: (200, {}, again) if "id__gte" in query else None
        with pytest.raises(BadAnswer, match="rows again"):
            walked(client)


class TestWindows:
    @given(
        ids=st.sets(st.integers(1, 5000) | st.integers(10**6, 10**6 + 300), min_size=3),
        size=st.integers(1, 40),
        ahead=st.integers(1, 4),
        off_by=st.integers(-100, 100),
        newest_first=st.booleans(),
    )
    def test_hold_each_row_once_whatever_the_count_says(
        self, ids: set[int], size: int, ahead: int, off_by: int, newest_first: bool
    ) -> None:
        ordered = sorted(ids, reverse=newest_first)
        windows = Windows(ordered[:size], len(ids) + off_by, newest_first=newest_first)

        def page(window: Window) -> list[int]:
            return [each for each in ordered if windows.has(window, each)][:size]

        found = ordered[:size]
        planned: list[Window] = []
        is_over = len(found) < size
        while not is_over:
            while len(planned) < ahead and (new := windows.next()):
                planned.append(new)
            is_over = not planned
            window = planned.pop(0) if planned else None
            while window:
                rows = page(window)
                found += rows
                window = windows.settle(window, rows)
        assert found == ordered
