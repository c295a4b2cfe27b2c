"""Routes of teams, and of who is in which team and organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import model, rows_access
from demo.api_roles import holders_of
from demo.fields import TABLES
from demo.paging import page, selected
from demo.permissions import sees
from demo.role_kinds import KINDS
from demo.roles import Role
from demo.tables import detail_of, find, list_of

if TYPE_CHECKING:
    from demo.rows_common import Row
    from demo.web import Call, Handler


def member_list(kind: type[model.Entity], field: str) -> Handler:
    """Return a handler that lists the users who hold a role on a row themselves."""
    return lambda call: holders_of(call, Role(field, find(call, kind)), "users")


def rows_with(kind: type[model.Entity], *fields: str) -> Handler:
    """Return a handler that lists the teams or organizations on which a user has a role."""

    def handler(call: Call) -> Row:
        user = find(call, model.User)
        name = KINDS[kind].name
        rows = [
            row
            for row in call.world.all(kind)
            if any(Role(field, row).is_held_by(user) for field in fields)
        ]
        rows = [row for row in rows if sees(call.user, row)]
        make = rows_access.team if kind is model.Team else rows_access.organization
        chosen = selected(rows, TABLES[name], call.params)
        return page(call.path, call.params, chosen, lambda row: make(call.frame, row))

    return handler


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    user, organization = "users/{id:int}/", "organizations/{id:int}/"
    return {
        "teams/": {"GET": list_of(model.Team, "team", rows_access.team)},
        "teams/{id:int}/": {"GET": detail_of(model.Team, rows_access.team)},
        "teams/{id:int}/users/": {"GET": member_list(model.Team, "member_role")},
        f"{user}teams/": {"GET": rows_with(model.Team, "member_role", "admin_role")},
        f"{user}organizations/": {"GET": rows_with(model.Organization, "member_role")},
        f"{user}admin_of_organizations/": {"GET": rows_with(model.Organization, "admin_role")},
        f"{organization}users/": {"GET": member_list(model.Organization, "member_role")},
        f"{organization}admins/": {"GET": member_list(model.Organization, "admin_role")},
    }
