"""Which way of signing in: the one that was asked for, or the best that there is."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import UsageError
from utils.signing_in import password

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results
    from utils.signing_in.kept_token import KeptToken
    from utils.signing_in.way import Way

log = logger.get("auth")

GIVEN = ("token", "token_file")
# Where each way is.
WAYS = {
    "token": "given_token.GivenToken",
    "basic": "basic.Basic",
    "personal": "personal_token.PersonalToken",
    "password": "application_token.ApplicationToken",
    "authtoken": "old_token.OldToken",
    "session": "web_session.WebSession",
}


def ways(client: Client, settings: Settings, done: Results) -> Iterator[Way]:
    """Yield the ways to try, one after another until AWX offers it; only `auto` has several.

    Raises UsageError where a setting is missing that the way cannot do without.
    """
    if settings.auth == "auto":
        yield from _best(client, settings, done)
    else:
        log.debug("signing in by %s (from %s)", settings.auth, settings.source("auth"))
        yield _asked_for(client, settings, done)


def _best(client: Client, settings: Settings, done: Results) -> Iterator[Way]:
    first = settings.first_asked(*GIVEN, *password.SOURCES)
    known = first and first not in GIVEN
    if first in GIVEN:
        log.debug("signing in by a token, since %s is set", settings.source(first))
        yield _load("token")(client, settings, done)
    elif known and settings.client_id:
        log.debug("signing in by an application and a password, since both are set")
        told = password.obtain(settings)
        yield _load("password")(client, settings, done, told)
        yield from _with_password(client, settings, done, told)
    elif not known and (kept := _kept(client, settings, done)):
        log.debug("signing in by a kept login, since neither token nor password is set")
        yield kept
    elif not known and settings.client_id and settings.client_secret:
        log.debug("signing in by an application and its secret, since these alone are set")
        yield _way("client-credentials", client, settings, done)
    else:
        log.debug("signing in by user and password, since no token is given nor kept")
        try:
            told = password.obtain(settings)
        except UsageError as error:
            raise UsageError(f"{error}{kept_elsewhere()}") from None
        yield from _with_password(client, settings, done, told)


def _with_password(
    client: Client, settings: Settings, done: Results, known: password.Password
) -> Iterator[Way]:
    """Yield what a user and a password are good for: a token, else a session, else themselves."""
    yield _load("personal")(client, settings, done, known)
    # AWX may have tokens, but none for a user from LDAP or SAML.
    if client.api_is_known and not client.api.tokens:
        name = "authtoken" if client.api.has_v1 else "session"
        log.debug("this AWX gives no tokens, so %s is tried", name)
        yield _load(name)(client, settings, done, known)
    yield _load("basic")(client, settings, done, known)


def _asked_for(client: Client, settings: Settings, done: Results) -> Way:
    if settings.auth == "token":
        if not settings.first_asked(*GIVEN):
            raise UsageError(f"{settings.source('auth')} token: no AWX_TOKEN and no --token-file")
        return _load("token")(client, settings, done)
    if settings.auth == "authorization-code":
        kept = _kept(client, settings, done)
        if not kept:
            raise UsageError(
                f"no login of {settings.username} to {settings.host} is kept{kept_elsewhere()}: "
                "python main.py token login"
            )
        return kept
    return _way(settings.auth, client, settings, done)


def _way(name: str, client: Client, settings: Settings, done: Results) -> Way:
    if name == "client-credentials":
        return _load("password")(client, settings, done)
    return _load(name)(client, settings, done, password.obtain(settings))


def _load(name: str) -> Callable[..., Way]:
    """Return the class of a way; each is loaded only where it is used."""
    module, _, found = WAYS[name].partition(".")
    made: Callable[..., Way] = getattr(import_module(f"utils.signing_in.{module}"), found)
    return made


def kept_elsewhere() -> str:
    """Return in words which other logins are kept, empty where there are none."""
    from utils.signing_in.kept_logins import KeptLogins  # noqa: PLC0415  # only where it is needed

    others = ", ".join(each.key for each in KeptLogins().all())
    return f" (there is {others})" if others else ""


def _kept(client: Client, settings: Settings, done: Results) -> KeptToken | None:
    from utils.signing_in.kept_logins import KeptLogins  # noqa: PLC0415  # only where it is needed
    from utils.signing_in.kept_token import KeptToken  # noqa: PLC0415

    logins = KeptLogins()
    username = settings.username if settings.asked("username") else ""
    login = logins.find(settings.host, username)
    is_other = login and settings.client_secret and settings.client_id != login.client_id
    if is_other and settings.source("client_id").startswith("-"):
        log.debug("%s names another application than the kept login", settings.source("client_id"))
        return None
    return KeptToken(client, settings, done, logins, login) if login else None
