"""The routes that AWX leaves to Django's own views: pages, forms and redirects."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from demo import csrf, sessions
from demo.authentication import NOBODY, session_of
from demo.rows_common import Frame
from demo.web import Call, html_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from demo.web import Handler
    from demo.world import World

FORM = "application/x-www-form-urlencoded"
REFUSED = "<h1>Forbidden <span>(403)</span></h1>\n<p>CSRF verification failed. Request aborted.</p>"
SERVER_ERROR = (
    '\n<!doctype html>\n<html lang="en">\n<head>\n  <title>Server Error (500)</title>\n</head>\n'
    "<body>\n  <h1>Server Error (500)</h1><p></p>\n</body>\n</html>\n"
)


class Crash(Exception):
    """What AWX does not expect: it answers 500."""


def form_of(call: Call) -> dict[str, str]:
    """Return the fields of a form, the last value of each; none if the body is no form."""
    kind = call.request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != FORM:
        return {}
    return dict(parse_qsl(call.raw.decode(errors="replace"), keep_blank_values=True))


def redirect(location: str) -> Response:
    """Return the 302 to a place, its unsafe characters quoted."""
    where = quote(location, safe="/#%[]=:;$&()+,!?*@'~")
    headers = {"Location": where, "Content-Type": "text/html; charset=utf-8"}
    return Response(b"", 302, headers)


def hidden(fields: Mapping[str, str | None]) -> str:
    """Return hidden inputs of a form."""
    return "\n".join(
        f'<input type="hidden" name="{name}" id="id_{name}"'
        + ("" if value is None else f' value="{html.escape(value)}"')
        + ">"
        for name, value in fields.items()
    )


class Page:
    """An ASGI application for one of Django's views: a handler for each method."""

    def __init__(
        self, world: World, root: str, methods: dict[str, Handler], *, csrf_exempt: bool = False
    ) -> None:
        self.world, self.root, self.methods, self.exempt = world, root, methods, csrf_exempt
        self.allow = ", ".join([*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"])

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
        """Return the answer with the cookies of the session, if there is one."""
        session = session_of(self.world, request)
        frame = Frame(self.world, session.user if session else NOBODY, self.root)
        call = Call(self.world, frame, request, raw, request.path_params, session)
        response = self._answer(call)
        if call.session:
            sessions.keep(self.world, response, call.session)
        response.headers["X-API-Total-Time"] = "0.021s"
        return response

    def _answer(self, call: Call) -> Response:
        if not self.exempt and csrf.failure(call.request, form_of(call)):
            return html_page("403 Forbidden", REFUSED, 403)
        method = call.request.method
        handler = self.methods.get("GET" if method == "HEAD" else method)
        if handler is None:
            status = 200 if method == "OPTIONS" else 405
            return Response(b"", status, {"Allow": self.allow}, media_type="text/html")
        try:
            made = handler(call)
        except Crash:
            return Response(SERVER_ERROR, 500, media_type="text/html")
        assert isinstance(made, Response)  # noqa: S101 - these views make no JSON from data
        return made
