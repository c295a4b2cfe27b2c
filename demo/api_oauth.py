"""`/api/o/`: AWX as an OAuth2 server, with oauthlib doing what it does in a real one.

oauthlib is imported only here, and only when one of these routes is asked for.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlencode

from starlette.responses import Response

from demo import csrf
from demo.pages import Crash, form_of, hidden, redirect
from demo.poses import GATEWAY
from demo.web import html_page

if TYPE_CHECKING:
    from oauthlib.oauth2 import OAuth2Error, Server

    from demo.model import User
    from demo.model_oauth import Application
    from demo.web import Call

CARRIED = (
    "redirect_uri", "scope", "nonce", "client_id", "state", "response_type",
    "code_challenge", "code_challenge_method", "claims",
)  # fmt: skip
NEEDED = frozenset({"redirect_uri", "scope", "client_id", "response_type"})
# What oauthlib takes in a query; Django takes more.
SAFE = "!*'()-._~%&=+/:,;?@$"


def root(call: Call) -> dict[str, str]:
    """Return where the endpoints are; needs no credentials."""
    return {name: f"{call.path}{name}/" for name in ("authorize", "token", "revoke_token")}


def token(call: Call) -> Response:
    """Exchange a password, code or refresh token for a token."""
    from oauthlib import oauth2  # noqa: PLC0415 - see the module's docstring

    form = form_of(call)
    value = form.get("refresh_token", "") if form.get("grant_type") == "refresh_token" else ""
    refresh = call.world.refresh_tokens.get(value)
    if refresh and refresh.created + call.world.refresh_life_s < call.world.now():
        return _text(403, "The refresh token has expired.")
    try:
        headers, body, status = _server(call).create_token_response(
            _uri(call), "POST", urlencode(form), _headers(call)
        )
    except oauth2.AccessDeniedError as error:
        return _text(403, str(error))
    except oauth2.OAuth2Error as error:  # of the request itself, such as a query
        if call.world.pose is not GATEWAY:
            raise Crash from error
        return _text(error.status_code, str(error))
    status = call.world.pose.token_status if status == 200 else status
    return _answer(headers, body, status)


def revoke(call: Call) -> Response:
    """Make a token invalid by its value, for the client it was given to."""
    form = urlencode(form_of(call))
    return _answer(
        *_server(call).create_revocation_response(_uri(call), "POST", form, _headers(call))
    )


def authorize_page(call: Call) -> Response:
    """Ask the user whether an application may act for him; send him to log in first."""
    from oauthlib import oauth2  # noqa: PLC0415 - see the module's docstring

    if call.session is None:
        return _to_login(call)
    try:
        scopes, given = _server(call).validate_authorization_request(
            _uri(call), "GET", None, _headers(call)
        )
    except oauth2.FatalClientError as error:
        return _error_page(error)
    except oauth2.OAuth2Error as error:
        return _back(error.redirect_uri or "", error)
    application = given["request"].client
    if application.skip_authorization or _allowed_before(call, application, scopes):
        return _granted(call, given, scopes, call.user)
    return _ask(call, {**given, "scope": " ".join(scopes)})


def _allowed_before(call: Call, application: Application, scopes: list[str]) -> bool:
    """Return whether the user need not be asked again, where the application wishes it so."""
    return call.param("approval_prompt") == "auto" and any(
        token.user is call.user
        and token.application is application
        and token.expires > call.world.now()
        and set(scopes) <= set(token.scope.split())
        for token in call.world.tokens.values()
    )


def authorize(call: Call) -> Response:
    """Send the user back to the application, with a code or with his refusal."""
    from oauthlib import oauth2  # noqa: PLC0415 - see the module's docstring

    if call.session is None:
        return _to_login(call)
    form = form_of(call)
    if not all(form.get(name) for name in NEEDED):
        return _ask(call, form)
    given = {k: form[k] for k in CARRIED if k != "scope" and form.get(k)}
    if form.get("allow", "") in {"", "False", "false", "0"}:
        refused = oauth2.AccessDeniedError(state=form.get("state") or None)
        return _back(form["redirect_uri"], refused)
    if not _server(call).request_validator.validate_client_id(form["client_id"], _bare(call)):
        raise Crash
    return _granted(call, given, form["scope"].split(), call.user)


def _granted(call: Call, given: dict[str, Any], scopes: list[str], user: User) -> Response:
    from oauthlib import oauth2  # noqa: PLC0415 - see the module's docstring

    credentials = {k: v for k, v in given.items() if k != "request"} | {"user": user}
    try:
        headers, _, _ = _server(call).create_authorization_response(
            _uri(call), cast("Any", call.request.method), None, _headers(call), scopes, credentials
        )
    except oauth2.FatalClientError as error:
        return _error_page(error)
    except oauth2.OAuth2Error as error:
        return _back(given["redirect_uri"], error)
    return redirect(headers["Location"])


def _server(call: Call) -> Server:
    from oauthlib.oauth2 import Server  # noqa: PLC0415 - see the module's docstring

    from demo.oauth_validator import Validator  # noqa: PLC0415 - it needs oauthlib

    return Server(Validator(call.world), token_expires_in=int(call.world.access_life_s))


def _uri(call: Call) -> str:
    url = call.request.url
    return f"{url.path}?{quote(url.query, safe=SAFE)}" if url.query else url.path


def _headers(call: Call) -> dict[str, str]:
    return {"Authorization": call.request.headers.get("authorization", "")}


def _bare(call: Call) -> Any:  # noqa: ANN401 - oauthlib's own type, imported late
    from oauthlib.common import Request  # noqa: PLC0415 - see the module's docstring

    return Request(_uri(call))


def _answer(headers: dict[str, str], body: str | None, status: int) -> Response:
    response = _text(status, body or "")
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _text(status: int, text: str) -> Response:
    return Response(text, status, media_type="text/html")


def _to_login(call: Call) -> Response:
    """Return the way to the login form and back, as Django's LoginRequiredMixin sends one."""
    url = call.request.url
    place = f"{url.path}?{url.query}" if url.query else url.path
    location = f"{call.frame.root}/login/?next={quote(place, safe='/')}"
    return Response(b"", 302, {"Location": location}, media_type="text/html")


def _back(uri: str, error: OAuth2Error) -> Response:
    return redirect(f"{uri}{'&' if '?' in uri else '?'}{error.urlencoded}")


def _error_page(error: OAuth2Error) -> Response:
    name, text = html.escape(error.error or ""), html.escape(error.description or "")
    return html_page("", f"<h2>Error: {name}</h2>\n<p>{text}</p>", error.status_code)


def _ask(call: Call, given: dict[str, Any]) -> Response:
    from demo.oauth_clients import SCOPES  # noqa: PLC0415 - it needs oauthlib

    name = getattr(getattr(given.get("request"), "client", None), "name", "")
    csrf_token = csrf.token_of(call.request)
    fields = {name: given.get(name) for name in CARRIED}
    scopes = [SCOPES.get(scope, scope) for scope in str(given.get("scope") or "").split()]
    wanted = "".join(f"<li>{html.escape(each)}</li>" for each in scopes)
    response = html_page(
        "",
        '<form id="authorizationForm" method="post">\n'
        f"<h3>Authorize {html.escape(name)}?</h3>\n{hidden({csrf.FIELD: csrf_token, **fields})}\n"
        f"<p>Application requires the following permissions</p>\n<ul>{wanted}</ul>\n"
        '<p><input type="submit" value="Cancel"> '
        '<input type="submit" name="allow" value="Authorize"></p>\n</form>',
    )
    csrf.set_cookie(response, csrf_token)
    return response
