"""The log of a job, written as its output comes while it is followed."""

from __future__ import annotations

from contextlib import ExitStack
from typing import IO, TYPE_CHECKING

from utils import job_text, logger
from utils.errors import UsageError
from utils.files import replacing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


log = logger.get("log")


class _DiscardedError(Exception):
    """What was written is not all of the output, and must not be left as if it were."""


class JobLog:
    """Shows a job's text and writes it to a file, without colours; `show` may be None.

    The file is there whole (`keep`) or not at all. A job's end must not depend on a disk, so
    trouble with it is told, and the rest only shown.
    """

    def __init__(self, path: Path, show: Callable[[bytes], None] | None) -> None:
        self._path = path
        self._show = show
        self._stack = ExitStack()
        self._file: IO[bytes] | None = None
        try:
            self._file = self._stack.enter_context(replacing(path))
        except UsageError as error:
            log.warning("%s", error)

    def __enter__(self) -> JobLog:  # noqa: PYI034  # typing has no Self before 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.__exit__(_DiscardedError, _DiscardedError(), None)

    def __call__(self, text: bytes) -> None:
        """Take the text of one event."""
        if self._show:
            self._show(text)
        if self._file:
            try:
                self._file.write(job_text.plain(text))
            except OSError as error:
                log.warning("cannot save the output: %s", error.strerror)
                self._file = None

    def keep(self, *, is_whole: bool = True) -> Path | None:
        """Put the file in its place; return where it is, None where it could not be written.

        What is not whole takes no other log's place.
        """
        if not self._file:
            return None
        if not is_whole and self._path.exists():
            log.warning("%s is from before, and kept as it was", self._path)
            return self._path
        try:
            self._stack.close()
        except UsageError as error:
            log.warning("%s", error)
            return None
        return self._path
