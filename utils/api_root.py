"""Finding the root of the API: plain AWX, AWX below a path, or AWX behind a gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from utils.errors import BadAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from utils.record import Record

USUAL_PREFIX = "/api/v2/"


def discover(get: Callable[[str], Record], base: str = "") -> str:
    """Return the path of the API's root, such as `/api/v2/` or `/api/controller/v2/`.

    `get` fetches a path without credentials; `base` is the path that AWX itself lives below.
    A gateway lists the controller under `apis` in `GET /api/`; a plain AWX has `current_version`.
    Links are rebased on the path that led there, since some gateways do not rewrite them.
    """
    path = "/api/"
    root = get(path)
    apis = root.maybe_record("apis")
    if "controller" in apis:
        path = _directory(apis.text("controller"))
        root = get(path)
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
