"""Step 2, token: how it is got, checked and given back."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from utils import exposure, logger, signals
from utils.errors import AppError, BadAnswer, NotFound, Refused, UsageError
from utils.journal import Journal
from utils.trouble import ASKING_S

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("auth")

PAGE_SIZE = 200
DESCRIPTION = "ansible-automation-api {}, revoked at the end of the run"


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
    when `done` is closed. Either is replaced by a new one where AWX does not take it any more and
    the password is there. Raises Refused where AWX does not take them.
    """
    what = "the token" if settings.token else "the password"
    exposure.warn_of_plain_http(settings.host, what)
    if settings.token:
        client.use_token(settings.token)
        user = _who(client, "a given token", settings.source("token"))
        if settings.password:
            tokens = _PersonalTokens(client, settings, settings.password, done)
            client.renew = partial(_replace_given, client, tokens, user)
        return user
    tokens = _PersonalTokens(client, settings, settings.password or _ask_password(settings), done)
    return _who(client, _log_in(client, settings, tokens), settings.source("username"))


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


class _PersonalTokens:
    """The personal tokens of one run: made with user and password, given back at its end."""

    def __init__(self, client: Client, settings: Settings, password: str, done: Results) -> None:
        self._client = client
        self._user = settings.username, password
        journal = done.get(Journal)
        self._description = DESCRIPTION.format(journal.run_id if journal else os.urandom(4).hex())
        self._ids: list[int] = []
        self._may_be_lost = False
        # A process that was killed could not give its token back.
        self._is_heir = bool(journal and journal.is_resumed)
        done.callback(self._give_back)

    def use_basic(self) -> None:
        """Send user and password with every request instead."""
        self._client.use_basic(*self._user)

    def use_new(self) -> None:
        """Make a token (`POST /api/v2/tokens/`) and use it from then on.

        Only this request carries the password: checking it costs AWX much more than a token.
        """
        client, lost_before = self._client, self._client.lost_answers
        body = {"description": self._description, "scope": "write"}
        # Until the answer is there, it may be made without our knowing its id.
        before, self._may_be_lost = self._may_be_lost or self._is_heir, True
        with signals.held():
            try:
                with client.basic_auth(*self._user):
                    answer = client.post("tokens/", body, is_repeatable=True)
            except AppError:
                self._may_be_lost = before or client.lost_answers > lost_before
                raise
            self._ids.append(answer.integer("id"))
            self._may_be_lost = before or client.lost_answers > lost_before
            client.use_token(answer.text("token"))

    def _give_back(self) -> None:
        """Revoke what was made (`DELETE /api/v2/tokens/N/`); trouble is told, not raised."""
        client = self._client
        client.renew, client.patience_s = None, min(client.patience_s, ASKING_S)
        try:
            with signals.held():
                try:
                    self._revoke_all()
                except Refused:
                    # The token with which we would ask has ended itself.
                    with client.basic_auth(*self._user):
                        self._revoke_all()
        except AppError as error:
            ids = ", ".join(map(str, self._ids)) or f"described as {self._description!r}"
            log.warning("token %s is left behind: %s", ids, error)

    def _revoke_all(self) -> None:
        if self._may_be_lost:
            self._find_lost()
        # The last one is that with which we ask.
        while self._ids:
            try:
                self._client.delete(f"tokens/{self._ids[0]}/")
                log.debug("token %d revoked", self._ids[0])
            except NotFound:
                log.debug("token %d is revoked already", self._ids[0])
            self._ids.pop(0)

    def _find_lost(self) -> None:
        """Find the tokens that were made by requests whose answers were lost."""
        client = self._client
        if not self._ids:
            client.use_basic(*self._user)
        rows = client.get("tokens/", description=self._description, page_size=PAGE_SIZE)
        ids = {row.integer("id") for row in rows.records("results")}
        self._ids = sorted(ids.difference(self._ids)) + self._ids
        self._may_be_lost = False


def _log_in(client: Client, settings: Settings, tokens: _PersonalTokens) -> str:
    """Use a token of our own, or user and password; return how we are authenticated then."""
    client.find_api()  # so that a wrong address is not taken for an AWX without tokens
    try:
        tokens.use_new()
    except NotFound:
        return _fall_back(tokens, "this AWX has no tokens")
    except Refused as error:
        if error.status == HTTPStatus.FORBIDDEN:
            return _fall_back(tokens, str(error))
        typed = "as typed" if not settings.password else f"from {settings.source('password')}"
        message = f"AWX refuses user {settings.username!r} or the password ({typed})"
        raise Refused(message, status=error.status) from error
    client.renew = tokens.use_new
    return "a token made for this run"


def _replace_given(client: Client, tokens: _PersonalTokens, user: User) -> None:
    """Replace a given token by one of our own, if that is the same user's."""
    tokens.use_new()
    now = _who(client, "a token made for this run", "the password")
    if now.id != user.id:
        raise Refused(
            f"the given token of {user.username} is not valid any more, and the password is that "
            f"of another user, {now.username}",
            status=HTTPStatus.UNAUTHORIZED,
        )


def _fall_back(tokens: _PersonalTokens, reason: str) -> str:
    """Send user and password with every request, where AWX gives this user no token.

    AWX refuses tokens to users from LDAP or SAML unless ALLOW_OAUTH2_FOR_EXTERNAL_USERS is on.
    """
    log.warning("no token to be had (%s): user and password go with every request", reason)
    tokens.use_basic()
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
