"""The file behind `logs/awx.log`."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pathlib import Path

SIZE_BYTES = 2_000_000
KEPT = 5
_OTHERS = 0o077


class PrivateRotatingFile(logging.handlers.RotatingFileHandler):
    """A file rotated by size that only its owner reads; a full disk does not end a run."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=SIZE_BYTES, backupCount=KEPT, encoding="utf-8")

    def _open(self) -> TextIO:  # type: ignore[override]  # the stub names a wider class
        stream = super()._open()
        with contextlib.suppress(OSError):
            if os.fstat(stream.fileno()).st_mode & _OTHERS:
                os.fchmod(stream.fileno(), 0o600)
        return stream

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Pass over what the disk refuses; anything else is a defect."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)
