"""Ctrl-C and SIGTERM as an orderly end, held back while something must not be torn apart."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from utils.errors import AppError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_CODES = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


class Interrupted(AppError):
    """The run was told to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.exit_code = _CODES[signal.Signals(number)]


class _State:
    held = 0
    pending: int | None = None


def install() -> None:
    """Turn both signals into `Interrupted`, raised where the program is at that moment."""
    for number in _CODES:
        signal.signal(number, _handle)


def _handle(number: int, _frame: FrameType | None) -> None:
    # A second signal must not cut the cleaning up after the first one short of its word.
    if _State.held:
        _State.pending = number
    else:
        raise Interrupted(number)


@contextmanager
def held() -> Iterator[None]:
    """Hold a signal back until the block is over: what it makes is noted before anything ends.

    For a request that makes something in AWX (a token, a job) and the lines that remember it.
    """
    _State.held += 1
    try:
        yield
    finally:
        _State.held -= 1
        if not _State.held and _State.pending is not None:
            number, _State.pending = _State.pending, None
            raise Interrupted(number)
