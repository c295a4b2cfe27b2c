"""The token of Tower up to 3.2: `POST /api/v2/authtoken/`, then `Authorization: Token ...`.

AWX's source at 1.0.0 (`api/views.py`, `api/authentication.py`) tells how it behaves: the token
lives for half an hour after its last use, and is bound to the address and the `User-Agent` of who
asked. The same three get the same token again, so that two runs would end each other's: each calls
itself by its own name.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from utils import logger, signals
from utils.errors import BadAnswer, NotFound
from utils.signing_in.personal_token import refused_password
from utils.signing_in.way import WithPassword, not_offered

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results
    from utils.signing_in.password import Password

log = logger.get("auth")

SCHEME = "Token"


class OldToken(WithPassword):
    """A token of Tower's own kind, for user and password."""

    told = "a token of the old kind"
    PATH = "authtoken/"

    def __init__(
        self, client: Client, settings: Settings, done: Results, password: Password
    ) -> None:
        super().__init__(client, settings, done, password)
        self._has_token = False

    def sign_in(self) -> None:
        """Get a token and use it; it is ended when `done` is closed."""
        self.client.find_api()  # so that a wrong address is not taken for a later AWX
        self.client.call_ourselves(f"ansible-automation-api/{self.run_id}")
        self.done.callback(self._give_back)
        self._use_new()
        self.client.renew = self._use_new

    def _use_new(self) -> None:
        user, password = self.settings.username, self.password.value
        with signals.held():
            try:
                # Who asks again gets the same token again.
                answer = self.client.submit(
                    self.PATH, {"username": user, "password": password}, hidden=(password,),
                    is_repeatable=True,
                )  # fmt: skip
            except NotFound:
                log.debug("what this AWX has: %s", self.client.api)
                raise not_offered(self.client, "authtoken (Tower up to 3.2 had)") from None
            except BadAnswer as error:
                if error.status == HTTPStatus.BAD_REQUEST:
                    raise refused_password(self.settings, self.password, error) from error
                raise
            self._has_token = True
            self.client.use_token(answer.text("token"), SCHEME)

    def _give_back(self) -> None:
        """End it (`DELETE /api/v2/authtoken/`); it would end by itself in half an hour."""
        if not self._has_token:
            return
        with self.leaving(lambda: f"a token of {self.settings.username}"):
            self.client.delete(self.PATH)
