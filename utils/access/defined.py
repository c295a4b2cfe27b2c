"""How a user or a team comes to a role, reckoned from definitions where AWX cannot list it.

AWX 24.6.1 answers 500 to the access list of anything on which somebody holds a role by a definition
of an administrator's own, and of a workflow in which somebody may approve by a role on it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from utils.access import definitions, held, systems
from utils.access.ways import without_detours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.access.holders import Holder
    from utils.access.ways import Way
    from utils.awx_client import Client
    from utils.resources import Resource


def ways_to(client: Client, holder: Holder, role: str, resource: Resource) -> list[Way]:
    """Return how a user or a team comes to a role such as `execute_role`.

    It is out of what they and a user's teams are assigned on the resource and on its organization,
    by the permissions of each definition (`GET role_definitions/`).
    """
    return without_detours(_ways_to(client, holder, role, resource))


def _ways_to(client: Client, holder: Holder, role: str, resource: Resource) -> Iterator[Way]:
    defined = definitions.read(client)
    giving = defined.fields_on(resource.kind)
    organization = resource.row.maybe_integer("organization")
    for way in held.by(client, holder, defined):
        if way.on_id is None:
            if way.role == held.ADMINISTRATOR:
                yield way
        elif role not in giving.get(way.role_id or 0, ()):
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
        giving = definitions.read(client).fields_on(resource.kind)
        for way in found:
            if way.role_id in giving:
                yield replace(way, through=f"organization {way.on_name}")
