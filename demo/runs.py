"""A run of anything (job, project update, ad hoc command): its state is a function of the clock."""

from __future__ import annotations

import json
import random
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from demo.model import InstanceGroup
from demo.run_life import Life

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.run_workflows import WorkflowJob
    from demo.script import Event

LATE_WINDOW_S = 2.0
LATEST_S = 0.9
# The hosts are counted so long after the recap was stored and pushed.
COUNTED_AFTER_S = 0.2
EXPLAIN_AFTER_S = 30.0
GROUPS = {"project_update": 1, "job": 2, "ad_hoc_command": 2}
LONG = 5000  # events; a run of more is stored in time and in order


class Step(NamedTuple):
    """A step of a workflow, with its fields under the names that filters use."""

    id: int | None
    workflow_job: WorkflowJob


class Run(Life):
    """One unified job: why it waits, where it was placed, and its events."""

    @property
    def job_explanation(self) -> str:
        """Return why the run waits (only after a while) or why it ended in an error."""
        age = self.world.now() - self.created
        if self.status == "pending":
            explains = age > EXPLAIN_AFTER_S / self.pace
            return self.world.scheduler.obstacle(self) if explains else ""
        if self.status == "failed" and self.doom:
            what = {"job_type": self.doom.kind, "job_name": self.doom.name}
            return f"Previous Task Failed: {json.dumps(what | {'job_id': str(self.doom.id)})}"
        return self.script.explanation if self.status == "error" else ""

    @property
    def execution_node(self) -> str:
        """Return the node that the run was placed on, empty while it is not."""
        return self.world.instance.hostname if self.instance_group else ""

    @property
    def instance_group(self) -> InstanceGroup | None:
        """Return the group that the run was placed in: updates run on the control plane."""
        group = GROUPS.get(self.kind)
        return self.world.get(InstanceGroup, group) if group and self.started else None

    @property
    def unified_job_node(self) -> Step | None:
        """Return the step of a workflow that started the run."""
        parent = self.workflow
        return Step(parent.node_id(self), parent) if parent else None

    # Events

    @property
    def event_processing_finished(self) -> bool:
        """Return whether every event of an ended run is stored."""
        if self.started is None:
            return not self.active
        if not self.world.says_stored:
            return False
        return self.world.now() >= self.ended + self.lag(LATEST_S)

    def lag(self, seconds: float) -> float:
        """Return how long a lag of so many seconds takes on this clock; none if switched off."""
        return seconds / self.pace if self.world.late_events else 0.0

    def happened(self) -> Sequence[Event]:
        """Return the events up to now in order of counter, stored or not."""
        if self.started is None:
            return []
        now = min(self.world.now(), self.ended)
        if not self.was_canceled and now >= self.natural_end:
            return self.script.events
        return self.script.until((now - self.starts) * self.pace)

    @cached_property
    def _draws(self) -> list[tuple[float, float]]:
        dice = random.Random(self.id)
        return [(dice.random(), dice.random()) for _ in range(len(self.script.events))]

    def stored_at(self, index: int, event: Event) -> float:
        """Return when the database has the event: later than it happened, and out of order."""
        happened = self.starts + event.offset / self.pace
        if not self.world.late_events:
            return happened
        first, second = self._draws[index]
        left = self.ended - happened
        late = first < 0.4 or event.event == "playbook_on_stats"
        if late and left < LATE_WINDOW_S / self.pace:
            return self.ended + second * 0.95 * self.lag(LATEST_S)
        return min(happened + second * self.lag(0.3), max(self.ended, happened))

    def sent_at(self, index: int, event: Event) -> float:
        """Return when the websocket has the event: AWX sends it once it has stored it."""
        if len(self.script.events) > LONG:
            return self.starts + event.offset / self.pace
        return self.stored_at(index, event)

    def stored_events(self) -> list[int]:
        """Return the indices of the stored events, in order of counter."""
        now, happened = self.world.now(), self.happened()
        if self.event_processing_finished or len(happened) > LONG:
            return list(range(len(happened)))
        return [i for i, event in enumerate(happened) if self.stored_at(i, event) <= now]

    @cached_property
    def event_ids(self) -> list[int]:
        """Return the id of each event: they are numbered in the order of storing."""
        draws = self._draws if self.world.late_events else [(1.0, 0.0)] * len(self.script.events)
        if len(draws) > LONG:
            return [self.event_base + i for i in range(len(draws))]
        order = sorted(range(len(draws)), key=lambda i: i + draws[i][1] * 6 * (draws[i][0] < 0.4))
        ids = [0] * len(draws)
        for rank, index in enumerate(order):
            ids[index] = self.event_base + rank
        return ids

    def stats(self) -> dict[str, dict[str, int]]:
        """Return the recap by host, empty until its event is stored."""
        if not self.script.has_stats or self.was_canceled or self.active:
            return {}
        return self.script.stats if self._is_recap_stored(0.0) else {}

    def _is_recap_stored(self, for_s: float) -> bool:
        last = len(self.script.events) - 1
        stored_at = self.stored_at(last, self.script.events[last])
        return stored_at + self.lag(for_s) <= self.world.now()

    def host_status_counts(self) -> dict[str, int] | None:
        """Return how many hosts ended in each way, None while that is not known.

        AWX pushes the last event first and counts then (`job_stats_wrapup`); no host is `{}`.
        """
        if not self.script.has_stats or self.was_canceled or self.active:
            return None
        if not self._is_recap_stored(COUNTED_AFTER_S):
            return None
        counts: dict[str, int] = {}
        for row in self.stats().values():
            worst = next(
                name for name in ("dark", "failures", "changed", "ok", "skipped") if row.get(name)
            )
            counts[worst] = counts.get(worst, 0) + 1
        return counts

    def playbook_counts(self) -> dict[str, int]:
        """Return how many plays and tasks are stored."""
        events = self.script.events
        if len(events) > LONG or self.started is None:
            shown: list[str] = [] if self.started is None else [e.event for e in events[:8]]
        else:
            shown = [events[i].event for i in self.stored_events()]
        return {
            "play_count": shown.count("playbook_on_play_start"),
            "task_count": shown.count("playbook_on_task_start"),
        }

    def summary(self) -> dict[str, Any]:
        """Return the few fields that other rows show of this run."""
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "status": self.status,
            "failed": self.failed,
        }
