"""Routes of runs: jobs, updates, ad hoc commands, workflow jobs, approvals, events, output."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from demo import rows_access, rows_events, rows_nodes, rows_runs, stdout
from demo.errors import Refused, detail, forbidden, missing, not_allowed
from demo.fields import TABLES
from demo.paging import page, selected
from demo.permissions import approves, cancels, deletes, starts
from demo.relaunching import relaunch, relaunch_form
from demo.rows_inventory import EVENT_BLOCK
from demo.run_kinds import Job
from demo.run_workflows import WorkflowApproval, WorkflowJob
from demo.tables import event_rows, one_row, run_list, run_of
from demo.web import Call, answer

if TYPE_CHECKING:
    from starlette.responses import Response

    from demo.aliases import AnyRow, Json
    from demo.web import Handler

KINDS = {
    "jobs": ("job", "Job", "job_events"),
    "project_updates": ("project_update", "ProjectUpdate", "events"),
    "ad_hoc_commands": ("ad_hoc_command", "AdHocCommand", "events"),
    "workflow_jobs": ("workflow_job", "WorkflowJob", ""),
    "workflow_approvals": ("workflow_approval", "WorkflowApproval", ""),
}
KINDS_BY_NAME = frozenset(kind for kind, _, _ in KINDS.values())
MAX_EVENTS = "4000"


def detail_handler(kind: str, model: str) -> Handler:
    """Return a handler that shows a run."""
    return lambda call: rows_runs.run(call.frame, run_of(call, kind, model), detail=True)


def cancel_handlers(kind: str, model: str) -> dict[str, Handler]:
    """Return the handlers that say whether a run can be canceled, and cancel it."""

    def can(call: Call) -> dict[str, Any]:
        run = run_of(call, kind, model)
        made: dict[str, Any] = {"can_cancel": run.active}
        return made | ({"job_explanation": ""} if kind == "workflow_job" else {})

    def cancel(call: Call) -> Response:
        run = run_of(call, kind, model)
        if not cancels(call.user, run):
            raise forbidden()
        if not run.active:
            raise not_allowed("POST")
        run.cancel()
        return answer(None, 202)

    return {"GET": can, "POST": cancel}


def events_handler(kind: str, model: str) -> Handler:
    """Return a handler that lists the stored events of a run."""

    def events(call: Call) -> Response:
        run = run_of(call, kind, model)
        table = TABLES[f"{kind}_event"]
        chosen = selected(event_rows(run, call.params), table, call.params)
        whole = call.param("no_truncate") in {"1", "true", "True"}

        def make(row: AnyRow) -> Json:
            return rows_events.event(call.frame, row, truncate=not whole)

        limit = call.param("limit")
        if limit:
            count = int(limit) if limit.isdigit() and int(limit) else 25
            made: dict[str, Any] = {"results": [make(row) for row in chosen[:count]]}
        else:
            made = page(call.path, call.params, chosen, make)
        headers = {"X-UI-Max-Events": MAX_EVENTS}
        return answer(made, headers=headers)

    return events


def stdout_handler(kind: str, model: str) -> Handler:
    """Return a handler that sends a run's output."""

    def output(call: Call) -> Response:
        run = run_of(call, kind, model)
        return stdout.respond(call, run, f"{kind}_{run.id}")

    return output


def job_credentials(call: Call) -> dict[str, Any]:
    """Return the credentials of a job."""
    job = run_of(call, "job", "Job")
    rows = job.credentials if isinstance(job, Job) else []
    page_ = selected(rows, TABLES["credential"], call.params)
    return page(call.path, call.params, page_, lambda r: rows_access.credential(call.frame, r))


def host_summaries(call: Call) -> dict[str, Any]:
    """Return what a job did on each host; empty until its last event is stored."""
    run = run_of(call, "job", "Job")
    rows = [
        rows_events.SummaryView(run, index, name, counts)
        for index, (name, counts) in enumerate(run.stats().items())
    ]
    chosen = selected(rows, TABLES["host_summary"], call.params)
    return page(
        call.path, call.params, chosen, lambda row: rows_events.host_summary(call.frame, row)
    )


def job_event(call: Call) -> dict[str, Any]:
    """Return one event, its text whole."""
    run_id = call.row_id // EVENT_BLOCK
    if run_id not in call.world.jobs:
        raise missing("JobEvent")
    run = run_of(call, "job", "JobEvent", run_id)
    for row in event_rows(run, []):
        if row.id == call.row_id:
            return one_row(call.frame, row)
    raise missing("JobEvent")


def workflow_nodes(call: Call) -> dict[str, Any]:
    """Return the steps of a workflow job."""
    run = run_of(call, "workflow_job", "WorkflowJob")
    assert isinstance(run, WorkflowJob)  # noqa: S101 - the kind says so
    chosen = selected(run.nodes, TABLES["workflow_node"], call.params)

    def make(node: AnyRow) -> dict[str, Any]:
        return rows_nodes.workflow_node(call.frame, run, node)

    return page(call.path, call.params, chosen, make)


def approval_handler(*, approved: bool) -> Handler:
    """Return a handler that answers an approval."""

    def reply(call: Call) -> Response:
        try:
            run = run_of(call, "workflow_approval", "WorkflowApproval")
        except Refused as error:
            # AWX looks for it anew to see who may answer it, which a superuser always may.
            if error.status == HTTPStatus.NOT_FOUND and not call.user.is_superuser:
                raise detail(400, "WorkflowApproval matching query does not exist.") from None
            raise
        assert isinstance(run, WorkflowApproval)  # noqa: S101 - the kind says so
        parent = run.workflow
        if not (approves(call.user, parent.template) if parent else call.user.is_superuser):
            raise forbidden()
        if run.status != "pending":
            text = "This workflow step has already been approved or denied."
            raise Refused(400, {"error": text})
        run.answer(call.user, approved=approved)
        return answer(None, 204)

    return reply


def delete_handler(kind: str, model: str) -> Handler:
    """Return a handler that deletes a run which is over, with all that belongs to it."""

    def delete(call: Call) -> Response:
        run = run_of(call, kind, model)
        if not deletes(call.user, run):
            raise forbidden()
        if run.workflow is not None and run.workflow.active:
            raise detail(403, "Cannot delete job resource when associated workflow job is running.")
        if run.active:
            raise detail(403, "Cannot delete running job resource.")
        if not run.event_processing_finished:
            raise Refused(400, {"error": "Job has not finished processing events."})
        call.world.purge(run.id)
        return answer(None, 204)

    return delete


def relaunch_handlers(kind: str, model: str) -> dict[str, Handler]:
    """Return the handlers that say what a relaunch needs, and relaunch."""

    def post(call: Call) -> Response:
        run = run_of(call, kind, model)
        if not (run.template and starts(call.user, run.template)):
            raise forbidden()
        return relaunch(call, run)

    return {"GET": lambda call: relaunch_form(run_of(call, kind, model)), "POST": post}


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    made: dict[str, dict[str, Handler]] = {}
    for collection, (kind, model, events) in KINDS.items():
        one = f"{collection}/{{id:int}}/"
        if kind != "ad_hoc_command":
            made[f"{collection}/"] = {"GET": _lister(kind)}
        made[one] = {"GET": detail_handler(kind, model), "DELETE": delete_handler(kind, model)}
        if kind != "workflow_approval":
            made[f"{one}cancel/"] = cancel_handlers(kind, model)
        if events:
            made[f"{one}{events}/"] = {"GET": events_handler(kind, model)}
            made[f"{one}stdout/"] = {"GET": stdout_handler(kind, model)}
    made["jobs/{id:int}/relaunch/"] = relaunch_handlers("job", "Job")
    made["workflow_jobs/{id:int}/relaunch/"] = relaunch_handlers("workflow_job", "WorkflowJob")
    made["ad_hoc_commands/{id:int}/relaunch/"] = relaunch_handlers("ad_hoc_command", "AdHocCommand")
    return made | {
        "jobs/{id:int}/credentials/": {"GET": job_credentials},
        "jobs/{id:int}/job_host_summaries/": {"GET": host_summaries},
        "job_events/{id:int}/": {"GET": job_event},
        "workflow_jobs/{id:int}/workflow_nodes/": {"GET": workflow_nodes},
        "workflow_approvals/{id:int}/approve/": {"POST": approval_handler(approved=True)},
        "workflow_approvals/{id:int}/deny/": {"POST": approval_handler(approved=False)},
        "unified_jobs/": {"GET": unified_jobs},
    }


def unified_jobs(call: Call) -> dict[str, Any]:
    """Return runs of every kind; AWX leaves approvals out of this list."""
    return run_list(call, "unified_job", *(set(KINDS_BY_NAME) - {"workflow_approval"}))


def _lister(kind: str) -> Handler:
    return lambda call: run_list(call, kind, kind)
