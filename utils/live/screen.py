"""A terminal whose last lines are drawn anew again and again, while text scrolls above them.

Not rich's own `Live`: that one erases as many rows as it has drawn, which is wrong once a terminal
was made narrower and has wrapped them; it draws with every line of output; and it does not expect
an exception in the middle of it, as Ctrl-C is one here.

The cursor rests before the region, on an empty row of its own, where the next output goes. So
erasing is always "from the cursor on": it needs no count of rows, it never reaches what was printed
before, and a process that is killed leaves nothing to be restored.
"""

from __future__ import annotations

import os
import re
import select
import threading
import time
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

from utils import signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TextIO

# Text that comes faster than that is written in larger pieces: each costs a drawing.
PAUSE_S = 0.05
HELD_AT_MOST_BYTES = 1 << 16
ERASE_REST_OF_LINE, ERASE_BELOW = b"\x1b[K", b"\x1b[J"
# A line that a terminal finds wider than we do must not take two rows.
NO_WRAP, WRAP = b"\x1b[?7l", b"\x1b[?7h"
PLAIN = b"\x1b[0m"
_COLOUR = re.compile(rb"\x1b\[([\d;:]*)m")
COLOURS_AT_MOST = 8


class Screen:
    """The terminal behind a stream: text goes `above` the region that is drawn last.

    Both may be called by several threads. A terminal that is gone closes it, and nothing is raised.
    It is a text stream itself, for the handler of a logger.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._number = stream.fileno()
        self._clock = clock
        # Not a plain lock: the main thread may be in here when it is told to stop for a while.
        self._lock = threading.RLock()
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._written = clock() - PAUSE_S
        self._lines: list[bytes] = []
        self._is_drawn = False
        self._colours = b""
        self.is_open = True

    def above(self, text: bytes) -> bool:
        """Write whole lines above the region; tell whether that is possible (still).

        A line that is not whole yet is held until it is, or until the end.
        """
        with self._alone():
            if not self.is_open:
                return False
            self._held.append(text)
            self._held_bytes += len(text)
            is_due = self._clock() - self._written >= PAUSE_S
            if is_due or self._held_bytes > HELD_AT_MOST_BYTES:
                self._write_out()
            return True

    def draw(self, lines: Sequence[str]) -> None:
        """Draw the region as these lines, none of them wider than the terminal."""
        with self._alone():
            if self.is_open:
                self._lines = [line.encode(self._encoding, "replace") for line in lines]
                self._write_out()

    def close(self) -> None:
        """Write what is held, and take the region away."""
        with self._alone():
            if self.is_open:
                self._lines = []
                self._write_out()
                if rest := b"".join(self._held):
                    self._put(self._colours + rest)
                self.is_open = False

    def write(self, text: str) -> int:
        """Write a logger's lines."""
        if not self.above(text.encode(self._encoding, "backslashreplace")):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Do nothing where the region is: it is written soon enough; nor where nobody is left."""
        if not self.is_open:
            with suppress(OSError):
                self._stream.flush()

    @property
    def _encoding(self) -> str:
        return self._stream.encoding or "utf-8"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads out, and a first signal until what is on the screen is known again."""
        is_main = threading.current_thread() is threading.main_thread()
        with signals.held() if is_main else nullcontext(), self._lock:
            yield

    def _write_out(self) -> None:
        """Write what is held, as far as its lines are whole, and the region, in one go."""
        text, newline, rest = b"".join(self._held).rpartition(b"\n")
        self._held, self._held_bytes = [rest], len(rest)
        parts = [b"\r"] if self._is_drawn else []
        if self._is_drawn and (newline or not self._lines):
            parts.append(ERASE_BELOW)
        if newline:
            text = self._colours + text + newline
            # What one line has coloured goes on after the region, which has colours of its own.
            self._colours = colours_at_end(text)
            parts += [text, PLAIN] if self._colours else [text]
        parts.append(self._region())
        # In doubt it is not there: better a remainder of it on the screen than output erased.
        self._is_drawn = False
        self._put(b"".join(parts))
        self._is_drawn = bool(self._lines)

    def _region(self) -> bytes:
        """Return what draws it over itself, so that it does not flicker, and goes back before it.

        Nothing is left to erase of what was there before.
        """
        if not self._lines:
            return b""
        rows = [ERASE_REST_OF_LINE + b"\n" + line for line in self._lines]
        rows.append(ERASE_REST_OF_LINE + ERASE_BELOW)
        return b"".join((NO_WRAP, *rows, WRAP, b"\r\x1b[%dA" % len(self._lines)))

    def _put(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                try:
                    rest = rest[os.write(self._number, rest) :]
                except BlockingIOError:  # somebody who shares the terminal has made it so
                    select.select([], [self._number], [])
        except OSError:
            self.is_open = False
        self._written = self._clock()


def colours_at_end(text: bytes) -> bytes:
    """Return the sequences whose colours still hold at the end of a text."""
    found: list[bytes] = []
    for match in _COLOUR.finditer(text, text.rfind(PLAIN) + 1):
        if match[1] in {b"", b"0"}:
            found.clear()
        else:
            found.append(match[0])
    return b"".join(found[-COLOURS_AT_MOST:])
