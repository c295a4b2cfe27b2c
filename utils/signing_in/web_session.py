"""A session as a browser has it: `/api/login/` with Django's CSRF cookie, `/api/logout/`."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from utils import logger, signals
from utils.errors import AppError, BadAnswer
from utils.signing_in.personal_token import refused_password
from utils.signing_in.way import WithPassword, not_offered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Settings
    from utils.awx_client import Client
    from utils.awx_client.client import Page
    from utils.results import Results
    from utils.signing_in.password import Password

log = logger.get("auth")

CSRF = "csrftoken"
CSRF_FIELD = "csrfmiddlewaretoken"


class WebSession(WithPassword):
    """A session with user and password, for AWX that gives no tokens; ended when `done` is closed.

    AWX ends one by itself half an hour after its last use.
    """

    told = "a session"

    def __init__(
        self, client: Client, settings: Settings, done: Results, password: Password
    ) -> None:
        super().__init__(client, settings, done, password)
        self._cookies: Mapping[str, str] = {}

    def sign_in(self) -> None:
        """Log in and send the session's cookies from then on."""
        self.done.callback(self._give_back)
        self._log_in()
        self.client.renew = self._log_in

    def _log_in(self) -> None:
        path = self.client.api.login
        page = self.client.page(path) if path else None
        if not page or page.status == HTTPStatus.NOT_FOUND or CSRF not in page.cookies:
            raise not_offered(self.client, "page to log in at (/api/login/)")
        form = {
            "username": self.settings.username,
            "password": self.password.value,
            "next": self.client.prefix,
            CSRF_FIELD: page.cookies[CSRF],
        }
        with signals.held():
            answer = self._sent(path, form, page.cookies)
            if answer.status == HTTPStatus.UNAUTHORIZED:
                error = AppError("", status=answer.status)
                raise refused_password(self.settings, self.password, error)
            if answer.status != HTTPStatus.FOUND:
                raise BadAnswer(f"POST {path}: AWX answered {answer.status}", status=answer.status)
            self._cookies = {**page.cookies, **answer.cookies}
            self.client.use_session(self._cookies)

    def _sent(self, path: str, form: Mapping[str, str], cookies: Mapping[str, str]) -> Page:
        """Return the answer to a login, which is sent until one comes.

        Where one was lost there may be a session that nobody has the cookies of: no other can end
        it, and AWX has no list of them.
        """
        lost_before = self.client.lost_answers
        try:
            return self.client.page(path, form, cookies, is_repeatable=True)
        finally:
            if self.client.lost_answers > lost_before:
                log.warning(
                    "an answer to POST %s was lost: there may be a session that is left behind "
                    "(AWX ends it by itself, as a rule in half an hour)", path,
                )  # fmt: skip

    def _give_back(self) -> None:
        """Log out (`POST /api/logout/`)."""
        if not self._cookies:
            return
        path = self.client.api.logout
        form = {CSRF_FIELD: self._cookies.get(CSRF, "")}
        with self.leaving(lambda: "the session"):
            status = self.client.page(path, form, self._cookies, is_repeatable=True).status
            if status >= HTTPStatus.BAD_REQUEST:
                raise BadAnswer(f"AWX answered {status} to POST {path}", status=status)
