"""A token that was given to us: used as it is, and never revoked."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import Refused, UsageError
from utils.signing_in import password, token_rows
from utils.signing_in.personal_token import PersonalToken
from utils.signing_in.way import Life, Way
from utils.signing_in.who import who
from utils.values import token as read_token

if TYPE_CHECKING:
    from datetime import datetime

    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results
    from utils.signing_in.who import User

log = logger.get("auth")

# For how long a file may be about to be written.
LOOKS, LOOK_S = 10, 0.5


def chosen(settings: Settings) -> str:
    """Return the setting that a token is given by, empty where there is none."""
    return settings.first_asked("token", "token_file")


def read(settings: Settings) -> str:
    """Return the token of `AWX_TOKEN` or `--token-file`; raises UsageError where it is none."""
    name = chosen(settings)
    if name == "token":
        return settings.token
    source = settings.source(name)
    try:
        return read_token(password.line_of(settings.token_file, source))
    except ValueError as error:
        raise UsageError(f"{source}: {settings.token_file} is no token: it {error}") from None


class GivenToken(Way):
    """`AWX_TOKEN` or what is in `--token-file`; an OAuth2 token, whoever made it."""

    told = "a given token"
    carries = "the token"
    is_made = False

    def __init__(self, client: Client, settings: Settings, done: Results) -> None:
        super().__init__(client, settings, done)
        self._token = read(settings)
        self._before: datetime | None = None

    @property
    def source(self) -> str:
        """The setting that it came from."""
        return self.settings.source(chosen(self.settings))

    def sign_in(self) -> None:
        """Use it; one that AWX does not take at once is a mistake that is to be seen."""
        self._before = self.client.server_time
        self.client.use_token(self._token)

    def refused(self, error: Refused) -> Refused:
        """Return that there are no tokens here at all, where that is so."""
        return token_rows.refused(self.client, error)

    @property
    def token(self) -> str:
        """The token that is in use."""
        return self._token

    def settle_in(self, user: User) -> None:
        """Have another one ready for when this one ends."""
        super().settle_in(user)
        if self._has_other:
            self.client.renew = self._replace

    @property
    def _has_other(self) -> bool:
        """Whether another one can be had: the file may be written anew, a password makes one."""
        is_file = chosen(self.settings) == "token_file"
        if is_file and self.settings.token_file != password.STDIN:
            return True
        return bool(password.chosen(self.settings))

    def _replace(self) -> None:
        """Use what is in the file now, or make a token with the password; it must be his own."""
        if self._reread():
            self.client.use_token(self._token)
            self._check_is_same(f"what is in {self.settings.token_file} now")
            return
        if not password.chosen(self.settings):
            message = f"the given token is not valid any more (from {self.source})"
            raise Refused(message, status=HTTPStatus.UNAUTHORIZED)
        known = password.obtain(self.settings)
        made = PersonalToken(self.client, self.settings, self.done, known)
        made.sign_in()
        self._check_is_same("the password")

    def _reread(self) -> bool:
        """Tell whether the file has another token; whoever writes it may be at it just now."""
        if chosen(self.settings) != "token_file" or self.settings.token_file == password.STDIN:
            return False
        for _ in range(LOOKS):
            with suppress(UsageError):
                if (found := read(self.settings)) != self._token:
                    self._token = found
                    return True
            self.client.sleep(LOOK_S)
        return False

    def _check_is_same(self, what: str) -> None:
        now = who(self.client, self.told, what)
        if self.user and now.id != self.user.id:
            raise Refused(
                f"the given token of {self.user.username} is not valid any more, and {what} is "
                f"that of another user, {now.username}",
                status=HTTPStatus.UNAUTHORIZED,
            )

    def life(self) -> Life:
        """Return when it ends, where AWX lets us find out, and whether we could replace it."""
        name = self.user.username if self.user else ""
        row = token_rows.carried(self.client, name, self._before) if name else None
        if not row:
            return Life(None, is_renewable=self._has_other)
        return Life(
            row.time("expires"), is_renewable=self._has_other, scope=row.maybe_text("scope"),
            token_id=row.integer("id"),
        )  # fmt: skip
