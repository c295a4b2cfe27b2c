"""The last of a job's output: a few lines to read, and more of it to send along."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from utils import job_text
from utils.printable import printable

if TYPE_CHECKING:
    from pathlib import Path

LINES = 20
LONGEST_LINE = 400
MOST_BYTES = 200_000


@dataclass(frozen=True)
class Excerpt:
    """The last `lines` of an output, and `text`: all of it, or the last 200 kB.

    `path` is the file with the whole, of `size_bytes`.
    """

    lines: tuple[str, ...] = ()
    text: str = field(default="", repr=False)
    path: str = ""
    size_bytes: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether `text` is only the end of it."""
        return self.size_bytes > MOST_BYTES


def read(path: Path | None) -> Excerpt:
    """Return the last of a file with a job's output; an empty one where it cannot be read."""
    try:
        if not path:
            return Excerpt()
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(size - MOST_BYTES, 0))
            content = file.read(MOST_BYTES)
    except OSError:
        return Excerpt()
    if size > MOST_BYTES:  # the first line is hardly a whole one
        content = content.partition(b"\n")[2] or content
    text = job_text.plain(content).decode(errors="replace")
    lines = [_short(each) for each in text.split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    kept = "\n".join(_one_line(each) for each in text.split("\n"))
    return Excerpt(tuple(lines[-LINES:]), kept, str(path), size)


def _one_line(line: str) -> str:
    """Return a line without what a terminal would obey; tabs stay."""
    return "\t".join(map(printable, line.removesuffix("\r").split("\t")))


def _short(line: str) -> str:
    line = _one_line(line).expandtabs().rstrip()
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"
