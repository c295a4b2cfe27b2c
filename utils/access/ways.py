"""Who may do what with a resource, and by what: AWX's `access_list/`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from utils import logger
from utils.access import systems
from utils.errors import BadAnswer
from utils.resources import told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from utils.awx_client import Client
    from utils.record import Record
    from utils.resources import Resource

log = logger.get("access")

DIRECT = "direct"
EVERYTHING = "everything"


@dataclass(frozen=True)
class Way:
    """A role that somebody holds, on what, and by what.

    `through` is `direct`, a team, an organization or what the whole system gives; `gives` are the
    roles on the resource that was asked about which come with it, where AWX tells.
    """

    user: str
    team: str
    role: str
    role_id: int | None
    on_type: str
    on_id: int | None
    on_name: str
    through: str
    gives: tuple[str, ...] = ()
    # Two teams of different organizations may have the same name.
    team_id: int | None = None

    @property
    def is_direct(self) -> bool:
        """Whether the very user or team holds it on the very resource."""
        return self.through == DIRECT

    @property
    def who(self) -> str:
        """Return who holds it."""
        return self.user or f"team {self.team}"

    @property
    def on(self) -> str:
        """Return what it is on."""
        return told(self.on_type, self.on_id, self.on_name) if self.on_id else EVERYTHING

    @property
    def document(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "user": self.user or None,
            "team": self.team or None,
            "role": self.role,
            "role_id": self.role_id,
            "resource_type": self.on_type or None,
            "resource_id": self.on_id,
            "resource": self.on_name or None,
            "through": self.through,
            "inherited": not self.is_direct,
            "gives": list(self.gives),
        }


def to(client: Client, resource: Resource, username: str = "") -> list[Way] | None:
    """Return how users come to any role on a resource (`GET .../access_list/`, all pages).

    With a username it is that of one user. It is None where AWX 24.6.1 cannot tell: it answers 500
    where somebody holds a role by a definition of an administrator's own, or may approve in the
    workflow. Raises Refused where the resource is not shown to us.
    """
    only: dict[str, Any] = {"username": username} if username else {}
    rows = _rows(client, f"{resource.path}access_list/", only)
    if rows is None:
        return None
    return [
        _way(row.text("username"), access, resource)
        for row in rows
        for name in ("direct_access", "indirect_access")
        for access in row.maybe_record("summary_fields").records(name)
    ]


def _rows(client: Client, path: str, only: dict[str, Any]) -> list[Record] | None:
    try:
        with client.taking_500_as_final():
            return list(client.walk(path, **only))
    except BadAnswer as error:
        if error.status != HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        if not systems.has_definitions(client):
            return list(client.walk(path, **only))
        log.debug("by definitions, then: %s", error)
        return None


def without_detours(found: Iterable[Way]) -> list[Way]:
    """Leave out the teams in which one is by an organization that gives as much by itself."""
    ways = list(found)
    above: defaultdict[str, list[Way]] = defaultdict(list)
    for way in ways:
        if way.on_type == "organization":
            above[way.user].append(way)
    return [
        way for way in ways
        if not any(
            way.through.startswith(f"{each.through}, team ") and set(way.gives) <= set(each.gives)
            for each in above[way.user]
        )
    ]  # fmt: skip


def _way(user: str, access: Record, resource: Resource) -> Way:
    role = access.record("role")
    kind, name = role.maybe_text("resource_type"), role.maybe_text("resource_name")
    number = _linked(role, kind)
    parts = [f"team {role.text('team_name')}"] if "team_name" in role else []
    if not kind:
        parts.append(role.text("name").lower())
    elif (kind, number) != (resource.kind.type, resource.id):
        parts.append(f"{kind.replace('_', ' ')} {name}")
    return Way(
        user, "", role.text("name"), role.maybe_integer("id"), kind, number, name,
        ", ".join(parts) or DIRECT, tuple(access.texts("descendant_roles")),
    )  # fmt: skip


def _linked(role: Record, kind: str) -> int | None:
    """Return the id at the end of the link to what a role is on."""
    link = role.maybe_record("related").maybe_text(kind) if kind else ""
    number = link.rstrip("/").rpartition("/")[2]
    return int(number) if number.isdecimal() else None
