"""Routes of who has access to a row, and by what: `access_list/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from demo import model, permissions, rows_access
from demo.fields import TABLES
from demo.pages import SERVER_ERROR, Crash
from demo.paging import page, selected
from demo.role_definitions import RoleDefinition
from demo.role_kinds import KINDS, Kind
from demo.roles import SINGLETONS, Role, Way, roles_of, ways
from demo.tables import find

if TYPE_CHECKING:
    from demo.rows_common import Frame, Row
    from demo.web import Call, Handler


# What they permit is on templates, not on the organization, and it adds nothing.
UNSAID = frozenset({"execute_role", "approval_role", "job_template_admin_role"})


def access_list(kind: type[model.Entity]) -> Handler:
    """Return a handler that lists the users who may do anything with a row."""

    def handler(call: Call) -> Row | Response:
        resource = find(call, kind)
        having = [user for user in call.world.all(model.User) if _has_access(user, resource)]
        chosen = selected(having, TABLES["user"], call.params)
        try:
            return page(
                call.path, call.params, chosen, lambda user: _element(call.frame, user, resource)
            )
        except Crash:
            return Response(SERVER_ERROR, 500, media_type="text/html")

    return handler


def _has_access(user: model.User, resource: model.Entity) -> bool:
    return user.is_superuser or user.is_system_auditor or bool(_held(user, resource))


def _held(user: model.User, resource: model.Entity) -> dict[Way, list[str]]:
    """Return each way in which a user comes to roles on a row, once, and which these are."""
    found: dict[Way, list[str]] = {}
    for role in reversed(roles_of(resource)):
        for way in ways(user, resource, role.role_field):
            fields = found.setdefault(way, [])
            if role.role_field not in fields and role.role_field not in _unsaid(resource):
                fields.append(role.role_field)
    if isinstance(resource, model.Organization):
        for fields in found.values():
            # Its admins are no auditors by their role, but have the permission of these.
            if "admin_role" in fields and "auditor_role" not in fields:
                fields.append("auditor_role")
    return found


def _unsaid(resource: model.Entity) -> frozenset[str]:
    """Return the roles that AWX names to nobody but superusers, as permissions lead to none."""
    return UNSAID if isinstance(resource, model.Organization) else frozenset()


def _element(frame: Frame, user: model.User, resource: model.Entity) -> Row:
    row = rows_access.user(frame, user)
    row.pop("auth")  # AWX leaves it out here
    held = _held(user, resource)
    indirect = [way for way in held if way.resource is not resource and way.team is None]
    direct = sorted((way for way in held if way not in indirect), key=lambda way: bool(way.team))
    row["summary_fields"] = {
        "resource": row["summary_fields"]["resource"],
        "direct_access": [_access(frame, user, way, held[way]) for way in direct],
        "indirect_access": [_access(frame, user, way, held[way]) for way in indirect]
        + _of_the_system(user, resource),
    }
    return row


def _access(frame: Frame, user: model.User, way: Way, gives: list[str]) -> Row:
    definition = frame.world.roles.definitions[way.grant.definition_id]
    assert isinstance(definition, RoleDefinition)  # noqa: S101 - the table has nothing else
    kind = KINDS[type(way.resource)]
    role = Role(_field_by_name(definition, kind), way.resource)
    by_team = {}
    if way.team:
        by_team = {
            "team_id": way.team.id,
            "team_name": way.team.name,
            "team_organization_name": way.team.organization.name,
        }
    may = permissions.gives(frame.viewer, role, way.team or user, frame.world.roles)
    return {
        "role": {
            "id": role.id,
            "name": role.name,
            "description": role.description,
            **by_team,
            "resource_name": way.resource.name,
            "resource_type": kind.name,
            "related": {kind.name: frame.url(kind.collection, way.resource.id)},
            "user_capabilities": {"unattach": frame.writes and may},
        },
        "descendant_roles": gives,
    }


def _field_by_name(definition: RoleDefinition, kind: Kind) -> str:
    """Return the role of the older system that AWX takes a definition for, by its name alone.

    AWX falls over a name that leads to none (`get_role_from_object_role` in its models/rbac.py),
    such as "WorkflowJobTemplate Approve", which is its own: the role is approval_role.
    """
    words = definition.name.removesuffix(" Compat").split()
    if definition.managed and (definition.name == "Organization Audit" or words[2:] == ["Admin"]):
        (field,) = definition.role_fields
        return field
    field = f"{words[-1].lower()}_role"
    if len(words) != 2 or field not in kind.parents:
        raise Crash
    return field


def _of_the_system(user: model.User, resource: model.Entity) -> list[Row]:
    if not (user.is_superuser or user.is_system_auditor):
        return []
    role = Role(SINGLETONS[0 if user.is_superuser else 1])
    fields = [each.role_field for each in roles_of(resource)]
    told = {"id": None, "name": role.name, "description": role.description}
    return [
        {
            "role": {**told, "user_capabilities": {"unattach": False}},
            "descendant_roles": sorted(fields) if user.is_superuser else ["read_role"],
        }
    ]


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    return {
        f"{kind.collection}/{{id:int}}/access_list/": {"GET": access_list(of)}
        for of, kind in KINDS.items()
    }
