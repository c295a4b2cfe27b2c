"""What definitions of roles come to, by their permissions: older roles, and being in teams."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from utils.awx_client import Client
    from utils.resources import Kind

# The first word of the permission that a role of the older system comes to on its own resource.
_ACTIONS = {
    "admin_role": "change",
    "execute_role": "execute",
    "use_role": "use",
    "update_role": "update",
    "adhoc_role": "adhoc",
    "approval_role": "approve",
    "member_role": "member",
    "auditor_role": "audit",
    "read_role": "view",
}
_FIELDS = {action: field for field, action in _ACTIONS.items()}
# What makes rows in an organization is taken for the role on it that administers them.
_MAKING = {
    "add_project": "project_admin_role",
    "add_inventory": "inventory_admin_role",
    "add_credential": "credential_admin_role",
    "add_workflowjobtemplate": "workflow_admin_role",
    "add_notificationtemplate": "notification_admin_role",
    "add_executionenvironment": "execution_environment_admin_role",
}


@dataclass(frozen=True)
class Definitions:
    """The permissions of each definition by its id, such as `execute_jobtemplate`."""

    permissions: Mapping[int, list[str]]

    @cached_property
    def joining(self) -> frozenset[int]:
        """Return the ids of those that put one into a team, or into all of an organization."""
        return frozenset(
            number for number, given in self.permissions.items() if "member_team" in given
        )

    def fields_on(self, kind: Kind) -> dict[int, tuple[str, ...]]:
        """Return which roles on a resource of a kind each comes to, as AWX's access lists have it.

        Those that come to none are left out.
        """
        found = {}
        for number, given in self.permissions.items():
            fields = [field for each in given if (field := _field(each, kind))]
            if fields:
                found[number] = tuple(dict.fromkeys(fields))
        return found


def _field(permission: str, kind: Kind) -> str:
    action, _, model = permission.partition("_")
    if model == kind.model:
        return _FIELDS.get(action, "")
    return _MAKING.get(permission, "") if kind.type == "organization" else ""


def read(client: Client) -> Definitions:
    """Read them (`GET /api/v2/role_definitions/`, all pages)."""
    return Definitions({
        row.integer("id"): [each.rpartition(".")[2] for each in row.texts("permissions")]
        for row in client.walk("role_definitions/")
    })  # fmt: skip
