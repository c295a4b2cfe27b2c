"""`/api/login/` and `/api/logout/`, after awx/api/generics.py and Django 4.2's own views."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import Response

from demo import csrf, sessions
from demo.authentication import by_password
from demo.pages import form_of, hidden, redirect
from demo.web import html_page

if TYPE_CHECKING:
    from demo.web import Call

# Where Django goes when it is told nothing, a place that AWX does not have.
DEFAULT_PLACE = "/accounts/profile/"
WRONG = "Please enter a correct username and password. Note that both fields may be case-sensitive."
EMPTY = "This field is required."


def login_page(call: Call) -> Response:
    """Return the form, and the cookie that its answer needs."""
    accept = call.request.headers.get("accept", "*/*")
    if not any(word in accept for word in ("*/*", "text/html", "text/*")):
        return Response(b"", 406, media_type="text/html")
    return _form(call, call.param("next"))


def log_in(call: Call) -> Response:
    """Start a session for a name and password, and go where the form says."""
    form = form_of(call)
    name, password = form.get("username", ""), form.get("password", "")
    user = by_password(call.world, name, password)
    if user is None:
        was_in = bool(call.session)
        reason = WRONG if name and password else EMPTY
        response = _form(call, call.param("next") or form.get("next", ""), name, reason)
        if was_in:  # AWX only looks whether there is a session
            sessions.say_logged_in(response, "true")
        else:
            response.status_code = 401
        return response
    if call.session:
        call.world.end_session(call.session)
    call.session = call.world.new_session(user)
    wanted = form.get("next") or call.param("next")
    response = redirect(wanted if _is_ours(call, wanted) else DEFAULT_PLACE)
    sessions.say_logged_in(response, "true")
    response.headers["X-API-Session-Cookie-Name"] = call.world.pose.session_cookie
    csrf.set_cookie(response, csrf.new_token())
    return response


def log_out(call: Call) -> Response:
    """End the session, if there is one; GET does it too, in this Django."""
    wanted = form_of(call).get("next") or call.param("next")
    home = f"{call.frame.root}/"
    response = redirect(wanted if _is_ours(call, wanted) else home)
    if call.session:
        call.world.end_session(call.session)
        call.session = None
    if call.world.pose.session_cookie in call.request.cookies:
        sessions.drop(call.world, response)
    response.headers.append("Set-Cookie", f"{sessions.LOGGED_IN_COOKIE}=false; Path=/")
    return response


def _is_ours(call: Call, place: str) -> bool:
    """Return whether a place is on this server (Django's url_has_allowed_host_and_scheme)."""
    if not place or place.startswith("///") or "\\" in place:
        return False
    parts = urlsplit(place)
    if not parts.netloc and parts.scheme:
        return False
    host = call.request.headers.get("host", "")
    return parts.netloc in {"", host} and parts.scheme in {"", "http", "https"}


def _form(call: Call, place: str, name: str = "", reason: str = "") -> Response:
    token = csrf.token_of(call.request)
    fields = hidden({csrf.FIELD: token, "next": place or f"{call.frame.root}/"})
    said = f'<p class="text-error">{html.escape(reason)}</p>\n' if reason else ""
    response = html_page(
        "AWX REST API",
        f'<form action="{call.frame.root}/login/" method="post">\n{fields}\n'
        '<p><label for="id_username">Username:</label> '
        f'<input name="username" id="id_username" value="{html.escape(name)}" '
        'autocomplete="username" required autofocus></p>\n'
        '<p><label for="id_password">Password:</label> <input type="password" name="password" '
        'id="id_password" autocomplete="current-password" required></p>\n'
        f'{said}<button type="submit">LOG IN</button>\n</form>',
    )
    csrf.set_cookie(response, token)
    return response
