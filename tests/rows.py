"""Rows as AWX 24.6.1 sends them, shortened to what a person would look at."""

from __future__ import annotations

Row = dict[str, object]

SWITCHES = (
    "scm_branch", "variables", "tags", "diff_mode", "skip_tags", "job_type", "limit", "verbosity",
    "inventory", "credential", "execution_environment", "labels", "forks", "job_slice_count",
    "timeout", "instance_groups",
)  # fmt: skip


def page(*rows: Row) -> Row:
    return {"count": len(rows), "next": None, "previous": None, "results": list(rows)}


def template(**fields: object) -> Row:
    return {
        "id": 9, "type": "job_template", "url": "/api/v2/job_templates/9/", "name": "Deploy web",
        "inventory": 2, "project": 8, "playbook": "deploy.yml", "limit": "", "job_type": "run",
        "summary_fields": {"user_capabilities": {"edit": True, "start": True}}, **fields,
    }  # fmt: skip


def default_credential(**fields: object) -> Row:
    return {"id": 3, "name": "Machine", "credential_type": 1, "passwords_needed": [], **fields}


def launch_facts(*asked: str, **fields: object) -> Row:
    """Return what `GET .../launch/` says of a template that asks for those at launch."""
    return {
        "can_start_without_user_input": True, "passwords_needed_to_start": [],
        **{f"ask_{name}_on_launch": name in asked for name in SWITCHES},
        "survey_enabled": False, "variables_needed_to_start": [],
        "credential_needed_to_start": False, "inventory_needed_to_start": False,
        "defaults": {
            "inventory": {"name": "Web servers", "id": 2}, "limit": "",
            "credentials": [default_credential()],
        }, **fields,
    }  # fmt: skip


def job(**fields: object) -> Row:
    return {
        "id": 40, "type": "job", "url": "/api/v2/jobs/40/",
        "related": {"job_events": "/api/v2/jobs/40/job_events/",
                    "stdout": "/api/v2/jobs/40/stdout/"},
        "name": "Deploy web", "status": "successful", "failed": False, "launch_type": "manual",
        "started": "2026-11-21T22:16:19.826047Z", "finished": "2026-11-21T22:16:21.957290Z",
        "canceled_on": None, "elapsed": 2.131, "job_explanation": "",
        "event_processing_finished": True, "extra_vars": "{}",
        "launched_by": {"id": 1, "name": "admin", "type": "user"}, **fields,
    }  # fmt: skip


def launched(**fields: object) -> Row:
    """Return the answer to a launch."""
    return {
        **job(status="pending", started=None, finished=None, elapsed=0.0),
        "job": 40, "ignored_fields": {}, "event_processing_finished": False, **fields,
    }  # fmt: skip


def event(counter: int, stdout: str = "", **fields: object) -> Row:
    return {
        "id": 1000 + counter, "type": "job_event", "event": "runner_on_ok", "counter": counter,
        "event_data": {}, "host_name": "", "stdout": stdout, **fields,
    }  # fmt: skip


def node(node_id: int, job_id: int | None = None, kind: str = "job", **fields: object) -> Row:
    """Return a step of a workflow, and what is said there of the job it has started."""
    status = fields.pop("status", "successful")
    started = {"id": job_id, "type": kind, "name": "step", "status": status}
    return {
        "id": node_id, "type": "workflow_job_node", "identifier": f"node-{node_id}",
        "summary_fields": {
            "unified_job_template": {"id": 9, "name": "step", "unified_job_type": kind},
            **({"job": started} if job_id else {}),
        },
        "do_not_run": False, **fields,
    }  # fmt: skip
