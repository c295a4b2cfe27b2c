"""Tokens that last, kept for one AWX and one user: in the system's keyring, or else in a file.

`logins.json` in the user's configuration folder lists them, the last used first, mode 0600. The
secrets stand there only where the system has no keyring that keeps them.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from utils import exposure, logger
from utils.errors import UsageError
from utils.files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = logger.get("auth")

NAME = "ansible-automation-api"
KEYRING, FILE = "keyring", "file"
SECRETS = ("token", "refresh_token")


@dataclass(frozen=True)
class Login:
    """A token that is kept, whose it is, and what AWX said of it.

    `ends` is ISO 8601 and empty where it is not known; `client_id` is that of the application that
    gave it, empty for a personal one; `token_id` is 0 where AWX did not tell it.
    """

    host: str
    username: str
    token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    ends: str = ""
    scope: str = ""
    client_id: str = ""
    token_id: int = 0
    kept_in: str = FILE

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, None where that is not known."""
        return datetime.fromisoformat(self.ends) if self.ends else None

    @property
    def key(self) -> str:
        """What it is called in the keyring."""
        return f"{self.username} at {self.host}"


class KeptLogins:
    """What is kept on this machine; every method reads it anew, since other processes write it."""

    def __init__(self, folder: Path | None = None) -> None:
        if folder is None:
            from platformdirs import user_config_path  # noqa: PLC0415  # only where it is needed

            folder = user_config_path(NAME)
        self.path = folder / "logins.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from changing a login meanwhile."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            number = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise UsageError(f"cannot write {self.path}: {error.strerror}") from None
        try:
            fcntl.flock(number, fcntl.LOCK_EX)
            yield
        finally:
            os.close(number)

    def find(self, host: str, username: str = "") -> Login | None:
        """Return the login of that user, of the last one to log in if none is named."""
        for login in self.all():
            if login.host == host and username in {"", login.username}:
                return _with_secrets(login)
        return None

    def all(self) -> list[Login]:
        """Return all logins, the last used first; those of the keyring without their secrets.

        Raises UsageError where the file is not what this program has written.
        """
        if not self.path.exists():
            return []
        exposure.warn_of_readable(self.path)
        try:
            rows = json.loads(self.path.read_bytes())["logins"]
            return [Login(**{"token": "", **row}) for row in rows]
        except OSError as error:
            raise UsageError(f"cannot read {self.path}: {error.strerror}") from None
        except (ValueError, TypeError, KeyError):
            message = "is not as this program wrote it: move it away and log in again"
            raise UsageError(f"{self.path} {message}") from None

    def keep(self, login: Login) -> Login:
        """Keep a login, in place of that of the same user; return it with where it is kept.

        Call it within `locked()`.
        """
        others = [each for each in self.all() if not _same(each, login)]
        kept = replace(login, kept_in=KEYRING if _put_into_keyring(login) else FILE)
        self._write([kept, *others])
        return kept

    def forget(self, login: Login) -> None:
        """Forget a login; call it within `locked()`."""
        if login.kept_in == KEYRING:
            _remove_from_keyring(login)
        self._write([each for each in self.all() if not _same(each, login)])

    def _write(self, logins: list[Login]) -> None:
        rows = [_row(each) for each in logins]
        with replacing(self.path) as stream:
            stream.write(json.dumps({"version": 1, "logins": rows}, indent=1).encode())


def _same(one: Login, other: Login) -> bool:
    return (one.host, one.username) == (other.host, other.username)


def _row(login: Login) -> dict[str, Any]:
    row = asdict(login)
    if login.kept_in == KEYRING:
        for name in SECRETS:
            del row[name]
    return row


def _with_secrets(login: Login) -> Login:
    if login.kept_in != KEYRING:
        return login
    text = _ask_keyring("get_password", login)
    try:
        secrets = json.loads(text or "")
        token, refresh_token = (str(secrets[name]) for name in SECRETS)
    except (ValueError, TypeError, KeyError):
        raise UsageError(
            f"the system's keyring does not give the token of {login.key} "
            "(is it locked?): log in again (token login), or set AWX_TOKEN"
        ) from None
    return replace(login, token=token, refresh_token=refresh_token)


def _put_into_keyring(login: Login) -> bool:
    """Keep the secrets in the system's keyring; tell whether it has them."""
    text = json.dumps({name: getattr(login, name) for name in SECRETS})
    _ask_keyring("set_password", login, text)
    # There are keyrings that keep nothing and say nothing.
    return _ask_keyring("get_password", login) == text


def _remove_from_keyring(login: Login) -> None:
    _ask_keyring("delete_password", login)


def _ask_keyring(what: str, login: Login, *text: str) -> str | None:
    """Call a function of the keyring's; None where there is none, or it does not work."""
    import keyring  # noqa: PLC0415  # slow to import

    try:
        answer: str | None = getattr(keyring, what)(NAME, login.key, *text)
    except Exception as error:  # noqa: BLE001  # each system's keyring raises what it likes
        log.debug("the system's keyring is not used: %s", error)
        return None
    return answer
