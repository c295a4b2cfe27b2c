"""Which handler answers where, for each of the servers that this one can pose as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.routing import Route

from demo import (
    api_access,
    api_access_list,
    api_applications,
    api_assignments,
    api_gateway,
    api_instances,
    api_inventory,
    api_members,
    api_notifications,
    api_oauth,
    api_roles,
    api_root,
    api_runs,
    api_schedules,
    api_sessions,
    api_templates,
    api_tokens,
    api_tower,
    poses,
)
from demo.pages import Page
from demo.web import Endpoint, Handler

if TYPE_CHECKING:
    from demo.poses import Pose
    from demo.world import World

Table = dict[str, dict[str, Handler]]

PARTS = (
    api_access,
    api_access_list,
    api_instances,
    api_roles,
    api_members,
    api_inventory,
    api_notifications,
    api_templates,
    api_runs,
    api_schedules,
)
LOGIN: Table = {
    "login": {"GET": api_sessions.login_page, "POST": api_sessions.log_in},
    "logout": {"GET": api_sessions.log_out, "POST": api_sessions.log_out},
}
AUTHORIZE: Table = {
    "authorize": {"GET": api_oauth.authorize_page, "POST": api_oauth.authorize},
}
CLIENTS: Table = {
    "token": {"POST": api_oauth.token},
    "revoke_token": {"POST": api_oauth.revoke},
}


@dataclass(frozen=True)
class Places:
    """Where a server keeps what, as paths without a final slash; empty where it has it not.

    `controller` is where its API is, `links` the root of the links in its rows, which behind a
    gateway lead nowhere; `login` is below which people log in and out.
    """

    controller: str
    links: str
    oauth: str
    login: str
    websockets: frozenset[str]

    @property
    def root(self) -> str:
        """Return the root of the second version of the controller's API."""
        return f"{self.controller}/v2"


def places(pose: Pose, prefix: str) -> Places:
    """Return where a server keeps what; `prefix` is such as /api or /awx/api."""
    links = f"{prefix}/v2"
    if pose is poses.GATEWAY:
        controller = f"{prefix}/controller"
        sockets = frozenset({f"{controller}/v2/websocket/"})
        return Places(controller, links, "/o", f"{prefix}/gateway/v1", sockets)
    if pose is poses.TOWER:
        return Places(prefix, links, "", "", frozenset())
    sockets = frozenset({f"{prefix}/websocket/", f"{prefix.rpartition('/')[0]}/websocket/"})
    oauth = "" if pose is poses.NO_OAUTH else f"{prefix}/o"
    return Places(prefix, links, oauth, prefix, sockets)


def routes(world: World, prefix: str) -> list[Route]:
    """Return the routes of the server that the world poses as."""
    at = places(world.pose, prefix)
    made = [
        Route(path, Endpoint(world, at.links, methods, open_to_all=True))
        for path, methods in _open(world.pose, prefix, at).items()
    ]
    made += [
        Route(f"{at.root}/{path}", Endpoint(world, at.links, methods))
        for path, methods in _controller(world.pose).items()
    ]
    if world.pose is poses.GATEWAY:
        made += [
            Route(f"{at.login}/{path}", Endpoint(world, at.login, methods))
            for path, methods in api_gateway.routes().items()
        ]
    return [*made, *_pages(world, at)]


def _controller(pose: Pose) -> Table:
    table: Table = {}
    newer = [] if pose is poses.TOWER else [api_assignments]
    for part in (*PARTS, *newer, *([api_tokens, api_applications] if pose.gives_tokens else [])):
        for path, methods in part.routes().items():
            table.setdefault(path, {}).update(methods)
    return table


def _open(pose: Pose, prefix: str, at: Places) -> Table:
    """Return what needs no credentials."""
    table: Table = {f"{at.root}/ping/": {"GET": api_root.ping}}
    if pose is poses.TOWER:
        return table | api_tower.routes(prefix)
    table |= {
        "/api/": {"GET": api_root.api_root},
        f"{at.controller}/": {"GET": api_root.api_root},
        f"{at.root}/": {"GET": api_root.v2_root},
    }
    if at.oauth:
        table[f"{at.oauth}/"] = {"GET": api_oauth.root}
    return table | (api_gateway.open_routes(prefix) if pose is poses.GATEWAY else {})


def _pages(world: World, at: Places) -> list[Route]:
    """Return the routes of logins and OAuth2, which are pages and forms."""
    made: list[tuple[str, Page]] = []
    if at.login:
        made += [(f"{at.login}/{k}/", Page(world, at.login, LOGIN[k])) for k in LOGIN]
    if at.oauth:
        made += [(f"{at.oauth}/{k}/", Page(world, at.login, AUTHORIZE[k])) for k in AUTHORIZE]
        made += [
            (f"{at.oauth}/{k}/", Page(world, at.login, CLIENTS[k], csrf_exempt=True))
            for k in CLIENTS
        ]
    return [Route(path, page) for path, page in made]
