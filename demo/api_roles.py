"""Routes of the roles on templates, of those who hold them, and of teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from demo import model, rows_access
from demo import rows_common as common
from demo.errors import missing
from demo.fields import TABLES
from demo.paging import page, selected
from demo.tables import detail_of, find, list_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.rows_common import Frame, Row
    from demo.web import Call, Handler

KINDS: dict[type[model.Entity], tuple[str, str]] = {
    model.JobTemplate: ("job_template", "Job Template"),
    model.WorkflowTemplate: ("workflow_job_template", "Workflow Job Template"),
}


@dataclass(frozen=True)
class Role:
    """A role on one template, such as its approval_role."""

    id: int
    role_field: str
    name: str
    description: str
    resource: model.Entity

    def is_held_by(self, holder: model.User | model.Team) -> bool:
        """Return whether somebody holds the very role, not one that includes it."""
        if self.role_field == "approval_role":
            return self.resource.id in holder.approves
        executes = isinstance(holder, model.User) and self.role_field == "execute_role"
        return executes and self.resource.id in holder.executes  # type: ignore[union-attr]


def roles_of(resource: model.Entity) -> list[Role]:
    """Return the roles on a template."""
    found = common.template_roles(resource)
    return [
        Role(row["id"], field, row["name"], row["description"], resource)
        for field, row in found.items()
    ]


def role_row(frame: Frame, role: Role) -> Row:
    """Return a role."""
    kind, shown = KINDS[type(role.resource)]
    return {
        "id": role.id,
        "type": "role",
        "url": frame.url("roles", role.id),
        "related": {
            **frame.below("roles", role.id, "users", "teams"),
            kind: frame.url(f"{kind}s", role.resource.id),
        },
        "summary_fields": {
            "resource_name": role.resource.name,
            "resource_type": kind,
            "resource_type_display_name": shown,
            "resource_id": role.resource.id,
        },
        "name": role.name,
        "description": role.description,
    }


def _role(call: Call) -> Role:
    for kind in KINDS:
        for resource in call.world.all(kind):
            for role in roles_of(resource):
                if role.id == call.row_id:
                    find(call, kind, resource.id)  # who may not see the template gets the 403
                    return role
    raise missing("Role")


def object_roles(kind: type[model.Entity]) -> Handler:
    """Return a handler that lists the roles on a template."""

    def handler(call: Call) -> Row:
        chosen = selected(roles_of(find(call, kind)), TABLES["role"], call.params)
        return page(call.path, call.params, chosen, lambda role: role_row(call.frame, role))

    return handler


def role_users(call: Call) -> Row:
    """Return the users who hold a role themselves, not by a team and not as administrators."""
    role = _role(call)
    return _users(call, [user for user in call.world.all(model.User) if role.is_held_by(user)])


def role_teams(call: Call) -> Row:
    """Return the teams that hold a role."""
    role = _role(call)
    holders = [team for team in call.world.all(model.Team) if role.is_held_by(team)]
    chosen = selected(holders, TABLES["team"], call.params)
    return page(call.path, call.params, chosen, lambda row: rows_access.team(call.frame, row))


def team_users(call: Call) -> Row:
    """Return the members of a team."""
    return _users(call, find(call, model.Team).members)


def _users(call: Call, rows: Sequence[Any]) -> Row:
    chosen = selected(rows, TABLES["user"], call.params)
    return page(call.path, call.params, chosen, lambda row: rows_access.user(call.frame, row))


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    return {
        **{
            f"{kind}s/{{id:int}}/object_roles/": {"GET": object_roles(of)}
            for of, (kind, _) in KINDS.items()
        },
        "roles/{id:int}/": {"GET": lambda call: role_row(call.frame, _role(call))},
        "roles/{id:int}/users/": {"GET": role_users},
        "roles/{id:int}/teams/": {"GET": role_teams},
        "teams/": {"GET": list_of(model.Team, "team", rows_access.team)},
        "teams/{id:int}/": {"GET": detail_of(model.Team, rows_access.team)},
        "teams/{id:int}/users/": {"GET": team_users},
    }
