"""Who holds which role on what, and by which way: himself, by a team, by what includes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from demo import model
from demo.role_kinds import DESCRIPTIONS, KINDS, NAMES, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.model import Entity, Grant, Team, User

SINGLETONS = ("system_administrator", "system_auditor")


class ContentType(NamedTuple):
    """What a role is on, as filters name it."""

    id: int
    model: str


@dataclass(frozen=True)
class Role:
    """A role on a row, such as the execute_role of a template, or one on all of the system."""

    role_field: str
    resource: Entity | None = None

    @property
    def kind(self) -> Kind | None:
        """Return the type of its row."""
        return KINDS[type(self.resource)] if self.resource else None

    @property
    def id(self) -> int:
        """Return its number, which is made up but stable."""
        if not self.kind or not self.resource:
            return SINGLETONS.index(self.role_field) + 1
        place = list(self.kind.parents).index(self.role_field)
        return self.resource.id * 100 + self.kind.number + place

    @property
    def name(self) -> str:
        """Return its name for people."""
        return NAMES[self.role_field]

    @property
    def description(self) -> str:
        """Return what it lets people do."""
        return self.kind.describe(self.role_field) if self.kind else DESCRIPTIONS[self.role_field]

    @property
    def content_type(self) -> ContentType | None:
        """Return the type of its row, as filters name it."""
        kind = self.kind
        return ContentType(kind.number + 1, kind.model_class.lower()) if kind else None

    @property
    def object_id(self) -> int | None:
        """Return the id of its row."""
        return self.resource.id if self.resource else None

    def holders(self) -> list[User | Team]:
        """Return who holds the very role himself."""
        grants = self.resource.grants if self.resource else []
        return [grant.holder for grant in grants if self.role_field in grant.role_fields]

    def is_held_by(self, holder: User | Team) -> bool:
        """Return whether somebody holds the very role, not one that includes it."""
        if isinstance(holder, model.User) and not self.resource:
            at = SINGLETONS.index(self.role_field)
            return (holder.is_superuser, holder.is_system_auditor)[at]
        return holder in self.holders()


class Way(NamedTuple):
    """How somebody comes to a role: a grant on a row, to himself or to a team of his."""

    resource: Entity
    grant: Grant
    team: Team | None


def roles_of(resource: Entity) -> list[Role]:
    """Return the roles on a row, in AWX's order."""
    kind = KINDS.get(type(resource))
    return [Role(field, resource) for field in kind.parents] if kind else []


def including(resource: Entity, field: str) -> set[tuple[Entity, str]]:
    """Return a role and all that include it, each with the row that it is on."""
    found: set[tuple[Entity, str]] = set()
    left = [(resource, field)]
    while left:
        at, name = left.pop()
        if (at, name) in found:
            continue
        found.add((at, name))
        for parent in KINDS[type(at)].parents[name]:
            *path, parent_field = parent.split(".")
            owner: Entity | None = at
            for step in path:
                owner = getattr(owner, step, None)
            if owner is not None:
                left.append((owner, parent_field))
    return found


def ways(
    user: User, resource: Entity, field: str, within: frozenset[Team] = frozenset()
) -> Iterator[Way]:
    """Yield how a user comes to a role on a row, but for what system-wide roles give.

    Where a team of his is in another team, it is by what his own has on that one. Teams `within`
    which it is looked already are passed over: AWX lets two be in each other.
    """
    for at, name in sorted(including(resource, field), key=lambda each: Role(each[1], each[0]).id):
        for grant in at.grants:
            if name not in grant.role_fields:
                continue
            if grant.holder is user:
                yield Way(at, grant, None)
            elif isinstance(grant.holder, model.Team) and grant.holder not in within:
                team = grant.holder
                joined = list(ways(user, team, "member_role", within | {team}))
                if any(way.team is None for way in joined):
                    yield Way(at, grant, team)
                yield from (way for way in joined if way.team)


def holds(user: User, resource: Entity, field: str) -> bool:
    """Return whether a user has a role on a row, by whatever way."""
    if user.is_superuser or (user.is_system_auditor and field == "read_role"):
        return True
    return next(ways(user, resource, field), None) is not None
