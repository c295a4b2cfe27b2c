"""The log of a job, written as its output comes while it is followed."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from utils import job_text, logger, output, signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import FileIO
    from pathlib import Path


log = logger.get("log")

# So much a pipe takes whole or not at all (PIPE_BUF on Linux; elsewhere it may be less).
PIECE_BYTES = 4096


class JobLog:
    """Shows a job's text and writes it to a file, without colours; `show` may be None.

    The file is there whole (`keep`) or not at all. Until then it is `part`, where one is given:
    that stays when the process ends, and has what was shown, so that who goes on with it shows
    only what comes after. A job's end must not depend on a disk, so trouble with it is told, and
    the rest only shown. `in_order` says whether the text comes in the same order each time.
    """

    def __init__(
        self,
        path: Path,
        show: Callable[[bytes], None] | None,
        part: Path | None = None,
        *,
        in_order: bool = True,
    ) -> None:
        self._path = path
        self._show = show
        self._is_resumable = part is not None
        self._part = part or path.with_name(f".{path.name}.{os.getpid()}")
        self._file: FileIO | None = None
        self._shown = _InOrder() if in_order else _InAnyOrder()
        with self._telling():
            self._file = self._opened()

    def _opened(self) -> FileIO:
        for path in (self._path, self._part):
            path.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(self._part, os.O_CREAT | os.O_RDWR, 0o600)
        # Without a buffer: what was shown is in the file whatever becomes of this process.
        file = os.fdopen(number, "r+b", buffering=0)
        if not self._is_resumable:
            file.truncate()
        self._shown.read(file)
        return file

    def __enter__(self) -> JobLog:  # noqa: PYI034  # typing has no Self before 3.11
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_resumable:
            self.discard()
        elif self._file:
            self._file.close()
            self._file = None

    def __call__(self, text: bytes) -> None:
        """Take the text of one event."""
        if self._file and not (text := self._shown.without(text, self._file)):
            return
        for piece in _pieces(text):
            if self._show:
                output.wait_until_taken()
            # Both or none: what was shown is never shown again.
            with signals.held():
                if self._show:
                    self._show(piece)
                with self._telling():
                    self._write(job_text.plain(piece))

    def _write(self, text: bytes) -> None:
        while self._file and text:
            text = text[self._file.write(text) :]

    def keep(self, *, is_whole: bool = True) -> Path | None:
        """Put the file in its place; return where it is, None where it could not be written.

        What is not whole takes no other log's place.
        """
        if not self._file:
            return None
        if not is_whole and self._path.exists():
            log.warning("%s is from before, and kept as it was", self._path)
            self.discard()
            return self._path
        kept = None
        with self._telling():
            os.fsync(self._file.fileno())
            self._part.replace(self._path)
            self._file.close()
            self._file, kept = None, self._path
        return kept

    def discard(self) -> None:
        """Do without the file."""
        if self._file:
            self._file.close()
            self._file = None
            with suppress(OSError):
                self._part.unlink()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Do without the file where it cannot be written: it would have a gap."""
        try:
            yield
        except OSError as error:
            log.warning("cannot save the output in %s: %s", self._path, error.strerror or error)
            self.discard()


def _pieces(text: bytes) -> Iterator[bytes]:
    """Cut text at ends of lines, so that a pipe takes each piece whole or not at all.

    Else one that a slow reader holds up would be shown in part, and again, if the process is killed
    meanwhile. A line that is longer is a piece all the same.
    """
    start = 0
    while len(text) - start > PIECE_BYTES:
        end = text.rfind(b"\n", start, start + PIECE_BYTES) + 1
        end = end or text.find(b"\n", start) + 1 or len(text)
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


class _InOrder:
    """What was shown before of a job whose text comes in the same order each time."""

    def read(self, file: FileIO) -> None:
        """Begin with what the file has."""
        self._left = file.seek(0, os.SEEK_END)
        file.seek(0)

    def without(self, text: bytes, file: FileIO) -> bytes:
        """Return what of that text was not shown; the file is then at its end."""
        if not self._left:
            return text
        plain = job_text.plain(text)
        there = file.read(len(plain))
        if there == plain:
            self._left -= len(there)
            return b""
        # This event was under way when the process ended: some of its lines were shown.
        known = there[: there.rfind(b"\n") + 1] if plain.startswith(there) else b""
        file.seek(len(known) - len(there), os.SEEK_CUR)
        file.truncate()
        self._left = 0
        return text.split(b"\n", known.count(b"\n"))[-1]


class _InAnyOrder(_InOrder):
    """What was shown before of a workflow, whose jobs' lines may mix in another way."""

    def read(self, file: FileIO) -> None:
        """Begin with what the file has, up to its last whole line."""
        lines, _, _ = file.read().rpartition(b"\n")
        self._lines = Counter(lines.split(b"\n") if lines else [])
        file.truncate(file.seek(len(lines) + 1 if lines else 0))

    def without(self, text: bytes, file: FileIO) -> bytes:
        """Return the lines of that text that were not shown."""
        del file
        return b"".join(
            line + b"\n" for line in text.removesuffix(b"\n").split(b"\n") if self._is_new(line)
        )

    def _is_new(self, line: bytes) -> bool:
        plain = job_text.plain(line)
        is_new = self._lines[plain] <= 0
        self._lines[plain] -= not is_new
        return is_new
