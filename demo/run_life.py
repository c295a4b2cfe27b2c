"""The life of a run: when it starts and ends, as far as that is known, and its status now."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from demo.model import Entity, User
    from demo.model_schedules import Schedule
    from demo.run_workflows import WorkflowJob
    from demo.runs import Run
    from demo.script import Script
    from demo.world import World

PENDING_S = 0.25
WAITING_S = 0.15
CANCEL_S = 2.0


class Life(ABC):
    """The life of a unified job: its times, in seconds since the epoch, and its statuses."""

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
        schedule: Schedule | None = None,
    ) -> None:
        self.world = world
        self.id = run_id
        self.template = template
        self.created_by = user
        self.created = world.now() if created is None else created
        self.launch_type = launch_type
        self._schedule = schedule
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
    def schedule(self) -> Schedule | None:
        """Return the schedule that started the run, if one did."""
        return self._schedule

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
        return self.world.scheduler.released(self.id)

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

    def cancel(self) -> None:
        """Note that somebody wants the run canceled; a second time changes nothing."""
        if self._cancel_at is None:
            self._cancel_at = self.world.now()
            self.world.scheduler.changed()
