"""What there is to know of the terminal: whether it is ours alone, and whether we are in front."""

from __future__ import annotations

import os
import signal
import stat
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from config import Settings


def has_place(settings: Settings) -> bool:
    """Tell whether standard error is a terminal, and nobody else writes to it at any moment."""
    if settings.quiet or settings.terminal == "dumb" or not sys.stderr or not sys.stderr.isatty():
        return False
    copies = [Path(path) for path in (settings.save, settings.save_log) if path]
    return not _is_piped() and not any(path.exists() and not path.is_file() for path in copies)


def _is_piped() -> bool:
    """Tell whether somebody reads standard output: `tee` or `less` would write in between."""
    try:
        mode = os.fstat(sys.stdout.fileno()).st_mode if sys.stdout else 0
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def shows_output() -> bool:
    """Tell whether what goes to standard output appears on the terminal of standard error."""
    if not sys.stdout or not sys.stdout.isatty():
        return False
    names = {os.ttyname(each.fileno()) for each in (sys.stdout, sys.stderr)}
    return len(names) == 1 or "/dev/tty" in names


def is_in_foreground() -> bool:
    """Tell whether the terminal is ours at the moment, not that of a shell that has put us away."""
    try:
        return os.tcgetpgrp(sys.stderr.fileno()) == os.getpgrp()
    except OSError:  # it is not the one that controls this process
        return True


def has_signs(settings: Settings, stream: TextIO | None = None) -> bool:
    """Tell whether it has more signs than ASCII; the console of Linux has few of them.

    `stream` is standard error unless given.
    """
    encoding = ((stream or sys.stderr).encoding or "").lower().replace("-", "")
    return encoding == "utf8" and settings.terminal != "linux"


@contextmanager
def before_stopping(tidy: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-Z first tidy up, and then stop the process as it does."""

    def stop(number: int, _frame: FrameType | None) -> None:
        tidy()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.signal(number, stop)  # once it goes on

    if signal.getsignal(signal.SIGTSTP) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTSTP, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
