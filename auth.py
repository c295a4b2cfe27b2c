"""Step 2, token: how it is got, checked and given back."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from utils import exposure, logger, signals
from utils.errors import AppError, BadAnswer, NotFound, Refused, UsageError

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("auth")

DESCRIPTION = "ansible-automation-api, revoked at the end of the run"


@dataclass(frozen=True)
class User:
    """Who AWX takes us for, from `GET /api/v2/me/`, and how we told it."""

    id: int
    username: str
    method: str

    def __str__(self) -> str:
        return f"{self.username}, by {self.method}"


def obtain(client: Client, settings: Settings, done: Results) -> User:
    """Make every further request carry a token, and say whose it is.

    `AWX_TOKEN` is used as it is. Else user and password get a personal token, which is revoked
    when `done` is closed. Raises Refused where AWX does not take them.
    """
    what = "the token" if settings.token else "the password"
    exposure.warn_of_plain_http(settings.host, what)
    if settings.token:
        client.use_token(settings.token)
        return _who(client, "a given token", settings.source("token"))
    password = settings.password or _ask_password(settings)
    return _who(client, _log_in(client, settings, password, done), settings.source("username"))


def _ask_password(settings: Settings) -> str:
    if not sys.stdin or not sys.stdin.isatty():
        raise UsageError("no AWX_TOKEN and no AWX_PASSWORD: set one of them, or put it into .env")
    from getpass import getpass  # noqa: PLC0415  # only on a terminal

    try:
        password = getpass(f"Password of {settings.username} at {settings.host}: ")
    except EOFError:
        password = ""
    if not password:
        raise UsageError("no password was typed")
    return password


def _log_in(client: Client, settings: Settings, password: str, done: Results) -> str:
    """Get a personal token (`POST /api/v2/tokens/`); return how we are authenticated then.

    Only this one request carries the password: checking it costs AWX much more than a token.
    """
    client.find_api()  # so that a wrong address is not taken for an AWX without tokens
    body = {"description": DESCRIPTION, "scope": "write"}
    with signals.held():
        try:
            with client.basic_auth(settings.username, password):
                answer = client.post("tokens/", body)
        except NotFound:
            return _fall_back(client, settings, password, "this AWX has no tokens")
        except Refused as error:
            if error.status == HTTPStatus.FORBIDDEN:
                return _fall_back(client, settings, password, str(error))
            typed = "as typed" if not settings.password else f"from {settings.source('password')}"
            message = f"AWX refuses user {settings.username!r} or the password ({typed})"
            raise Refused(message, status=error.status) from error
        client.use_token(answer.text("token"))
        done.callback(_give_back, client, answer.integer("id"))
    return "a token made for this run"


def _fall_back(client: Client, settings: Settings, password: str, reason: str) -> str:
    """Send user and password with every request, where AWX gives this user no token.

    AWX refuses tokens to users from LDAP or SAML unless ALLOW_OAUTH2_FOR_EXTERNAL_USERS is on.
    """
    log.warning("no token to be had (%s): user and password go with every request", reason)
    client.use_basic(settings.username, password)
    return "user and password"


def _who(client: Client, method: str, source: str) -> User:
    try:
        found = client.get("me/").records("results")
    except Refused as error:
        raise Refused(
            f"AWX refuses {method} (from {source}): {error}", status=error.status
        ) from error
    if not found:
        raise BadAnswer("GET me/: AWX does not say who we are")
    me: Record = found[0]
    return User(me.integer("id"), me.text("username"), method)


def _give_back(client: Client, token_id: int) -> None:
    """Revoke the token of this run (`DELETE /api/v2/tokens/N/`); trouble is told, not raised."""
    try:
        with signals.held():
            client.delete(f"tokens/{token_id}/")
    except NotFound:
        log.debug("token %d was revoked by somebody else", token_id)
    except Refused:
        log.debug("token %d is not valid any more", token_id)
    except AppError as error:
        log.warning("token %d is left behind: %s", token_id, error)
    else:
        log.debug("token %d revoked", token_id)
