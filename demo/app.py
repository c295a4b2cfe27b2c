"""The embedded AWX as an ASGI application: routes, redirects, pages for what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.routing import Match, Route

from demo import (
    api_access,
    api_access_list,
    api_applications,
    api_instances,
    api_inventory,
    api_oauth,
    api_roles,
    api_root,
    api_runs,
    api_sessions,
    api_templates,
    api_tokens,
    csrf,
    model,
    model_oauth,
)
from demo.faults import FaultInjector, Faults
from demo.pages import Page
from demo.web import Endpoint, Handler, not_found_page
from demo.websocket import WebSockets

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from demo.world import World

NAMED: dict[str, type[model.Entity]] = {
    "job_templates": model.JobTemplate,
    "workflow_job_templates": model.WorkflowTemplate,
    "inventories": model.Inventory,
    "projects": model.Project,
    "credentials": model.Credential,
    "hosts": model.Host,
    "organizations": model.Organization,
    "applications": model_oauth.Application,
}


def build(world: World, faults: Faults, prefix: str = "/api") -> ASGIApp:
    """Return the application; `prefix` is where the API lives, such as /api or /awx/api."""
    root = f"{prefix.rstrip('/')}/v2"
    table: dict[str, dict[str, Handler]] = {}
    for part in (
        api_access,
        api_access_list,
        api_tokens,
        api_applications,
        api_instances,
        api_roles,
        api_inventory,
        api_templates,
        api_runs,
    ):
        for path, methods in part.routes().items():
            table.setdefault(path, {}).update(methods)
    open_: dict[str, dict[str, Handler]] = {
        "/api/": {"GET": api_root.api_root},
        f"{prefix}/": {"GET": api_root.api_root},
        f"{root}/": {"GET": api_root.v2_root},
        f"{root}/ping/": {"GET": api_root.ping},
        f"{prefix}/o/": {"GET": api_oauth.root},
    }
    routes = [
        Route(path, Endpoint(world, root, methods, open_to_all=True))
        for path, methods in open_.items()
    ]
    routes += [
        Route(f"{root}/{path}", Endpoint(world, root, methods)) for path, methods in table.items()
    ]
    routes += _pages(world, prefix, root)
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    app.router.default = _Elsewhere(routes, prefix)
    sockets = WebSockets(world, prefix)
    return FaultInjector(ByProtocol(NamedUrls(app, world, root), sockets), world, faults)


def _pages(world: World, prefix: str, root: str) -> list[Route]:
    """Return the routes of logins and OAuth2, which are pages and forms."""
    forms: dict[str, dict[str, Handler]] = {
        "login": {"GET": api_sessions.login_page, "POST": api_sessions.log_in},
        "logout": {"GET": api_sessions.log_out, "POST": api_sessions.log_out},
        "o/authorize": {"GET": api_oauth.authorize_page, "POST": api_oauth.authorize},
    }
    clients: dict[str, dict[str, Handler]] = {
        "o/token": {"POST": api_oauth.token},
        "o/revoke_token": {"POST": api_oauth.revoke},
    }
    made = [(path, Page(world, root, methods)) for path, methods in forms.items()]
    for path, methods in clients.items():
        made.append((path, Page(world, root, methods, csrf_exempt=True)))
    return [Route(f"{prefix}/{path}/", page) for path, page in made]


class ByProtocol:
    """Sends websockets one way and everything else the other."""

    def __init__(self, http: ASGIApp, websocket: ASGIApp) -> None:
        self.http, self.websocket = http, websocket

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        app = self.websocket if scope["type"] == "websocket" else self.http
        await app(scope, receive, send)


class _Elsewhere:
    """Answers what no route takes: 301 where only the final slash is missing, else 404."""

    def __init__(self, routes: list[Route], prefix: str) -> None:
        self.routes, self.prefix = routes, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._redirect(scope) or self._missing(scope)
        await response(scope, receive, send)

    def _missing(self, scope: Scope) -> Response:
        response = not_found_page()
        if not scope["path"].startswith(self.prefix):  # a page for people, as AWX has it there
            csrf.set_cookie(response, csrf.token_of(HTTPConnection(scope)))
        return response

    def _redirect(self, scope: Scope) -> Response | None:
        path = scope["path"]
        if path.endswith("/"):
            return None
        wanted = {**scope, "path": f"{path}/"}
        if all(route.matches(wanted)[0] == Match.NONE for route in self.routes):
            return None
        query = scope["query_string"].decode()
        location = f"{path}/?{query}" if query else f"{path}/"
        headers = {"Location": location, "Content-Type": "text/html; charset=utf-8"}
        return Response(b"", 301, headers)


class NamedUrls:
    """Turns a named URL such as job_templates/Deploy web++Default/ into one with the id."""

    def __init__(self, app: ASGIApp, world: World, root: str) -> None:
        self.app, self.world, self.root = app, world, root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the path it stands for."""
        if scope["type"] == "http":
            rest = scope["path"].removeprefix(f"{self.root}/").split("/")
            if (
                len(rest) > 1
                and rest[0] in NAMED
                and ("++" in rest[1] or rest[0] == "organizations")
            ):
                row_id = self._find(rest[0], unquote(rest[1]))
                if row_id is not None:
                    path = "/".join([self.root, rest[0], str(row_id), *rest[2:]])
                    scope = {**scope, "path": path, "raw_path": path.encode()}
        await self.app(scope, receive, send)

    def _find(self, collection: str, name: str) -> int | None:
        parts = name.split("++")
        for row in self.world.all(NAMED[collection]):
            if _names(row) == parts:
                return row.id
        return 0 if "++" in name else None


def _names(row: model.Entity) -> list[str]:
    names = [row.name]
    if isinstance(row, model.Credential):
        names.append(f"{row.credential_type.name}+{row.credential_type.kind}")
    if isinstance(row, model.Host):
        names.append(row.inventory.name)
    owner = row.inventory if isinstance(row, model.Host) else row
    organization = getattr(owner, "organization", None)
    return [*names, organization.name] if organization else names
