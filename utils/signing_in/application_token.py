"""A token by an application: for the run, with a password or with the application's own secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils import logger, signals
from utils.errors import AppError
from utils.signing_in.grants import Application
from utils.signing_in.personal_token import refused_password
from utils.signing_in.way import Life, Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results
    from utils.signing_in.grants import Granted
    from utils.signing_in.password import Password

log = logger.get("auth")


class ApplicationToken(Way):
    """The password grant, or without a password the client credentials grant."""

    def __init__(
        self, client: Client, settings: Settings, done: Results, password: Password | None = None
    ) -> None:
        super().__init__(client, settings, done)
        self._application = Application(client, settings)
        self._password = password
        self._granted: Granted | None = None
        self.told = f"a token of application {self._application.client_id}"

    @property
    def source(self) -> str:
        """The setting that names the application."""
        return self.settings.source("client_id")

    def sign_in(self) -> None:
        """Get a token and use it; it is revoked when `done` is closed."""
        self.done.callback(self._give_back)
        self._use(self._new)
        self.client.renew = self._renew

    def life(self) -> Life:
        """Return what AWX said of the last token that it gave."""
        if not self._granted:
            return super().life()
        return Life(self._granted.ends, is_renewable=True, scope=self._granted.scope)

    def _new(self) -> Granted:
        if self._password is None:
            return self._application.by_itself(self.settings.needs)
        user, password = self.settings.username, self._password.value
        try:
            return self._application.by_password(user, password, self.settings.needs)
        except AppError as error:
            if error.code == "invalid_grant":
                raise refused_password(self.settings, self._password, error) from error
            raise

    def _renew(self) -> None:
        """Get the next token: by the refresh token, or where that has ended, too, anew."""
        if self._granted and self._granted.refresh_token:
            old = self._granted.refresh_token
            try:
                self._use(lambda: self._application.refreshed(old))
            except AppError as error:
                log.debug("%s: asking for a new one", error)
            else:
                return
        self._use(self._new)

    def _use(self, get: Callable[[], Granted]) -> None:
        lost_before = self.client.lost_answers
        try:
            with signals.held():
                self._granted = get()
                self.client.use_token(self._granted.token)
        finally:
            if self.client.lost_answers > lost_before:
                log.warning(
                    "an answer was lost: a token of application %s may be left in AWX",
                    self._application.client_id,
                )

    def _give_back(self) -> None:
        if not self._granted:
            return
        name = self._application.client_id
        with self.leaving(lambda: f"a token of application {name}"):
            self._application.revoke(self._granted)
            log.debug("the token of application %s is revoked", name)
