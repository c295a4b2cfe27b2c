from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from utils import signals
from utils.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

BOTH = pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)],
)


@pytest.fixture(autouse=True)
def _installed() -> Iterator[None]:
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    signals.install()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@BOTH
def test_a_signal_ends_the_run_with_its_code(number: signal.Signals, code: ExitCode) -> None:
    with pytest.raises(signals.Interrupted, match=f"stopped by {number.name}") as error:
        signal.raise_signal(number)
    assert error.value.exit_code == code


@BOTH
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


def test_without_a_signal_nothing_happens() -> None:
    with signals.held():
        pass
