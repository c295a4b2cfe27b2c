"""User and password with every request: where AWX gives no token, or because it was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.signing_in.way import Way

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results
    from utils.signing_in.password import Password


class Basic(Way):
    """HTTP Basic authentication; AWX hashes the password at each request, some 140 ms."""

    told = "user and password"
    is_last_resort = True

    def __init__(
        self, client: Client, settings: Settings, done: Results, password: Password
    ) -> None:
        super().__init__(client, settings, done)
        self._password = password

    @property
    def source(self) -> str:
        """Where the password came from, since AWX names no reason."""
        return self._password.source.removeprefix("from ")

    def sign_in(self) -> None:
        """Send them from now on."""
        self.client.find_api()  # so that a wrong address gets no password
        self.client.use_basic(self.settings.username, self._password.value)
