"""The servers that this one can pose as, each by what a client meets differently."""

from __future__ import annotations

from dataclasses import dataclass

from demo.errors import Refused

NO_CREDENTIALS = "Authentication credentials were not provided."
LOGIN_HINT = " To establish a login session, visit /api/login/."
CHALLENGE = "Bearer realm=api authorization_url=/api/o/authorize/"


@dataclass(frozen=True)
class Pose:
    """How a server lets people in, and what it says of itself.

    `schemes` are in the order in which it looks at them. Of `challenges`, a 401 has the one of the
    scheme that was tried, or else the last. `token_status` is that of a new token by OAuth2;
    `gives_tokens` is whether the controller itself does.
    """

    name: str
    version: str
    schemes: tuple[str, ...] = ("bearer", "session", "basic")
    challenges: tuple[str, ...] = (CHALLENGE,)
    hint: str = LOGIN_HINT
    token_status: int = 200
    gives_tokens: bool = True
    session_cookie: str = "awx_sessionid"

    def unauthorized(self, tried: str = "", text: str = NO_CREDENTIALS) -> Refused:
        """Return the 401 for an Authorization header that was tried."""
        scheme = tried.partition(" ")[0]
        fitting = [each for each in self.challenges if each.partition(" ")[0] == scheme]
        challenge = (fitting or self.challenges)[-1]
        return Refused(401, {"detail": f"{text}{self.hint}"}, {"WWW-Authenticate": challenge})


AWX = Pose("awx", "24.6.1")
GATEWAY = Pose(
    "gateway",
    "4.6.0",  # of the controller of Ansible Automation Platform 2.5
    challenges=('Bearer realm="api"',),
    hint="",
    token_status=201,
    gives_tokens=False,
    session_cookie="gateway_sessionid",
)
NO_OAUTH = Pose("no-oauth", "24.6.2.dev480", schemes=("session", "basic"), gives_tokens=False)
TOWER = Pose(
    "tower-3.2",
    "3.2.0",
    schemes=("token", "basic"),
    challenges=("Token", 'Basic realm="api"'),
    hint="",
    gives_tokens=False,
    session_cookie="",
)
POSES = {pose.name: pose for pose in (AWX, GATEWAY, NO_OAUTH, TOWER)}
NAMES = tuple(POSES)
