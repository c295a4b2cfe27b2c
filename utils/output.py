"""Standard output: what was asked for, as bytes, as it comes."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from utils import logger
from utils.errors import UsageError

log = logger.get("output")


def result(data: bytes | str) -> None:
    """Write a result. A reader who went away (`| head`) is no error; a full disk is."""
    problem = _write(data)
    if problem:
        raise UsageError(f"cannot write standard output: {problem.strerror}")


def live(data: bytes) -> None:
    """Write a running job's output; whatever happens to standard output, the run goes on."""
    problem = _write(data)
    if problem:
        log.warning("cannot write standard output (%s): the run goes on", problem.strerror)
        _to_nowhere()


def _write(data: bytes | str) -> OSError | None:
    if sys.stdout is None:
        return OSError(errno.EBADF, "it is closed")
    try:
        sys.stdout.buffer.write(data.encode() if isinstance(data, str) else data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
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
