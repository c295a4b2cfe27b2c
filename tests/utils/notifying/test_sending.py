from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest

from tests.utils.notifying.conftest import made
from utils import signals
from utils.notifying.message import compose
from utils.notifying.sending import Limits, NotSentError, deliver, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from utils.notifying.message import Message

SHORT = Limits(try_s=0.05, total_s=1.0, pause_s=0.001)


class Place:
    """A destination that does what it is told to, try by try."""

    kind = "slack"
    at = ""
    secrets: Sequence[str] = ("s3cret",)
    tries = 2

    def __init__(self, *does: Callable[[], str] | Exception | str, to: str = "https://x") -> None:
        self.to = to
        self._does = list(does)
        self.timeouts: list[float] = []

    def send(self, _message: Message, timeout_s: float) -> str:
        self.timeouts.append(timeout_s)
        what = self._does.pop(0)
        if isinstance(what, Exception):
            raise what
        return what if isinstance(what, str) else what()


@pytest.fixture
def message() -> Message:
    return compose(made())


def test_each_destination_has_its_own_end_in_order(message: Message) -> None:
    places = [
        Place("", to="a"),
        Place(NotSentError("no", again=False), to="b"),
        Place(OSError("down"), "", to="c"),
        Place(OSError("s3cret"), OSError("down with s3cret\n"), to="d"),
    ]
    found = deliver(places, message, SHORT)
    assert [(each.to, each.state, each.tries, each.error) for each in found] == [
        ("a", "sent", 1, None),
        ("b", "failed", 1, "no"),
        ("c", "sent", 2, None),
        ("d", "failed", 2, "down with ***"),
    ]
    assert places[0].timeouts == [SHORT.try_s]


def test_one_that_does_not_end_holds_nobody_up(message: Message) -> None:
    hangs = threading.Event()

    def hang() -> str:
        hangs.wait(20)
        return ""

    found = deliver([Place(hang, hang), Place("")], message, SHORT)
    hangs.set()
    assert [(each.state, each.tries, each.error) for each in found] == [
        ("failed", 2, "no answer within 0.05 s"),
        ("sent", 1, None),
    ]


def test_all_of_it_has_an_end_too(message: Message) -> None:
    hangs = threading.Event()

    def hang() -> str:
        hangs.wait(20)
        return ""

    found = deliver([Place(hang)], message, Limits(try_s=9.0, total_s=0.05))
    hangs.set()
    assert [(each.state, each.tries, each.error) for each in found] == [
        ("failed", 1, "no answer within 0.05 s")
    ]


def test_a_try_that_was_given_up_may_have_been_of_use(message: Message) -> None:
    is_second, hangs = threading.Event(), threading.Event()

    def late() -> str:
        is_second.wait(20)
        return ""

    def second() -> str:
        is_second.set()
        hangs.wait(20)
        return ""

    limits = Limits(try_s=0.05, total_s=20.0, pause_s=0.001)
    (found,) = deliver([Place(late, second)], message, limits)
    hangs.set()
    assert (found.state, found.tries, found.error) == ("sent", 2, None)


def test_who_asks_for_more_time_than_there_is_is_not_tried_again(message: Message) -> None:
    busy = NotSentError("it answered 429", again=True, after_s=60.0)
    (found,) = deliver([Place(busy)], message, SHORT)
    assert (found.state, found.tries, found.error) == ("failed", 1, "it answered 429")


def test_a_defect_in_a_destination_is_told_and_not_tried_again(message: Message) -> None:
    (found,) = deliver([Place(ValueError("odd s3cret"))], message, SHORT)
    assert (found.state, found.tries, found.error) == ("failed", 1, "odd ***")


def test_where_no_thread_can_be_started_it_is_given_up(
    message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    (found,) = deliver([Place("")], message, SHORT)
    assert (found.state, found.tries, found.error) == ("failed", 0, "can't start new thread")


@pytest.mark.usefixtures("default_signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once(message: Message, number: signal.Signals) -> None:
    hangs = threading.Event()
    main = threading.get_ident()

    def hang() -> str:
        signal.pthread_kill(main, number)
        hangs.wait(20)
        return ""

    signals.install()
    found = deliver([Place(hang), Place("")], message, Limits())
    hangs.set()
    assert (found[0].state, found[0].error) == ("failed", f"stopped by {number.name}")


def test_what_happened_is_in_the_log(message: Message, caplog: pytest.LogCaptureFixture) -> None:
    places = [Place("", to="a"), Place(OSError("1"), OSError("2"), to="b"), Place("not x", to="c")]
    for outcome in deliver(places, message, SHORT):
        tell(outcome)
    told = {(each.levelname, each.message) for each in caplog.records}
    assert told == {
        ("INFO", "notified by slack: a"),
        ("WARNING", "not notified by slack: b: 2"),
        ("WARNING", "notified by slack: c (not x)"),
    }
