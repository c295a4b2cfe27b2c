"""What an AWX holds of schedules: when what runs, and with which answers to its prompts."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from demo import recurrence
from demo.model import Entity

if TYPE_CHECKING:
    from demo.model import (
        Credential,
        ExecutionEnvironment,
        InstanceGroup,
        Inventory,
        Label,
        User,
    )


@dataclass(eq=False, kw_only=True)
class SystemJobTemplate(Entity):
    """One of AWX's own cleanup jobs."""

    job_type: str


@dataclass(eq=False, kw_only=True)
class Schedule(Entity):
    """A recurrence rule of a template; all times are seconds since the epoch.

    `prompts` has the plain answers by AWX's names, `secrets` the variables that it shows masked;
    `extra_text` has the variables as they came, where they came as text.
    """

    unified_job_template: Entity
    rrule: str
    enabled: bool = True
    extra_data: dict[str, Any] = field(default_factory=dict)
    extra_text: str = ""
    secrets: frozenset[str] = frozenset()
    prompts: dict[str, Any] = field(default_factory=dict)
    inventory: Inventory | None = None
    execution_environment: ExecutionEnvironment | None = None
    credentials: list[Credential] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    instance_groups: list[InstanceGroup] = field(default_factory=list)
    modified_by: User | None = None
    saved: float | None = None
    dtstart: float | None = None
    dtend: float | None = None
    next_run: float | None = None

    @property
    def modified(self) -> float:
        """Return the time of the last change."""
        return super().modified if self.saved is None else self.saved

    def compute(self, now: float) -> None:
        """Settle what follows from the rule at that time, as AWX does at each save and launch."""
        self.dtstart, self.dtend, next_run = _times(self.rrule, now)
        self.next_run = next_run if self.enabled else None


@functools.lru_cache(maxsize=16)
def _times(rrule: str, now: float) -> tuple[float | None, float | None, float | None]:
    """Return a rule's first, last and next time; many schedules have the same at the same time."""
    rules = recurrence.ruleset(rrule, now)
    return recurrence.first(rules), recurrence.last(rules), recurrence.next_after(rules, now)
