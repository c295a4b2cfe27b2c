"""The parts that the rows of all kinds of runs share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from demo import rows_common as common
from demo.model import ApprovalTemplate, JobTemplate, Project, WorkflowTemplate
from demo.text import iso, whole

if TYPE_CHECKING:
    from demo.model import Entity
    from demo.rows_common import Frame, Row
    from demo.runs import Run


COLLECTIONS = {
    "job": "jobs",
    "project_update": "project_updates",
    "ad_hoc_command": "ad_hoc_commands",
    "workflow_job": "workflow_jobs",
    "workflow_approval": "workflow_approvals",
}
TEMPLATES: dict[type[Entity], tuple[str, str]] = {
    JobTemplate: ("job_templates", "job"),
    Project: ("projects", "project_update"),
    WorkflowTemplate: ("workflow_job_templates", "workflow_job"),
    ApprovalTemplate: ("workflow_approval_templates", "workflow_approval"),
}


def begin(frame: Frame, row: Run) -> tuple[Row, dict[str, str], Row]:
    """Return the row's first keys, its links and its short forms as far as all kinds have them."""
    collection = COLLECTIONS[row.kind]
    # a run's own row forgets who modified it when the task manager takes it; a workflow's does not
    fresh = row.kind == "workflow_job" or frame.world.now() < row.released
    links: dict[str, str] = {}
    shorts: Row = {}
    if row.created_by:
        for name in ("created_by", "modified_by") if fresh else ("created_by",):
            links[name] = frame.url("users", row.created_by.id)
            shorts[name] = common.user(row.created_by)
    if row.schedule:
        links["schedule"] = frame.url("schedules", row.schedule.id)
        shorts["schedule"] = {
            **common.short(row.schedule),
            "next_run": whole(row.schedule.next_run),
        }
    template = row.unified_job_template
    if template:
        where, kind = TEMPLATES[type(template)]
        links["unified_job_template"] = frame.url(where, template.id)
        shorts["unified_job_template"] = {**common.short(template), "unified_job_type": kind}
    shorts["user_capabilities"] = common.may(frame, row, "delete", "start")
    made: Row = {
        "id": row.id,
        "type": row.kind,
        "url": frame.url(collection, row.id),
        "related": links,
        "summary_fields": shorts,
        "created": iso(row.created),
        "modified": iso(row.modified),
        "name": row.name,
        "description": row.description,
    }
    if template:
        made["unified_job_template"] = template.id
    return made, links, shorts


def state(row: Run) -> Row:
    """Return where the run stands, with its times."""
    ran = row.started is not None
    return {
        "launch_type": row.launch_type,
        "status": row.status,
        "failed": row.failed,
        "started": iso(row.started),
        "finished": iso(row.finished),
        "canceled_on": iso(row.canceled_on),
        "elapsed": row.elapsed,
        "job_args": _arguments(row) if ran else "",
        "job_cwd": "/runner/project" if ran else "",
        "job_explanation": row.job_explanation,
        "result_traceback": row.script.traceback if row.status == "error" else "",
    }


def _arguments(row: Run) -> str:
    folder = f"/var/lib/awx/tmp/awx_{row.id}_demo"
    return json.dumps(["podman", "run", "--rm", "--tty", "-v", f"{folder}/:/runner/:Z"])


def launched_by(frame: Frame, row: Run) -> Row:
    """Return who or what started the run, empty when nothing did."""
    if row.schedule:
        made = {"id": row.schedule.id, "name": row.schedule.name, "type": "schedule"}
        return {**made, "url": frame.url("schedules", row.schedule.id)}
    who = row.created_by
    if who is None:
        return {}
    return {"id": who.id, "name": who.name, "type": "user", "url": frame.url("users", who.id)}


def placed(frame: Frame, row: Run, links: dict[str, str], shorts: Row, environment: int) -> Row:
    """Return what a run has once it is placed on a node, and add the links to it."""
    placed = row.status not in {"pending"} and row.started is not None
    if placed:
        links["execution_environment"] = frame.url("execution_environments", environment)
        shorts["execution_environment"] = common.environment(frame, environment)
        group = 1 if environment == 2 else 2
        shorts["instance_group"] = common.instance_group(frame, group)
    return {
        "execution_environment": environment if placed else None,
        "job_env": {"JOB_ID": str(row.id), "ANSIBLE_FORCE_COLOR": "True"} if placed else {},
        "execution_node": "awx-demo" if placed else "",
        "event_processing_finished": row.event_processing_finished,
        "launched_by": launched_by(frame, row),
        "work_unit_id": f"demo{row.id:04d}" if placed else None,
    }


def workflow_links(frame: Frame, row: Run, links: dict[str, str], shorts: Row) -> None:
    """Add the links of a run to the workflow job that it is part of, and to the outermost one."""
    parent = row.workflow
    if parent is None:
        return
    top = parent
    while top.workflow is not None:
        top = top.workflow
    links["source_workflow_job"] = frame.url("workflow_jobs", parent.id)
    shorts["source_workflow_job"] = {**parent.summary(), "elapsed": parent.elapsed}
    shorts["ancestor_job"] = {
        "id": top.id,
        "name": top.name,
        "type": "workflow_job",
        "url": frame.url("workflow_jobs", top.id),
    }
