"""Users and teams, who hold roles."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.errors import NotFound, PreflightFailed, UsageError
from utils.find import find

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record


@dataclass(frozen=True)
class Holder:
    """A `user` or a `team`, and its row as AWX has it."""

    kind: str
    row: Record

    @property
    def id(self) -> int:
        """Return its id."""
        return self.row.integer("id")

    @property
    def name(self) -> str:
        """Return its name: of a user, that to log in with."""
        return self.row.text("username" if self.kind == "user" else "name")

    def __str__(self) -> str:
        return self.name if self.kind == "user" else f"team {self.name}"


def user(client: Client, text: str) -> Holder:
    """Return the user of that id or name (`GET /api/v2/users/`).

    Raises PreflightFailed where AWX shows no such user.
    """
    if text.isdecimal():
        with suppress(NotFound):
            return Holder("user", client.get(f"users/{text}/"))
    for row in client.get("users/", username=text).records("results"):
        return Holder("user", row)
    raise PreflightFailed(f"AWX has no user {text!r}, or it is not shown to this user")


def named(client: Client, settings: Settings) -> list[Holder]:
    """Return the users and teams that `--user` and `--team` name, each once.

    Raises PreflightFailed where there is none, or more than one, of a name.
    """
    found = [user(client, text) for text in settings.access_user]
    found += [Holder("team", find(client, "teams", text, "team")) for text in settings.access_team]
    return list({(each.kind, each.id): each for each in found}.values())


def require(settings: Settings) -> None:
    """Raise UsageError where nobody is named."""
    if not settings.access_user and not settings.access_team:
        raise UsageError("whose? name a user or a team: --user or --team")
