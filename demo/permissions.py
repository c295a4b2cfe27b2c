"""Who may see and do what: the administrator everything, others what their roles name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import model, model_oauth
from demo.run_kinds import AdHocCommand, Job
from demo.run_workflows import WorkflowApproval, WorkflowJob

if TYPE_CHECKING:
    from demo.aliases import AnyRow
    from demo.runs import Run

OPEN = (model.User, model.ExecutionEnvironment, model.InstanceGroup, model.CredentialType)


def sees(user: model.User, row: AnyRow) -> bool:
    """Return whether the user may see a row."""
    if user.is_superuser or isinstance(row, OPEN):
        return True
    if isinstance(row, model.JobTemplate):
        return row.id in user.executes
    if isinstance(row, Job):
        return row.template.id in user.executes
    if isinstance(row, AdHocCommand):
        return row.created_by is user
    if isinstance(row, model_oauth.Token):
        return row.user is user
    return row in user.teams or _sees_workflow(user, row)


def _sees_workflow(user: model.User, row: AnyRow) -> bool:
    """Return whether a row belongs to a workflow that the user may see, as an approver may."""
    workflow = row.workflow if isinstance(row, WorkflowApproval) else row
    template = workflow.template if isinstance(workflow, WorkflowJob) else workflow
    return isinstance(template, model.WorkflowTemplate) and approves(user, template)


def starts(user: model.User, template: model.Entity) -> bool:
    """Return whether the user may start runs of a template."""
    executes = isinstance(template, model.JobTemplate) and template.id in user.executes
    return user.is_superuser or executes


def approves(user: model.User, template: model.Entity) -> bool:
    """Return whether the user may answer the approvals of a workflow, himself or by a team."""
    holders: list[model.User | model.Team] = [user, *user.teams]
    return user.is_superuser or any(template.id in holder.approves for holder in holders)


def cancels(user: model.User, run: Run) -> bool:
    """Return whether the user may cancel a run: his own."""
    return user.is_superuser or run.created_by is user
