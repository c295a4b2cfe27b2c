"""Who asks: by Bearer, session cookie or Basic, in the order AWX looks at them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from demo import csrf, model, poses, tower_tokens
from demo.errors import detail

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from demo.model_oauth import Session
    from demo.world import World

Found: TypeAlias = "tuple[model.User, str] | None"
NOBODY = model.User(id=0, name="", password="")


@dataclass(frozen=True)
class Identity:
    """Who asks, and with which scope; `session` is the one whose cookie came, if it lives."""

    user: model.User | None = None
    scope: str = ""
    session: Session | None = None


def identified(world: World, request: HTTPConnection, *, required: bool = False) -> Identity:
    """Return who asks; raise the 401 if somebody is required and nobody does.

    An unsafe request by session raises the 403 if it lacks its CSRF token.
    """
    if world.pose is poses.TOWER and not required:
        return Identity()  # where nobody must be known, Tower does not look
    session = session_of(world, request)
    for scheme in world.pose.schemes:
        found = CHECKS[scheme](world, request)
        if found:
            return Identity(*found, session)
    if required:
        raise world.pose.unauthorized(_tried(request))
    return Identity(session=session)


def session_of(world: World, request: HTTPConnection) -> Session | None:
    """Return the session whose cookie a request has, None if there is none that lives."""
    return world.session_of(request.cookies.get(world.pose.session_cookie, ""))


def _tried(request: HTTPConnection) -> str:
    return request.headers.get("authorization", "")


def _by_session(world: World, request: HTTPConnection) -> Found:
    session = session_of(world, request)
    if session is None:
        return None
    reason = csrf.failure(request)
    if reason:
        raise detail(403, f"CSRF Failed: {reason}")
    return session.user, "write"


def _by_bearer(world: World, request: HTTPConnection) -> Found:
    kind, _, value = _tried(request).partition(" ")
    return world.user_of(value.strip()) if kind.lower() == "bearer" else None


def _by_basic(world: World, request: HTTPConnection) -> Found:
    kind, _, value = _tried(request).partition(" ")
    if kind.lower() != "basic" or not world.basic_enabled:
        return None
    user = by_password(world, *decoded(value))
    if user is None:
        if world.pose is poses.TOWER:  # later ones do not tell
            raise world.pose.unauthorized(_tried(request), "Invalid username/password.")
        return None
    return user, "write"


def _by_token(world: World, request: HTTPConnection) -> Found:
    found = tower_tokens.user_of(world, request)
    if isinstance(found, str):
        raise world.pose.unauthorized(_tried(request), found)
    return (found, "write") if found else None


CHECKS = {
    "bearer": _by_bearer,
    "session": _by_session,
    "basic": _by_basic,
    "token": _by_token,
}


def decoded(value: str) -> tuple[str, str]:
    """Return the name and password of a Basic header's value, two empty ones if it is broken."""
    try:
        name, _, password = base64.b64decode(value).decode().partition(":")
    except ValueError:  # not base64, or not UTF-8
        return "", ""
    return name, password


def by_password(world: World, name: str, password: str) -> model.User | None:
    """Return the user of a name and password, None if they do not fit."""
    for user in world.all(model.User):
        if user.username == name and user.password == password:
            return user
    return None
