"""Cutting a list that lies in the order of its ids into windows of ids, each about one page."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

# A window with less than this share of what was expected lies in a gap between the ids.
GAP = 0.25


class Window(NamedTuple):
    """The ids beyond `edge` up to and with `end`; all there are beyond it where that is None."""

    edge: int
    end: int | None
    expected: float


class Windows:
    """Plans which ids to ask for next, by how densely those so far lay.

    Ids are shared with runs of other kinds, filters thin them out, and there may be gaps of
    millions: what is planned is only a guess, and `settle` says what is still to be asked for.
    Beyond a gap, and at the end of the list, the next window is open: AWX itself then says where
    the next rows are.
    """

    def __init__(self, ids: Sequence[int], count: int | None, *, newest_first: bool) -> None:
        """Begin after the ids of the first page, which is full, of a list of `count` rows."""
        self._step = -1 if newest_first else 1
        self._size = len(ids)
        self._edge = ids[-1]
        self._left = 0.0 if count is None else float(count - len(ids))
        self._rows, self._span = float(len(ids)), abs(ids[-1] - ids[0]) + 1.0
        self._is_gap = self._is_open = self._is_over = False

    def next(self) -> Window | None:
        """Return what to ask for next; None while, or since, that cannot be known."""
        if self._is_open or self._is_over:
            return None
        # Twice the usual deviation is left free, lest a few rows too many cost another request.
        density = min(1.0, max(self._rows, 1.0) / self._span)
        spare = 1.0 - density
        expected = (sqrt(self._size + spare) - sqrt(spare)) ** 2
        end = self._edge + self._step * max(1, int(expected / density))
        if self._left <= self._size or self._is_gap or end < 1:
            self._is_open = True
            return Window(self._edge, None, self._left)
        window = Window(self._edge, end, expected)
        self._edge = end
        self._left -= expected
        return window

    def settle(self, window: Window, ids: Sequence[int]) -> Window | None:
        """Take note of the ids that a window held; return what of it is still to be asked for."""
        is_full = len(ids) >= self._size
        if window.end is None:
            self._is_open = self._is_gap = False
            self._is_over = not is_full
            if is_full:
                self._edge = ids[-1]
                self._left -= len(ids)
                self._learn(abs(ids[-1] - window.edge), len(ids))
            return None
        self._left += window.expected - len(ids)
        self._learn(abs((ids[-1] if is_full else window.end) - window.edge), len(ids))
        if is_full and ids[-1] != window.end:
            return Window(ids[-1], window.end, 0.0)
        self._is_gap = len(ids) < window.expected * GAP
        return None

    def has(self, window: Window, row_id: int) -> bool:
        """Tell whether an id is one that was asked for."""
        if self._step * (row_id - window.edge) <= 0:
            return False
        return window.end is None or self._step * (row_id - window.end) <= 0

    def _learn(self, span: int, rows: int) -> None:
        """Let what was seen last count for half."""
        self._rows = self._rows / 2 + rows
        self._span = self._span / 2 + span
