"""Waiting for something in AWX to come to its end, with few requests."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from utils.awx_client import Client
    from utils.record import Record

FINAL_STATUSES = frozenset({"successful", "failed", "error", "canceled"})
# The status of a job that was deleted before it came to its end; AWX has no word for it.
DELETED = "deleted"
WAITING_STATUSES = frozenset({"new", "pending", "waiting"})
SHORTEST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 5.0
GROWTH = 1.5
STORED_WITHIN_S = 15.0


class Pauses:
    """Pauses from 0.5 s that grow to 5 s while nothing happens, and start anew when it does."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self.reset()

    def reset(self) -> None:
        """Start with the shortest pause again."""
        self._pause_s = SHORTEST_PAUSE_S

    def wait(self) -> None:
        """Sleep, longer than the time before."""
        self._sleep(self._pause_s)
        self._pause_s = min(self._pause_s * GROWTH, LONGEST_PAUSE_S)


def until_final(
    client: Client,
    path: str,
    on_change: Callable[[Record], None],
    sleep: Callable[[float], None] = time.sleep,
) -> Record:
    """Poll a job of any kind until its status is final, telling each change; return it then."""
    pauses = Pauses(sleep)
    status = ""
    while True:
        job = client.get(path)
        if job.text("status") != status:
            status = job.text("status")
            on_change(job)
            pauses.reset()
        if status in FINAL_STATUSES:
            return job
        pauses.wait()


def until_events_stored(
    client: Client,
    path: str,
    job: Record,
    sleep: Callable[[float], None] = time.sleep,
    *,
    clock: Callable[[], float] = time.monotonic,
    each_time: Callable[[], object] = lambda: None,
) -> Record:
    """Wait until all events of a finished job are stored; they lag behind its status.

    `job` is the answer that told of the end, and the last one is returned. `each_time` is called
    after each look, so that after the last it has seen all events. The wait ends after
    `STORED_WITHIN_S` in any case: for a job that ended in `error` the word may never come.
    """
    started = clock()
    pauses = Pauses(sleep)
    while True:
        each_time()
        if events_stored(job) or clock() - started > STORED_WITHIN_S:
            return job
        pauses.wait()
        job = client.get(path)


def events_stored(job: Record) -> bool:
    """Tell whether AWX says that it has stored all events; an older AWX does not say."""
    return job.flag("event_processing_finished", default=True)
