"""Who has a role on a resource, reckoned from definitions where AWX cannot list it.

AWX 24.6.1 answers 500 to the access list of anything on which somebody holds a role by a definition
of an administrator's own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from utils.access import held, systems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.access.holders import Holder
    from utils.access.ways import Way
    from utils.awx_client import Client
    from utils.resources import Resource


# What roles of the older system are called among permissions, where it is another word.
_ACTIONS = {"admin": "change", "read": "view", "approval": "approve"}


def ways_to(client: Client, holder: Holder, role: str, resource: Resource) -> Iterator[Way]:
    """Yield how a user or a team comes to a role such as `execute_role`.

    It is out of what they and a user's teams are assigned on the resource and on its organization,
    by the permissions of each definition (`GET role_definitions/`).
    """
    action = role.removesuffix("_role")
    giving = _giving(client, f"_{_ACTIONS.get(action, action)}_{resource.kind.model}")
    organization = resource.row.maybe_integer("organization")
    for way in held.by(client, holder):
        if way.on_id is None:
            if way.role == held.ADMINISTRATOR:
                yield way
        elif way.role_id not in giving:
            continue
        elif (way.on_type, way.on_id) == (resource.kind.type, resource.id):
            yield way
        elif (way.on_type, way.on_id) == ("organization", organization):
            above = f"organization {way.on_name}"
            yield replace(way, through=above if way.is_direct else f"{way.through}, {above}")


def teams_above(client: Client, resource: Resource) -> Iterator[Way]:
    """Yield the teams that have roles on a resource by those on its organization."""
    organization = resource.row.maybe_integer("organization")
    if organization is None or not systems.has_definitions(client):
        return
    on = {"object_id": organization, "content_type__model": "organization"}
    if found := list(held.assigned(client, "team", **on)):
        giving = _giving(client, f"_{resource.kind.model}")
        for way in found:
            if way.role_id in giving:
                yield replace(way, through=f"organization {way.on_name}")


def _giving(client: Client, ending: str) -> set[int]:
    """Return the ids of the definitions with a permission that ends so."""
    return {
        row.integer("id")
        for row in client.walk("role_definitions/")
        if any(f"_{each.rpartition('.')[2]}".endswith(ending) for each in row.texts("permissions"))
    }
