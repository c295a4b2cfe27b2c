"""Django's protection against forged requests: an unsafe one must repeat the cookie's token.

After django/middleware/csrf.py of Django 4.2, which AWX 24.6.1 uses. A real one masks the token
anew in each form; here form and cookie have the same text, which Django takes too.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import HTTPConnection
    from starlette.responses import Response

COOKIE = "csrftoken"
FIELD = "csrfmiddlewaretoken"
HEADER = "x-csrftoken"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
LENGTH = 32


def new_token() -> str:
    """Return a token as long as Django's."""
    return secrets.token_hex(LENGTH // 2)


def token_of(request: HTTPConnection) -> str:
    """Return the token of the request's cookie, or a new one where it has none."""
    return request.cookies.get(COOKIE) or new_token()


def failure(request: HTTPConnection, form: Mapping[str, str] | None = None) -> str:
    """Return in Django's words why a request is refused, nothing if it may pass."""
    if request.scope.get("method", "GET") in SAFE:
        return ""
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    if origin is not None and origin != f"{request.scope['scheme']}://{host}":
        return f"Origin checking failed - {origin} does not match any trusted origins."
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return "CSRF cookie not set."
    sent = (form or {}).get(FIELD, "")
    where = "POST" if sent else "the 'X-Csrftoken' HTTP header"
    sent = sent or request.headers.get(HEADER, "")
    if not sent:
        return "CSRF token missing."
    return "" if sent == cookie else f"CSRF token from {where} incorrect."


def set_cookie(response: Response, token: str) -> None:
    """Give the token to a browser until it is closed."""
    response.headers.append("Set-Cookie", f"{COOKIE}={token}; Path=/; SameSite=Lax")
