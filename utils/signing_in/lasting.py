"""Tokens that last: made by `token login` and `token create`, ended by `token logout`."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

import auth
from utils import logger, signals
from utils.errors import AppError, NotFound, Refused, UsageError
from utils.find import find
from utils.signing_in import browser, password, token_rows
from utils.signing_in.given_token import GivenToken
from utils.signing_in.given_token import chosen as chosen_token
from utils.signing_in.grants import Application
from utils.signing_in.kept_logins import KeptLogins, Login
from utils.signing_in.kept_token import granted_of, login_of
from utils.signing_in.personal_token import refused_password
from utils.signing_in.way import SignedIn, not_offered
from utils.signing_in.who import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results
    from utils.signing_in.grants import Granted
    from utils.signing_in.who import User

log = logger.get("auth")

DESCRIPTION = "ansible-automation-api {}, until it is ended (token logout)"
PRINTED = "ansible-automation-api {}, made by token create"


def logged_in(client: Client, settings: Settings, done: Results) -> Login:
    """Get a token that lasts and keep it.

    By the browser where an application is named, by a given token where there is one, else a
    personal one by user and password; `--auth` says otherwise. Raises UsageError for a way that
    gives none and where it could not be kept, and what AWX says against it.
    """
    name = settings.auth if settings.auth != "auto" else _best(settings)
    if name not in {"authorization-code", "password", "personal", "token"}:
        raise UsageError(
            f"{settings.source('auth')} {name} gives no token that lasts: token login takes "
            "authorization-code, password, personal or token"
        )
    if not settings.browser and name != "authorization-code":
        raise UsageError(f"{settings.source('browser')} does nothing without --client-id")
    prove()
    if not client.api.tokens:
        raise not_offered(client, "tokens, so that no login can be kept")
    if name == "token":
        return _keep_given(client, replace(settings, auth=name), done)
    if name == "personal":
        user = auth.obtain(client, replace(settings, auth=name), done)
        return created(client, settings, user, is_kept=True)
    application = Application(client, settings)
    if name == "authorization-code":
        redeem = browser.log_in(client, settings, application)
        with signals.held():
            return _keep_granted(client, settings, application, redeem())
    known = password.obtain(settings)
    with signals.held():
        try:
            granted = application.by_password(settings.username, known.value, settings.token_scope)
        except AppError as error:
            if error.code == "invalid_grant":
                raise refused_password(settings, known, error) from error
            raise
        return _keep_granted(client, settings, application, granted)


def _best(settings: Settings) -> str:
    if chosen_token(settings):
        return "token"
    return "authorization-code" if settings.client_id else "personal"


def _keep_given(client: Client, settings: Settings, done: Results) -> Login:
    client.ping()  # its time is before that of the token's first use
    user = auth.obtain(client, settings, done)
    way = done[SignedIn].way
    assert isinstance(way, GivenToken)  # noqa: S101  # what was asked for
    life = way.life()
    ends = life.ends.isoformat() if life.ends else ""
    login = Login(
        settings.host, user.username, way.token, ends=ends, scope=life.scope,
        token_id=life.token_id, is_given=True,
    )  # fmt: skip
    return keep(client, settings, login)


def _keep_granted(
    client: Client, settings: Settings, application: Application, granted: Granted
) -> Login:
    client.use_token(granted.token)
    login = login_of(granted, settings.host, "", application)
    with ended_unless_kept(client, settings, login):
        user = who(client, f"a token of application {application.client_id}", "AWX just now")
        return keep(client, settings, replace(login, username=user.username))


def created(client: Client, settings: Settings, user: User, *, is_kept: bool) -> Login:
    """Make a token (`POST /api/v2/tokens/`), for `--application` or a personal one, and keep it.

    AWX sets when it ends, by OAUTH2_PROVIDER's ACCESS_TOKEN_EXPIRE_SECONDS; no request can.
    """
    mark = (DESCRIPTION if is_kept else PRINTED).format(os.urandom(4).hex())
    body: dict[str, object] = {
        "scope": settings.token_scope,
        "description": settings.token_description or mark,
    }
    path, client_id = token_rows.path(client), ""
    if settings.application:
        row = find(client, client.api.applications.rstrip("/"), settings.application, "application")
        body["application"], client_id = row.integer("id"), row.text("client_id")
    lost_before = client.lost_answers
    with signals.held():
        try:
            answer = client.post(path, body)
        finally:
            if client.lost_answers > lost_before:
                log.warning(
                    "the answer was lost: a token described as %r may be there (token list)",
                    body["description"],
                )
        ends = answer.time("expires")
        login = Login(
            settings.host, user.username, answer.text("token"), answer.maybe_text("refresh_token"),
            ends.isoformat() if ends else "", answer.maybe_text("scope"), client_id,
            answer.integer("id"), is_confidential=bool(client_id and settings.client_secret),
            kept_in="",
        )  # fmt: skip
        if not is_kept:
            return login
        with ended_unless_kept(client, settings, login):
            return keep(client, settings, login)


@contextmanager
def ended_unless_kept(client: Client, settings: Settings, login: Login) -> Iterator[None]:
    """End a token in AWX that could not be kept, for whatever reason."""
    try:
        yield
    except BaseException:
        try_to_end(client, settings, login)
        raise


def try_to_end(client: Client, settings: Settings, login: Login) -> bool:
    """End a token in AWX and tell whether it is; trouble is told, not raised."""
    try:
        end(client, settings, login)
    except AppError as error:
        what = f"token {login.token_id}" if login.token_id else f"a token of {login.username}"
        log.warning("%s is left behind: %s", what, error)
        return False
    return True


def prove() -> None:
    """Raise UsageError where a login could not be kept, before one is asked for."""
    logins = KeptLogins()
    with logins.locked():
        logins.prove()


def keep(client: Client, settings: Settings, login: Login) -> Login:
    """Keep a login on this machine, and end the one whose place it takes; return where it is."""
    logins = KeptLogins()
    old = None
    with logins.locked():
        try:
            old = logins.find(login.host, login.username)
        except UsageError as error:  # to log in again is what mends that
            log.warning("the login that this one takes the place of goes on in AWX: %s", error)
        kept = logins.keep(login)
    is_to_end = old and not old.is_given and old.token != login.token
    if old and is_to_end and try_to_end(client, settings, old):
        log.info("the login that this one takes the place of is ended")
    return kept


def end(client: Client, settings: Settings, login: Login) -> None:
    """End a login in AWX: the refresh token with it, where it has one.

    Raises Refused where AWX does not let us; a token that has ended already is none to end.
    """
    if login.refresh_token:
        Application(client, settings, login.client_id).revoke(granted_of(login))
        return
    try:
        with client.token_auth(login.token):
            token_id = login.token_id or _found(client, login)
            path = f"{token_rows.path(client)}{token_id}/"
            if token_id and login.scope != "read":
                client.delete(path)
        if not token_id:
            log.warning("AWX does not tell which token this is: it goes on there")
        elif login.scope == "read":
            _end_read_only(client, settings, path)
    except NotFound:
        log.debug("token %d is ended already", login.token_id)
    except Refused as error:
        if error.status != HTTPStatus.UNAUTHORIZED:
            raise
        log.debug("the token has ended already")


def _end_read_only(client: Client, settings: Settings, path: str) -> None:
    """End a token that may not even end itself, with what may."""
    if not password.chosen(settings):
        raise Refused(
            f"a token of scope read may not end itself (DELETE {path}): set AWX_PASSWORD, too"
        )
    with client.basic_auth(settings.username, password.obtain(settings).value):
        client.delete(path)


def _found(client: Client, login: Login) -> int:
    client.ping()
    before = client.server_time
    who(client, "the kept login", "this machine")
    row = token_rows.carried(client, login.username, before)
    return row.integer("id") if row else 0
