"""Decides when a run starts, and why it does not yet, by the rules of AWX's task manager."""

from __future__ import annotations

import heapq
import math
import threading
from typing import TYPE_CHECKING

from demo import obstacles

if TYPE_CHECKING:
    from demo.model import Instance
    from demo.runs import Run
    from demo.world import World

FORGOTTEN_S = 3600.0  # a run that ended so long ago is in nobody's way


class Scheduler:
    """Plans the start of every run from what is known now, and plans anew when that changes.

    What has started stays so; a start that lies ahead is a forecast, right unless somebody
    launches, cancels or answers something before, or the capacity changes.
    """

    def __init__(self, world: World, instance: Instance) -> None:
        self.world, self.instance = world, instance
        self._lock = threading.RLock()  # tests look at runs from a thread of their own
        self._runs: list[Run] = []
        self._released: dict[int, float] = {}
        self._stale_since = math.inf
        self._levels = [(-math.inf, instance.capacity)]

    def add(self, run: Run) -> None:
        """Take up a run that has been launched."""
        with self._lock:
            self._runs.append(run)
            self.changed()

    def changed(self) -> None:
        """Note that something happened just now that may let runs start earlier or later."""
        with self._lock:
            self._stale_since = min(self._stale_since, self.world.now())

    def resize(self) -> None:
        """Note that the instance's capacity has changed just now."""
        with self._lock:
            self._levels.append((self.world.now(), self.instance.capacity))
            self.changed()

    def forget(self, run: Run) -> None:
        """Leave a run out of account, as it has been deleted."""
        with self._lock:
            self._runs = [other for other in self._runs if other is not run]
            self.changed()

    def released(self, run_id: int) -> float:
        """Return when nothing is in a run's way any more, infinite while that is not known."""
        with self._lock:
            if math.isfinite(self._stale_since):
                self._plan()
            return self._released.get(run_id, math.inf)

    def obstacle(self, run: Run) -> str:
        """Return what is in a pending run's way now, in AWX's words."""
        with self._lock:
            now = self.world.now()
            return obstacles.of(run, self.on_the_way(), self._capacity(now), now)

    def on_the_way(self) -> list[Run]:
        """Return the runs that wait or run now, which is what uses capacity, oldest first."""
        with self._lock:
            now = self.world.now()
            found = [run for run in self._runs if self.released(run.id) <= now < run.ended]
            return sorted(found, key=_age)

    def _capacity(self, moment: float) -> int:
        return next(level for since, level in reversed(self._levels) if since <= moment)

    def _plan(self) -> None:
        since, self._stale_since = self._stale_since, math.inf
        kept = {i: at for i, at in self._released.items() if at <= since}
        self._released = kept
        self._runs = [run for run in self._runs if run.ended > since - FORGOTTEN_S]
        started = [run for run in self._runs if run.id in kept]
        queue = sorted((run for run in self._runs if run.id not in kept), key=_age)
        queue = [run for run in queue if run.cancel_at is None]
        moments = [run.ready for run in queue] + [run.ended for run in [*started, *queue]]
        moments += [at for at, _ in self._levels]
        moments = [moment for moment in moments if math.isfinite(moment)]
        heapq.heapify(moments)
        while queue and moments:
            moment = heapq.heappop(moments)
            for run in self._start_at(moment, queue, started):
                queue.remove(run)
                started.append(run)
                if math.isfinite(run.ended):
                    heapq.heappush(moments, run.ended)

    def _start_at(self, moment: float, queue: list[Run], started: list[Run]) -> list[Run]:
        """Start what can start at a moment, in the order of launching, and return it."""
        active = [run for run in started if self._released[run.id] <= moment < run.ended]
        active.sort(key=_age)
        made = []
        for run in queue:
            if run.ready > moment or run.doom is not None:
                continue
            if not obstacles.of(run, active, self._capacity(moment), moment):
                self._released[run.id] = moment
                active.append(run)
                made.append(run)
        return made


def _age(run: Run) -> tuple[float, int]:
    return run.created, run.id
