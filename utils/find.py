"""Finding a resource by its id, its name, or AWX's named URL (`name++organization`)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from utils.errors import NotFound, PreflightFailed

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        hint = _meant(client, collection, text) or "or it is not shown to this user"
        raise PreflightFailed(f"AWX has no {what} {text!r}, {hint}")
    if len(rows) > 1:
        listed = ", ".join(_described(row) for row in rows[:SHOWN_AT_MOST])
        raise PreflightFailed(f"{len(rows)} {what}s are named {text!r}: {listed}; name one by id")
    return rows[0]


def own_of(
    client: Client, collection: str, text: str, what: str, own: Iterable[Record]
) -> Record | None:
    """Return which of a template's own resources a text means, None where it means another.

    AWX takes these from anybody who may launch, though it may not show them to him: an id is
    compared without a request. Raises PreflightFailed where something else has the same name.
    """
    for each in own:
        number = each.maybe_integer("id")
        if number is not None and text == str(number):
            return each
        if number is None or text.isdecimal() or text != each.maybe_text("name"):
            continue
        rows = client.get(f"{collection}/", name=text, order_by="id").records("results")
        others = [_described(row) for row in rows if row.integer("id") != number]
        if others:
            listed = ", ".join([f"{number} (the template's own)", *others[:SHOWN_AT_MOST]])
            raise PreflightFailed(f"more than one {what} is named {text!r}: {listed}; "
                                  "name one by id")  # fmt: skip
        return each
    return None


def find_template(client: Client, wanted: str) -> Record:
    """Return the job template or workflow template of that id or name.

    Raises PreflightFailed where there is none, or one of each of that name, and Refused where it is
    not shown to us and named by its id.
    """
    key = "id" if wanted.isdecimal() else "name"
    try:
        found = find(client, "job_templates", wanted, "job template")
    except PreflightFailed:
        others = client.get("unified_job_templates/", **{key: wanted}).records("results")
        kinds = sorted({each.text("type") for each in others})
        if ("workflow_job_template" in kinds or "++" in wanted) and "job_template" not in kinds:
            return find(client, "workflow_job_templates", wanted, "workflow template")
        if kinds and "job_template" not in kinds:
            what = " and ".join(kinds).replace("_", " ")
            raise PreflightFailed(f"{wanted!r} is no job template but: {what}") from None
        if key == "id" and not kinds:
            # A workflow that is not shown to us is in no list, but refused by its id.
            with suppress(NotFound):
                return client.get(f"workflow_job_templates/{wanted}/")
        raise
    if found.text("name") == wanted and not wanted.isdecimal():
        rows = client.get("workflow_job_templates/", name=wanted).records("results")
        for workflow in rows:
            raise PreflightFailed(
                f"{wanted!r} is a job template ({found.integer('id')}) and a workflow template "
                f"({workflow.integer('id')}): name one by id"
            )
    return found


def _meant(client: Client, collection: str, text: str) -> str:
    """Return a question about the name that was meant, out of the first two hundred."""
    from difflib import get_close_matches  # noqa: PLC0415  # only for a slip

    if text.isdecimal():
        return ""
    rows = client.get(f"{collection}/", page_size=200, order_by="name").records("results")
    names = {row.text("name").lower(): row.text("name") for row in rows}
    close = get_close_matches(text.lower(), names, n=1)
    close = close or [name for name in names if text.lower() in name][:1]
    return f"is {names[close[0]]!r} meant?" if close else ""


def _described(row: Record) -> str:
    organization = row.maybe_record("summary_fields").maybe_record("organization")
    where = f" in {organization.text('name')}" if "name" in organization else ""
    return f"{row.integer('id')}{where}"
