"""Rows of workflow jobs and approvals."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from demo import rows_common as common
from demo import rows_run_parts as parts
from demo.model import JobTemplate
from demo.permissions import approves
from demo.run_workflows import WorkflowApproval, WorkflowJob
from demo.text import iso

if TYPE_CHECKING:
    from demo.rows_common import Frame, Row
    from demo.runs import Run


def workflow_job(frame: Frame, row: Run) -> Row:
    """Return a workflow job, or the one that a sliced launch makes."""
    assert isinstance(row, WorkflowJob)  # noqa: S101 - a row maker is chosen by the row's kind
    made, links, shorts = parts.begin(frame, row)
    names = ("workflow_nodes", "labels", "activity_stream", "relaunch", "cancel")
    links |= frame.below("workflow_jobs", row.id, *names)
    key = "job_template" if row.is_sliced else "workflow_job_template"
    links[key] = links["unified_job_template"]
    shorts[key] = common.short(row.template)
    shorts["organization"] = common.short(row.organization)
    shorts["labels"] = common.label_list([])
    parts.workflow_links(frame, row, links, shorts)
    inventory = row.template.inventory if isinstance(row.template, JobTemplate) else None
    if inventory:
        shorts["inventory"] = common.inventory(frame, inventory)
    else:
        links |= frame.below("workflow_jobs", row.id, "notifications")
    blank = "" if row.is_sliced else None
    return (
        made
        | parts.state(row)
        | {
            "launched_by": parts.launched_by(frame, row),
            "work_unit_id": None,
            "job_args": "",
            "job_cwd": "",
            "job_env": {},
            "workflow_job_template": None if row.is_sliced else row.template.id,
            "extra_vars": json.dumps(row.prompts.extra_vars),
            "allow_simultaneous": row.allow_simultaneous,
            "job_template": row.template.id if row.is_sliced else None,
            "is_sliced_job": row.is_sliced,
            "inventory": inventory.id if inventory else None,
            "limit": row.limit,
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
    made, links, shorts = parts.begin(frame, row)
    links.pop("modified_by", None)
    shorts.pop("modified_by", None)
    links |= frame.below("workflow_approvals", row.id, "approve", "deny")
    links["workflow_approval_template"] = links["unified_job_template"]
    parts.workflow_links(frame, row, links, shorts)
    if row.workflow:
        shorts["workflow_job_template"] = common.short(row.workflow.template)
        shorts["workflow_job"] = {
            k: v for k, v in row.workflow.summary().items() if k in {"id", "name", "description"}
        }
    shorts["workflow_approval_template"] = {
        **common.short(row.template),
        "timeout": row.template.timeout,
    }
    open_ = row.status == "pending"
    parent = row.workflow
    may_answer = approves(frame.viewer, parent.template) if parent else frame.full
    if row.answered_by is not None:
        shorts["approved_or_denied_by"] = common.user(row.answered_by)
        links["approved_or_denied_by"] = frame.url("users", row.answered_by.id)
    return (
        made
        | parts.state(row)
        | {
            "execution_environment": None,
            "job_args": "",
            "job_cwd": "",
            "job_env": {},
            "event_processing_finished": True,
            "launched_by": parts.launched_by(frame, row),
            "work_unit_id": None,
            "can_approve_or_deny": may_answer and open_,
            "approval_expiration": iso(row.expires)
            if open_ and math.isfinite(row.expires)
            else None,
            "timed_out": row.timed_out,
        }
    )
