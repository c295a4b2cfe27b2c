"""The servers that this one can pose as, each by what a client meets differently."""

from __future__ import annotations

from dataclasses import dataclass

from demo.errors import Refused

NO_CREDENTIALS = "Authentication credentials were not provided."
LOGIN_HINT = " To establish a login session, visit /api/login/."


@dataclass(frozen=True)
class Pose:
    """How a server lets people in; `schemes` are in the order in which it looks at them.

    `challenge` is its WWW-Authenticate, `token_status` the status of a new token by OAuth2,
    `links` the root of the links in rows where that is not where the API is.
    """

    name: str
    schemes: tuple[str, ...]
    challenge: str
    hint: str = LOGIN_HINT
    token_status: int = 200
    links: str = ""
    product_headers: bool = True
    websocket: bool = True

    def unauthorized(self, text: str = NO_CREDENTIALS) -> Refused:
        """Return the 401, which AWX words alike whatever was wrong with the credentials."""
        headers = {"WWW-Authenticate": self.challenge}
        return Refused(401, {"detail": f"{text}{self.hint}"}, headers)


AWX = Pose(
    "awx", ("bearer", "session", "basic"), "Bearer realm=api authorization_url=/api/o/authorize/"
)
POSES = {pose.name: pose for pose in (AWX,)}
NAMES = tuple(POSES)
