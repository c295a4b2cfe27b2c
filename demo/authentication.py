"""Who asks: by Bearer, session cookie or Basic, in the order AWX looks at them."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo import csrf, model
from demo.errors import detail

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from demo.model_oauth import Session
    from demo.world import World

SESSION_COOKIE = "awx_sessionid"
NOBODY = model.User(id=0, name="", password="")


@dataclass(frozen=True)
class Identity:
    """Who asks, and with which scope; `session` is the one whose cookie came, if it lives."""

    user: model.User | None = None
    scope: str = ""
    session: Session | None = None


def identified(world: World, request: HTTPConnection) -> Identity:
    """Return who asks; raise the 403 of an unsafe request by session without its CSRF token."""
    session = session_of(world, request)
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    for scheme in world.pose.schemes:
        if scheme == "session" and session:
            reason = csrf.failure(request)
            if reason:
                raise detail(403, f"CSRF Failed: {reason}")
            return Identity(session.user, "write", session)
        found = CHECKS[scheme](world, value.strip()) if scheme == kind.lower() else None
        if found:
            return Identity(*found, session)
    return Identity(session=session)


def session_of(world: World, request: HTTPConnection) -> Session | None:
    """Return the session whose cookie a request has, None if there is none that lives."""
    return world.session_of(request.cookies.get(SESSION_COOKIE, ""))


def _bearer(world: World, value: str) -> tuple[model.User, str] | None:
    return world.user_of(value)


def _basic(world: World, value: str) -> tuple[model.User, str] | None:
    user = by_password(world, *decoded(value)) if world.basic_enabled else None
    if user is None:
        return None
    user.last_login = user.last_login or world.now()
    return user, "write"


CHECKS = {"bearer": _bearer, "basic": _basic}


def decoded(value: str) -> tuple[str, str]:
    """Return the name and password of a Basic header's value, two empty ones if it is broken."""
    try:
        name, _, password = base64.b64decode(value).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, password


def by_password(world: World, name: str, password: str) -> model.User | None:
    """Return the user of a name and password, None if they do not fit."""
    for user in world.all(model.User):
        if user.username == name and user.password == password:
            return user
    return None
