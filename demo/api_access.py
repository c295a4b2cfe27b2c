"""Routes of the root, the instance, users and tokens, and of organizations and what runs jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.responses import Response

from demo import api_root, model, rows_access
from demo.errors import Refused, detail, forbidden, missing, unauthorized
from demo.tables import detail_of, list_of, listing
from demo.web import Call, answer, created

if TYPE_CHECKING:
    from demo.web import Handler

BAD_SCOPE = "Must be a simple space-separated string with allowed scopes ['read', 'write']."


def me(call: Call) -> dict[str, Any]:
    """Return the user himself, as a list of one."""
    return listing(call, "user", [call.user], rows_access.user)


def token_list(call: Call) -> dict[str, Any]:
    """Return the tokens that the user may see: his own, or all for an administrator."""
    return listing(call, "token", list(call.world.tokens.values()), rows_access.token)


def token_create(call: Call) -> Response:
    """Make a token for whoever asks; a username or password in the body is not looked at."""
    body = call.body()
    scope = body.get("scope", "write")
    if not isinstance(scope, str) or not set(scope.split()) <= {"read", "write"} or not scope:
        raise Refused(400, {"scope": [BAD_SCOPE]})
    made = call.world.new_token(call.user, scope, str(body.get("description", "")))
    row = rows_access.token(call.frame, made, clear=True)
    return created(row, row["url"])


def _token(call: Call) -> model.Token:
    token = call.world.tokens.get(call.row_id)
    if token is None:
        raise missing("OAuth2AccessToken")
    if token.user is not call.user and not call.user.is_superuser:
        raise forbidden()
    return token


def token_detail(call: Call) -> dict[str, Any]:
    """Return a token with its value masked."""
    return rows_access.token(call.frame, _token(call))


def token_delete(call: Call) -> Response:
    """Make a token invalid."""
    del call.world.tokens[_token(call).id]
    return answer(None, 204)


def revoke(call: Call) -> Response:
    """Make a token invalid by its value, which an OAuth2 client may do."""
    if not call.user.id:
        raise unauthorized()
    form = parse_qs(call.raw.decode())
    for token in list(call.world.tokens.values()):
        if token.token in form.get("token", []) and token.user is call.user:
            del call.world.tokens[token.id]
    return Response("", 200, media_type="text/html")


def users(call: Call) -> dict[str, Any]:
    """Return the users."""
    return listing(call, "user", call.world.all(model.User), rows_access.user)


def refuse_creation(kind: str, needed: str) -> Handler:
    """Return a handler that refuses to make rows: this AWX is for running things."""

    def handler(call: Call) -> Response:
        body = call.body()
        if not call.user.is_superuser:
            raise forbidden()
        if not body.get(needed):
            raise Refused(400, {needed: ["This field is required."]})
        if needed == "name" and any(
            getattr(row, "name", None) == body["name"]
            for row in call.world.tables[model.Organization].values()
        ):
            raise Refused(400, {"name": [f"{kind} with this Name already exists."]})
        raise detail(405, "The embedded AWX makes no new rows of this type.")

    return handler


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    access = rows_access
    return {
        "config/": {"GET": api_root.config},
        "me/": {"GET": me},
        "tokens/": {"GET": token_list, "POST": token_create},
        "tokens/{id:int}/": {"GET": token_detail, "DELETE": token_delete},
        "users/": {"GET": users, "POST": refuse_creation("User", "username")},
        "users/{id:int}/": {"GET": detail_of(model.User, access.user)},
        "users/{id:int}/personal_tokens/": {"GET": token_list, "POST": token_create},
        "organizations/": {
            "GET": list_of(model.Organization, "organization", access.organization),
            "POST": refuse_creation("Organization", "name"),
        },
        "organizations/{id:int}/": {"GET": detail_of(model.Organization, access.organization)},
        "labels/": {"GET": list_of(model.Label, "label", access.label)},
        "execution_environments/": {
            "GET": list_of(model.ExecutionEnvironment, "execution_environment", access.environment)
        },
        "execution_environments/{id:int}/": {
            "GET": detail_of(model.ExecutionEnvironment, access.environment)
        },
        "credential_types/": {
            "GET": list_of(model.CredentialType, "credential_type", access.credential_type)
        },
        "credential_types/{id:int}/": {
            "GET": detail_of(model.CredentialType, access.credential_type)
        },
        "credentials/": {"GET": list_of(model.Credential, "credential", access.credential)},
        "credentials/{id:int}/": {"GET": detail_of(model.Credential, access.credential)},
        "credentials/{id:int}/input_sources/": {"GET": input_sources},
    }


def input_sources(call: Call) -> dict[str, Any]:
    """Return which fields of a credential are filled by other credentials."""
    row = detail_row(call)
    return listing(call, "input_source", row.input_sources, rows_access.input_source)


def detail_row(call: Call) -> model.Credential:
    """Return the credential of the path."""
    from demo.tables import find  # noqa: PLC0415 - only this route needs it

    row = find(call, model.Credential)
    assert isinstance(row, model.Credential)  # noqa: S101 - the table has nothing else
    return row
