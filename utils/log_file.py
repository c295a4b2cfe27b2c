"""The file behind `logs/awx.log`."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import logging.handlers
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper
    from pathlib import Path

SIZE_BYTES = 2_000_000
KEPT = 5
_OTHERS = 0o077


class PrivateRotatingFile(logging.handlers.RotatingFileHandler):
    """A file rotated by size that only its owner reads; a full disk does not end a run.

    Several runs may write it: one of them rotates it, and the others then open the new one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        super().__init__(path, maxBytes=SIZE_BYTES, backupCount=KEPT, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        with contextlib.suppress(OSError):
            if os.fstat(stream.fileno()).st_mode & _OTHERS:
                os.fchmod(stream.fileno(), 0o600)
        return stream

    def doRollover(self) -> None:  # noqa: N802
        """Rotate, unless another process has done so since we opened the file."""
        with _locked(self._path.parent):
            if self._is_current():
                super().doRollover()
            elif self.stream:
                self.stream.close()
                self.stream = self._open()

    def _is_current(self) -> bool:
        if not self.stream or not self._path.exists():
            return False
        return os.path.samestat(os.fstat(self.stream.fileno()), self._path.stat())

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Pass over what the disk refuses; anything else is a defect."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other processes out; the lock is the folder's, so that no file is left for it."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)
