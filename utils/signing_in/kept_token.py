"""A token that `token login` or `token create` has kept: used, refreshed, and never revoked."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from utils import logger, signals
from utils.errors import Refused, UsageError
from utils.signing_in import token_rows
from utils.signing_in.grants import Application, Granted
from utils.signing_in.kept_logins import KeptLogins, Login
from utils.signing_in.way import Life, Way

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results

log = logger.get("auth")


class KeptToken(Way):
    """The token of the user who has logged in to this AWX on this machine."""

    told = "a kept login"
    carries = "the token"
    is_made = False

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
        """Use it; where it has ended, it is refreshed.

        Raises Refused where the command needs more than it is for.
        """
        if (self._login.scope, self.settings.needs) == ("read", "write"):
            raise self.explain(Refused("nothing was asked of AWX"))
        self.client.use_token(self._login.token)
        self.client.renew = self._refresh

    def refused(self, error: Refused) -> Refused:
        """Return that there are no tokens here any more, where that is so."""
        return token_rows.refused(self.client, error)

    def life(self) -> Life:
        """Return when it ends, and whether it can be refreshed."""
        login = self._login
        application = self._application() if login.refresh_token else None
        return Life(
            login.ends_at,
            is_renewable=bool(application and application.has_secret >= login.is_confidential),
            scope=login.scope,
            token_id=login.token_id,
        )

    def _application(self) -> Application:
        return Application(self.client, self.settings, self._login.client_id)

    def _refresh(self) -> None:
        """Get the next token, unless another process has got it already.

        The old ones end with that: first it is made sure that the new ones can be kept, and they
        are before anything is done with them. A login that was ended meanwhile is not brought back.
        """
        before = self._login
        with self._logins.locked(self.client.sleep, self.client.clock):
            kept = self._logins.find(before.host, before.username)
            if kept and kept.token != before.token:
                log.debug("another process has refreshed the login")
                self._login = kept
            elif kept:
                self._logins.prove()
                with signals.held():
                    self._login = _after(before, self._next())
                    self._keep()
            else:
                with signals.held():
                    self._login = _after(before, self._next())
                    self.done.callback(self._give_back)
        self.client.use_token(self._login.token)

    def _keep(self) -> None:
        try:
            self._login = self._logins.keep(self._login, is_new=False)
        except UsageError as error:
            log.error("the refreshed login is lost when this ends, log in again then: %s", error)

    def _give_back(self) -> None:
        """Revoke what was had after the login was ended on this machine."""
        with self.leaving(lambda: f"a token of {self._login.username}"):
            self._application().revoke(granted_of(self._login))

    def _next(self) -> Granted:
        login = self._login
        by = f" --client-id {login.client_id}" if login.client_id else ""
        where = f"--host {login.host} --username {login.username}{by}"
        again = f"log in again: python main.py token login {where}"
        if not login.refresh_token:
            message = f"the kept login of {login.username} at {login.host} has ended"
            raise Refused(f"{message}: {again}", status=HTTPStatus.UNAUTHORIZED)
        try:
            return self._application().refreshed(login.refresh_token)
        except Refused as error:
            raise Refused(f"{error}; {again}", status=error.status) from error


def login_of(granted: Granted, host: str, username: str, application: Application) -> Login:
    """Return what is to be kept of a token that an application gave."""
    return Login(
        host,
        username,
        granted.token,
        granted.refresh_token,
        granted.ends.isoformat() if granted.ends else "",
        granted.scope,
        application.client_id,
        is_confidential=application.has_secret,
    )


def granted_of(login: Login) -> Granted:
    """Return what AWX gave for a login, to be taken back."""
    return Granted(login.token, login.refresh_token, login.ends_at, login.scope)


def _after(login: Login, granted: Granted) -> Login:
    return replace(
        login,
        token=granted.token,
        refresh_token=granted.refresh_token,
        ends=granted.ends.isoformat() if granted.ends else "",
        scope=granted.scope or login.scope,
        token_id=0,
    )
