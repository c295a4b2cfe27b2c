"""Standard output: what was asked for, as bytes, as it comes."""

from __future__ import annotations

import os
import sys

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
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
