from __future__ import annotations

import signal

import pytest

from utils import signals
from utils.errors import ExitCode

EACH = pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, ExitCode.INTERRUPTED),
        (signal.SIGTERM, ExitCode.TERMINATED),
        (signal.SIGHUP, ExitCode.TERMINATED),
    ],
)


@pytest.fixture(autouse=True)
def _installed(default_signals: None) -> None:
    del default_signals
    signals.install()


@EACH
def test_a_signal_ends_the_run_with_its_code(number: signal.Signals, code: ExitCode) -> None:
    with pytest.raises(signals.Interrupted, match=f"stopped by {number.name}") as error:
        signal.raise_signal(number)
    assert error.value.exit_code == code


@EACH
def test_one_that_is_held_comes_after_the_block(number: signal.Signals, code: ExitCode) -> None:
    passed: list[str] = []

    def hold() -> None:
        with signals.held():
            signal.raise_signal(number)
            passed.append("in the block")
        passed.append("after it")

    with pytest.raises(signals.Interrupted) as error:
        hold()
    assert passed == ["in the block"]
    assert error.value.exit_code == code


def test_blocks_within_blocks_hold_until_the_outermost_ends() -> None:
    passed: list[str] = []

    def hold() -> None:
        with signals.held():
            with signals.held():
                signal.raise_signal(signal.SIGTERM)
            passed.append("after the inner one")

    with pytest.raises(signals.Interrupted):
        hold()
    assert passed == ["after the inner one"]


def test_an_error_in_the_block_does_not_swallow_the_signal() -> None:
    def hold() -> None:
        with signals.held():
            signal.raise_signal(signal.SIGINT)
            raise RuntimeError("lost")

    with pytest.raises(signals.Interrupted) as error:
        hold()
    assert isinstance(error.value.__context__, RuntimeError)


def test_a_held_signal_comes_once() -> None:
    with pytest.raises(signals.Interrupted), signals.held():
        signal.raise_signal(signal.SIGINT)
    with signals.held():
        pass


def test_a_second_signal_while_the_first_is_held_comes_at_once() -> None:
    passed: list[str] = []

    def hold() -> None:
        with signals.held():
            signal.raise_signal(signal.SIGINT)
            passed.append("after the first")
            signal.raise_signal(signal.SIGINT)
            passed.append("after the second")

    with pytest.raises(signals.Interrupted):
        hold()
    assert passed == ["after the first"]


def test_after_a_second_signal_the_next_block_holds_again() -> None:
    passed: list[int] = []

    def hold(count: int) -> None:
        with signals.held():
            for number in range(count):
                signal.raise_signal(signal.SIGTERM)
                passed.append(number)

    with pytest.raises(signals.Interrupted):
        hold(2)
    with pytest.raises(signals.Interrupted):
        hold(1)
    assert passed == [0, 0]


def test_what_catches_errors_does_not_catch_it() -> None:
    def work() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except Exception:  # noqa: BLE001  # as a library might
            pytest.fail("it was taken for an error")

    with pytest.raises(signals.Interrupted):
        work()


def test_a_signal_that_is_ignored_stays_so() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signals.install()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    signal.raise_signal(signal.SIGHUP)
    with pytest.raises(signals.Interrupted):
        signal.raise_signal(signal.SIGTERM)


def test_without_a_signal_nothing_happens() -> None:
    with signals.held():
        pass


@pytest.mark.usefixtures("default_signals")
@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ((signal.SIGALRM, signal.SIGINT, signal.SIGALRM), 130),
        ((signal.SIGHUP, signal.SIGALRM, signal.SIGHUP), 143),
        ((signal.SIGALRM, signal.SIGALRM), 7),
    ],
)
def test_the_clock_and_a_closed_window_are_nobody_who_asks_twice(
    numbers: tuple[signal.Signals, ...], code: int
) -> None:
    def hold() -> None:
        with signals.deadline(60.0), signals.held():
            for number in numbers:
                signal.raise_signal(number)

    signals.install()
    with pytest.raises(signals.Interrupted) as error:
        hold()
    assert error.value.exit_code == code


@pytest.mark.usefixtures("default_signals")
def test_a_signal_comes_through_where_it_is_let_and_no_further() -> None:
    begun = []

    def wait() -> None:
        with signals.held():
            signal.raise_signal(signal.SIGTERM)
            begun.append("held")
            with signals.let_through():
                begun.append("let through")

    signals.install()
    with pytest.raises(signals.Interrupted):
        wait()
    assert begun == ["held"]
