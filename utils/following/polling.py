"""How often to ask about a job of which nothing is pushed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SHORTEST_S, LONGEST_S = 0.5, 5.0
GROWTH = 1.5
# Without a usual duration: over the first ten minutes, less than a request a second.
SHARE_OF_AGE = 1 / 60
# With one: a dozen looks until shortly before the end that is expected.
SHARE_OF_USUAL = 1 / 11
NEAR_S, NEAR_SHARE = 1.5, 0.04


class Pace:
    """Pauses that suit a job's age: short at first and near its usual end, longer in between.

    `age_s` returns how long it is running. `usual_s` returns how long such a job takes as a rule, 0
    where that is not known; it is asked at the first pause, since most jobs need none.
    """

    def __init__(
        self, age_s: Callable[[], float], usual_s: Callable[[], float] = lambda: 0.0
    ) -> None:
        self._age_s = age_s
        self._ask_usual_s = usual_s
        self._idle_s = SHORTEST_S

    @cached_property
    def _usual_s(self) -> float:
        return self._ask_usual_s()

    def hurry(self) -> None:
        """Start with short pauses again, since something happened."""
        self._idle_s = SHORTEST_S

    @property
    def is_near_end(self) -> bool:
        """Whether the job may end at any moment, as far as one can know."""
        return bool(self._usual_s) and abs(self._left_s) <= self._near_s

    def pause_s(self) -> float:
        """Return the seconds to the next look."""
        idle_s, self._idle_s = self._idle_s, min(self._idle_s * GROWTH, LONGEST_S)
        if self.is_near_end:
            return SHORTEST_S
        age_s = self._age_s()
        least_s = age_s * SHARE_OF_AGE
        if self._usual_s:
            least_s = max(least_s, min(self._usual_s * SHARE_OF_USUAL, age_s))
        pause_s = min(max(idle_s, least_s), LONGEST_S)
        before_near_s = self._left_s - self._near_s
        return min(pause_s, max(before_near_s, SHORTEST_S)) if before_near_s > 0 else pause_s

    @property
    def _left_s(self) -> float:
        return self._usual_s - self._age_s()

    @property
    def _near_s(self) -> float:
        return max(NEAR_S, self._usual_s * NEAR_SHARE)
