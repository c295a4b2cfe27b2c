"""Trouble with AWX that may pass: how long it is ridden out, and what is said of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from utils import logger, signals

if TYPE_CHECKING:
    from collections.abc import Callable

log = logger.get("client")

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 15.0
SHORTEST_PAUSE_S = 0.01
# A command that only asks gives up soon; a run has something to lose and waits for a restart.
ASKING_S, RUNNING_S = 20.0, 600.0
# Before the first answer, a wrong address is as likely as a passing trouble.
FIRST_CONTACT_S = 2.0
# What is no answer of AWX's at all (a page, half an object, an error of its own) hardly passes.
ODD_S = 4.0


class Trouble:
    """The trouble of one request, told when it begins and when it is over."""

    def __init__(
        self,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sleep = sleep
        self._clock = clock
        self._began: float | None = None
        self._pause_s = FIRST_PAUSE_S
        self._slept_s = 0.0

    def wait(self, problem: str, longest_s: float, *, at_least_s: float = 0.0) -> bool:
        """Wait before the next attempt; tell False at once where that would take too long.

        `longest_s` is for all of the trouble, `at_least_s` what AWX asks for (Retry-After).
        """
        now = self._clock()
        began = now if self._began is None else self._began
        left_s = longest_s - max(now - began, self._slept_s)
        if left_s < SHORTEST_PAUSE_S or at_least_s > left_s:
            return False
        # The last attempt is made when the time for it is over.
        pause_s = min(max(self._pause_s, at_least_s), left_s)
        if self._began is None:
            log.info("%s; trying again for up to %.0f s", problem, longest_s)
        else:
            log.debug("%s; trying again in %.1f s", problem, pause_s)
        self._began = began
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        self._slept_s += pause_s
        with signals.let_through():
            self._sleep(pause_s)
        return True

    def over(self) -> None:
        """Tell that AWX answers again, if it did not."""
        if self._began is not None:
            log.info("AWX answers again, after %.0f s", self._clock() - self._began)
            self._began = None
