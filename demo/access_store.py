"""The keys to this AWX: tokens, refresh tokens, codes and sessions, and how long each lives."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from demo.model_oauth import Application, AuthorizationCode, AuthToken, RefreshToken, Session, Token

if TYPE_CHECKING:
    from demo.model import User

THOUSAND_YEARS_S = 31_536_000_000.0
MONTH_S = 2_628_000.0
SESSION_LIFE_S = 1800


class AccessStore(ABC):
    """Who holds which key; tests may change the lives, in seconds, and switch Basic off."""

    def __init__(self) -> None:
        self.access_life_s = THOUSAND_YEARS_S
        self.refresh_life_s = MONTH_S
        self.basic_enabled = True
        self.tokens: dict[int, Token] = {}
        self.refresh_tokens: dict[str, RefreshToken] = {}
        self.codes: dict[str, AuthorizationCode] = {}
        self.sessions: dict[str, Session] = {}
        self.auth_tokens: dict[str, AuthToken] = {}
        self._last_token = 0

    @abstractmethod
    def now(self) -> float:
        """Return the time, in seconds since the epoch."""

    def new_token(
        self,
        user: User,
        scope: str,
        description: str,
        *,
        application: Application | None = None,
        value: str = "",
    ) -> Token:
        """Return a new token of the user: a personal one, or one of an application."""
        self._last_token += 1
        made = Token(
            id=self._last_token,
            name="",
            description=description,
            created=self.now(),
            user=user,
            token=value or secrets.token_hex(15),
            scope=scope,
            expires=self.now() + self.access_life_s,
            application=application,
        )
        self.tokens[made.id] = made
        return made

    def new_refresh_token(self, access: Token, user: User, value: str = "") -> RefreshToken:
        """Return a new refresh token beside an application's access token."""
        assert access.application  # noqa: S101 - a personal token has none
        made = RefreshToken(
            token=value or secrets.token_hex(15),
            user=user,
            application=access.application,
            created=self.now(),
            access_token=access,
        )
        access.refresh_token = self.refresh_tokens[made.token] = made
        return made

    def delete_token(self, token: Token) -> None:
        """Remove an access token; its refresh token stays, with no access token to renew."""
        self.tokens.pop(token.id, None)
        if token.refresh_token:
            token.refresh_token.access_token = None

    def revoke_refresh_token(self, refresh: RefreshToken) -> None:
        """End a refresh token and its access token."""
        if refresh.access_token:
            self.delete_token(refresh.access_token)
        refresh.revoked = True

    def delete_tokens_of(self, application: Application) -> None:
        """Remove all that was given to an application, as its own deletion does."""
        self.tokens = {k: t for k, t in self.tokens.items() if t.application is not application}
        refresh = self.refresh_tokens.items()
        self.refresh_tokens = {k: t for k, t in refresh if t.application is not application}
        codes = self.codes.items()
        self.codes = {k: code for k, code in codes if code.application is not application}

    def revoke_all_tokens(self) -> None:
        """Make every access token invalid, as if an administrator had deleted them all."""
        for token in list(self.tokens.values()):
            self.delete_token(token)
        self.auth_tokens.clear()

    def expire_tokens(self) -> None:
        """Let every access token's life end now."""
        for token in self.tokens.values():
            token.expires = self.now()
        for old in self.auth_tokens.values():
            old.expires = self.now()

    def user_of(self, value: str) -> tuple[User, str] | None:
        """Return the user and scope of a token's value, None if it is not valid now."""
        for token in self.tokens.values():
            if token.token == value and token.expires > self.now():
                token.last_used = self.now()
                return token.user, token.scope
        return None

    def new_session(self, user: User) -> Session:
        """Return a new session of a user who has just logged in."""
        user.last_login = self.now()
        made = Session(key=secrets.token_hex(16), user=user, expires=self.now() + SESSION_LIFE_S)
        self.sessions[made.key] = made
        return made

    def session_of(self, key: str) -> Session | None:
        """Return the session of a cookie's value, None if there is none that lives."""
        session = self.sessions.get(key)
        return session if session and session.expires > self.now() else None

    def end_session(self, session: Session) -> None:
        """Forget a session."""
        self.sessions.pop(session.key, None)
