"""Routes of tokens: a user's own, an application's, all of them for an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import external, rows_oauth
from demo.errors import Refused, detail, forbidden, missing
from demo.model import User
from demo.model_oauth import Application
from demo.permissions import sees
from demo.tables import find, listing
from demo.web import answer, created

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from demo.aliases import Json
    from demo.model_oauth import Token
    from demo.rows_common import Row
    from demo.web import Call, Handler

BAD_SCOPE = "Must be a simple space-separated string with allowed scopes ['read', 'write']."
SCOPES = frozenset({"read", "write"})
NULL = "This field may not be null."
REQUIRED = "This field is required."


def token_list(wanted: Callable[[Call, Token], bool] = lambda *_: True) -> Callable[[Call], Row]:
    """Return a handler that lists those of the tokens wanted which the user may see."""

    def handler(call: Call) -> Row:
        rows = [token for token in call.world.tokens.values() if wanted(call, token)]
        return listing(call, "token", rows, rows_oauth.token)

    return handler


def new_token(call: Call, given: dict[str, Json]) -> Token:
    """Make a token for whoever asks; a username or password among the fields is not looked at."""
    application = chosen_application(call, given.get("application"))
    scope, description = given.get("scope", "write"), given.get("description", "")
    if scope is None or description is None:
        raise Refused(400, {"scope" if scope is None else "description": [NULL]})
    words = scope.split() if isinstance(scope, str) else []
    if not words or len(words) != len(set(words)) or not set(words) <= SCOPES:
        raise Refused(400, {"scope": [BAD_SCOPE]})
    refused = external.refusal(call.user)
    if refused:
        raise detail(403, f"(access_denied) {refused}")
    made = call.world.new_token(call.user, str(scope), str(description), application=application)
    if application:
        call.world.new_refresh_token(made, call.user)
    return made


def chosen_application(call: Call, row_id: Json) -> Application | None:
    """Return the application of an id, or raise the 400 or 403."""
    if row_id is None:
        return None
    if isinstance(row_id, bool) or not str(row_id).isdigit():
        text = f"Incorrect type. Expected pk value, received {type(row_id).__name__}."
        raise Refused(400, {"application": [text]})
    try:
        found = call.world.get(Application, int(row_id))
    except KeyError:
        text = f'Invalid pk "{row_id}" - object does not exist.'
        raise Refused(400, {"application": [text]}) from None
    if not sees(call.user, found):
        raise forbidden()
    return found


def token_create(call: Call) -> Response:
    """Answer with a new token, its value in the clear this once."""
    return _created(call, call.body())


def _created(call: Call, given: dict[str, Json]) -> Response:
    row = rows_oauth.token(call.frame, new_token(call, given), clear=True)
    return created(row, row["url"])


def _personal_create(call: Call) -> Response:
    return _created(call, {**call.body(), "application": None})


def _authorized_create(call: Call) -> Response:
    given = call.body()
    if given.get("application") is None:
        text = NULL if "application" in given else REQUIRED
        raise Refused(400, {"application": [text]})
    return _created(call, given)


def _application_create(call: Call) -> Response:
    return _created(call, {**call.body(), "application": find(call, Application).id})


def _application_tokens(call: Call) -> Row:
    application = find(call, Application)
    return token_list(lambda _, token: token.application is application)(call)


def _user_tokens(call: Call) -> Row:
    user = find(call, User)
    return token_list(lambda _, token: token.user is user)(call)


def found_token(call: Call) -> Token:
    """Return the token of the path, or raise the 404 or 403."""
    token = call.world.tokens.get(call.row_id)
    if token is None:
        raise missing("OAuth2AccessToken")
    if not sees(call.user, token):
        raise forbidden()
    return token


def token_detail(call: Call) -> Row:
    """Return a token with its value masked."""
    return rows_oauth.token(call.frame, found_token(call))


def token_delete(call: Call) -> Response:
    """Make a token invalid."""
    call.world.delete_token(found_token(call))
    return answer(None, 204)


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    personal = token_list(lambda call, t: t.user is call.user and t.application is None)
    authorized = token_list(lambda call, t: t.user is call.user and t.application is not None)
    return {
        "tokens/": {"GET": token_list(), "POST": token_create},
        "tokens/{id:int}/": {"GET": token_detail, "DELETE": token_delete},
        "users/{id:int}/tokens/": {"GET": _user_tokens, "POST": token_create},
        "users/{id:int}/personal_tokens/": {"GET": personal, "POST": _personal_create},
        "users/{id:int}/authorized_tokens/": {"GET": authorized, "POST": _authorized_create},
        "applications/{id:int}/tokens/": {"GET": _application_tokens, "POST": _application_create},
    }
