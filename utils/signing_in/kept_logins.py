"""Tokens that last, kept for one AWX and one user: in the system's keyring, or else in a file.

`logins.json` in the user's configuration folder lists them, the last to log in first, mode 0600.
The secrets stand there only where the system has no keyring that keeps them.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from utils import exposure, logger
from utils.errors import UsageError
from utils.files import replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

log = logger.get("auth")

NAME = "ansible-automation-api"
KEYRING, FILE = "keyring", "file"
# For how long another process may have the file: it asks AWX for a token meanwhile.
LOCK_S, LOOK_S = 60.0, 0.05
# More than a login takes.
ROOM = 4096
SECRETS = ("token", "refresh_token")


@dataclass(frozen=True)
class Login:
    """A token that is kept, whose it is, and what AWX said of it.

    `ends` is ISO 8601 and empty where it is not known; `client_id` is that of the application that
    gave it, empty for a personal one; `token_id` is 0 where AWX did not tell it. `is_given` says
    that somebody else made it, `is_confidential` that its application has a secret.
    """

    host: str
    username: str
    token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    ends: str = ""
    scope: str = ""
    client_id: str = ""
    token_id: int = 0
    is_given: bool = False
    is_confidential: bool = False
    kept_in: str = FILE

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, None where that is not known."""
        with suppress(ValueError):
            return datetime.fromisoformat(self.ends)
        return None

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
    def locked(
        self,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> Iterator[None]:
        """Keep other processes from changing a login meanwhile.

        Raises UsageError where nothing can be written, and where another one does not let go.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            number = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise UsageError(f"cannot write {self.path}: {error.strerror}") from None
        try:
            until = clock() + LOCK_S
            while not _is_locked(number):
                if clock() > until:
                    raise UsageError(f"another process does not let go of {self.path}")
                sleep(LOOK_S)
            yield
        finally:
            os.close(number)

    def prove(self) -> None:
        """Raise UsageError where no login could be kept, before one is asked for.

        Call it within `locked()`. What is there is written once more, with room for another.
        """
        self._write(self.all(), room=ROOM)

    def find(self, host: str, username: str = "", *, bare: bool = False) -> Login | None:
        """Return the login of that user, of the last one to log in if none is named.

        `bare` leaves out its secrets, where it is only to be forgotten.
        """
        for login in self.all():
            if _address(login.host) == _address(host) and username in {"", login.username}:
                return login if bare else _with_secrets(login)
        return None

    def all(self) -> list[Login]:
        """Return all logins, the last to log in first; those of the keyring without secrets.

        Raises UsageError where the file is not what this program has written.
        """
        if not self.path.exists():
            return []
        exposure.warn_of_readable(self.path)
        try:
            rows = json.loads(self.path.read_bytes())["logins"]
            return [_login(row) for row in rows]
        except OSError as error:
            raise UsageError(f"cannot read {self.path}: {error.strerror}") from None
        except (ValueError, TypeError, KeyError):
            message = "is not as this program wrote it: move it away and log in again"
            raise UsageError(f"{self.path} {message}") from None

    def keep(self, login: Login, *, is_new: bool = True) -> Login:
        """Keep a login, in place of that of the same user; return it with where it is kept.

        A new one is the first, a refreshed one stays where it is. Call it within `locked()`.
        """
        before = self.all()
        kept = replace(login, kept_in=KEYRING if _put_into_keyring(login) else FILE)
        if kept.kept_in == FILE and any(_same(each, login) and _in_ring(each) for each in before):
            _remove_from_keyring(login)
        if is_new or not any(_same(each, login) for each in before):
            after = [kept, *(each for each in before if not _same(each, login))]
        else:
            after = [kept if _same(each, login) else each for each in before]
        self._write(after)
        return kept

    def forget(self, login: Login) -> None:
        """Forget a login; call it within `locked()`."""
        if _in_ring(login):
            _remove_from_keyring(login)
        self._write([each for each in self.all() if not _same(each, login)])

    def _write(self, logins: list[Login], room: int = 0) -> None:
        rows = [_row(each) for each in logins]
        content = json.dumps({"version": 1, "logins": rows}, indent=1) + " " * room
        with replacing(self.path) as stream:
            stream.write(content.encode())


def _is_locked(number: int) -> bool:
    """Take the lock of an open file; tell whether nobody else has it."""
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _address(host: str) -> tuple[str, str, int, str]:
    """Return an address as it compares: no matter how its letters and its port are written."""
    parts = urlsplit(host)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, parts.hostname or "", port, parts.path.rstrip("/")


def _login(row: dict[str, Any]) -> Login:
    """Return a row of the file; raises TypeError where it is none."""
    login = Login(**{"token": "", **row})
    kinds = {each.name: type(getattr(login, each.name)).__name__ for each in fields(Login)}
    if any(kinds[each.name] != each.type for each in fields(Login)):
        raise TypeError(kinds)
    return login


def _in_ring(login: Login) -> bool:
    return login.kept_in == KEYRING


def _same(one: Login, other: Login) -> bool:
    return (one.host, one.username) == (other.host, other.username)


def _row(login: Login) -> dict[str, Any]:
    row = asdict(login)
    if _in_ring(login):
        for name in SECRETS:
            del row[name]
    return row


def _with_secrets(login: Login) -> Login:
    if not _in_ring(login):
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
    if _ask_keyring("get_password", login):
        log.warning("the system's keyring still has the token of %s: delete it there", login.key)


def _ask_keyring(what: str, login: Login, *text: str) -> str | None:
    """Call a function of the keyring's; None where there is none, or it does not work."""
    import keyring  # noqa: PLC0415  # slow to import

    try:
        answer: str | None = getattr(keyring, what)(NAME, login.key, *text)
    except Exception as error:  # noqa: BLE001  # each system's keyring raises what it likes
        log.debug("the system's keyring is not used: %s", error)
        return None
    return answer
