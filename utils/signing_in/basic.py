"""User and password with every request: where AWX gives no token, or because it was asked for."""

from __future__ import annotations

from utils.signing_in.way import WithPassword


class Basic(WithPassword):
    """HTTP Basic authentication; AWX hashes the password at each request, some 140 ms."""

    told = "user and password"
    is_last_resort = True

    def sign_in(self) -> None:
        """Send them from now on."""
        self.client.find_api()  # so that a wrong address gets no password
        self.client.use_basic(self.settings.username, self.password.value)
