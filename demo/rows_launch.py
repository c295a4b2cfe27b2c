"""What GET on a launch says: prompts, defaults, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.model import ASK_NAMES

if TYPE_CHECKING:
    from demo.model import JobTemplate, WorkflowTemplate
    from demo.rows_common import Row


def launch_form(row: JobTemplate) -> Row:
    """Return what GET on a job template's launch says: prompts, defaults, what is missing."""
    questions = [q for q in row.survey["spec"] if q["required"]] if row.survey else []
    needed = [p for c in row.credentials for p in c.passwords_needed]
    inventory = row.inventory
    made: Row = {
        "can_start_without_user_input": not (row.asks or row.survey or needed or not inventory),
        "passwords_needed_to_start": needed,
        **{f"ask_{name}_on_launch": name in row.asks for name in ASK_NAMES},
        "survey_enabled": row.survey is not None,
        "variables_needed_to_start": [q["variable"] for q in questions],
        "credential_needed_to_start": False,
        "inventory_needed_to_start": inventory is None,
        "job_template_data": {"name": row.name, "id": row.id, "description": row.description},
    }
    defaults: Row = {
        "inventory": {
            "name": inventory.name if inventory else None,
            "id": inventory.id if inventory else None,
        },
        "limit": row.limit,
        "scm_branch": "",
        "job_tags": "",
        "skip_tags": "",
        "extra_vars": row.extra_vars,
        "diff_mode": False,
        "job_type": row.job_type,
        "verbosity": 0,
        "execution_environment": {},
        "forks": 0,
        "job_slice_count": row.job_slice_count,
        "timeout": 0,
        "instance_groups": [],
    }
    if row.credentials:
        defaults["credentials"] = [
            {
                "id": c.id,
                "name": c.name,
                "credential_type": c.credential_type.id,
                "passwords_needed": c.passwords_needed,
            }
            for c in row.credentials
        ]
    if row.labels:
        defaults["labels"] = [{"id": x.id, "name": x.name} for x in row.labels]
    return made | {"defaults": defaults}


def workflow_launch_form(row: WorkflowTemplate) -> Row:
    """Return what GET on a workflow's launch says."""
    asked = ("inventory", "limit", "scm_branch", "variables", "labels", "skip_tags", "tags")
    return {
        **{f"ask_{name}_on_launch": name in row.asks for name in asked},
        "can_start_without_user_input": True,
        "defaults": {
            "inventory": {"name": None, "id": None},
            "limit": None,
            "scm_branch": None,
            "job_tags": None,
            "skip_tags": None,
            "extra_vars": row.extra_vars,
        },
        "survey_enabled": False,
        "variables_needed_to_start": [],
        "node_templates_missing": [],
        "node_prompts_rejected": [],
        "workflow_job_template_data": {
            "name": row.name,
            "id": row.id,
            "description": row.description,
        },
    }
