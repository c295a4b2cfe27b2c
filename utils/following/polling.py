"""How often to ask about a job of which nothing is pushed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SHORTEST_S, LONGEST_S = 0.5, 5.0
GROWTH = 1.5
# After ten minutes, two requests every ten seconds; over the first ten, less than one a second.
SHARE_OF_ELAPSED = 1 / 60
NEAR_END = 0.05


class Pace:
    """Pauses that suit a job's age: short at first and near its usual end, longer in between.

    `usual_s` returns how long such a job takes as a rule, 0 where that is not known; it is asked
    at the first pause, since most jobs need none.
    """

    def __init__(
        self, clock: Callable[[], float], usual_s: Callable[[], float] = lambda: 0.0
    ) -> None:
        self._clock = clock
        self._ask_usual_s = usual_s
        self._started = clock()
        self._idle_s = SHORTEST_S

    @cached_property
    def _usual_s(self) -> float:
        return self._ask_usual_s()

    def hurry(self) -> None:
        """Start with short pauses again, since something happened."""
        self._idle_s = SHORTEST_S

    def pause_s(self) -> float:
        """Return the seconds to the next look."""
        elapsed = self._clock() - self._started
        idle_s, self._idle_s = self._idle_s, min(self._idle_s * GROWTH, LONGEST_S)
        usual_s = self._usual_s
        if usual_s and abs(elapsed - usual_s) < max(2.0, usual_s * NEAR_END):
            return SHORTEST_S
        return min(max(idle_s, elapsed * SHARE_OF_ELAPSED), LONGEST_S)
