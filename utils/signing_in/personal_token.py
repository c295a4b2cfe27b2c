"""A personal token: made for the run with user and password, revoked at its end."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from utils import logger, signals
from utils.errors import AppError, NotFound, NotOffered, Refused, Unreachable
from utils.signing_in.way import Life, WithPassword, not_offered

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results
    from utils.signing_in.password import Password

log = logger.get("auth")

PAGE_SIZE = 200
# AWX answers the same to a wrong password as to a right one where Basic is switched off.
NO_BASIC = "; if both are right, it may have Basic switched off: --auth session"
# By this the tokens that were left behind are told from all others (`token revoke --ours`).
DESCRIPTION = "ansible-automation-api {}, revoked at the end of the run"


class PersonalToken(WithPassword):
    """Personal tokens of one run (`/api/v2/tokens/`, or the gateway's list of them)."""

    told = "a token made for this run"

    def __init__(
        self, client: Client, settings: Settings, done: Results, password: Password
    ) -> None:
        super().__init__(client, settings, done, password)
        self._user = settings.username, password.value
        self._description = DESCRIPTION.format(self.run_id)
        self._ids: list[int] = []
        self._may_be_lost = False
        self._life = super().life()
        self._path = client.api.tokens if client.api_is_known else "tokens/"

    def sign_in(self) -> None:
        """Make a token and use it; it is revoked when `done` is closed."""
        self.client.find_api()  # so that a wrong address is not taken for an AWX without tokens
        self.done.callback(self._give_back)
        try:
            self._use_first()
        except NotFound:
            raise not_offered(self.client, "tokens", status=HTTPStatus.NOT_FOUND) from None
        except Refused as error:
            if error.status == HTTPStatus.FORBIDDEN:
                raise NotOffered(str(error), status=error.status) from error
            hint = "" if self.client.api_is_known and self.client.api.is_gateway else NO_BASIC
            raise refused_password(self.settings, self.password, error, hint) from error
        self.client.renew = self.use_new

    def _use_first(self) -> None:
        """Make the first token, where AWX has them."""
        if not self._path:
            raise NotFound("GET /api/ names no tokens", status=HTTPStatus.NOT_FOUND)
        try:
            self.use_new()
        except NotFound:
            # Only now is it worth a request to ask where they are: behind a gateway elsewhere.
            tried, self._path = self.client.url(self._path), self._listed_path()
            if not self._path or self.client.url(self._path) == tried:
                raise
            self.use_new()

    def _listed_path(self) -> str:
        try:
            return self.client.api.tokens
        except Unreachable as error:  # a proxy may let nothing pass but the API itself
            log.debug("%s", error)
            return ""

    def use_new(self) -> None:
        """Make a token (`POST /api/v2/tokens/`) and use it from then on.

        It carries the password, and so does what revokes a token that may only read: checking that
        costs AWX much more than a token.
        """
        client, lost_before = self.client, self.client.lost_answers
        body = {"description": self._description, "scope": self.settings.needs}
        # Until the answer is there, it may be made without our knowing its id.
        before, self._may_be_lost = self._may_be_lost or self.is_heir, True
        with signals.held():
            try:
                with client.basic_auth(*self._user):
                    answer = client.post(self._path, body, is_repeatable=True)
            except AppError:
                self._may_be_lost = before or client.lost_answers > lost_before
                raise
            self._ids.append(answer.integer("id"))
            self._life = Life(
                answer.time("expires"), is_renewable=True, scope=answer.maybe_text("scope"),
                token_id=self._ids[-1],
            )  # fmt: skip
            self._may_be_lost = before or client.lost_answers > lost_before
            client.use_token(answer.text("token"))

    def life(self) -> Life:
        """Return what AWX said of the last token that it made."""
        return self._life

    def _give_back(self) -> None:
        """Revoke what was made (`DELETE /api/v2/tokens/N/`)."""
        if not self._ids and not self._may_be_lost:
            return
        with self.leaving(self._what_is_left, " (token revoke --ours)"):
            # One that may only read may not even revoke itself, one that has ended cannot.
            if self.settings.needs == "write":
                with suppress(Refused):
                    self._revoke_all()
            with self.client.basic_auth(*self._user):
                self._revoke_all()

    def _what_is_left(self) -> str:
        ids = ", ".join(map(str, self._ids)) or f"described as {self._description!r}"
        return f"token {ids}"

    def _revoke_all(self) -> None:
        """Revoke what there still is."""
        if self._may_be_lost:
            self._find_lost()
        # The last one is that with which we ask.
        while self._ids:
            try:
                self.client.delete(f"{self._path}{self._ids[0]}/")
                log.debug("token %d revoked", self._ids[0])
            except NotFound:
                log.debug("token %d is revoked already", self._ids[0])
            self._ids.pop(0)

    def _find_lost(self) -> None:
        """Find the tokens that were made by requests whose answers were lost."""
        client = self.client
        if not self._ids:
            client.use_basic(*self._user)
        rows = client.get(self._path, description=self._description, page_size=PAGE_SIZE)
        ids = {row.integer("id") for row in rows.records("results")}
        self._ids = sorted(ids.difference(self._ids)) + self._ids
        self._may_be_lost = False


def refused_password(
    settings: Settings, password: Password, error: AppError, hint: str = ""
) -> Refused:
    """Return the error of a user or password that AWX does not take."""
    message = f"AWX refuses user {settings.username!r} or the password ({password.source})"
    return Refused(f"{message}{hint}", status=error.status)
