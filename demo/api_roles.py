"""Routes of roles and of those who hold them, in the older of AWX's role systems."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from demo import model, poses, rows_access
from demo.errors import Refused, detail, forbidden, missing
from demo.fields import TABLES
from demo.paging import page, selected
from demo.permissions import gives
from demo.role_kinds import KINDS
from demo.roles import SINGLETONS, Role, holds, roles_of
from demo.tables import find, shown
from demo.web import answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.responses import Response

    from demo.rows_common import Frame, Row
    from demo.web import Call, Handler

    Holder = model.User | model.Team

HOLDERS: dict[str, type[model.User | model.Team]] = {"users": model.User, "teams": model.Team}
BY_NAME = replace(TABLES["role"], order="id")


def role_row(frame: Frame, role: Role) -> Row:
    """Return a role."""
    related = frame.below("roles", role.id, "users", "teams")
    shorts: Row = {}
    if role.resource and role.kind:
        kind = role.kind.name
        related[kind] = frame.url(role.kind.collection, role.resource.id)
        shorts = {
            "resource_name": role.resource.name,
            "resource_type": kind,
            "resource_type_display_name": kind.replace("_", " ").title(),
            "resource_id": role.resource.id,
        }
    return {
        "id": role.id,
        "type": "role",
        "url": frame.url("roles", role.id),
        "related": related,
        "summary_fields": shorts,
        "name": role.name,
        "description": role.description,
    }


def all_roles(call: Call) -> list[Role]:
    """Return every role that there is."""
    rows = [row for kind in KINDS for row in call.world.all(kind)]
    return [role for row in rows for role in roles_of(row)] + [Role(name) for name in SINGLETONS]


def sees_role(user: model.User, role: Role) -> bool:
    """Return whether somebody is shown a role: one on what he has any role on."""
    if role.resource is None or user.is_superuser or user.is_system_auditor:
        return True
    return any(holds(user, role.resource, each.role_field) for each in roles_of(role.resource))


def _role(call: Call) -> Role:
    for role in all_roles(call):
        if role.id == call.row_id:
            if not sees_role(call.user, role):
                raise forbidden()
            return role
    raise missing("Role")


def _roles(call: Call, rows: Iterable[Role], holder: Holder | None = None) -> Row:
    chosen = selected([each for each in rows if sees_role(call.user, each)], BY_NAME, call.params)

    def make(role: Role) -> Row:
        row = role_row(call.frame, role)
        if holder:
            may = call.frame.writes and gives(call.user, role, holder, call.world.roles)
            row["summary_fields"]["user_capabilities"] = {"unattach": may}
        return row

    return page(call.path, call.params, chosen, make)


def role_list(call: Call) -> Row:
    """Return the roles that the user is shown."""
    rows = [each for each in all_roles(call) if sees_role(call.user, each)]
    chosen = selected(rows, TABLES["role"], call.params)
    return page(call.path, call.params, chosen, lambda role: role_row(call.frame, role))


def object_roles(kind: type[model.Entity]) -> Handler:
    """Return a handler that lists the roles on a row."""
    return lambda call: _roles(call, roles_of(find(call, kind)))


def holders_of(call: Call, role: Role, kind: str) -> Row:
    """Return the users or teams that hold a role themselves."""
    rows = [row for row in call.world.all(HOLDERS[kind]) if role.is_held_by(row)]
    return _people(call, kind, rows)


def _people(call: Call, kind: str, rows: Sequence[Any]) -> Row:
    """Return a page of users or of teams."""
    chosen = selected(rows, TABLES[kind.removesuffix("s")], call.params)
    make = rows_access.user if kind == "users" else rows_access.team
    return page(call.path, call.params, chosen, lambda row: make(call.frame, row))


def roles_of_holder(kind: str) -> Handler:
    """Return a handler that lists the roles which a user or a team holds itself."""

    def handler(call: Call) -> Row:
        holder = find(call, HOLDERS[kind])
        held = [role for role in all_roles(call) if role.is_held_by(holder)]
        return _roles(call, held, holder)

    return handler


def _numbered(call: Call) -> int:
    """Return the id that the body names, or raise what AWX says of any other."""
    found = call.body().get("id")
    if not found:
        raise Refused(400, {"msg": "Role 'id' field is missing."})
    if not isinstance(found, int) or isinstance(found, bool):
        raise Refused(400, {"msg": '"id" field must be an integer.'})
    return found


def give_to(kind: str) -> Handler:
    """Return a handler that gives a role to a user or a team, or takes it away."""

    def handler(call: Call) -> Response:
        number = _numbered(call)
        holder = call.world.tables[HOLDERS[kind]].get(call.row_id)
        if holder is None:
            if kind == "teams":
                raise missing("Team")
            raise detail(400, "User matching query does not exist.")
        role = next((each for each in all_roles(call) if each.id == number), None)
        if role is None:
            raise detail(400, "Role matching query does not exist.")
        assert isinstance(holder, model.User | model.Team)  # noqa: S101 - no other table is asked
        return _change(call, role, holder)

    return handler


def give(kind: str) -> Handler:
    """Return a handler that gives a role to whom the body names, or takes it away."""

    def handler(call: Call) -> Response:
        number, role = _numbered(call), _role(call)
        holder = call.world.tables[HOLDERS[kind]].get(number)
        if holder is None:
            raise detail(400, f"{HOLDERS[kind].__name__} matching query does not exist.")
        assert isinstance(holder, model.User | model.Team)  # noqa: S101 - no other table is asked
        return _change(call, role, holder)

    return handler


def _change(call: Call, role: Role, holder: Holder) -> Response:
    is_taken = "disassociate" in call.body()
    if isinstance(holder, model.Team):
        _refuse_to_team(role, holder)
        if not shown(call, holder):
            raise forbidden()
    else:
        _refuse_to_user(call, role, holder, is_taken=is_taken)
    if not gives(call.user, role, holder, call.world.roles):
        raise forbidden()
    if role.resource is None:
        assert isinstance(holder, model.User)  # noqa: S101 - a team was refused
        at = "is_superuser" if role.role_field == SINGLETONS[0] else "is_system_auditor"
        setattr(holder, at, not is_taken)
    elif is_taken:
        call.world.roles.take(role.resource, role.role_field, holder)
    elif not role.is_held_by(holder):
        call.world.roles.give(role.resource, role.role_field, holder, by=call.user)
    return answer(None, 204)


def _refuse_to_team(role: Role, team: model.Team) -> None:
    row, takes_part = role.resource, role.role_field in {"member_role", "admin_role"}
    text = ""
    if isinstance(row, model.Organization) and takes_part:
        text = "You cannot assign an Organization participation role as a child role for a Team."
    elif row is None:
        text = "You cannot grant system-level permissions to a team."
    elif isinstance(row, model.Credential) and row.organization is not team.organization:
        text = (
            "You cannot grant credential access to a team when the Organization field isn't set, "
            "or belongs to a different organization"
        )
    if text:
        raise Refused(400, {"msg": text})


def _refuse_to_user(call: Call, role: Role, user: model.User, *, is_taken: bool) -> None:
    row, takes_part = role.resource, role.role_field in {"member_role", "admin_role"}
    shared = isinstance(row, model.Organization | model.Team) and takes_part
    if shared and row is not None and call.world.pose is poses.GATEWAY:
        text = (
            f"Cannot directly modify user membership to {KINDS[type(row)].name}. "
            "Direct shared resource management disabled"
        )
        raise Refused(403, {"msg": text})
    owner = row.organization if isinstance(row, model.Credential) else None
    if owner and not is_taken and not holds(user, owner, "member_role"):
        text = "You cannot grant credential access to a user not in the credentials' organization"
        raise Refused(400, {"msg": text})


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    made: dict[str, dict[str, Handler]] = {
        f"{kind.collection}/{{id:int}}/object_roles/": {"GET": object_roles(of)}
        for of, kind in KINDS.items()
    }
    for kind in HOLDERS:
        made[f"roles/{{id:int}}/{kind}/"] = {
            "GET": lambda call, kind=kind: holders_of(call, _role(call), kind),  # type: ignore[misc]
            "POST": give(kind),
        }
        made[f"{kind}/{{id:int}}/roles/"] = {"GET": roles_of_holder(kind), "POST": give_to(kind)}
    return made | {
        "roles/": {"GET": role_list},
        "roles/{id:int}/": {"GET": lambda call: role_row(call.frame, _role(call))},
    }
