"""Rows of role definitions and of their assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import rows_common as common
from demo.model import Credential
from demo.role_definitions import RoleDefinition
from demo.role_kinds import KINDS
from demo.text import iso

if TYPE_CHECKING:
    from demo.api_assignments import Assignment
    from demo.model import Entity
    from demo.rows_common import Frame, Row


def definition(frame: Frame, row: RoleDefinition, *, detail: bool = False) -> Row:
    """Return a role definition."""
    del detail
    names = ("team_assignments", "user_assignments")
    by = {"created_by": row.created_by, "modified_by": row.created_by}
    links = {name: frame.url("users", who.id) for name, who in by.items() if who}
    return {
        "id": row.id,
        "url": frame.url("role_definitions", row.id),
        "related": {**links, **frame.below("role_definitions", row.id, *names)},
        "summary_fields": {name: common.user(who) for name, who in by.items() if who},
        "permissions": row.permissions,
        "content_type": row.content_type,
        "modified": iso(row.modified),
        "created": iso(row.created),
        "name": row.name,
        "description": row.description,
        "managed": row.managed,
        **{name: who.id if who else None for name, who in by.items()},
    }


def assignment(frame: Frame, row: Assignment, holder: str) -> Row:
    """Return an assignment to a `user` or a `team`."""
    kind = KINDS[type(row.resource)] if row.resource else None
    actor: Entity | None = row.user or row.team
    assert actor  # noqa: S101 - it is the one or the other
    defined = row.role_definition
    assert isinstance(defined, RoleDefinition)  # noqa: S101 - the table has nothing else
    links = {
        "role_definition": frame.url("role_definitions", defined.id),
        holder: frame.url(f"{holder}s", actor.id),
    }
    shorts: Row = {
        "role_definition": {**common.short(defined), "managed": defined.managed},
        holder: common.user(row.user) if row.user else common.short(actor),
    }
    if row.resource and kind:
        links["content_object"] = frame.url(kind.collection, row.resource.id)
        shorts["content_object"] = _content(row.resource)
    if row.created_by:
        links["created_by"] = frame.url("users", row.created_by.id)
        shorts["created_by"] = common.user(row.created_by)
    return {
        "id": row.id,
        "url": frame.url(f"role_{holder}_assignments", row.id),
        "related": links,
        "summary_fields": shorts,
        "created": iso(row.created),
        "created_by": row.created_by.id if row.created_by else None,
        "content_type": kind.content_type if kind else None,
        "object_id": row.object_id,
        "object_ansible_id": None,
        "role_definition": defined.id,
        holder: actor.id,
        f"{holder}_ansible_id": None,
    }


def _content(row: Entity) -> Row:
    if not isinstance(row, Credential):
        return common.short(row)
    more = {"kubernetes": False, "credential_type_id": row.credential_type.id}
    return common.credential(row) | more
