"""What AWX lets people in by: applications, their tokens and codes, and login sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.model import Entity

if TYPE_CHECKING:
    from demo.model import Organization, User

CONFIDENTIAL = "confidential"


@dataclass(eq=False, kw_only=True)
class Application(Entity):
    """An OAuth2 application; `user` is whom its client credentials stand for, where allowed."""

    client_id: str
    client_secret: str
    client_type: str
    authorization_grant_type: str
    redirect_uris: str = ""
    skip_authorization: bool = False
    organization: Organization | None = None
    user: User | None = None

    @property
    def confidential(self) -> bool:
        """Return whether its client must name its secret."""
        return self.client_type == CONFIDENTIAL


@dataclass(eq=False, kw_only=True)
class Token(Entity):
    """An access token; its value is kept in the clear, this being a demonstration."""

    user: User
    token: str
    scope: str = "write"
    expires: float = 0.0
    last_used: float | None = None
    application: Application | None = None
    refresh_token: RefreshToken | None = None


@dataclass(eq=False, kw_only=True)
class RefreshToken:
    """A refresh token; deleting its access token leaves it, revoking it deletes that one."""

    token: str
    user: User
    application: Application
    created: float
    access_token: Token | None
    revoked: bool = False


@dataclass(eq=False, kw_only=True)
class AuthorizationCode:
    """A code that its application may exchange for a token, once, before it expires."""

    code: str
    user: User
    application: Application
    redirect_uri: str
    scope: str
    expires: float
    code_challenge: str = ""
    code_challenge_method: str = ""


@dataclass(eq=False, kw_only=True)
class Session:
    """A login by password in a browser; `key` is the value of its cookie."""

    key: str
    user: User
    expires: float


@dataclass(eq=False, kw_only=True)
class AuthToken:
    """A token of Tower up to 3.2, bound to the requests whose hash it has."""

    key: str
    user: User
    request_hash: str
    expires: float = 0.0
    invalidated: bool = False
