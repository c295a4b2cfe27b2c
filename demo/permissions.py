"""Who may see and do what: the administrator everything, others what `executes` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import model
from demo.run_kinds import AdHocCommand, Job

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
    return isinstance(row, model.Token) and row.user is user


def starts(user: model.User, template: model.Entity) -> bool:
    """Return whether the user may start runs of a template."""
    executes = isinstance(template, model.JobTemplate) and template.id in user.executes
    return user.is_superuser or executes


def cancels(user: model.User, run: Run) -> bool:
    """Return whether the user may cancel a run: his own."""
    return user.is_superuser or run.created_by is user
