"""What schedules start when they fall due, as AWX's periodic scheduler does it twice a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.errors import Refused
from demo.launching import check
from demo.model import JobTemplate, Project, WorkflowTemplate
from demo.model_schedules import Schedule
from demo.run_kinds import Prompts

if TYPE_CHECKING:
    from demo.world import World


def look(world: World) -> None:
    """Start what has fallen due since somebody looked last, each schedule once, at its time.

    Where the world runs none, its schedules only learn when they fall due next.
    """
    now = world.now()
    for schedule in world.all(Schedule):
        due = schedule.next_run
        if due is None or due > now:
            continue
        schedule.compute(now)
        if world.runs_schedules:
            _start(world, schedule, due)


def _start(world: World, schedule: Schedule, due: float) -> None:
    template = schedule.unified_job_template
    more: dict[str, Any] = {"created": due, "launch_type": "scheduled", "schedule": schedule}
    if isinstance(template, Project):
        world.update_project(template, None, **more)
    elif isinstance(template, WorkflowTemplate):
        prompts = Prompts(extra_vars=dict(schedule.extra_data))
        world.launch_workflow(template, None, prompts, **more)
    elif isinstance(template, JobTemplate):
        try:
            prompts = check(world, template, _body(schedule, template)).prompts
        except Refused:
            return  # AWX makes a job that fails at once, and tells of it in its log
        world.launch(template, None, prompts, **more)


def _body(schedule: Schedule, template: JobTemplate) -> dict[str, object]:
    """Return what a launch with the schedule's answers would send."""
    body = {name: value for name, value in schedule.prompts.items() if value is not None}
    if schedule.extra_data:
        body["extra_vars"] = schedule.extra_data
    if schedule.inventory:
        body["inventory"] = schedule.inventory.id
    if schedule.credentials:
        body["credentials"] = [row.id for row in (*template.credentials, *schedule.credentials)]
    if schedule.labels:
        body["labels"] = [row.id for row in schedule.labels]
    return body
