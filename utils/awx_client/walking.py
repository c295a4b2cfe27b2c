"""Going through a long list with two pages on their way at any time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.awx_client.taking import take
from utils.awx_client.windows import Window, Windows
from utils.errors import BadAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from utils.awx_client.ahead import Ahead, Asked
    from utils.awx_client.client import Client
    from utils.awx_client.params import Params
    from utils.record import Record

# Two are under way, the third goes off when one of them is there.
PLANNED_AHEAD = 3


@dataclass
class _Slot:
    window: Window
    # None for what is asked for only when it is its turn.
    asked: Asked | None = None
    # It was asked before a trouble that is over, and may have met it, too.
    is_doubtful: bool = False


class Walk:
    """The rest of a list of which the first page is known: full, and not the last one."""

    def __init__(
        self, client: Client, path: str, params: Params, *, newest_first: bool, count: int | None
    ) -> None:
        self._client = client
        self._path = path
        self._full_path = client.full_path(path)
        self._params = {**params, "count_disabled": 1}
        self._bounds = ("id__lt", "id__gte") if newest_first else ("id__gt", "id__lte")
        self._newest_first = newest_first
        # Who asks for only some of the ids knows better than we where they end.
        self._count = None if self._bounds[1] in params else count
        self._slots: deque[_Slot] = deque()
        self._ahead: Ahead | None = None

    def pages(self, ids: Sequence[int]) -> Iterator[list[Record]]:
        """Yield what comes after a first page of those ids, each page asked for in advance.

        Nothing is missed or repeated while rows come and go: each window of ids is asked for from
        its edge on until AWX has no more of it.
        """
        windows = Windows(ids, self._count, newest_first=self._newest_first)
        try:
            while True:
                self._plan(windows)
                if not self._slots:
                    return
                slot = self._slots.popleft()
                window: Window | None = slot.window
                rows = self._take(slot)
                while window:
                    found = [row.integer("id") for row in rows]
                    if not all(windows.has(window, each) for each in found):
                        raise BadAnswer(f"GET {self._path}: AWX sends rows again that it has sent")
                    window = windows.settle(window, found)
                    self._plan(windows)
                    yield rows
                    if window:
                        rows = self._take(_Slot(window))
        finally:
            if self._ahead:
                self._ahead.close()

    def _plan(self, windows: Windows) -> None:
        while len(self._slots) < PLANNED_AHEAD and (window := windows.next()):
            # A last page alone is not worth a connection of its own.
            is_alone = window.end is None and not self._slots
            asked = None if is_alone else self._ask_ahead(window)
            self._slots.append(_Slot(window, asked))

    def _ask_ahead(self, window: Window) -> Asked:
        if not self._ahead:
            from utils.awx_client.ahead import Ahead  # noqa: PLC0415  # threads, for long lists

            self._ahead = Ahead(self._client)
        return self._ahead.ask(self._full_path, self._query(window), self._client.connection.auth)

    def _query(self, window: Window) -> Params:
        edge, end = self._bounds
        found = {**self._params, edge: window.edge}
        return found if window.end is None else {**found, end: window.end}

    def _take(self, slot: _Slot) -> list[Record]:
        """Return a window's rows, as patient with AWX as with any other request."""
        answer, has_met_trouble = take(
            self._client, slot.asked, self._full_path, self._query(slot.window),
            is_doubtful=slot.is_doubtful,
        )  # fmt: skip
        if has_met_trouble:
            for each in self._slots:
                each.is_doubtful = True
        return answer.records("results")
