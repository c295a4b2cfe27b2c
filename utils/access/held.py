"""What roles users and teams hold, read by whichever role system there is."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from utils.access import definitions, systems
from utils.access.ways import DIRECT, Way
from utils.resources import BY_TYPE, KINDS, short_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from utils.access.definitions import Definitions
    from utils.access.holders import Holder
    from utils.awx_client import Client
    from utils.record import Record
    from utils.resources import Resource

BY_CONTENT_TYPE = {kind.model: kind for kind in KINDS}
# The roles on a team by which one is in it.
MEMBERSHIPS = frozenset({"Member", "Admin"})
ADMINISTRATOR = "System Administrator"
SYSTEM = (
    ("is_superuser", ADMINISTRATOR),
    ("is_system_auditor", "System Auditor"),
)


def by(client: Client, holder: Holder, known: Definitions | None = None) -> Iterator[Way]:
    """Yield all that somebody holds: himself, by his teams, and by the whole system.

    A team in which one of his teams is has what it holds for him, too; who administers an
    organization is in each of its teams. Definitions that are not known are read where it takes
    them.
    """
    is_defined = systems.has_definitions(client)
    if holder.kind == "user":
        yield from of_the_system(holder.row)
    own = list(_own(client, holder, is_defined=is_defined))
    yield from own
    if holder.kind == "user":
        for way in _by_teams(client, holder, own, _joining(client, known, is_defined=is_defined)):
            yield replace(way, user=holder.name)


def _joining(
    client: Client, known: Definitions | None, *, is_defined: bool
) -> Callable[[Way], bool] | None:
    """Return what tells whether a role puts one into a team, None where only its name does."""
    if not is_defined:
        return None

    @cache
    def joining() -> frozenset[int]:
        return (known or definitions.read(client)).joining

    return lambda way: way.role_id in joining()


def _by_teams(
    client: Client, holder: Holder, own: list[Way], joins: Callable[[Way], bool] | None
) -> Iterator[Way]:
    """Yield what the teams hold in which a user is, those in which these are among them."""
    left = [
        (team.integer("id"), team.text("name"), f"team {team.text('name')}")
        for team in client.walk(f"users/{holder.id}/teams/")
    ]
    known = {number for number, *_ in left}

    def handed_on(each: Way, through: str) -> Way:
        is_in = each.on_type == "team" and (joins(each) if joins else each.role in MEMBERSHIPS)
        if is_in and each.on_id is not None and each.on_id not in known:
            known.add(each.on_id)
            left.append((each.on_id, each.on_name, f"{through}, team {each.on_name}"))
        return replace(each, through=through)

    above = {
        way.on_id: f"organization {way.on_name}" for way in own
        if way.on_type == "organization" and joins and joins(way)
    }  # fmt: skip
    for number, organization in above.items():
        rows = [
            each for each in assigned(client, "team", team__organization=number)
            if each.team_id not in known
        ]  # fmt: skip
        known.update(each.team_id for each in rows if each.team_id is not None)
        for each in rows:
            yield handed_on(each, f"{organization}, team {each.team}")
    for number, name, through in left:
        if joins:
            rows_of_team = assigned(client, "team", team=number)
        else:
            rows_of_team = _roles(client, f"teams/{number}/roles/", "", name)
        for each in rows_of_team:
            yield handed_on(each, through)


def of_the_system(user: Record) -> Iterator[Way]:
    """Yield what a user's row says that he may do everywhere."""
    for flag, role in SYSTEM:
        if user.flag(flag, default=False):
            yield Way(user.text("username"), "", role, None, "", None, "", role.lower())


def _own(client: Client, holder: Holder, *, is_defined: bool) -> Iterator[Way]:
    if is_defined:
        return assigned(client, holder.kind, **{holder.kind: holder.id})
    return own_roles(client, holder)


def own_roles(client: Client, holder: Holder) -> Iterator[Way]:
    """Yield what somebody holds himself in the older system (`GET users/N/roles/`, all pages)."""
    path = f"{holder.kind}s/{holder.id}/roles/"
    if holder.kind == "user":
        yield from _roles(client, path, holder.name, "")
    else:
        for each in _roles(client, path, "", holder.name):
            yield replace(each, team_id=holder.id)


def assigned(
    client: Client,
    kind: str,
    **only: Any,  # noqa: ANN401  # as walk takes it
) -> Iterator[Way]:
    """Yield the assignments to users or teams (`GET role_user_assignments/`, all pages)."""
    for row in client.walk(f"role_{kind}_assignments/", **only):
        number = str(row.fields.get("object_id") or "")
        # What holds for the whole system is told by the user's own row.
        if not number:
            continue
        shorts = row.maybe_record("summary_fields")
        content = row.maybe_text("content_type").rpartition(".")[2]
        resource_kind = BY_CONTENT_TYPE.get(content)
        who, definition = shorts.maybe_record(kind), shorts.maybe_record("role_definition")
        yield Way(
            who.maybe_text("username"),
            who.maybe_text("name"),
            short_name(
                definition.maybe_text("name"),
                resource_kind,
                is_managed=definition.flag("managed", default=False),
            ),
            row.maybe_integer("role_definition"),
            resource_kind.type if resource_kind else content,
            int(number) if number.isdecimal() else None,
            shorts.maybe_record("content_object").maybe_text("name"),
            DIRECT,
            team_id=row.maybe_integer("team"),
        )


def teams_on(client: Client, resource: Resource) -> Iterator[Way]:
    """Yield the teams that hold roles on a resource, those without members among them."""
    if systems.has_definitions(client):
        on = {"object_id": resource.id, "content_type__model": resource.kind.model}
        yield from assigned(client, "team", **on)
        return
    own = resource.row.maybe_record("summary_fields").maybe_record("object_roles")
    for field in own.fields:
        role = own.record(field)
        for team in client.walk(f"roles/{role.integer('id')}/teams/"):
            yield Way(
                "", team.text("name"), role.text("name"), role.integer("id"), resource.kind.type,
                resource.id, resource.row.text("name"), DIRECT, team_id=team.integer("id"),
            )  # fmt: skip


def _roles(client: Client, path: str, user: str, team: str) -> Iterator[Way]:
    """Yield what a list of roles of the older system has."""
    for row in client.walk(path):
        on = row.maybe_record("summary_fields")
        kind = on.maybe_text("resource_type")
        # Those on the whole system are told by the user's own row.
        if not kind:
            continue
        yield Way(
            user, team, row.text("name"), row.integer("id"), BY_TYPE[kind].type
            if kind in BY_TYPE else kind, on.maybe_integer("resource_id"),
            on.maybe_text("resource_name"), DIRECT,
        )  # fmt: skip
