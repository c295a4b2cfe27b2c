"""A job's output put in order: its events come late, out of order, and some of them twice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from utils import job_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from utils.record import Record

HELD_AT_MOST_BYTES = 8_000_000


class Transcript:
    """Shows each event once, in order of counter, as soon as all before it were shown.

    What comes behind a hole is held, up to a bound; beyond it is dropped, since it can be asked
    for again. `clock` is in seconds.
    """

    def __init__(
        self, show: Callable[[bytes], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.last = 0
        self.missing = 0
        self._show = show
        self._clock = clock
        self._held: dict[int, bytes] = {}
        self._held_bytes = 0
        self._dropped = False
        self._hole_since = 0.0

    def take(self, events: Iterable[Record]) -> bool:
        """Take events as they come; tell whether there was anything to show."""
        before = self.last
        for event in events:
            counter = event.integer("counter")
            text = job_text.of_event(event.maybe_text("stdout"))
            if counter == self.last + 1:
                self._show_one(counter, text)
                self._show_held()
            elif counter > self.last:
                self._hold(counter, text)
        return self.last > before

    @property
    def has_hole(self) -> bool:
        """Whether something came that cannot be shown yet."""
        return bool(self._held) or self._dropped

    @property
    def hole_age_s(self) -> float:
        """How long the present hole is there; 0 without one."""
        return self._clock() - self._hole_since if self.has_hole else 0.0

    def show_over_holes(self) -> None:
        """Show what was held, for want of what should stand before it, and count that."""
        for counter in sorted(self._held):
            self.missing += counter - self.last - 1
            self._show_one(counter, self._held[counter])
        self._held.clear()
        self._held_bytes = 0
        self._dropped = False

    def _hold(self, counter: int, text: bytes) -> None:
        if not self.has_hole:
            self._hole_since = self._clock()
        if counter in self._held:
            return
        if self._held_bytes + len(text) > HELD_AT_MOST_BYTES:
            self._dropped = True
            return
        self._held[counter] = text
        self._held_bytes += len(text)

    def _show_held(self) -> None:
        before = len(self._held)
        while self.last + 1 in self._held:
            counter = self.last + 1
            text = self._held.pop(counter)
            self._held_bytes -= len(text)
            self._show_one(counter, text)
        if len(self._held) < before:
            self._hole_since = self._clock()
        if not self._held:
            self._dropped = False

    def _show_one(self, counter: int, text: bytes) -> None:
        self.last = counter
        if text:
            self._show(text)
