"""Rows of schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import recurrence
from demo import rows_common as common
from demo.model import JobTemplate, Project, WorkflowTemplate
from demo.model_schedules import Schedule, SystemJobTemplate
from demo.permissions import administers, sees, starts
from demo.roles import holds
from demo.text import whole

if TYPE_CHECKING:
    from demo.model import Entity, User
    from demo.rows_common import Frame, Row

COLLECTIONS: dict[type[Entity], tuple[str, str]] = {
    JobTemplate: ("job_templates", "job"),
    WorkflowTemplate: ("workflow_job_templates", "workflow_job"),
    Project: ("projects", "project_update"),
    SystemJobTemplate: ("system_job_templates", "system_job"),
}
MASK = "$encrypted$"
# The prompts that a schedule answers with a plain value, by AWX's names and in its order.
PLAIN = (
    "scm_branch", "job_type", "job_tags", "skip_tags", "limit", "diff_mode", "verbosity",
    "execution_environment", "forks", "job_slice_count", "timeout",
)  # fmt: skip


def changes(user: User, row: Schedule) -> bool:
    """Return whether the user may change a schedule: of what he administers, or his own."""
    if row.inventory and not holds(user, row.inventory, "use_role"):
        return False
    template = row.unified_job_template
    return administers(user, template) or (row.created_by is user and starts(user, template))


def shown_to(user: User, row: Schedule) -> bool:
    """Return whether the user may see a schedule: whoever sees what it runs."""
    return sees(user, row.unified_job_template)


def schedule(frame: Frame, row: Schedule, *, detail: bool = False) -> Row:  # noqa: ARG001 - as all
    """Return a schedule, which looks the same in a list and alone."""
    head = common.head(frame, row, "schedule", "schedules")
    related, shorts = _authors(frame, row)
    related |= frame.below("schedules", row.id, "labels", "credentials", "instance_groups")
    related["unified_jobs"] = frame.url("schedules", row.id, "jobs")
    template = row.unified_job_template
    collection, kind = COLLECTIONS[type(template)]
    related["unified_job_template"] = frame.url(collection, template.id)
    short = {**common.short(template), "unified_job_type": kind}
    if isinstance(template, SystemJobTemplate):
        short["job_type"] = template.job_type
    shorts = {"unified_job_template": short, **shorts}
    if isinstance(template, JobTemplate | Project):
        project = template.project if isinstance(template, JobTemplate) else template
        related["project"] = frame.url("projects", project.id)
    inventory = row.inventory or getattr(template, "inventory", None)
    may = frame.writes and changes(frame.viewer, row)
    shorts["user_capabilities"] = {"edit": may, "delete": may}
    if inventory:
        related["inventory"] = frame.url("inventories", inventory.id)
        shorts["inventory"] = common.inventory(frame, inventory)
    if row.execution_environment:
        where = "execution_environments"
        related["execution_environment"] = frame.url(where, row.execution_environment.id)
        shorts["execution_environment"] = common.environment(frame, row.execution_environment.id)
    rules = recurrence.ruleset(row.rrule, frame.world.now())
    answers = {name: row.prompts.get(name) for name in PLAIN}
    environment = row.execution_environment
    answers["execution_environment"] = environment.id if environment else None
    return {
        "rrule": row.rrule,
        **head,
        "related": related,
        "summary_fields": shorts,
        "extra_data": row.extra_text
        or {k: MASK if k in row.secrets else v for k, v in row.extra_data.items()},
        "inventory": row.inventory.id if row.inventory else None,
        **answers,
        "unified_job_template": template.id,
        "enabled": row.enabled,
        "dtstart": whole(row.dtstart),
        "dtend": whole(row.dtend),
        "next_run": whole(row.next_run),
        "timezone": recurrence.zone_of(rules),
        "until": recurrence.until_of(rules),
    }


def _authors(frame: Frame, row: Schedule) -> tuple[dict[str, str], Row]:
    links: dict[str, str] = {}
    shorts: Row = {}
    who = {"created_by": row.created_by, "modified_by": row.modified_by or row.created_by}
    for name, person in who.items():
        if person:
            links[name] = frame.url("users", person.id)
            shorts[name] = common.user(person)
    return links, shorts
