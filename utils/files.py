"""Files that are whole or not there, and that only their owner reads unless they are for others."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from utils.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replacing(path: Path, *, for_others: bool = False) -> Iterator[IO[bytes]]:
    """Write a file beside its place and move it there when all is written.

    Its mode is 0600, or where it is `for_others` that of the file that was there, else what the
    umask lets through. What is no regular file (a device, a pipe) is written as it is, and a link
    leads to its target. Raises UsageError where it cannot be written; what was there before is then
    untouched.
    """
    try:
        # Before it is resolved: what stands behind /dev/fd/N or /dev/stdout may have no name.
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                yield stream
            return
        with _beside(_resolved(path), for_others=for_others) as stream:
            yield stream
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError:  # what Python before 3.13 says of links that lead in a circle
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None


@contextmanager
def _beside(target: Path, *, for_others: bool) -> Iterator[IO[bytes]]:
    from tempfile import mkstemp  # noqa: PLC0415  # slow, and not for --help

    target.parent.mkdir(parents=True, exist_ok=True)
    number, name = mkstemp(dir=target.parent, prefix=f".{target.name}.")
    part = Path(name)
    try:
        with os.fdopen(number, "wb") as stream:
            if for_others:
                os.fchmod(number, _usual_mode(target))
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
        _sync_folder(target.parent)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _usual_mode(target: Path) -> int:
    """Return the mode that any other program would leave this file with."""
    with suppress(FileNotFoundError):
        return target.stat().st_mode & 0o777
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask


def _sync_folder(folder: Path) -> None:
    """Put on disk that the file is there; some file systems cannot, and do it anyway."""
    number = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(number)
    finally:
        os.close(number)


def check_writable(path: str, source: str) -> None:
    """Raise UsageError where a file could not be written, before anything is done for it.

    `-` is standard output.
    """
    if path == "-":
        return
    from tempfile import TemporaryFile  # noqa: PLC0415  # slow, and not for --help

    target = Path(path)
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            if not os.access(target, os.W_OK):
                raise PermissionError(errno.EACCES, "permission denied")
            return
        target = _resolved(target)
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        # A trial, since a permission says little to root and nothing of what the place is.
        with TemporaryFile(dir=target.parent):
            pass
    except (FileNotFoundError, NotADirectoryError):
        problem = f"there is no folder {target.parent}"
    except OSError as error:
        problem = str(error.strerror)
    else:
        return
    raise UsageError(f"{source}: cannot write {path}: {problem}")
