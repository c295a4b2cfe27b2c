"""Moving away a file that is none of ours, or is broken, so that nothing of it is lost."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

from utils import logger

if TYPE_CHECKING:
    from pathlib import Path

log = logger.get("store")

# What SQLite keeps beside a database: without them it may lack what was written last.
BESIDE = ("", "-wal", "-shm", "-journal")


def inode(path: Path) -> int | None:
    """Return what tells a file from one that takes its place; None where there is none."""
    with suppress(OSError):
        return path.stat().st_ino
    return None


def put(path: Path, problem: str, found: int | None = None) -> None:
    """Move a database and what belongs to it to a free name, and say so.

    `found` is the inode of the broken one: where another process has put that aside already, the
    new one is left alone. Raises OSError.
    """
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if found is not None and inode(path) != found:
            return
        names = (path.with_name(f"{path.name}.aside{number or ''}") for number in count())
        target = next(name for name in names if not name.exists())
        for ending in BESIDE:
            with suppress(FileNotFoundError):
                path.with_name(path.name + ending).replace(target.with_name(target.name + ending))
    finally:
        os.close(folder)
    log.warning("%s is put aside as %s: %s", path, target.name, problem)
