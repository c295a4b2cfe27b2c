"""Tells the listeners on the websocket what happens to the runs; idle while there are none."""

from __future__ import annotations

import asyncio
import json
import math
import random
from typing import TYPE_CHECKING, Any, NamedTuple

from demo import live_messages
from demo.run_workflows import WorkflowApproval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.runs import Run
    from demo.world import World

POLL_S = 0.01
CAPACITY = 10_000  # messages that wait for one listener; AWX drops what is more
EOF_S = (0.05, 0.3)  # how long before its end a run's number of events is known
LOST_S = 60.0  # how long a run is watched whose events never become complete


class Due(NamedTuple):
    """A message with its group; the first three order them as AWX sends them."""

    at: float
    run_id: int
    rank: int
    group: str
    message: dict[str, Any]


class Change(NamedTuple):
    """A change of a run's status that AWX tells."""

    at: float
    status: str
    finished: bool = False


def changes(run: Run) -> dict[str, Change]:
    """Return the changes of status that AWX tells, the turn to waiting not being one.

    A cancel is told at once, as the status canceled without `finished`, and again at the end,
    unless the run had not started.
    """
    made = {"pending": Change(run.created, "pending")}
    started = run.cancel_at is None or run.cancel_at >= run.starts
    waits = isinstance(run, WorkflowApproval)
    if started and not waits:
        made["running"] = Change(run.starts, "running")
    if run.was_canceled and run.cancel_at is not None:
        made["cancel"] = Change(run.cancel_at, "canceled")
        if not started or waits:
            return made
    ending = "failed" if run.doom else run.final_status
    ending = "canceled" if run.was_canceled else ending
    made["end"] = Change(run.ended, ending, finished=ending != "error")
    return made


class Feed:
    """What is still to be told of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.group = live_messages.event_group(run)
        self._told: set[str] = set()
        self._limit = live_messages.Limit()
        self._next = 0
        self._stored_later: list[int] = []

    def due(self, now: float, *, events: bool) -> Iterator[Due]:
        """Yield what is due and not yet told; the run's events only where they are wanted."""
        for key, change in changes(self.run).items():
            if change.at <= now and key not in self._told:
                self._told.add(key)
                yield from self._status(change)
        if not self.group or self.run.started is None:
            return
        if events:
            yield from self._events(now)
        if "eof" not in self._told and self._eof_at() <= now:
            self._told.add("eof")
            message = live_messages.summary(self.run, len(self.run.happened()))
            yield Due(self._eof_at(), self.run.id, 2, "jobs-summary", message)

    def _status(self, change: Change) -> Iterator[Due]:
        message = live_messages.status(self.run, change.status, finished=change.finished)
        rank = 3 if change.finished else 0
        yield Due(change.at, self.run.id, rank, "jobs-status_changed", message)
        if self.run.workflow is not None:
            copy = live_messages.workflow_status(message)
            yield Due(change.at, self.run.id, rank, f"workflow_events-{self.run.workflow.id}", copy)

    def _eof_at(self) -> float:
        run = self.run
        if run.was_canceled or not math.isfinite(run.ended):
            return run.ended
        early = run.ended - random.Random(run.id).uniform(*EOF_S) / run.pace
        events = run.script.events
        return max(early, run.starts + events[-1].offset / run.pace) if events else early

    def _events(self, now: float) -> Iterator[Due]:
        run = self.run
        events, happened = run.script.events, len(run.happened())
        while self._next < happened:
            if self._limit.passes(events[self._next]):
                self._stored_later.append(self._next)
            self._next += 1
        left = []
        for index in self._stored_later:
            at = run.sent_at(index, events[index])
            if at > now:
                left.append(index)
            else:
                yield Due(at, run.id, 1, f"{self.group}-{run.id}", live_messages.event(run, index))
        self._stored_later = left

    def is_over(self, now: float) -> bool:
        """Return whether nothing more will come of the run."""
        return now > self.run.ended and (
            self.run.event_processing_finished or now > self.run.ended + LOST_S
        )


class Listener:
    """One connection: the groups it is in and the messages that wait for it."""

    def __init__(self) -> None:
        self.groups: set[str] = set()
        self.outbox: asyncio.Queue[str] = asyncio.Queue(CAPACITY)

    def put(self, text: str) -> None:
        """Add a message; when too many wait, it is lost."""
        if not self.outbox.full():
            self.outbox.put_nowait(text)


class Live:
    """The groups and who is in them; watches the runs while there is anybody."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._members: dict[str, set[Listener]] = {}
        self._feeds: dict[int, Feed] = {}
        self._known: set[int] = set()
        self._watch: asyncio.Task[None] | None = None

    @property
    def is_idle(self) -> bool:
        """Return whether nobody listens, so that no run is watched."""
        return not self._members

    def join(self, listener: Listener, groups: set[str]) -> None:
        """Add a listener to groups, which get what happens from now on."""
        if not groups:
            return
        self._tell(skip=not self._members)
        listener.groups |= groups
        new = {group for group in groups if group not in self._members}
        for group in groups:
            self._members.setdefault(group, set()).add(listener)
        self._catch_up(new)
        if self._watch is None:
            self._watch = asyncio.get_running_loop().create_task(self._keep_telling())

    def leave(self, listener: Listener, groups: set[str]) -> None:
        """Take a listener out of groups; with the last one the watch ends."""
        if groups & listener.groups:
            self._tell()
        for group in groups & listener.groups:
            self._members[group].discard(listener)
            if not self._members[group]:
                del self._members[group]
        listener.groups -= groups
        if not self._members and self._watch is not None:
            self._watch.cancel()
            self._watch = None
            self._feeds.clear()

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(POLL_S)
            self._tell()

    def _tell(self, *, skip: bool = False) -> None:
        """Send what has become due; with `skip` only note it, as nobody listened until now."""
        with self.world.moment():
            now = self.world.now()
            self._find_runs(skip=skip)
            found: list[Due] = []
            for run_id, feed in list(self._feeds.items()):
                if run_id not in self.world.jobs.kept:  # deleted
                    del self._feeds[run_id]
                    continue
                wanted = f"{feed.group}-{run_id}" in self._members
                found += feed.due(now, events=wanted)
                if feed.is_over(now):
                    del self._feeds[run_id]
        if skip:
            return
        for due in sorted(found, key=lambda each: each[:3]):
            self._send(due)

    def _send(self, due: Due) -> None:
        if due.group in self._members:
            text = json.dumps(due.message)
            for listener in self._members[due.group]:
                listener.put(text)

    def _find_runs(self, *, skip: bool) -> None:
        kept = self.world.jobs.kept
        if skip:
            self._known = {run.id for run in kept.values() if run.event_processing_finished}
            new = [run for run in kept.values() if run.id not in self._known]
        else:
            new = []
            for run in reversed(kept.values()):
                if run.id in self._known:
                    break
                new.append(run)
        self._known |= {run.id for run in new}
        self._feeds |= {run.id: Feed(run) for run in reversed(new)}

    def _catch_up(self, groups: set[str]) -> None:
        """Let pass the events that came before anybody was in these groups."""
        with self.world.moment():
            now = self.world.now()
            for run_id, feed in self._feeds.items():
                if f"{feed.group}-{run_id}" in groups:
                    for _ in feed.due(now, events=True):
                        pass
