"""A terminal for tests: a pseudo terminal with an emulator behind it, as a person would see it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import termios
import time
from typing import TYPE_CHECKING

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_S = 60.0


class Emulator:
    """What bytes look like on a terminal of that size, with all that has scrolled away."""

    def __init__(self, columns: int, rows: int) -> None:
        self.screen = pyte.HistoryScreen(columns, rows, history=100_000)
        self._stream = pyte.ByteStream(self.screen)

    def feed(self, data: bytes) -> None:
        self._stream.feed(data)

    @property
    def rows(self) -> list[str]:
        """Return what is on the screen now."""
        return [row.rstrip() for row in self.screen.display]

    @property
    def everything(self) -> list[str]:
        """Return all rows from the first on, those that have scrolled away too."""
        gone = [
            "".join(row[x].data for x in range(self.screen.columns)).rstrip()
            for row in self.screen.history.top
        ]
        return "\n".join(gone + self.rows).rstrip("\n").split("\n")


class Terminal(Emulator):
    """A pseudo terminal: `theirs` is for the program, and what it writes is looked at."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows)
        self.ours, self.theirs = pty.openpty()
        self.raw = b""
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def type(self, text: str) -> None:
        """Type something at the keyboard."""
        os.write(self.ours, text.encode())

    def look(self, seconds: float = 0.02) -> bool:
        """Take in what was written; tell whether anything can come any more."""
        if not select.select([self.ours], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.ours, 1 << 16)
        except OSError:  # the program is gone
            return False
        self.raw += data
        self.feed(data)
        return bool(data)

    def until(self, happened: Callable[[], object]) -> None:
        """Look until that is so."""
        deadline = time.monotonic() + LONGEST_S
        while not happened():
            assert self.look(), "it ended before:\n" + "\n".join(self.everything)
            assert time.monotonic() < deadline, "it never happened:\n" + "\n".join(self.rows)

    def until_end(self) -> None:
        """Look until nobody has `theirs` open any more."""
        deadline = time.monotonic() + LONGEST_S
        while self.look():
            assert time.monotonic() < deadline, "it does not end"
        os.close(self.ours)


def rendered(data: bytes, columns: int, rows: int) -> list[str]:
    """Return all rows that such bytes fill, had nothing else been written between them."""
    emulator = Emulator(columns, rows)
    emulator.feed(data.replace(b"\n", b"\r\n"))
    return emulator.everything


def in_order(rows: list[str], among: list[str]) -> bool:
    """Tell whether these rows are there, in that order, whatever else is between them."""
    rest = iter(among)
    return all(row in rest for row in rows)
