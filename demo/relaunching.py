"""Relaunching a run: what it needs, and the refusals AWX gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo import rows_runs
from demo.errors import Refused, forbidden
from demo.model import JobTemplate, WorkflowTemplate
from demo.run_kinds import AdHocCommand, Job, Prompts, matching
from demo.run_workflows import WorkflowJob
from demo.web import Call, created

if TYPE_CHECKING:
    from starlette.responses import Response

    from demo.runs import Run


def relaunch_form(run: Run) -> dict[str, Any]:
    """Return which passwords a relaunch needs and how many hosts it can be tried on."""
    if isinstance(run, WorkflowJob):
        return {}
    if not isinstance(run, Job):
        return {"passwords_needed_to_start": []}
    needed = [p for c in run.credentials for p in c.passwords_needed]
    counts: dict[str, Any] | str = {"all": len(_hosts(run)), "failed": len(_failed(run))}
    if run.finished is None:
        counts = "Relaunch by host status not available until job finishes running."
    return {"passwords_needed_to_start": needed, "retry_counts": counts}


def _hosts(run: Job) -> list[str]:
    found = matching(run.inventory.hosts, run.limit) if run.inventory else []
    return [host.name for host in found]


def _failed(run: Run) -> list[str]:
    return [n for n, row in run.stats().items() if row.get("failures") or row.get("dark")]


def relaunch(call: Call, run: Run) -> Response:
    """Start the run again, on all hosts or on the ones that failed."""
    again = _again(call, run)
    row = rows_runs.launched(call.frame, again)
    return created({**row, again.kind: again.id}, row["url"])


def _again(call: Call, run: Run) -> Run:
    if isinstance(run, AdHocCommand):
        return call.world.ad_hoc(
            call.user,
            inventory=run.inventory,
            credential=run.credential,
            module_name=run.module_name,
            module_args=run.module_args,
            limit=run.limit,
        )
    if isinstance(run, WorkflowJob):
        if isinstance(run.template, WorkflowTemplate):
            return call.world.launch_workflow(run.template, call.user, run.prompts)
        return call.world.launch(run.template, call.user, run.prompts)
    if not isinstance(run, Job):
        raise forbidden()
    body = call.body()
    prompts = _prompts(run, body)
    template: JobTemplate = run.template
    return call.world.launch(template, call.user, prompts, "relaunch")


def _prompts(run: Job, body: dict[str, Any]) -> Prompts:
    needed = [p for c in run.credentials for p in c.passwords_needed]
    given = {**body, **(body.get("credential_passwords") or {})}
    if any(not given.get(name) for name in needed):
        text = f"Missing passwords needed to start: {', '.join(needed)}"
        raise Refused(400, {"credential_passwords": [text]})
    hosts = body.get("hosts", "all")
    if hosts not in {"all", "failed"}:
        raise Refused(400, {"hosts": [f'"{hosts}" is not a valid choice.']})
    if hosts == "all":
        return run.prompts
    if not run.stats():
        text = "Cannot retry on failed hosts, playbook stats not available."
        raise Refused(400, {"hosts": text})
    failed = _failed(run)
    if not failed:
        text = "Cannot relaunch because previous job had 0 failed hosts."
        raise Refused(400, {"hosts": text})
    return Prompts(**{**vars(run.prompts), "limit": ",".join(failed)})
