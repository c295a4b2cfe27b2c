"""Rows of projects, job templates and workflow job templates, and what a launch asks for."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from demo import rows_common as common
from demo.model import ASK_NAMES, JobTemplate, Project, WorkflowTemplate
from demo.model_schedules import Schedule
from demo.rows_run_parts import COLLECTIONS
from demo.text import iso, whole

if TYPE_CHECKING:
    from demo.model import Entity
    from demo.rows_common import Frame, Row

HOOKS = (
    "notification_templates_started",
    "notification_templates_success",
    "notification_templates_error",
)


def unified(frame: Frame, row: Entity, *, detail: bool = False) -> Row:
    """Return a row of any kind of template."""
    if isinstance(row, Project):
        return project(frame, row, detail=detail)
    if isinstance(row, WorkflowTemplate):
        return workflow_template(frame, row, detail=detail)
    assert isinstance(row, JobTemplate)  # noqa: S101 - there are no others
    return job_template(frame, row, detail=detail)


def _last(frame: Frame, row: Entity, related: dict[str, str], shorts: Row) -> Row:
    """Return the state that follows from the newest run, and add the links to it."""
    runs = list(itertools.islice(frame.world.jobs.recent(template=row), 20))
    run = next((run for run in runs if not run.active), None)
    current = next((run for run in reversed(runs) if run.active), None)
    coming = _next_schedule(frame, row)
    state = {
        "last_job_run": iso(run.finished) if run else None,
        "last_job_failed": run.failed if run else False,
        "next_job_run": whole(coming.next_run) if coming else None,
        "status": current.status if current else run.status if run else "never updated",
    }
    if coming:
        related["next_schedule"] = frame.url("schedules", coming.id)
    if current:
        related["current_job"] = frame.url(COLLECTIONS[current.kind], current.id)
        shorts["current_job"] = current.summary()
        shorts["current_update"] = current.summary()
    if run:
        related["last_job"] = frame.url(COLLECTIONS[run.kind], run.id)
        shorts["last_job"] = {
            **common.short(row),
            "id": run.id,
            "finished": iso(run.finished),
            "status": run.status,
            "failed": run.failed,
        }
        shorts["last_update"] = run.summary()
    return state


def _next_schedule(frame: Frame, row: Entity) -> Schedule | None:
    """Return the schedule of a template that falls due next."""
    rows = [each for each in frame.world.all(Schedule) if each.unified_job_template is row]
    return min(
        (each for each in rows if each.next_run is not None),
        key=lambda each: each.next_run or 0,
        default=None,
    )


def _recent(frame: Frame, row: Entity) -> list[Row]:
    found: list[Row] = []
    for run in frame.world.jobs.recent(template=row):
        if getattr(run, "slice_count", 1) > 1:  # the parts of a sliced job are left out
            continue
        found.append(
            {
                "id": run.id,
                "status": run.status,
                "finished": iso(run.finished),
                "canceled_on": iso(run.canceled_on),
                "type": run.kind,
            }
        )
        if len(found) == 10:
            break
    return found


def project(frame: Frame, row: Project, *, detail: bool = False) -> Row:
    """Return a project."""
    made = common.head(frame, row, "project", "projects")
    links, people = common.authors(frame, row)
    names = (
        "teams playbooks update project_updates scm_inventory_sources schedules activity_stream "
        "access_list object_roles copy"
    )
    related = {
        **(common.named(frame, "projects", row.name, row.organization.name) if detail else {}),
        **links,
        **frame.below("projects", row.id, *names.split(), *HOOKS),
        "inventory_files": frame.url("projects", row.id, "inventories"),
        "organization": frame.url("organizations", row.organization.id),
    }
    shorts: Row = {"organization": common.short(row.organization), **people}
    state = _last(frame, row, related, shorts)
    state["status"] = common.project_status(frame, row)
    for name in ("last", "current"):
        if f"{name}_job" in related:
            related[f"{name}_update"] = related[f"{name}_job"]
    shorts["object_roles"] = common.object_roles(row)
    shorts["user_capabilities"] = common.may(
        frame, row, "edit", "delete", "start", "schedule", "copy"
    )
    if row.credential:
        related["credential"] = frame.url("credentials", row.credential.id)
        shorts["credential"] = {
            **common.credential(row.credential),
            "kubernetes": False,
            "credential_type_id": row.credential.credential_type.id,
        }
    if detail:
        shorts["resolved_environment"] = common.environment(frame, 1)
    made |= {"related": related, "summary_fields": shorts}
    return (
        made
        | state
        | {
            "local_path": row.local_path if row.scm_type else "",
            "scm_type": row.scm_type,
            "scm_url": row.scm_url,
            "scm_branch": "",
            "scm_refspec": "",
            "scm_clean": False,
            "scm_track_submodules": False,
            "scm_delete_on_update": False,
            "credential": row.credential.id if row.credential else None,
            "timeout": 0,
            "scm_revision": row.revision,
            "organization": row.organization.id,
            "scm_update_on_launch": row.scm_update_on_launch,
            "scm_update_cache_timeout": 0,
            "allow_override": False,
            "custom_virtualenv": None,
            "default_environment": None,
            "signature_validation_credential": None,
            "last_update_failed": state["last_job_failed"],
            "last_updated": state["last_job_run"],
        }
    )


def job_template(frame: Frame, row: JobTemplate, *, detail: bool = False) -> Row:
    """Return a job template."""
    made = common.head(frame, row, "job_template", "job_templates")
    links, people = common.authors(frame, row)
    names = (
        "labels credentials jobs schedules activity_stream launch webhook_key access_list "
        "survey_spec object_roles instance_groups slice_workflow_jobs copy"
    )
    related = {
        **(common.named(frame, "job_templates", row.name, row.organization.name) if detail else {}),
        **links,
        **frame.below("job_templates", row.id, *names.split(), *HOOKS),
        "webhook_receiver": "",
        "project": frame.url("projects", row.project.id),
        "organization": frame.url("organizations", row.organization.id),
    }
    shorts: Row = {
        "organization": common.short(row.organization),
        "project": common.project(frame, row.project),
        **people,
        "object_roles": common.object_roles(row),
        "user_capabilities": common.may(frame, row, "edit", "delete", "start", "schedule", "copy"),
        "labels": common.label_list(row.labels),
        "recent_jobs": _recent(frame, row),
        "credentials": [common.credential(c) for c in row.credentials],
    }
    if row.inventory:
        related["inventory"] = frame.url("inventories", row.inventory.id)
        shorts["inventory"] = common.inventory(frame, row.inventory)
    if row.survey:
        shorts["survey"] = {"title": row.survey["name"], "description": row.survey["description"]}
    if detail:
        shorts["resolved_environment"] = common.environment(frame, 1)
    state = _last(frame, row, related, shorts)
    made |= {"related": related, "summary_fields": shorts}
    return (
        made
        | state
        | {
            "job_type": row.job_type,
            "inventory": row.inventory.id if row.inventory else None,
            "project": row.project.id,
            "playbook": row.playbook,
            "scm_branch": "",
            "forks": 0,
            "limit": row.limit,
            "verbosity": 0,
            "extra_vars": row.extra_vars,
            "job_tags": "",
            "force_handlers": False,
            "skip_tags": "",
            "start_at_task": "",
            "timeout": 0,
            "use_fact_cache": False,
            "organization": row.organization.id,
            "execution_environment": None,
            "host_config_key": "",
            **{f"ask_{name}_on_launch": name in row.asks for name in ASK_NAMES},
            "survey_enabled": row.survey is not None,
            "become_enabled": False,
            "diff_mode": False,
            "allow_simultaneous": row.allow_simultaneous,
            "custom_virtualenv": None,
            "job_slice_count": row.job_slice_count,
            "webhook_service": "",
            "webhook_credential": None,
            "prevent_instance_group_fallback": False,
        }
    )


def workflow_template(frame: Frame, row: WorkflowTemplate, *, detail: bool = False) -> Row:
    """Return a workflow job template."""
    made = common.head(frame, row, "workflow_job_template", "workflow_job_templates")
    links, people = common.authors(frame, row)
    names = (
        "workflow_jobs schedules launch webhook_key workflow_nodes labels activity_stream "
        "notification_templates_approvals access_list object_roles survey_spec copy"
    )
    where = "workflow_job_templates"
    related = {
        **(common.named(frame, where, row.name, row.organization.name) if detail else {}),
        **links,
        **frame.below(where, row.id, *names.split(), *HOOKS),
        "webhook_receiver": "",
        "organization": frame.url("organizations", row.organization.id),
    }
    shorts: Row = {
        "organization": common.short(row.organization),
        **people,
        "object_roles": common.object_roles(row),
        "user_capabilities": common.may(frame, row, "edit", "delete", "start", "schedule", "copy"),
        "labels": common.label_list([]),
        "recent_jobs": _recent(frame, row),
    }
    state = _last(frame, row, related, shorts)
    made |= {"related": related, "summary_fields": shorts}
    asked = ("variables", "inventory", "scm_branch", "limit", "labels", "skip_tags", "tags")
    return (
        made
        | state
        | {
            "extra_vars": row.extra_vars,
            "organization": row.organization.id,
            "survey_enabled": False,
            "allow_simultaneous": row.allow_simultaneous,
            "inventory": None,
            "limit": None,
            "scm_branch": None,
            "webhook_service": "",
            "webhook_credential": None,
            "skip_tags": None,
            "job_tags": None,
            **{f"ask_{name}_on_launch": name in row.asks for name in asked},
        }
    )
