"""What AWX's lists of tokens and applications tell, wherever this AWX has them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from utils.errors import AppError, Refused
from utils.signing_in.way import not_offered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from utils.awx_client import Client
    from utils.record import Record

TICK = timedelta(seconds=1)


def path(client: Client) -> str:
    """Return the path of the list of tokens; raises NotOffered where this AWX has none."""
    if not client.api.tokens:
        raise not_offered(client, "tokens")
    return client.api.tokens


def refused(client: Client, error: Refused) -> Refused:
    """Return why AWX does not take a token: that it has none at all, or else the error."""
    try:
        if not client.api.tokens:
            return not_offered(client, "tokens")
    except AppError:
        return error
    why = "it has ended, was revoked, or is another AWX's"
    return Refused(f"{error} ({why})", status=error.status)


def walk(client: Client, username: str = "", **params: str) -> Iterator[Record]:
    """Go through the tokens of a user, or through all that AWX shows us."""
    if username:
        params["user__username"] = username
    found: dict[str, str | int] = {**params}
    return client.walk(path(client), newest_first=False, at_most=None, **found)


def carried(client: Client, username: str, since: datetime | None) -> Record | None:
    """Return the row of the token that goes with our requests; None where it cannot be told.

    No row shows a token's value. But AWX notes when each was last used: where one alone was used
    since we first sent ours, that one is ours (`?user__username=U&last_used__gte=T`; `since` is
    AWX's own time of an answer before that).
    """
    if since is None:
        return None
    try:
        rows = _used(client, username, since)
        if len(rows) > 1 and client.server_time:
            # Times of answers are whole seconds: alone in the next one, it is told from the others.
            since = client.server_time + TICK
            client.sleep(2 * TICK.total_seconds())
            client.glance("me/")
            rows = _used(client, username, since)
    except AppError:
        return None
    return rows[0] if len(rows) == 1 else None


def _used(client: Client, username: str, since: datetime) -> list[Record]:
    when = since.isoformat()
    found = client.glance(path(client), user__username=username, last_used__gte=when)
    return found.records("results")
