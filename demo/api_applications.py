"""Routes of OAuth2 applications, which an administrator may make and remove."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from demo import rows_oauth
from demo.errors import Refused, forbidden
from demo.model import Organization
from demo.model_oauth import Application
from demo.tables import detail_of, find, list_of, listing
from demo.web import answer, created

if TYPE_CHECKING:
    from starlette.responses import Response

    from demo.aliases import Json
    from demo.rows_common import Row
    from demo.web import Call, Handler

REQUIRED = ("name", "organization", "client_type", "authorization_grant_type")
CHOICES = {
    "client_type": ("confidential", "public"),
    "authorization_grant_type": ("authorization-code", "password"),
}
SCHEMES = frozenset({"http", "https"})


def application_create(call: Call) -> Response:
    """Make an application; its secret is in this answer and in no other."""
    made = new_application(call, call.body())
    row = rows_oauth.application(call.frame, made, clear=True)
    return created(row, row["url"])


def new_application(call: Call, given: dict[str, Json]) -> Application:
    """Make an application out of the fields given, or raise the 403 or 400."""
    if not call.user.is_superuser:
        raise forbidden()
    wrong = _wrong_fields(call, given)
    if wrong:
        raise Refused(400, wrong)
    organization = call.world.get(Organization, int(given["organization"]))
    reason = _unfit(call, given, organization)
    if reason:
        raise Refused(400, {"__all__": [reason]})
    table = call.world.tables[Application]
    made = Application(
        id=max(table, default=0) + 1,
        name=str(given["name"]),
        description=str(given.get("description", "")),
        created=call.world.now(),
        created_by=call.user,
        client_id=secrets.token_hex(20),
        client_secret=secrets.token_hex(64),
        client_type=given["client_type"],
        authorization_grant_type=given["authorization_grant_type"],
        redirect_uris=str(given.get("redirect_uris", "")),
        skip_authorization=given.get("skip_authorization") is True,
        organization=organization,
    )
    table[made.id] = made
    return made


def _wrong_fields(call: Call, given: dict[str, Json]) -> dict[str, list[str]]:
    wrong = {name: ["This field is required."] for name in REQUIRED if name not in given}
    for name, choices in CHOICES.items():
        if name in given and given[name] not in choices:
            wrong[name] = [f'"{given[name]}" is not a valid choice.']
    ids = [str(row.id) for row in call.world.all(Organization)]
    if "organization" in given and str(given["organization"]) not in ids:
        wrong["organization"] = [f'Invalid pk "{given["organization"]}" - object does not exist.']
    return wrong


def _unfit(call: Call, given: dict[str, Json], organization: Organization) -> str:
    """Return what the model says against the fields together, after django-oauth-toolkit."""
    uris, grant = str(given.get("redirect_uris", "")).split(), given["authorization_grant_type"]
    for uri in uris:
        if urlsplit(uri).scheme not in SCHEMES:
            return f"Unauthorized redirect scheme: {urlsplit(uri).scheme}"
    if not uris and grant == "authorization-code":
        return f"redirect_uris cannot be empty with grant_type {grant}"
    for row in call.world.all(Application):
        if row.name == given["name"] and row.organization is organization:
            return "Application with this Name and Organization already exists."
    return ""


def application_delete(call: Call) -> Response:
    """Remove an application with all its tokens."""
    found = find(call, Application)
    call.world.delete_tokens_of(found)
    del call.world.tables[Application][found.id]
    return answer(None, 204)


def _of_organization(call: Call) -> Row:
    organization = find(call, Organization)
    rows = [row for row in call.world.all(Application) if row.organization is organization]
    return listing(call, "application", rows, rows_oauth.application)


def _create_in_organization(call: Call) -> Response:
    given = {**call.body(), "organization": find(call, Organization).id}
    made = new_application(call, given)
    row = rows_oauth.application(call.frame, made, clear=True)
    return created(row, row["url"])


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    row = rows_oauth.application
    return {
        "applications/": {
            "GET": list_of(Application, "application", row),
            "POST": application_create,
        },
        "applications/{id:int}/": {
            "GET": detail_of(Application, row),
            "DELETE": application_delete,
        },
        "organizations/{id:int}/applications/": {
            "GET": _of_organization,
            "POST": _create_in_organization,
        },
    }
