"""The embedded AWX as an ASGI application: routes, redirects, pages for what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.routing import Match, Route

from demo import csrf, model, model_oauth, poses
from demo.faults import FaultInjector, Faults
from demo.routes import places, routes
from demo.web import answer, not_found_page
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
    prefix = prefix.rstrip("/")
    made, at = routes(world, prefix), places(world.pose, prefix)
    app = Starlette(routes=made)
    app.router.redirect_slashes = False
    app.router.default = _Elsewhere(made, prefix, in_json=world.pose is poses.TOWER)
    sockets = WebSockets(world, at.websockets)
    return FaultInjector(ByProtocol(NamedUrls(app, world, at.root), sockets), world, faults)


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

    def __init__(self, routes: list[Route], prefix: str, *, in_json: bool) -> None:
        self.routes, self.prefix, self.in_json = routes, prefix, in_json

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._redirect(scope) or self._missing(scope)
        await response(scope, receive, send)

    def _missing(self, scope: Scope) -> Response:
        if self.in_json and scope["path"].startswith(self.prefix):  # awx/main/views.py of 1.0.0
            return answer({"detail": "The requested resource could not be found."}, 404)
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
