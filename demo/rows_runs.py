"""Rows of jobs, project updates, ad hoc commands, workflow jobs and approvals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from demo import rows_common as common
from demo.model import ApprovalTemplate, JobTemplate, Project, WorkflowTemplate
from demo.run_kinds import AdHocCommand, Job, ProjectUpdate, WorkflowApproval, WorkflowJob
from demo.text import iso

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
ONLY_IN_DETAIL = (
    "job_args",
    "job_cwd",
    "job_env",
    "result_traceback",
    "event_processing_finished",
    "host_status_counts",
    "playbook_counts",
    "custom_virtualenv",
)


def run(frame: Frame, row: Run, *, detail: bool = False) -> Row:
    """Return a run of any kind; a list row lacks what only the detail has."""
    makers = {
        "job": job,
        "project_update": project_update,
        "ad_hoc_command": ad_hoc,
        "workflow_job": workflow_job,
        "workflow_approval": workflow_approval,
    }
    made = makers[row.kind](frame, row)
    if not detail:
        for name in ONLY_IN_DETAIL:
            made.pop(name, None)
        return made
    # the figures cost the run's whole script, which a list of runs never needs
    if row.kind in {"job", "project_update", "ad_hoc_command"}:
        made["host_status_counts"] = row.host_status_counts()
    if row.kind in {"job", "project_update"}:
        made["playbook_counts"] = row.playbook_counts()
    return made


def launched(frame: Frame, row: Run) -> Row:
    """Return the answer to a launch: the detail without the figures that come later."""
    made = run(frame, row, detail=True)
    for name in ("host_status_counts", "playbook_counts", "custom_virtualenv"):
        made.pop(name, None)
    return made


def _begin(frame: Frame, row: Run) -> tuple[Row, dict[str, str], Row]:
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
    template = row.unified_job_template
    if template:
        where, kind = TEMPLATES[type(template)]
        links["unified_job_template"] = frame.url(where, template.id)
        shorts["unified_job_template"] = {**common.short(template), "unified_job_type": kind}
    shorts["user_capabilities"] = common.may(frame, "delete", "start")
    if not frame.full and row.created_by is frame.viewer:
        shorts["user_capabilities"] = {"delete": False, "start": True}
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


def _state(row: Run) -> Row:
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


def _launched_by(frame: Frame, row: Run) -> Row:
    who = row.created_by
    if who is None:
        return {}
    return {"id": who.id, "name": who.name, "type": "user", "url": frame.url("users", who.id)}


def _placed(frame: Frame, row: Run, links: dict[str, str], shorts: Row, environment: int) -> Row:
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
        "launched_by": _launched_by(frame, row),
        "work_unit_id": f"demo{row.id:04d}" if placed else None,
    }


def _workflow_links(frame: Frame, row: Run, links: dict[str, str], shorts: Row) -> None:
    parent = row.workflow
    if parent is None:
        return
    links["source_workflow_job"] = frame.url("workflow_jobs", parent.id)
    shorts["source_workflow_job"] = {**parent.summary(), "elapsed": parent.elapsed}
    shorts["ancestor_job"] = {
        "id": parent.id,
        "name": parent.name,
        "type": "workflow_job",
        "url": frame.url("workflow_jobs", parent.id),
    }


def job(frame: Frame, row: Run) -> Row:
    """Return a job with every key that its detail has."""
    assert isinstance(row, Job)  # noqa: S101 - a row maker is chosen by the row's kind
    made, links, shorts = _begin(frame, row)
    links |= frame.below("jobs", row.id, "labels", "credentials", "stdout", "job_events")
    links |= frame.below("jobs", row.id, "job_host_summaries", "activity_stream", "notifications")
    links |= frame.below("jobs", row.id, "create_schedule", "cancel", "relaunch")
    links |= {
        "project": frame.url("projects", row.project.id),
        "organization": frame.url("organizations", row.organization.id),
        "job_template": frame.url("job_templates", row.template.id),
    }
    shorts["organization"] = common.short(row.organization)
    if row.inventory:
        links["inventory"] = frame.url("inventories", row.inventory.id)
        shorts["inventory"] = common.inventory(frame, row.inventory)
    shorts["project"] = common.project(frame, row.project)
    shorts["job_template"] = common.short(row.template)
    shorts["labels"] = common.label_list(row.labels)
    shorts["credentials"] = [common.credential(c) for c in row.credentials]
    _workflow_links(frame, row, links, shorts)
    placed = _placed(frame, row, links, shorts, 1)
    started = row.started is not None
    prompts = row.prompts
    return (
        made
        | _state(row)
        | placed
        | {
            "controller_node": placed["execution_node"],
            "job_type": row.job_type,
            "inventory": row.inventory.id if row.inventory else None,
            "project": row.project.id,
            "playbook": row.playbook,
            "scm_branch": prompts.scm_branch,
            "forks": prompts.forks,
            "limit": row.limit,
            "verbosity": row.verbosity,
            "extra_vars": row.extra_vars,
            "job_tags": prompts.job_tags,
            "force_handlers": False,
            "skip_tags": prompts.skip_tags,
            "start_at_task": "",
            "timeout": prompts.timeout,
            "use_fact_cache": False,
            "organization": row.organization.id,
            "job_template": row.template.id,
            "passwords_needed_to_start": [p for c in row.credentials for p in c.passwords_needed],
            "allow_simultaneous": row.allow_simultaneous,
            "artifacts": {},
            "scm_revision": row.project.revision if started else "",
            "instance_group": 2 if started else None,
            "diff_mode": prompts.diff_mode,
            "job_slice_number": row.slice_number,
            "job_slice_count": row.slice_count,
            "webhook_service": "",
            "webhook_credential": None,
            "webhook_guid": "",
            "custom_virtualenv": None,
        }
    )


def project_update(frame: Frame, row: Run) -> Row:
    """Return a project update with every key that its detail has."""
    assert isinstance(row, ProjectUpdate)  # noqa: S101 - a row maker is chosen by the row's kind
    made, links, shorts = _begin(frame, row)
    names = ("stdout", "cancel", "scm_inventory_updates", "notifications", "events")
    links |= frame.below("project_updates", row.id, *names)
    links["project"] = frame.url("projects", row.project.id)
    shorts["organization"] = common.short(row.organization)
    shorts["project"] = common.project(frame, row.project)
    placed = _placed(frame, row, links, shorts, 2)
    if row.launch_type == "dependency":
        placed["launched_by"] = {}
    return (
        made
        | _state(row)
        | placed
        | {
            "local_path": row.project.local_path,
            "scm_type": row.project.scm_type,
            "scm_url": row.project.scm_url,
            "scm_branch": "",
            "scm_refspec": "",
            "scm_clean": False,
            "scm_track_submodules": False,
            "scm_delete_on_update": False,
            "credential": row.project.credential.id if row.project.credential else None,
            "timeout": 0,
            "scm_revision": row.project.revision if row.finished and not row.failed else "",
            "project": row.project.id,
            "job_type": "check",
            "job_tags": "update_git,install_roles,install_collections",
        }
    )


def ad_hoc(frame: Frame, row: Run) -> Row:
    """Return an ad hoc command with every key that its detail has."""
    assert isinstance(row, AdHocCommand)  # noqa: S101 - a row maker is chosen by the row's kind
    made, links, shorts = _begin(frame, row)
    made.pop("description")
    names = ("stdout", "events", "activity_stream", "notifications", "cancel", "relaunch")
    links |= frame.below("ad_hoc_commands", row.id, *names)
    links["inventory"] = frame.url("inventories", row.inventory.id)
    links["credential"] = frame.url("credentials", row.credential.id)
    shorts["inventory"] = common.inventory(frame, row.inventory)
    type_id = row.credential.credential_type.id
    shorts["credential"] = {
        **common.credential(row.credential),
        "kubernetes": False,
        "credential_type_id": type_id,
    }
    placed = _placed(frame, row, links, shorts, 1)
    return (
        made
        | _state(row)
        | placed
        | {
            "controller_node": placed["execution_node"],
            "job_type": "run",
            "inventory": row.inventory.id,
            "limit": row.limit,
            "credential": row.credential.id,
            "module_name": row.module_name,
            "module_args": row.module_args,
            "forks": 0,
            "verbosity": 0,
            "extra_vars": "",
            "become_enabled": False,
            "diff_mode": False,
        }
    )


def workflow_job(frame: Frame, row: Run) -> Row:
    """Return a workflow job, or the one that a sliced launch makes."""
    assert isinstance(row, WorkflowJob)  # noqa: S101 - a row maker is chosen by the row's kind
    made, links, shorts = _begin(frame, row)
    names = ("workflow_nodes", "labels", "activity_stream", "relaunch", "cancel")
    links |= frame.below("workflow_jobs", row.id, *names)
    key = "job_template" if row.is_sliced else "workflow_job_template"
    links[key] = links["unified_job_template"]
    shorts[key] = common.short(row.template)
    shorts["organization"] = common.short(row.organization)
    shorts["labels"] = common.label_list([])
    inventory = row.template.inventory if isinstance(row.template, JobTemplate) else None
    if inventory:
        shorts["inventory"] = common.inventory(frame, inventory)
    else:
        links |= frame.below("workflow_jobs", row.id, "notifications")
    blank = "" if row.is_sliced else None
    return (
        made
        | _state(row)
        | {
            "launched_by": _launched_by(frame, row),
            "work_unit_id": None,
            "job_args": "",
            "job_cwd": "",
            "job_env": {},
            "workflow_job_template": None if row.is_sliced else row.template.id,
            "extra_vars": json.dumps(row.prompts.extra_vars),
            "allow_simultaneous": False,
            "job_template": row.template.id if row.is_sliced else None,
            "is_sliced_job": row.is_sliced,
            "inventory": inventory.id if inventory else None,
            "limit": blank,
            "scm_branch": blank,
            "webhook_service": "",
            "webhook_credential": None,
            "webhook_guid": "",
            "skip_tags": blank,
            "job_tags": blank,
        }
    )


def workflow_approval(frame: Frame, row: Run) -> Row:
    """Return an approval and whether the viewer may answer it."""
    assert isinstance(row, WorkflowApproval)  # noqa: S101 - a row maker is chosen by the row's kind
    made, links, shorts = _begin(frame, row)
    links.pop("modified_by", None)
    shorts.pop("modified_by", None)
    links |= frame.below("workflow_approvals", row.id, "approve", "deny")
    links["workflow_approval_template"] = links["unified_job_template"]
    _workflow_links(frame, row, links, shorts)
    if row.workflow:
        shorts["workflow_job_template"] = common.short(row.workflow.template)
        shorts["workflow_job"] = {
            k: v for k, v in row.workflow.summary().items() if k in {"id", "name", "description"}
        }
    shorts["workflow_approval_template"] = {**common.short(row.template), "timeout": 0}
    open_ = row.status == "pending"
    if row.answered_at is not None:
        shorts["approved_or_denied_by"] = common.user(frame.viewer)
        links["approved_or_denied_by"] = frame.url("users", frame.viewer.id)
    return (
        made
        | _state(row)
        | {
            "execution_environment": None,
            "job_args": "",
            "job_cwd": "",
            "job_env": {},
            "event_processing_finished": True,
            "launched_by": _launched_by(frame, row),
            "work_unit_id": None,
            "can_approve_or_deny": frame.full and open_,
            "approval_expiration": None,
            "timed_out": False,
        }
    )
