"""What AWX tells of a job while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from utils.record import Record


@dataclass
class News:
    """What happened to one job: events as they came, its status, the counter of its last event.

    `workflow_id` is that of the workflow job which has started it. `is_hint` says that something
    happened which only the job's details tell rightly.
    """

    job_id: int
    events: list[Record] = field(default_factory=list)
    status: str = ""
    final_counter: int | None = None
    workflow_id: int | None = None
    is_hint: bool = False
