"""Who has a role on a resource, reckoned from definitions where AWX cannot list it.

AWX 24.6.1 answers 500 to the access list of anything on which somebody holds a role by a definition
of an administrator's own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from utils.access import held, holders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.access.resources import Resource
    from utils.access.ways import Way
    from utils.awx_client import Client


def ways_to(client: Client, username: str, role: str, resource: Resource) -> Iterator[Way]:
    """Yield how a user comes to a role such as `execute_role` (`GET role_definitions/`).

    It is out of what he and his teams are assigned on the resource and on its organization, by the
    permissions of each definition. Raises PreflightFailed for a user who is not shown.
    """
    model = resource.kind.content_type.rpartition(".")[2]
    permission = f"{role.removesuffix('_role')}_{model}"
    giving = {
        row.integer("id")
        for row in client.walk("role_definitions/")
        if any(each.rpartition(".")[2] == permission for each in row.texts("permissions"))
    }
    organization = resource.row.maybe_integer("organization")
    for way in held.by(client, holders.user(client, username)):
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
