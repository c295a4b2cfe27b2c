"""The tokens of Tower up to 3.2, after awx/api/authentication.py and AuthToken of AWX 1.0.0.

A token belongs to a user, an address and a User-Agent, and each use prolongs it.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING
from urllib.parse import unquote

from demo.model_oauth import AuthToken

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from demo.model import User
    from demo.world import World

LIFE_S = 1800
EXPIRED, INVALID = "Token is expired", "Invalid token"


def hash_of(request: HTTPConnection) -> str:
    """Return what a token is bound to: the address and the User-Agent of a request."""
    address = request.client.host if request.client else ""
    text = address + request.headers.get("user-agent", "")
    return hashlib.sha256(text.encode()).hexdigest()


def token_for(world: World, user: User, request: HTTPConnection) -> AuthToken:
    """Return the user's token for this address and User-Agent, prolonged, or a new one."""
    bound_to = hash_of(request)
    for token in world.auth_tokens.values():
        if token.user is user and token.request_hash == bound_to and _lives(world, token):
            break
    else:
        token = AuthToken(key=secrets.token_hex(20), user=user, request_hash=bound_to)
        world.auth_tokens[token.key] = token
    token.expires = world.now() + LIFE_S
    return token


def _lives(world: World, token: AuthToken) -> bool:
    return not token.invalidated and token.expires > world.now()


def offered(request: HTTPConnection) -> str | None:
    """Return what a request offers after the word Token, None if it offers none."""
    given = request.headers.get("x-auth-token", "")
    if _scheme(given) != "token":
        given = request.headers.get("authorization", "")
        if _scheme(given) == "basic":
            return None
        if _scheme(given) != "token":
            cookie = unquote(request.cookies.get("token", "")).strip('"')
            given = f"token {cookie}" if cookie else ""
    return given.partition(" ")[2].strip() if given else None


def _scheme(header: str) -> str:
    return header.partition(" ")[0].lower()


def user_of(world: World, request: HTTPConnection) -> User | str | None:
    """Return whose token a request has, prolonging it, or in Tower's words why it is refused.

    None is for a request that has none.
    """
    key = offered(request)
    if key is None:
        return None
    if not key:
        return "Invalid token header. No credentials provided."
    if " " in key:
        return "Invalid token header. Token string should not contain spaces."
    token = world.auth_tokens.get(key)
    if token is None or token.request_hash != hash_of(request):
        return INVALID
    if not _lives(world, token):
        return EXPIRED
    token.expires = world.now() + LIFE_S
    return token.user
