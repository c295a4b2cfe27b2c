"""All users who have roles on a resource, reckoned where AWX cannot list them.

AWX 24.6.1 answers 500 to the access list of anything on which somebody holds a role by a definition
of an administrator's own, or may approve: it looks for the older role by the definition's name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from utils.access import held
from utils.access.ways import DIRECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from utils.access.ways import Way
    from utils.awx_client import Client
    from utils.resources import Resource

# What roles of the older system are called, where permissions have another word.
_FIELDS = {"change": "admin_role", "view": "read_role", "approve": "approval_role"}
_ACTIONS = frozenset({"execute", "use", "update", "adhoc", "member", *_FIELDS})


def users_on(client: Client, resource: Resource) -> Iterator[Way]:
    """Yield how users come to any role on a resource: themselves, by teams, by its organization.

    It is out of definitions and assignments (`GET role_definitions/`, `role_user_assignments/`,
    `role_team_assignments/`), as far as they are shown to us, and of who may do or see everything.
    """
    given = _given(client, resource)
    for way in _by_place(client, resource.id, resource.kind.model, given):
        yield replace(way, through=way.through or DIRECT)
    if (above := resource.row.maybe_integer("organization")) is not None:
        for way in _by_place(client, above, "organization", given):
            organization = f"organization {way.on_name}"
            parts = [way.through, organization] if way.through else [organization]
            yield replace(way, through=", ".join(parts))
    everything = tuple(dict.fromkeys(each for fields in given.values() for each in fields))
    for row in client.walk("users/", is_superuser="true"):
        for way in held.of_the_system(row):
            if way.role == held.ADMINISTRATOR:
                yield replace(way, gives=everything)
    yield from _auditors(client)


def _by_place(
    client: Client, number: int, model: str, given: Mapping[int, tuple[str, ...]]
) -> Iterator[Way]:
    """Yield how users come to a role by what is assigned in one place, through a team or not."""
    on = {"object_id": number, "content_type__model": model}
    for kind in ("user", "team"):
        for way in held.assigned(client, kind, **on):
            if not (fields := given.get(way.role_id or 0)):
                continue
            through = f"team {way.team}" if way.team else ""
            for user in _members(client, way.team_id) if way.team else [way.user]:
                yield replace(way, user=user, team="", team_id=None, through=through, gives=fields)


def _given(client: Client, resource: Resource) -> dict[int, tuple[str, ...]]:
    """Return which of the resource's roles each definition comes to, those with any."""
    found = {}
    for row in client.walk("role_definitions/"):
        split = [each.rpartition(".")[2].partition("_") for each in row.texts("permissions")]
        fields = tuple(
            _FIELDS.get(action, f"{action}_role")
            for action, _, model in split
            if model == resource.kind.model and action in _ACTIONS
        )
        if fields:
            found[row.integer("id")] = fields
    return found


def _members(client: Client, team_id: int | None) -> list[str]:
    """Return who is in a team, or in a team that is in it; a role on it makes a member."""
    left, known, names = [team_id], {team_id}, []
    for number in left:
        on = {"object_id": number, "content_type__model": "team"}
        names += [
            way.user for way in held.assigned(client, "user", **on) if way.role in held.MEMBERSHIPS
        ]
        for way in held.assigned(client, "team", **on):
            if way.role in held.MEMBERSHIPS and way.team_id not in known:
                known.add(way.team_id)
                left.append(way.team_id)
    return list(dict.fromkeys(names))


def _auditors(client: Client) -> Iterator[Way]:
    """Yield who may see everything: AWX has no filter for them, but assignments on nothing."""
    for row in client.walk("role_user_assignments/", object_id__isnull="true"):
        number = row.maybe_integer("user")
        if number is not None:
            for way in held.of_the_system(client.get(f"users/{number}/")):
                if way.role != held.ADMINISTRATOR:
                    yield replace(way, gives=("read_role",))
