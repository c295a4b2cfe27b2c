"""The file behind `logs/awx.log`."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper
    from pathlib import Path

SIZE_BYTES = 2_000_000
KEPT = 5
_OTHERS = 0o077


class PrivateRotatingFile(logging.FileHandler):
    """A file rotated by size that only its owner reads; a full disk does not end a run.

    Several runs may write it: one of them rotates it, and the others then open the new one. The
    standard library's own rotates as well, but to load it takes a twentieth of a short run.
    """

    # Opened at once, unlike what the base class may do.
    stream: TextIOWrapper

    def __init__(self, path: Path) -> None:
        self._path = path
        super().__init__(path, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        with contextlib.suppress(OSError):
            if os.fstat(stream.fileno()).st_mode & _OTHERS:
                os.fchmod(stream.fileno(), 0o600)
        return stream

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, to a new file where this one would become too long."""
        try:
            line = self.format(record) + self.terminator
            if os.fstat(self.stream.fileno()).st_size + len(line.encode()) > SIZE_BYTES:
                self._rotate()
            self.stream.write(line)
            self.flush()
        except Exception:  # noqa: BLE001  # handleError tells them apart
            self.handleError(record)

    def _rotate(self) -> None:
        """Rotate, unless another process has done so since we opened the file."""
        with _locked(self._path.parent):
            is_current = self._is_current()
            self.stream.close()
            if is_current:
                folder, name = self._path.parent, self._path.name
                files = [self._path, *(folder / f"{name}.{n}" for n in range(1, KEPT + 1))]
                # The oldest goes first, and each then takes the name of the one before it.
                for newer, older in reversed(list(pairwise(files))):
                    with contextlib.suppress(FileNotFoundError):
                        newer.replace(older)
            self.stream = self._open()

    def _is_current(self) -> bool:
        if not self._path.exists():
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
