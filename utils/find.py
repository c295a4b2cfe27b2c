"""Finding a resource by its id, its name, or AWX's named URL (`name++organization`)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from utils.errors import NotFound, PreflightFailed

if TYPE_CHECKING:
    from utils.awx_client import Client
    from utils.record import Record

SHOWN_AT_MOST = 5


def find(client: Client, collection: str, text: str, what: str) -> Record:
    """Return the resource that an id or a name means.

    `collection` is the path of its list (`job_templates`), `what` the word for it in errors.
    Digits and `++` are an id or a named URL first, and part of a name second: AWX allows both.
    Raises PreflightFailed where there is none, or more than one (all of them are listed).
    """
    if text.isdecimal() or "++" in text:
        with suppress(NotFound):
            return client.get(f"{collection}/{quote(text, safe='')}/")
    rows = client.get(f"{collection}/", name=text, order_by="id").records("results")
    if not rows:
        raise PreflightFailed(f"AWX has no {what} {text!r}, or it is not shown to this user")
    if len(rows) > 1:
        listed = ", ".join(_described(row) for row in rows[:SHOWN_AT_MOST])
        raise PreflightFailed(f"{len(rows)} {what}s are named {text!r}: {listed}; name one by id")
    return rows[0]


def _described(row: Record) -> str:
    organization = row.maybe_record("summary_fields").maybe_record("organization")
    where = f" in {organization.text('name')}" if "name" in organization else ""
    return f"{row.integer('id')}{where}"
