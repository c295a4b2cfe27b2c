"""Roles given and taken away, the same in both of AWX's role systems."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from demo.model import Entity, Grant
from demo.role_definitions import RoleDefinition, compatible, managed
from demo.role_kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from demo.model import Team, User
    from demo.seed import Tables

T = TypeVar("T", bound=Entity)


class Assignments:
    """All roles that are given to users and teams, and the definitions that they follow."""

    def __init__(self, tables: Tables, now: Callable[[], float]) -> None:
        """Take the tables whose rows have the grants, and the clock, in seconds since the epoch."""
        self._tables, self._now = tables, now
        self._last = 0
        # How often anything was changed.
        self.version = 0
        self.definitions: dict[int, Entity] = {each.id: each for each in managed()}
        tables[RoleDefinition] = self.definitions

    def all(self) -> Iterator[tuple[Entity, Grant]]:
        """Yield every grant with the row that it is on."""
        for kind in KINDS:
            for row in self._tables.get(kind, {}).values():
                for grant in row.grants:
                    yield row, grant

    def rows(self, kind: type[T]) -> list[T]:
        """Return the rows of a table."""
        return list(self._tables.get(kind, {}).values())  # type: ignore[arg-type]

    def definition_of(self, row: Entity, field: str) -> RoleDefinition:
        """Return the definition of a role of the older system, made where there is none yet."""
        kind = KINDS[type(row)]
        made = compatible(self.new_definition_id(), kind, field)
        for each in self.definitions.values():
            assert isinstance(each, RoleDefinition)  # noqa: S101 - the table has nothing else
            if each.content_type != kind.content_type or each.role_fields != {field}:
                continue
            # AWX looks for one with these permissions, and to use belongs to ad hoc commands.
            if field != "adhoc_role" or each.permissions == made.permissions:
                return each
        made.created = self._now()
        self.definitions[made.id] = made
        return made

    def new_definition_id(self) -> int:
        """Return the id of the next definition."""
        return max(self.definitions) + 1

    def give(
        self,
        row: Entity,
        definition: RoleDefinition | str,
        holder: User | Team,
        by: User | None = None,
    ) -> Grant:
        """Give a role by its definition, or the name of the older system's; once is enough."""
        if isinstance(definition, str):
            definition = self.definition_of(row, definition)
        for grant in row.grants:
            if grant.definition_id == definition.id and grant.holder is holder:
                return grant
        self._last += 1
        self.version += 1
        made = Grant(self._last, definition.id, definition.role_fields, holder, self._now(), by)
        row.grants.append(made)
        return made

    def take(self, row: Entity, field: str, holder: User | Team) -> None:
        """Take a role of the older system away; who does not hold it keeps not holding it."""
        self.version += 1
        row.grants[:] = [
            grant
            for grant in row.grants
            if grant.holder is not holder or grant.role_fields != {field}
        ]
