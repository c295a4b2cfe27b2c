"""The schedules of the demonstration: AWX's own cleanups, and those that past jobs are of."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from demo.model_schedules import Schedule, SystemJobTemplate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.model import Entity, JobTemplate, User

# The id of a template's schedule is as much above its own.
ABOVE = 100
# Where ids of new ones begin.
LAST = 200
SURVEY = 14
# Id, name, what it does, its schedule's name, on which day, and after how many days.
CLEANUPS: tuple[tuple[int, str, str, str, str, str, dict[str, str]], ...] = (
    (1, "Cleanup Job Details", "Remove job history", "Cleanup Job Schedule", ";BYDAY=SU",
     "cleanup_jobs", {"days": "120"}),
    (2, "Cleanup Activity Stream", "Remove activity stream history", "Cleanup Activity Schedule",
     ";BYDAY=TU", "cleanup_activitystream", {"days": "355"}),
    (3, "Cleanup Expired Sessions", "Cleans out expired browser sessions",
     "Cleanup Expired Sessions", "", "cleanup_sessions", {}),
    (45, "Cleanup Expired OAuth 2 Tokens", "Cleanup expired OAuth 2 access and refresh tokens",
     "Cleanup Expired OAuth 2 Tokens", "", "cleanup_tokens", {}),
)  # fmt: skip


def schedules(templates: Sequence[JobTemplate], admin: User, born: float) -> list[Entity]:
    """Return AWX's own templates with their schedules, and one of each template given."""
    start = datetime.fromtimestamp(born, timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    rows: list[Entity] = []
    for number, (row_id, name, text, called, days, job_type, extra_data) in enumerate(CLEANUPS, 1):
        template = SystemJobTemplate(
            id=row_id, name=name, description=text, job_type=job_type, created=born
        )
        schedule = Schedule(
            id=number, name=called, description="Automatically Generated Schedule", created=born,
            unified_job_template=template, extra_data=dict(extra_data),
            rrule=f"DTSTART:{start} RRULE:FREQ=WEEKLY;INTERVAL=1{days}",
        )  # fmt: skip
        rows += [template, schedule]
    rows += [by_night(template, admin, born) for template in sorted(set(templates), key=_id)]
    for row in rows:
        if isinstance(row, Schedule):
            row.compute(born)
    return rows


def by_night(template: JobTemplate, admin: User, born: float) -> Schedule:
    """Return the schedule that a template's past jobs are of."""
    answers = {"release": "1.0", "target_env": "dev"} if template.id == SURVEY else {}
    zone = "DTSTART;TZID=Europe/Berlin"
    return Schedule(
        id=ABOVE + template.id,
        name=f"{template.name} by night",
        created=template.created,
        created_by=admin,
        saved=template.created,
        unified_job_template=template,
        extra_data=answers,
        rrule=f"{zone}:{_night(born)} RRULE:FREQ=DAILY;INTERVAL=1",
    )


def _night(born: float) -> str:
    """Return two o'clock in the night of a day two months ago."""
    return datetime.fromtimestamp(born - 60 * 86400, timezone.utc).strftime("%Y%m%dT020000")


def _id(row: Entity) -> int:
    return row.id
