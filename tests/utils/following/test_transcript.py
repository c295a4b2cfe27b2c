from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_awx import FakeTime
from tests.rows import event
from utils.following import transcript as module
from utils.following.transcript import Transcript
from utils.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from utils.following.transcript import Line


class Shown:
    """What a transcript showed, and the transcript."""

    def __init__(self, time: FakeTime | None = None) -> None:
        self.texts: list[bytes] = []
        self.transcript = Transcript(self._show, (time or FakeTime()).clock)

    def _show(self, line: Line) -> None:
        if line.text:
            self.texts.append(line.text)

    def take(self, *counters: int) -> bool:
        return self.transcript.take(events(counters))

    @property
    def counters(self) -> list[int]:
        return [int(text) for text in self.texts]


def events(counters: Iterable[int]) -> list[Record]:
    """Return events whose text is their counter."""
    return [Record(event(each, str(each)), "websocket") for each in counters]


def test_events_in_order_are_shown_as_they_come() -> None:
    shown = Shown()
    assert shown.take(1)
    assert shown.texts == [b"1\n"]
    assert shown.take(2, 3)
    assert shown.counters == [1, 2, 3]
    assert not shown.transcript.has_hole


def test_what_comes_behind_a_hole_is_held_until_it_is_filled() -> None:
    shown = Shown()
    assert not shown.take(3, 2)
    assert shown.texts == []
    assert shown.transcript.has_hole
    assert shown.take(1)
    assert shown.counters == [1, 2, 3]
    assert not shown.transcript.has_hole


def test_a_repeated_event_is_nothing_new() -> None:
    shown = Shown()
    shown.take(1, 2, 4, 4)
    assert not shown.take(1, 2, 4)
    assert shown.take(3)
    assert not shown.take(3, 4)
    assert shown.counters == [1, 2, 3, 4]


def test_an_event_without_text_moves_on_and_shows_nothing() -> None:
    shown = Shown()
    silent = Record(event(1, ""), "websocket")
    assert shown.transcript.take([silent, *events([2])])
    assert shown.texts == [b"2\n"]


def test_holes_that_stay_are_gone_over_and_counted() -> None:
    shown = Shown()
    shown.take(1, 4, 8)
    shown.transcript.show_over_holes()
    assert shown.counters == [1, 4, 8]
    assert shown.transcript.missing == 5
    assert (shown.transcript.last, shown.transcript.has_hole) == (8, False)


def test_what_comes_after_it_was_gone_over_is_not_shown_out_of_order() -> None:
    shown = Shown()
    shown.take(1, 4)
    shown.transcript.show_over_holes()
    assert not shown.take(2, 3)
    assert shown.take(5)
    assert shown.counters == [1, 4, 5]


def test_without_a_hole_there_is_nothing_to_go_over() -> None:
    shown = Shown()
    shown.take(1)
    shown.transcript.show_over_holes()
    assert (shown.counters, shown.transcript.missing) == ([1], 0)


def test_a_hole_is_as_old_as_the_one_that_is_open_now(time: FakeTime) -> None:
    shown = Shown(time)
    assert shown.transcript.hole_age_s == 0
    shown.take(2, 4)
    time.now += 3
    shown.take(5)
    assert shown.transcript.hole_age_s == 3
    shown.take(1)
    assert shown.transcript.has_hole
    assert shown.transcript.hole_age_s == 0
    time.now += 1
    assert shown.transcript.hole_age_s == 1
    shown.take(3)
    assert shown.transcript.hole_age_s == 0


class TestBound:
    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "HELD_AT_MOST_BYTES", 5)

    def test_what_is_too_much_to_hold_can_be_taken_again(self) -> None:
        shown = Shown()
        shown.take(2, 3, 4, 5)
        shown.take(1)
        assert shown.counters == [1, 2, 3]
        shown.take(4, 5)
        assert shown.counters == [1, 2, 3, 4, 5]
        assert shown.transcript.missing == 0

    def test_it_is_a_hole_though_nothing_of_it_is_held(self, time: FakeTime) -> None:
        shown = Shown(time)
        shown.take(1_000_000)
        time.now += 2
        assert shown.transcript.has_hole
        assert shown.transcript.hole_age_s == 2
        shown.transcript.show_over_holes()
        assert (shown.texts, shown.transcript.has_hole) == ([], False)

    def test_there_is_room_again_when_the_hole_is_filled(self) -> None:
        shown = Shown()
        shown.take(2, 3)
        shown.take(1)
        shown.take(5, 6)
        shown.take(4)
        assert shown.counters == [1, 2, 3, 4, 5, 6]


COMING = st.lists(st.integers(1, 25), max_size=80)


def in_pieces(counters: list[int], size: int) -> list[list[int]]:
    return [counters[start : start + size] for start in range(0, len(counters), size)]


@given(COMING, st.integers(1, 7))
def test_any_order_with_repetitions_and_holes_is_shown_in_order_once(
    coming: list[int], size: int
) -> None:
    shown, there = Shown(), set(coming)
    whole = next(each for each in range(1, 27) if each not in there) - 1
    for piece in in_pieces(coming, size):
        before = len(shown.texts)
        assert shown.take(*piece) is (len(shown.texts) > before)
    assert shown.counters == list(range(1, whole + 1))
    assert shown.transcript.last == whole
    assert shown.transcript.has_hole is bool(there - set(range(1, whole + 1)))
    shown.transcript.show_over_holes()
    assert shown.counters == sorted(there)
    assert shown.transcript.missing == max(there, default=0) - len(there)
    assert not shown.transcript.has_hole


@given(st.permutations(range(1, 26)), COMING, st.integers(1, 7))
def test_all_of_them_in_any_order_leave_no_hole(
    order: list[int], repeated: list[int], size: int
) -> None:
    shown = Shown()
    for piece in in_pieces([*repeated, *order], size):
        shown.take(*piece)
        last = shown.counters[-1] if shown.texts else 0
        assert shown.counters == list(range(1, last + 1))
    assert shown.counters == list(range(1, 26))
    assert (shown.transcript.has_hole, shown.transcript.missing) == (False, 0)


@given(st.permutations(range(1, 16)), st.integers(0, 12))
def test_a_bound_loses_nothing_that_is_asked_for_again(order: list[int], most_bytes: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "HELD_AT_MOST_BYTES", most_bytes)
        shown = Shown()
        shown.take(*order)
        first = shown.counters
        assert first == list(range(1, len(first) + 1))
        shown.take(*range(shown.transcript.last + 1, 16))
        assert shown.counters == list(range(1, 16))
        assert not shown.transcript.has_hole
