"""Routes of who has access to a template, and by what: `access_list/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import model, rows_access
from demo.api_roles import KINDS, Role, roles_of
from demo.fields import TABLES
from demo.paging import page, selected
from demo.tables import find

if TYPE_CHECKING:
    from demo.rows_common import Frame, Row
    from demo.web import Call, Handler

SUPERUSER = {
    "id": None,
    "name": "System Administrator",
    "description": "Can manage all aspects of the system",
    "user_capabilities": {"unattach": False},
}


def access_list(kind: type[model.Entity]) -> Handler:
    """Return a handler that lists the users who may do anything with a template."""

    def handler(call: Call) -> Row:
        resource = find(call, kind)
        having = [user for user in call.world.all(model.User) if _has_access(user, resource)]
        chosen = selected(having, TABLES["user"], call.params)
        return page(
            call.path, call.params, chosen, lambda user: _element(call.frame, user, resource)
        )

    return handler


def _has_access(user: model.User, resource: model.Entity) -> bool:
    return user.is_superuser or bool(_held(user, resource))


def _held(user: model.User, resource: model.Entity) -> list[tuple[Role, model.Team | None]]:
    """Return the roles that a user holds, each with the team that he has it by."""
    holders: list[model.User | model.Team] = [user, *user.teams]
    return [
        (role, holder if isinstance(holder, model.Team) else None)
        for holder in holders
        for role in roles_of(resource)
        if role.is_held_by(holder)
    ]


def _element(frame: Frame, user: model.User, resource: model.Entity) -> Row:
    row = rows_access.user(frame, user)
    row.pop("auth")  # AWX leaves it out here
    row["summary_fields"] = {
        "resource": row["summary_fields"]["resource"],
        "direct_access": [_access(frame, *each) for each in _held(user, resource)],
        "indirect_access": [_everything(resource)] if user.is_superuser else [],
    }
    return row


def _access(frame: Frame, role: Role, team: model.Team | None) -> Row:
    kind, _ = KINDS[type(role.resource)]
    by_team = {"team_id": team.id, "team_name": team.name} if team else {}
    return {
        "role": {
            "id": role.id,
            "name": role.name,
            "description": role.description,
            **by_team,
            "resource_name": role.resource.name,
            "resource_type": kind,
            "related": {kind: frame.url(f"{kind}s", role.resource.id)},
            "user_capabilities": {"unattach": frame.full},
        },
        "descendant_roles": ["read_role", role.role_field],
    }


def _everything(resource: model.Entity) -> Row:
    fields = sorted(role.role_field for role in roles_of(resource))
    return {"role": SUPERUSER, "descendant_roles": fields}


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    return {
        f"{kind}s/{{id:int}}/access_list/": {"GET": access_list(of)}
        for of, (kind, _) in KINDS.items()
    }
