"""A token that `token login` or `token create` has kept: used, refreshed, and never revoked."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from utils import logger, signals
from utils.errors import Refused
from utils.signing_in.grants import Application
from utils.signing_in.kept_logins import KeptLogins, Login
from utils.signing_in.way import Life, Way

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results
    from utils.signing_in.grants import Granted

log = logger.get("auth")


class KeptToken(Way):
    """The token of the user who has logged in to this AWX on this machine."""

    told = "a kept login"
    carries = "the token"

    def __init__(
        self, client: Client, settings: Settings, done: Results, logins: KeptLogins, login: Login
    ) -> None:
        super().__init__(client, settings, done)
        self._logins = logins
        self._login = login

    @property
    def source(self) -> str:
        """Where it is kept."""
        is_file = self._login.kept_in == "file"
        return str(self._logins.path) if is_file else "the system's keyring"

    def sign_in(self) -> None:
        """Use it; where it has ended, it is refreshed."""
        self.client.use_token(self._login.token)
        self.client.renew = self._refresh

    def life(self) -> Life:
        """Return when it ends, and whether it can be refreshed."""
        login = self._login
        return Life(
            login.ends_at, is_renewable=bool(login.refresh_token), scope=login.scope,
            token_id=login.token_id,
        )  # fmt: skip

    def _refresh(self) -> None:
        """Get the next token, unless another process has got it already.

        The old ones end with that, so the new ones are kept before anything is done with them.
        """
        with signals.held(), self._logins.locked():
            kept = self._logins.find(self._login.host, self._login.username)
            if kept and kept.token != self._login.token:
                log.debug("another process has refreshed the login")
                self._login = kept
            else:
                self._login = self._logins.keep(_after(self._login, self._next()))
        self.client.use_token(self._login.token)

    def _next(self) -> Granted:
        login = self._login
        again = "log in again: python main.py token login"
        if not login.refresh_token:
            message = f"the kept login of {login.username} at {login.host} has ended"
            raise Refused(f"{message}: {again}", status=HTTPStatus.UNAUTHORIZED)
        application = Application(self.client, self.settings, login.client_id)
        try:
            return application.refreshed(login.refresh_token)
        except Refused as error:
            raise Refused(f"{error}; {again}", status=error.status) from error


def login_of(granted: Granted, host: str, username: str, client_id: str) -> Login:
    """Return what is to be kept of a token that an application gave."""
    return Login(
        host, username, granted.token, granted.refresh_token,
        granted.ends.isoformat() if granted.ends else "", granted.scope, client_id,
    )  # fmt: skip


def _after(login: Login, granted: Granted) -> Login:
    now = login_of(granted, login.host, login.username, login.client_id)
    return replace(now, scope=granted.scope or login.scope)
