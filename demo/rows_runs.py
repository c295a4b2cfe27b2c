"""Rows of jobs, project updates, ad hoc commands, workflow jobs and approvals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import rows_common as common
from demo import rows_run_parts as parts
from demo import rows_workflows
from demo.run_kinds import AdHocCommand, Job, ProjectUpdate

if TYPE_CHECKING:
    from demo.rows_common import Frame, Row
    from demo.runs import Run

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
        "workflow_job": rows_workflows.workflow_job,
        "workflow_approval": rows_workflows.workflow_approval,
    }
    made = makers[row.kind](frame, row)
    if not detail:
        for name in ONLY_IN_DETAIL:
            made.pop(name, None)
        made["summary_fields"].pop("ancestor_job", None)
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


def job(frame: Frame, row: Run) -> Row:
    """Return a job with every key that its detail has."""
    assert isinstance(row, Job)  # noqa: S101 - a row maker is chosen by the row's kind
    made, links, shorts = parts.begin(frame, row)
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
    parts.workflow_links(frame, row, links, shorts)
    placed = parts.placed(frame, row, links, shorts, 1)
    started = row.started is not None
    prompts = row.prompts
    return (
        made
        | parts.state(row)
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
            "scm_revision": row.revision if started else "",
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
    made, links, shorts = parts.begin(frame, row)
    names = ("stdout", "cancel", "scm_inventory_updates", "notifications", "events")
    links |= frame.below("project_updates", row.id, *names)
    links["project"] = frame.url("projects", row.project.id)
    shorts["organization"] = common.short(row.organization)
    shorts["project"] = common.project(frame, row.project)
    parts.workflow_links(frame, row, links, shorts)
    placed = parts.placed(frame, row, links, shorts, 2)
    if row.launch_type == "dependency":
        placed["launched_by"] = {}
    return (
        made
        | parts.state(row)
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
    made, links, shorts = parts.begin(frame, row)
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
    placed = parts.placed(frame, row, links, shorts, 1)
    return (
        made
        | parts.state(row)
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
