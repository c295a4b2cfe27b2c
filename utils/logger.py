"""Logging for the whole program: what a person reads on stderr, and all of it in `logs/`."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from utils.errors import UsageError
from utils.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    _StreamHandler = logging.StreamHandler[TextIO]
else:  # Python 3.10 has no subscript for it
    _StreamHandler = logging.StreamHandler

_COLOURS = {logging.WARNING: "\x1b[33m", logging.ERROR: "\x1b[31m", logging.CRITICAL: "\x1b[31m"}
_TIME_FORMAT = "%Y-%m-%dT%H:%M:%S%z"


def get(name: str) -> logging.Logger:
    """Return the logger of a module, below the one that `configure` sets up."""
    return logging.getLogger(f"awx.{name}")


def configure(*, verbose: bool = False, quiet: bool = False, color: bool = False) -> None:
    """Set up stderr. `verbose` adds detail; `quiet` leaves warnings and errors."""
    root = logging.getLogger("awx")
    root.setLevel(logging.DEBUG)
    root.propagate = False
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    level = logging.DEBUG if verbose else logging.INFO
    if sys.stderr:  # None where the caller closed it
        console = _Stderr(sys.stderr)
        console.setLevel(logging.WARNING if quiet else level)
        console.setFormatter(_ForPerson(terminal=sys.stderr.isatty(), color=color))
        root.addHandler(console)
    root.addHandler(_Collector())


def log_to_file(directory: Path, source: str) -> None:
    """Add `awx.log` in that folder: everything, rotated by size, readable by the owner only.

    Raises UsageError where the folder cannot be made or written; `source` is where it came from.
    """
    from utils.log_file import PrivateRotatingFile  # noqa: PLC0415  # slow, and not for --help

    path = directory / "awx.log"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handler = PrivateRotatingFile(path)
    except OSError as error:
        raise UsageError(
            f"cannot write {path} ({source}): {error.strerror}; name another with --log-dir"
        ) from None
    line = "%(asctime)s %(levelname)s %(name)s %(message)s"
    handler.setFormatter(logging.Formatter(line, _TIME_FORMAT))
    logging.getLogger("awx").addHandler(handler)


def warnings() -> list[str]:
    """Return the warnings since `configure`, for the summary of a run."""
    for handler in logging.getLogger("awx").handlers:
        if isinstance(handler, _Collector):
            return handler.messages
    return []


def drop_stderr() -> None:
    """Stop writing to a stderr that is gone, so that the rest of the work can be finished."""
    root = logging.getLogger("awx")
    for handler in root.handlers[:]:
        if isinstance(handler, _Stderr):
            root.removeHandler(handler)


@contextmanager
def through(stream: TextIO) -> Iterator[None]:
    """Let what is for stderr go to another stream, while there is more on the terminal."""
    handlers = [each for each in logging.getLogger("awx").handlers if isinstance(each, _Stderr)]
    before = [each.setStream(stream) for each in handlers]
    try:
        yield
    finally:
        for handler, old in zip(handlers, before, strict=True):
            handler.setStream(old or stream)


class _Stderr(_StreamHandler):
    """Standard error; a closed one ends the talking, not the run."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        if isinstance(sys.exc_info()[1], OSError):
            drop_stderr()
        else:
            super().handleError(record)


class _Collector(logging.Handler):
    """Keeps warnings for the summary."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno == logging.WARNING:
            self.messages.append(record.getMessage())


class _ForPerson(logging.Formatter):
    """One line for stderr, never a traceback: times in a pipe, colour on a terminal."""

    def __init__(self, *, terminal: bool, color: bool) -> None:
        super().__init__(datefmt=_TIME_FORMAT)
        self._terminal = terminal
        self._color = color

    def format(self, record: logging.LogRecord) -> str:
        text = printable(record.getMessage())
        if record.levelno >= logging.WARNING:
            text = f"{record.levelname.lower()}: {text}"
        if not self._terminal:
            return f"{self.formatTime(record, self.datefmt)} {text}"
        start = _COLOURS.get(record.levelno, "") if self._color else ""
        return f"{start}{text}\x1b[0m" if start else text
