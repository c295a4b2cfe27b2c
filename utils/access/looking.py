"""What an audit of roles looks at: users, their roles, what these let them do, tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils import logger
from utils.access import definitions, held, systems
from utils.access.holders import Holder
from utils.errors import NotOffered
from utils.signing_in import token_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from utils.access.ways import Way
    from utils.awx_client import Client
    from utils.record import Record

log = logger.get("access")

ADMIN, EXECUTE = "admin", "execute"


@dataclass(frozen=True)
class Seen:
    """What AWX told of its users, their roles and tokens.

    `strength` is that of each role definition, `joining` are those by which one is in a team.
    """

    users: list[Record]
    ways: list[Way]
    strength: Mapping[int, str]
    tokens: list[Record]
    asked_by: str
    joining: frozenset[int] = frozenset()

    @property
    def is_all(self) -> bool:
        """Whether AWX shows everything to the user who looked."""
        return any(
            row.text("username") == self.asked_by and any(held.of_the_system(row))
            for row in self.users
        )


def look(client: Client, asked_by: str, own_token: int) -> Seen:
    """Read all of it, but for our own token: a request for each list and each 200 rows more.

    An AWX without role definitions is asked for the roles of each user and team by itself.
    """
    users = list(client.walk("users/"))
    is_defined = systems.has_definitions(client)
    if is_defined:
        defined = definitions.read(client)
        strength = {number: _strength(given) for number, given in defined.permissions.items()}
        joining = defined.joining
        ways = [way for kind in ("user", "team") for way in held.assigned(client, kind)]
    else:
        strength, joining, ways = {}, frozenset(), _ways_of_each(client, users)
    tokens = [each for each in _tokens(client) if each.integer("id") != own_token]
    return Seen(users, ways, strength, tokens, asked_by, joining)


def last_launch(client: Client, user: Record) -> datetime | None:
    """Return when a user has last started anything (`GET unified_jobs/?created_by=N`)."""
    number = user.integer("id")
    rows = client.get("unified_jobs/", created_by=number, order_by="-id", page_size=1)
    return next((row.time("created") for row in rows.records("results")), None)


def _strength(permissions: list[str]) -> str:
    """Return what a role's permissions come to, empty where they only let look and use."""
    actions = {each.partition("_")[0] for each in permissions}
    # An ad hoc command runs anything on any host of its inventory.
    return ADMIN if "change" in actions else EXECUTE if actions & {"execute", "adhoc"} else ""


def _ways_of_each(client: Client, users: list[Record]) -> list[Way]:
    holders = [Holder("user", row) for row in users]
    holders += [Holder("team", row) for row in client.walk("teams/")]
    return [way for each in holders for way in held.own_roles(client, each)]


def _tokens(client: Client) -> list[Record]:
    """Return the tokens of all, none where this AWX gives none."""
    try:
        return list(token_rows.walk(client))
    except NotOffered as error:
        log.info("no tokens to look at: %s", error)
        return []
