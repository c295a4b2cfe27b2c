"""Makes the server misbehave on purpose, on real connections."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from demo.websocket_faults import misbehave

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from demo.world import World

Kind = Literal[
    "status", "drop_before", "drop_after", "cut_body", "stall", "html",
    "ws_silent", "ws_close", "ws_cut", "ws_lose", "ws_garbage",
]  # fmt: skip
OF_WEBSOCKETS = frozenset({"ws_silent", "ws_close", "ws_cut", "ws_lose", "ws_garbage"})
STARTS = {"http": "http.response", "websocket": "websocket.http.response"}
HTML = "text/html; charset=utf-8"
NO_HEADERS: Mapping[str, str] = {}
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>"


@dataclass
class Fault:
    """A misbehaviour and the requests it hits: by method and a pattern of path and query.

    `times` is how often it strikes (None: always), after letting `skip` requests pass. The
    opening of a websocket is a request of the method WS; "status", "html", "stall" and the drops
    hit it as they hit any other. Once it is open, the kinds ws_ hit what the server sends, the
    greeting being the first message: `ws_silent` says nothing at all, `ws_close` ends the
    connection after `after` messages, or with after=0 after `seconds` (`close_code` 0: without a
    word), `ws_cut` passes `after` messages and drops the connection in the middle of the next,
    `ws_lose` passes `after` messages and loses the `messages` that follow, `ws_garbage` passes
    `after` messages and sends some nonsense before it goes on: GARBAGE[next_garbage], and the next
    of these on the next connection, after the last the first.
    """

    kind: Kind
    method: str = "*"
    path: str = ""
    times: int | None = 1
    skip: int = 0
    code: int = 502
    body: str = "Bad Gateway"
    content_type: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 1.0
    after: int = 0
    messages: int = 1
    close_code: int = 1011
    next_garbage: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Return whether this request is hit, and count it."""
        if self.method not in {"*", method} or not re.search(self.path, path):
            return False
        if self.kind in OF_WEBSOCKETS and method != "WS":
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


class Faults:
    """The faults that are in force; the first that matches a request is the one it gets."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Put a fault in force and return it."""
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Take back every fault."""
        self._faults.clear()

    def match(self, method: str, path: str) -> Fault | None:
        """Return the fault that this request gets, if any."""
        return next((fault for fault in self._faults if fault.strikes(method, path)), None)


class FaultInjector:
    """ASGI middleware that keeps the list of requests and applies the faults."""

    def __init__(self, app: ASGIApp, world: World, faults: Faults) -> None:
        self.app, self.world, self.faults = app, world, faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, well or badly."""
        if scope["type"] not in STARTS:
            await self.app(scope, receive, send)
            return
        method, path = scope.get("method", "WS"), _full_path(scope)
        fault = self.faults.match(method, path)
        noted = False

        def note(status: int) -> None:
            nonlocal noted
            if not noted:
                self.world.requests.append((method, path, status))
            noted = True

        async def noting(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                note(message["status"])
            elif message["type"] == "websocket.accept":
                note(101)
            await send(message)

        try:
            if fault is None:
                await self.app(scope, receive, noting)
            else:
                await self._misbehave(fault, scope, receive, noting, note)
        finally:
            note(0)

    async def _misbehave(
        self,
        fault: Fault,
        scope: Scope,
        receive: Receive,
        send: Send,
        note: Callable[[int], None],
    ) -> None:
        if fault.kind in OF_WEBSOCKETS:
            await misbehave(fault, self.app, scope, receive, send)
        elif fault.kind == "stall":
            await asyncio.sleep(fault.seconds)
            await self.app(scope, receive, send)
        elif fault.kind == "drop_before" or (
            fault.kind in {"drop_after", "cut_body"} and scope["type"] == "websocket"
        ):
            note(0)
            await drop(scope, receive)
        elif fault.kind == "drop_after":
            await self.app(scope, receive, _swallow)
            note(0)
            await drop(scope, receive)
        elif fault.kind == "cut_body":
            await self._cut(scope, receive, send)
        elif fault.kind == "html":
            await reply(scope, send, 200, LOGIN_PAGE, content_type=HTML)
        else:
            await reply(
                scope,
                send,
                fault.code,
                fault.body,
                content_type=fault.content_type,
                headers=fault.headers,
            )

    async def _cut(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept: list[Message] = []

        async def keep(message: Message) -> None:
            kept.append(message)

        await self.app(scope, receive, keep)
        body = b"".join(message.get("body", b"") for message in kept[1:])
        headers = [pair for pair in kept[0]["headers"] if pair[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({**kept[0], "headers": headers})
        half = body[: len(body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await drop(scope, receive, flush=True)


async def _swallow(message: Message) -> None:
    del message


async def reply(
    scope: Scope,
    send: Send,
    status: int,
    body: str,
    *,
    content_type: str = "text/plain",
    headers: Mapping[str, str] = NO_HEADERS,
) -> None:
    """Send a whole answer."""
    content = body.encode()
    pairs = {"content-type": content_type, "content-length": str(len(content)), **headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in pairs.items()]
    kind = STARTS[scope["type"]]
    await send({"type": f"{kind}.start", "status": status, "headers": raw})
    await send({"type": f"{kind}.body", "body": content})


async def drop(scope: Scope, receive: Receive, *, flush: bool = False) -> None:
    """Close the request's TCP connection; with `flush`, after what is on its way."""
    transport = scope["extensions"]["demo.transport"]
    if flush:
        transport.close()
    else:
        transport.abort()
    while not (await receive())["type"].endswith(".disconnect"):
        pass


def _full_path(scope: Scope) -> str:
    query = scope["query_string"].decode()
    return f"{scope['path']}?{query}" if query else str(scope["path"])
