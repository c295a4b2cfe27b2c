"""All users who have roles on a resource, reckoned where AWX cannot list them.

AWX 24.6.1 answers 500 to the access list of anything on which somebody holds a role by a definition
of an administrator's own, or may approve: it looks for the older role by the definition's name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from utils.access import definitions, held
from utils.access.members import Members
from utils.access.ways import DIRECT, without_detours

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from utils.access.ways import Way
    from utils.awx_client import Client
    from utils.resources import Resource


def users_on(client: Client, resource: Resource) -> list[Way]:
    """Return how users come to any role on a resource: themselves, by teams, by its organization.

    It is out of definitions and assignments (`GET role_definitions/`, `role_user_assignments/`,
    `role_team_assignments/`), as far as they are shown to us, and of who may do or see everything.
    """
    return without_detours(_users_on(client, resource))


def _users_on(client: Client, resource: Resource) -> Iterator[Way]:
    defined = definitions.read(client)
    given = defined.fields_on(resource.kind)
    members = Members(client, defined.joining)
    for way in _by_place(client, resource.id, resource.kind.model, given, members):
        yield replace(way, through=way.through or DIRECT)
    if (above := resource.row.maybe_integer("organization")) is not None:
        for way in _by_place(client, above, "organization", given, members):
            organization = f"organization {way.on_name}"
            parts = [way.through, organization] if way.through else [organization]
            yield replace(way, through=", ".join(parts))
    everything = tuple(resource.row.record("summary_fields").record("object_roles").fields)
    for row in client.walk("users/", is_superuser="true"):
        for way in held.of_the_system(row):
            if way.role == held.ADMINISTRATOR:
                yield replace(way, gives=everything)
    yield from _auditors(client)


def _by_place(
    client: Client, number: int, model: str, given: Mapping[int, tuple[str, ...]], members: Members
) -> Iterator[Way]:
    """Yield how users come to a role by what is assigned in one place, through a team or not."""
    on = {"object_id": number, "content_type__model": model}
    for way in held.assigned(client, "user", **on):
        if fields := given.get(way.role_id or 0):
            yield replace(way, through="", gives=fields)
    for way in held.assigned(client, "team", **on):
        if (fields := given.get(way.role_id or 0)) and way.team_id is not None:
            for user, above in members.of(way.team_id).items():
                through = f"{above}, team {way.team}" if above else f"team {way.team}"
                yield replace(way, user=user, team="", team_id=None, through=through, gives=fields)


def _auditors(client: Client) -> Iterator[Way]:
    """Yield who may see everything: AWX has no filter for them, but assignments on nothing."""
    for row in client.walk("role_user_assignments/", object_id__isnull="true"):
        number = row.maybe_integer("user")
        if number is not None:
            for way in held.of_the_system(client.get(f"users/{number}/")):
                if way.role != held.ADMINISTRATOR:
                    yield replace(way, gives=("read_role",))
