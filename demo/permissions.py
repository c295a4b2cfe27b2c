"""Who may see and do what, as roles have it; after awx/main/access.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import model, model_oauth
from demo.model_notifications import Notification, NotificationTemplate
from demo.role_definitions import RoleDefinition
from demo.role_kinds import KINDS
from demo.roles import holds
from demo.run_kinds import AdHocCommand, Job, ProjectUpdate
from demo.run_workflows import WorkflowApproval, WorkflowJob
from demo.runs import Run

if TYPE_CHECKING:
    from demo.aliases import AnyRow
    from demo.granting import Assignments
    from demo.roles import Role
    from demo.run_kinds import Prompts

NOTIFYING = ("notification_admin_role", "auditor_role")
# What it takes on the row itself; on one of another type it is enough to be shown it.
ATTACHING: dict[type[model.Entity], tuple[str, ...]] = {
    model.Project: ("admin_role",),
    model.Organization: ("admin_role", "auditor_role"),
}
OPEN = (model.ExecutionEnvironment, model.CredentialType, RoleDefinition)


def sees(user: model.User, row: AnyRow) -> bool:
    """Return whether the user may see a row; for users there is `sees_user`."""
    if isinstance(row, model_oauth.Token):
        return user.is_superuser or row.user is user
    if isinstance(row, (*OPEN, model.User)) or user.is_superuser or user.is_system_auditor:
        return True
    if isinstance(row, model.Team):
        return holds(user, row, "read_role") or holds(user, row.organization, "member_role")
    if isinstance(row, Notification):
        row = row.notification_template
    if isinstance(row, NotificationTemplate):
        return any(holds(user, row.organization, role) for role in NOTIFYING)
    owner = _owner(row)
    if owner is not None:
        return holds(user, owner, "read_role") or (isinstance(row, Job) and _audits(user, row))
    return False


def _owner(row: AnyRow) -> model.Entity | None:
    """Return what somebody must be able to read to see a row."""
    if type(row) in KINDS:
        return row  # type: ignore[no-any-return]  # it is one of those
    if isinstance(row, WorkflowApproval):
        return row.workflow.template if row.workflow else None
    if isinstance(row, Job | WorkflowJob | ProjectUpdate):
        return row.template
    if isinstance(row, AdHocCommand | model.Host | model.Group | model.InventorySource):
        return row.inventory
    return row.organization if isinstance(row, model.Label) else None


def _audits(user: model.User, job: Job) -> bool:
    organization = job.template.organization
    return any(holds(user, organization, role) for role in ("admin_role", "auditor_role"))


def manages_all(user: model.User, assignments: Assignments) -> bool:
    """Return whether somebody sees all users and teams, as an organization's administrators do."""
    if user.is_superuser or user.is_system_auditor:
        return True
    return any(
        holds(user, row, role)
        for row in assignments.rows(model.Organization)
        for role in ("admin_role", "auditor_role")
    )


def sees_user(user: model.User, other: model.User, assignments: Assignments) -> bool:
    """Return whether somebody is shown another user."""
    if other is user or other.is_superuser or manages_all(user, assignments):
        return True
    return any(
        holds(user, row, "read_role") and holds(other, row, "member_role")
        for row in assignments.rows(model.Organization)
    )


def starts(user: model.User, template: model.Entity) -> bool:
    """Return whether the user may start runs of a template, or updates of a project."""
    if isinstance(template, model.Project):
        return holds(user, template, "update_role")
    if isinstance(template, model.JobTemplate | model.WorkflowTemplate):
        return holds(user, template, "execute_role")
    return user.is_superuser


def may_pass(user: model.User, template: model.JobTemplate, prompts: Prompts) -> bool:
    """Return whether the user may use what he passes to a launch beside the template's own."""
    used: list[model.Entity] = [
        *([prompts.inventory] if prompts.inventory not in {None, template.inventory} else []),
        *(each for each in prompts.credentials or [] if each not in template.credentials),
        *(each for each in prompts.instance_groups if each not in template.instance_groups),
    ]
    own = template.labels
    return all(holds(user, each, "use_role") for each in used) and all(
        sees(user, each) for each in prompts.labels or [] if each not in own
    )


def approves(user: model.User, template: model.Entity) -> bool:
    """Return whether the user may answer the approvals of a workflow, himself or by a team."""
    if not isinstance(template, model.WorkflowTemplate):
        return user.is_superuser
    return holds(user, template, "approval_role")


def administers(user: model.User, row: model.Entity) -> bool:
    """Return whether the user may change a row and give roles on it."""
    return user.is_superuser or (type(row) in KINDS and holds(user, row, "admin_role"))


def cancels(user: model.User, run: Run) -> bool:
    """Return whether the user may cancel a run: his own, or one of what he administers."""
    return run.created_by is user or (
        administers(user, run.template) if run.template else user.is_superuser
    )


def deletes(user: model.User, run: Run) -> bool:
    """Return whether the user may delete a run, as an administrator of its organization may."""
    organization = getattr(run.template, "organization", None)
    return user.is_superuser or (
        organization is not None and holds(user, organization, "admin_role")
    )


def gives(
    user: model.User, role: Role, holder: model.User | model.Team, assignments: Assignments
) -> bool:
    """Return whether the user may give a role to somebody, or take it away."""
    if user.is_superuser:
        return True
    if role.resource is None:
        return False
    is_shown = (
        sees_user(user, holder, assignments)
        if isinstance(holder, model.User)
        else sees(user, holder)
    )
    takes_part = role.role_field in {"admin_role", "member_role"}
    if isinstance(role.resource, model.Organization) and takes_part:
        is_shown &= isinstance(holder, model.User) and may_change_user(user, holder, assignments)
    return is_shown and holds(user, role.resource, "admin_role")


def may_change_user(user: model.User, other: model.User, assignments: Assignments) -> bool:
    """Return whether the user administers another one, whose organizations are all his."""
    if other.is_superuser or other.is_system_auditor:
        return user.is_superuser
    own = [row for row in assignments.rows(model.Organization) if holds(other, row, "member_role")]
    if own:
        return all(holds(user, row, "admin_role") for row in own)
    return all(
        holds(user, row, field)
        for row, grant in assignments.all()
        if grant.holder is other
        for field in grant.role_fields
    )


def notifies(user: model.User, organization: model.Entity) -> bool:
    """Return whether the user may make, change and test an organization's notifications."""
    return holds(user, organization, "notification_admin_role")


def attaches(user: model.User, row: NotificationTemplate, parent: model.Entity) -> bool:
    """Return whether the user may attach a notification template to what he is shown."""
    roles = ATTACHING.get(type(parent), ())
    return notifies(user, row.organization) and (
        not roles or any(holds(user, parent, role) for role in roles)
    )


def _copies(user: model.User, row: AnyRow) -> bool:
    if isinstance(row, model.JobTemplate):
        used = [row.project, *([row.inventory] if row.inventory else []), *row.credentials]
        return all(holds(user, each, "use_role") for each in used)
    if isinstance(row, model.WorkflowTemplate):
        return holds(user, row.organization, "workflow_admin_role")
    kind = KINDS.get(type(row))
    return kind is not None and holds(user, row.organization, f"{kind.name}_admin_role")


def capability(user: model.User, row: AnyRow, name: str) -> bool:
    """Return whether `user_capabilities` of a row says yes to that."""
    if user.is_superuser:
        return True
    owner = _owner(row)
    if isinstance(row, NotificationTemplate):
        return notifies(user, row.organization)
    if isinstance(row, Run) and name == "delete":
        found = deletes(user, row)
    elif name in {"start", "schedule"}:
        is_manual = isinstance(row, model.Project) and not row.scm_type
        found = not is_manual and (owner is None or starts(user, owner))
    elif name == "copy":
        found = _copies(user, row)
    elif name in {"adhoc", "use"}:
        found = type(row) in KINDS and holds(user, row, f"{name}_role")
    else:
        found = owner is not None and administers(user, owner)
    return found
