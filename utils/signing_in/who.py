"""Who AWX takes us for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.errors import BadAnswer, Refused

if TYPE_CHECKING:
    from utils.awx_client import Client


@dataclass(frozen=True)
class User:
    """Who AWX takes us for, from `GET /api/v2/me/`, and how we told it."""

    id: int
    username: str
    method: str

    def __str__(self) -> str:
        return f"{self.username}, by {self.method}"


def who(client: Client, method: str, source: str) -> User:
    """Ask AWX for it (`GET /api/v2/me/`).

    Raises Refused, naming where the credentials came from, and BadAnswer for an answer of nobody.
    """
    try:
        found = client.get("me/").records("results")
    except Refused as error:
        raise Refused(
            f"AWX refuses {method} (from {source}): {error}", status=error.status
        ) from error
    if not found:
        raise BadAnswer("GET me/: AWX does not say who we are")
    return User(found[0].integer("id"), found[0].text("username"), method)
