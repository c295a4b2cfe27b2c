"""Ctrl-C, SIGTERM, SIGHUP and the deadline: an orderly end, held back where that would tear."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from utils.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_CODES = {
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
    signal.SIGHUP: ExitCode.TERMINATED,
    signal.SIGALRM: ExitCode.TIMED_OUT,
}


class Interrupted(BaseException):
    """The run was told to stop. No `except` for errors catches it: it ends what it meets."""

    def __init__(self, number: int) -> None:
        is_alarm = number == signal.SIGALRM
        name = signal.Signals(number).name
        super().__init__(
            "the time for it is over (--timeout)" if is_alarm else f"stopped by {name}"
        )
        self.number = number
        self.exit_code = _CODES[signal.Signals(number)]


class _State:
    held = 0
    pending: int | None = None


def install() -> None:
    """Turn the signals into `Interrupted`, raised where the program is at that moment."""
    for number in _CODES:
        # One that is ignored already stays so: `nohup` means it.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _handle)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise `Interrupted` (its code is TIMED_OUT) where the block takes longer; 0 is no limit."""
    if not seconds:
        yield
        return
    signal.signal(signal.SIGALRM, _handle)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def left_s() -> float:
    """Return the seconds until the deadline, 0 where there is none."""
    return signal.getitimer(signal.ITIMER_REAL)[0]


def _handle(number: int, _frame: FrameType | None) -> None:
    # Who asks a second time does not want to wait for AWX; the clock is nobody.
    if not _State.held:
        raise Interrupted(number)
    if _State.pending in {None, signal.SIGALRM}:
        _State.pending = number
    elif number in {signal.SIGINT, signal.SIGTERM}:
        raise Interrupted(number)


@contextmanager
def let_through() -> Iterator[None]:
    """Let signals through within a block of `held`, where waiting leaves nothing torn apart."""
    held_before, _State.held = _State.held, 0
    try:
        _raise_pending()
        yield
    finally:
        _State.held = held_before


@contextmanager
def held() -> Iterator[None]:
    """Hold a first signal back until the block is over; a second one ends it at once.

    For a request that makes or ends something in AWX, and the lines that remember it.
    """
    _State.held += 1
    try:
        yield
    finally:
        _State.held -= 1
        _raise_pending()


def taken() -> Interrupted | None:
    """Return the signal that is held back, None for none; it is raised no more."""
    number, _State.pending = _State.pending, None
    return None if number is None else Interrupted(number)


def _raise_pending() -> None:
    if not _State.held and (found := taken()):
        raise found
