"""Standard output: what was asked for, as bytes, as it comes."""

from __future__ import annotations

import errno
import os
import select
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logger.get("output")


class _State:
    above: Callable[[bytes], bool] | None = None
    is_unread: bool = False


@contextmanager
def through(above: Callable[[bytes], bool]) -> Iterator[None]:
    """Let a running job's output go by that, as long as it says that it can."""
    _State.above = above
    try:
        yield
    finally:
        _State.above = None


def result(data: bytes | str) -> None:
    """Write a result. A reader who went away (`| head`) is no error; a full disk is."""
    problem = _write(data)
    if problem:
        raise UsageError(f"cannot write standard output: {problem.strerror}")


def live(data: bytes) -> None:
    """Write a running job's output; whatever happens to standard output, the run goes on."""
    if _State.above and _State.above(data):
        return
    problem = _write(data)
    if problem:
        log.warning("cannot write standard output (%s): the run goes on", problem.strerror)
        _to_nowhere()


def wait_until_taken() -> None:
    """Wait until standard output takes more, where it is a pipe or a terminal that may be held up.

    It then takes a piece of PIPE_BUF at once: a signal comes through while this waits, not while
    that is written.
    """
    if sys.stdout is None:
        return
    try:
        number = sys.stdout.fileno()
        if stat.S_ISREG(os.fstat(number).st_mode):
            return
        poll = select.poll()
        poll.register(number, select.POLLOUT)
    except (OSError, ValueError):
        return
    poll.poll()


def is_terminal() -> bool:
    """Tell whether standard output is shown as it comes."""
    return bool(sys.stdout and sys.stdout.isatty())


def is_unread() -> bool:
    """Tell whether whoever read standard output has gone away."""
    return _State.is_unread


def let_go() -> None:
    """Forget what standard output and error do not take any more.

    Python would try to write it at its own end, and exit with 120 where it cannot.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream:
                stream.flush()
        except (OSError, ValueError):  # full, or gone; closed
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _write(data: bytes | str) -> OSError | None:
    if sys.stdout is None:
        return OSError(errno.EBADF, "it is closed")
    try:
        sys.stdout.buffer.write(data.encode() if isinstance(data, str) else data)
        sys.stdout.buffer.flush()
        _State.is_unread = False
    except BrokenPipeError:
        _State.is_unread = True
        _to_nowhere()
    except OSError as error:
        return error
    return None


def _to_nowhere() -> None:
    """Let further output vanish, also what Python flushes at its own end."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  # for the rest of the run
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
