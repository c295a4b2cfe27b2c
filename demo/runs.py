"""A run of anything (job, project update, ad hoc command): its state is a function of the clock."""

from __future__ import annotations

import json
import math
import random
from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from demo.model import InstanceGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.model import Entity, User
    from demo.run_workflows import WorkflowJob
    from demo.script import Event, Script
    from demo.world import World

PENDING_S = 0.25
WAITING_S = 0.15
CANCEL_S = 2.0
LATE_WINDOW_S = 2.0
LATEST_S = 0.9
EXPLAIN_AFTER_S = 30.0
GROUPS = {"project_update": 1, "job": 2, "ad_hoc_command": 2}
LONG = 5000  # events; a run of more is stored in time and in order


class Step(NamedTuple):
    """A step of a workflow, with its fields under the names that filters use."""

    id: int | None
    workflow_job: WorkflowJob


class Run(ABC):
    """One unified job. All its times are seconds since the epoch."""

    kind: ClassVar[str] = "job"
    model: ClassVar[str] = "Job"
    template: Entity

    def __init__(
        self,
        world: World,
        run_id: int,
        template: Entity,
        user: User | None,
        *,
        created: float | None = None,
        launch_type: str = "manual",
    ) -> None:
        self.world = world
        self.id = run_id
        self.template = template
        self.created_by = user
        self.created = world.now() if created is None else created
        self.launch_type = launch_type
        self.dependencies: list[Run] = []
        self._cancel_at: float | None = None
        self.event_base = 0
        self.workflow: WorkflowJob | None = None

    # What a run prints and for how long

    @property
    @abstractmethod
    def script(self) -> Script:
        """Return what the run prints and when."""

    @property
    def name(self) -> str:
        """Return the run's name, which is its template's."""
        return self.template.name

    @property
    def description(self) -> str:
        """Return the template's description."""
        return self.template.description

    @property
    def unified_job_template(self) -> Entity | None:
        """Return what the run was made from."""
        return self.template

    # Times

    @property
    def pace(self) -> float:
        """Return how many seconds of the script pass in a second of the clock."""
        return self.world.speed

    @property
    def cancel_at(self) -> float | None:
        """Return when somebody asked to cancel the run, even if it was too late."""
        return self._cancel_at

    @property
    def ready(self) -> float:
        """Return when AWX first looks whether the run can start."""
        return self.created + PENDING_S / self.pace

    @property
    def released(self) -> float:
        """Return when nothing is in the run's way any more and it turns waiting."""
        return self.world.scheduler.released(self)

    @property
    def doom(self) -> Run | None:
        """Return the run before this one whose failure fails it too."""
        ending = {"failed", "error"}
        return next(
            (
                dep
                for dep in self.dependencies
                if not dep.was_canceled and math.isfinite(dep.ended) and dep.final_status in ending
            ),
            None,
        )

    @property
    def starts(self) -> float:
        """Return when the run starts running, canceled or not."""
        return self.released + WAITING_S / self.pace

    @property
    def natural_end(self) -> float:
        """Return when the run would end if it were left alone."""
        return self.starts + self.script.duration / self.pace

    @property
    def ended(self) -> float:
        """Return when the run ends; infinite when that is not known yet."""
        if self.cancel_at is None:
            doom = self.doom
            return max(self.ready, doom.ended) if doom else self.natural_end
        if self.cancel_at < self.starts:
            return self.cancel_at + 0.02 / self.pace
        return min(self.natural_end, self.cancel_at + CANCEL_S / self.pace)

    @property
    def was_canceled(self) -> bool:
        """Return whether a cancel came in time to count."""
        return self.cancel_at is not None and self.cancel_at < self.natural_end

    @property
    def status(self) -> str:
        """Return the status at this moment."""
        now = self.world.now()
        if now >= self.ended:
            if self.was_canceled:
                return "canceled"
            return "failed" if self.doom else self.final_status
        if now < self.released:
            return "pending"
        return "waiting" if now < self.starts else "running"

    @property
    def final_status(self) -> str:
        """Return how the run ends when nobody cancels it."""
        return self.script.status

    @property
    def active(self) -> bool:
        """Return whether the run has not ended."""
        return self.world.now() < self.ended

    @property
    def modified(self) -> float:
        """Return the time of the last change of the run's own row."""
        return self.starts if self.world.now() >= self.starts else self.created + 0.00001

    @property
    def started(self) -> float | None:
        """Return when the run started, None while it has not."""
        if self.world.now() < self.starts or (self.cancel_at or self.starts) < self.starts:
            return None
        return self.starts

    @property
    def finished(self) -> float | None:
        """Return when the run ended, None while it has not."""
        return None if self.active else self.ended

    @property
    def canceled_on(self) -> float | None:
        """Return when somebody asked to cancel the run."""
        return self.cancel_at if self.was_canceled else None

    @property
    def elapsed(self) -> float:
        """Return the seconds of running so far, to a millisecond once it has ended."""
        if self.started is None:
            return 0.0
        if self.finished is None:
            return round(self.world.now() - self.started, 6)
        return round(self.finished - self.started, 3)

    @property
    def failed(self) -> bool:
        """Return whether the run ended in anything but success; a canceled one did."""
        return self.status in {"failed", "error", "canceled"}

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

    def cancel(self) -> None:
        """Note that somebody wants the run canceled; a second time changes nothing."""
        if self._cancel_at is None:
            self._cancel_at = self.world.now()
            self.world.scheduler.changed()

    # Events

    @property
    def event_processing_finished(self) -> bool:
        """Return whether every event of an ended run is stored."""
        if self.started is None:
            return not self.active
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
        last = len(self.script.events) - 1
        if self.stored_at(last, self.script.events[last]) > self.world.now():
            return {}
        return self.script.stats

    def host_status_counts(self) -> dict[str, int] | None:
        """Return how many hosts ended in each way, None while that is not known."""
        counts: dict[str, int] = {}
        for row in self.stats().values():
            worst = next(
                name for name in ("dark", "failures", "changed", "ok", "skipped") if row.get(name)
            )
            counts[worst] = counts.get(worst, 0) + 1
        return counts or None

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
