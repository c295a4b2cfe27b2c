"""Tokens that last: made by `token login` and `token create`, ended by `token logout`."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

import auth
from utils import logger
from utils.errors import NotFound, Refused, UsageError
from utils.find import find
from utils.signing_in import browser, given_token, password, token_rows
from utils.signing_in.grants import Application, Granted
from utils.signing_in.kept_logins import KeptLogins, Login
from utils.signing_in.kept_token import login_of
from utils.signing_in.personal_token import refused_password
from utils.signing_in.way import SignedIn
from utils.signing_in.who import who

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results
    from utils.signing_in.who import User

log = logger.get("auth")

DESCRIPTION = "ansible-automation-api, until it is ended (token logout)"


def logged_in(client: Client, settings: Settings, done: Results) -> Login:
    """Get a token that lasts and keep it.

    By the browser where an application is named, by a given token where there is one, else a
    personal one by user and password; `--auth` says otherwise. Raises UsageError for a way that
    gives none, and what AWX says against it.
    """
    name = settings.auth if settings.auth != "auto" else _best(settings)
    if name == "authorization-code":
        application = Application(client, settings)
        return _keep_granted(
            client, settings, application, browser.log_in(client, settings, application)
        )
    if name == "password":
        application, known = Application(client, settings), password.obtain(settings)
        try:
            granted = application.by_password(settings.username, known.value, settings.token_scope)
        except Refused as error:
            raise _of_password(error, settings, known) from error
        return _keep_granted(client, settings, application, granted)
    if name not in {"token", "personal"}:
        raise UsageError(
            f"{settings.source('auth')} {name} gives no token that lasts: token login takes "
            "authorization-code, password, personal or token"
        )
    user = auth.obtain(client, replace(settings, auth=name), done)
    if name == "personal":
        return keep(created(client, settings, user))
    life = done[SignedIn].way.life()
    ends = life.ends.isoformat() if life.ends else ""
    return keep(
        Login(
            settings.host,
            user.username,
            given_token.read(settings),
            "",
            ends,
            life.scope,
            token_id=life.token_id,
        )
    )


def _best(settings: Settings) -> str:
    if given_token.chosen(settings):
        return "token"
    return "authorization-code" if settings.client_id else "personal"


def _of_password(error: Refused, settings: Settings, known: password.Password) -> Refused:
    return refused_password(settings, known, error) if error.code == "invalid_grant" else error


def _keep_granted(
    client: Client, settings: Settings, application: Application, granted: Granted
) -> Login:
    client.use_token(granted.token)
    user = who(client, f"a token of application {application.client_id}", "AWX just now")
    return keep(login_of(granted, settings.host, user.username, application.client_id))


def created(client: Client, settings: Settings, user: User) -> Login:
    """Make a token (`POST /api/v2/tokens/`), for `--application` or a personal one.

    AWX sets when it ends, by OAUTH2_PROVIDER's ACCESS_TOKEN_EXPIRE_SECONDS; no request can.
    """
    body: dict[str, object] = {
        "scope": settings.token_scope,
        "description": settings.token_description or DESCRIPTION,
    }
    path, client_id = token_rows.path(client), ""
    if settings.application:
        row = find(client, client.api.applications.rstrip("/"), settings.application, "application")
        body["application"], client_id = row.integer("id"), row.text("client_id")
    answer = client.post(path, body)
    return Login(
        settings.host, user.username, answer.text("token"), answer.maybe_text("refresh_token"),
        answer.maybe_text("expires"), answer.maybe_text("scope"), client_id, answer.integer("id"),
        kept_in="",
    )  # fmt: skip


def keep(login: Login) -> Login:
    """Keep a login on this machine; return it with where it is."""
    logins = KeptLogins()
    with logins.locked():
        return logins.keep(login)


def end(client: Client, settings: Settings, login: Login) -> None:
    """End a login in AWX: the refresh token with it, where it has one.

    Raises Refused where AWX does not let us; a token that has ended already is none to end.
    """
    if login.refresh_token:
        application = Application(client, settings, login.client_id)
        application.revoke(Granted(login.token, login.refresh_token, None, login.scope))
        return
    client.use_token(login.token)
    try:
        token_id = login.token_id or _found(client, login)
        if token_id:
            client.delete(f"{token_rows.path(client)}{token_id}/")
        else:
            log.warning("AWX does not tell which token this is: it is forgotten, but goes on there")
    except NotFound:
        log.debug("token %d is ended already", login.token_id)
    except Refused as error:
        if error.status != HTTPStatus.UNAUTHORIZED:
            raise
        log.debug("the token has ended already")


def _found(client: Client, login: Login) -> int:
    client.ping()
    before = client.server_time
    who(client, "the kept login", "this machine")
    row = token_rows.carried(client, login.username, before)
    return row.integer("id") if row else 0
