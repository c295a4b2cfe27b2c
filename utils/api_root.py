"""Finding the parts of the API: plain AWX, AWX below a path, or AWX behind a gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from utils.errors import BadAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from utils.record import Record

USUAL_PREFIX = "/api/v2/"


@dataclass(frozen=True)
class ApiRoot:
    """Where an AWX has what; each path begins at the host and is empty for what it has not.

    `prefix` is the controller's API, `tokens` and `applications` are the lists of those, `oauth2`
    is where OAuth2 itself is spoken, `login` and `logout` are the pages that make a session and end
    it; `has_v1` tells that the first version of the API is there, too, as in Tower up to 3.5.
    """

    prefix: str
    tokens: str = ""
    applications: str = ""
    oauth2: str = ""
    login: str = ""
    logout: str = ""
    is_gateway: bool = False
    has_v1: bool = False

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways of signing in that there are with a user's password or an application."""
        if self.is_gateway:
            return ("personal", "password", "client-credentials", "authorization-code", "basic")
        if self.oauth2:
            return ("personal", "password", "authorization-code", "session", "basic")
        return ("authtoken", "basic") if self.has_v1 else ("session", "basic")


def discover(get: Callable[[str], Record], base: str = "") -> ApiRoot:
    """Return what there is, by `GET /api/`; `/api/v2/` or `/api/controller/v2/` is its prefix.

    `get` fetches a path without credentials; `base` is the path that AWX itself lives below.
    A gateway lists the controller under `apis`; a plain AWX has `current_version`, and `oauth2`
    where it gives tokens. Links are rebased on the path that led there, since some gateways do not
    rewrite them.
    """
    root = get("/api/")
    apis = root.maybe_record("apis")
    if "controller" not in apis:
        prefix = _prefix(base, "/api/", root)
        login, logout = f"{base}/api/login/", f"{base}/api/logout/"
        if "oauth2" not in root:
            has_v1 = "v1" in root.maybe_record("available_versions")
            return ApiRoot(prefix, login=login, logout=logout, has_v1=has_v1)
        return ApiRoot(
            prefix, f"{prefix}tokens/", f"{prefix}applications/", f"{base}/api/o/", login, logout
        )
    path = _directory(apis.text("controller"))
    prefix = _prefix(base, path, get(path))
    if "gateway" not in apis:
        return ApiRoot(prefix, is_gateway=True)
    own = f"{base}{_directory(apis.text('gateway'))}v1/"
    return ApiRoot(prefix, f"{own}tokens/", f"{own}applications/", f"{base}/o/", is_gateway=True)


def _prefix(base: str, path: str, root: Record) -> str:
    version = _directory(root.text("current_version"))
    if version.startswith(path):
        return base + version
    return f"{base}{path}{version.rstrip('/').rpartition('/')[2]}/"


def rebase(link: str, origin: str) -> str:
    """Return the path below the API's root of a link that AWX sent.

    Raises BadAnswer for a link to another server, which must never see our token. What stands
    before the version is dropped: behind a gateway it is not the gateway's prefix.
    """
    parts = urlsplit(urljoin(origin, link))
    if f"{parts.scheme}://{parts.netloc}" != origin:
        raise BadAnswer(f"AWX gave a link to another server, {link}: not followed")
    _, version, rest = parts.path.partition("/v2/")
    if not version:
        raise BadAnswer(f"AWX gave a link outside its API, {link}: not followed")
    return f"{rest}?{parts.query}" if parts.query else rest


def _directory(path: str) -> str:
    return f"/{path.strip('/')}/"
