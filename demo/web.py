"""One endpoint: authentication, methods, bodies and headers, in the order AWX checks them."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from demo import csrf, sessions
from demo.authentication import NOBODY, Identity, identified, session_of
from demo.errors import Refused, detail, forbidden, not_allowed
from demo.rendered import as_json
from demo.rows_common import Frame

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from demo import model
    from demo.aliases import Json
    from demo.model_oauth import Session
    from demo.world import World

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
NOT_FOUND = (
    '\n<!doctype html>\n<html lang="en">\n<head>\n  <title>Not Found</title>\n</head>\n<body>\n'
    "  <h1>Not Found</h1><p>The requested resource was not found on this server.</p>\n"
    "</body>\n</html>\n"
)
JSON_ONLY = (
    "You did not use correct Content-Type in your HTTP request. If you are using our REST API, "
    "the Content-Type must be application/json"
)


@dataclass
class Call:
    """A request on its way: who asks, for what, with which body."""

    world: World
    frame: Frame
    request: Request
    raw: bytes = b""
    ids: Mapping[str, Any] = field(default_factory=dict)
    session: Session | None = None

    @property
    def user(self) -> model.User:
        """Return who asks."""
        return self.frame.viewer

    @property
    def row_id(self) -> int:
        """Return the id in the path."""
        return int(self.ids["id"])

    @property
    def path(self) -> str:
        """Return the path without the query."""
        return self.request.url.path

    @property
    def params(self) -> list[tuple[str, str]]:
        """Return the query's parameters in their order."""
        return parse_qsl(self.request.url.query, keep_blank_values=True)

    def param(self, name: str, default: str = "") -> str:
        """Return one parameter of the query."""
        return dict(self.params).get(name, default)

    def body(self) -> dict[str, Any]:
        """Return the JSON body, an empty one as {}; raise what AWX says of any other."""
        if not self.raw:
            return {}
        kind = self.request.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind not in {"application/json", ""}:
            raise detail(415, JSON_ONLY)
        try:
            made = json.loads(self.raw)
        except ValueError as error:
            text = f"JSON parse error - {error}\nPossible cause: trailing comma."
            raise detail(400, text) from None
        if not isinstance(made, dict):
            raise detail(400, "JSON parse error - not a JSON object")
        return made


Handler = Callable[[Call], Any]


def answer(body: Json, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return a JSON answer; None is an answer without a body."""
    if body is None:
        return Response(status_code=status, headers=headers)
    return Response(as_json(body), status, headers, media_type="application/json")


def created(body: dict[str, Any], url: str) -> Response:
    """Return a 201 with its Location."""
    return answer(body, 201, {"Location": url})


def html_page(title: str, content: str, status: int = 200) -> Response:
    """Return a small HTML page."""
    head = f"<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>"
    text = f"{head}\n<body>{content}</body></html>"
    return Response(text, status, media_type="text/html")


def not_found_page() -> Response:
    """Return the HTML that AWX answers for a route it does not have."""
    return Response(NOT_FOUND, 404, media_type="text/html")


class Endpoint:
    """An ASGI application for one route: a handler for each method."""

    def __init__(
        self, world: World, root: str, methods: dict[str, Handler], *, open_to_all: bool = False
    ) -> None:
        self.world, self.root, self.methods, self.open = world, root, methods, open_to_all
        known = {*methods, "HEAD", "OPTIONS"} if "GET" in methods else {*methods, "OPTIONS"}
        self.allow = ", ".join(name for name in ORDER if name in known)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            raw = await request.body()
        except ClientDisconnect:
            return  # whoever asked was killed in the middle of it
        with self.world.moment():
            response = self.respond(request, raw)
        await response(scope, receive, send)

    def respond(self, request: Request, raw: bytes) -> Response:
        """Return the answer, refusals included, with AWX's headers."""
        identity = Identity()
        session = session_of(self.world, request)
        try:
            identity = identified(self.world, request, required=not self.open)
            if identity.scope == "read" and request.method not in SAFE:
                raise forbidden()
            writes = identity.scope != "read"
            response = self._handle(request, raw, identity.user or NOBODY, writes=writes)
        except Refused as refusal:
            response = self._refuse(request, refusal)
        is_html = response.headers.get("content-type", "").startswith("text/html")
        if is_html and request.query_params.get("format") != "html":  # a page with forms
            csrf.set_cookie(response, csrf.token_of(request))
        if session:
            sessions.keep(self.world, response, session)
        response.headers["Allow"] = self.allow
        if identity.user:
            response.headers["X-API-Product-Version"] = self.world.pose.version
        response.headers["X-API-Product-Name"] = "AWX"
        response.headers["X-API-Node"] = "awx-demo"
        response.headers["X-API-Total-Time"] = "0.021s"
        return response

    def _handle(
        self, request: Request, raw: bytes, viewer: model.User, *, writes: bool
    ) -> Response:
        accept = request.headers.get("accept", "*/*")
        as_html = "text/html" in accept and "format" not in request.query_params
        if not any(word in accept for word in ("*/*", "json", "text/", "application/*")):
            raise detail(406, "Could not satisfy the request Accept header.")
        frame = Frame(self.world, viewer, self.root, writes=writes)
        call = Call(self.world, frame, request, raw, request.path_params)
        method = "GET" if request.method == "HEAD" and "GET" in self.methods else request.method
        if method == "OPTIONS":
            return answer(self._options(call))
        handler = self.methods.get(method)
        if handler is None:
            raise not_allowed(request.method)
        made = handler(call)
        response = made if isinstance(made, Response) else answer(made)
        if as_html and response.headers.get("content-type") == "application/json":
            shown = html.escape(bytes(response.body).decode())
            return html_page("AWX REST API", f"<pre>{shown}</pre>")
        return response

    def _options(self, call: Call) -> dict[str, Any]:
        actions: dict[str, dict[str, Any]] = {
            name: {} for name in ("GET", "POST", "PUT") if name in self.methods
        }
        if "OPTIONS" in self.methods:
            actions = self.methods["OPTIONS"](call)
        return {
            "name": "AWX REST API",
            "description": "",
            "renders": ["application/json", "text/html"],
            "parses": ["application/json"],
            "actions": actions,
        }

    @staticmethod
    def _refuse(request: Request, refusal: Refused) -> Response:
        if "/stdout/" in request.url.path and request.query_params.get("format", "") in {
            "txt",
            "ansi",
            "txt_download",
            "ansi_download",
        }:
            text, code = refusal.body["detail"], CODES.get(refusal.status, "error")
            shown = f"{{'detail': ErrorDetail(string={text!r}, code='{code}')}}"
            return Response(shown, refusal.status, refusal.headers, media_type="text/plain")
        return answer(refusal.body, refusal.status, refusal.headers)


CODES = {403: "permission_denied", 404: "not_found", 401: "not_authenticated"}
