"""AWX's websocket: who may connect, and what a subscription answers."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

from starlette.requests import HTTPConnection

from demo.authentication import identified, session_of
from demo.faults import HTML, reply
from demo.live import Listener
from demo.permissions import sees
from demo.run_kinds import AdHocCommand, Job
from demo.run_workflows import WorkflowJob
from demo.web import NOT_FOUND

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from demo.aliases import Json
    from demo.model import User
    from demo.runs import Run
    from demo.world import World

DENIED = "access denied to channel"
CRASHED = 1011
# the groups in which AWX looks at the id; into any other it lets everybody
CHECKED: dict[str, type[Run]] = {
    "job_events": Job,
    "workflow_events": WorkflowJob,
    "ad_hoc_command_events": AdHocCommand,
}


class WebSockets:
    """The ASGI application behind the paths of websockets, such as /websocket/."""

    def __init__(self, world: World, paths: frozenset[str]) -> None:
        self.world, self.paths = world, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the connection, or serve it until its end."""
        await receive()  # the wish to connect
        if scope["path"] not in self.paths:
            await reply(scope, send, 404, NOT_FOUND, content_type=HTML)
            return
        request = HTTPConnection(scope)
        login = session_of(self.world, request)  # which counts first here
        user = login.user if login else identified(self.world, request).user
        if user is None:
            await reply(scope, send, 403, "")
            return
        await send({"type": "websocket.accept"})
        session = Session(self.world, user, request.cookies.get("csrftoken", ""))
        await session.serve(receive, send)


class Session:
    """One accepted connection."""

    def __init__(self, world: World, user: User, cookie: str) -> None:
        self.world, self.live, self.user, self.cookie = world, world.live, user, cookie
        self.listener = Listener()
        self._groups: set[str] = set()

    async def serve(self, receive: Receive, send: Send) -> None:
        """Answer subscriptions until the client leaves or sends what AWX chokes on."""
        self._put({"accept": True, "user": self.user.id})
        writer = asyncio.create_task(self._write(send))
        try:
            crashed = await self._listen(receive)
        finally:
            self.live.leave(self.listener, set(self.listener.groups))
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await writer
        if crashed:
            await send({"type": "websocket.close", "code": CRASHED})

    async def _listen(self, receive: Receive) -> bool:
        while (message := await receive())["type"] == "websocket.receive":
            try:
                self.answer(json.loads(message["text"]))
            except (AttributeError, KeyError, TypeError, ValueError):
                return True
        return False

    async def _write(self, send: Send) -> None:
        while True:
            await send({"type": "websocket.send", "text": await self.listener.outbox.get()})

    def _put(self, message: dict[str, Any]) -> None:
        self.listener.put(json.dumps(message))

    def answer(self, data: Json) -> None:
        """Answer a subscription; raise what other data make AWX raise, which ends it."""
        token = data.get("xrftoken")
        if not token or token != self.cookie:
            self._put({"error": DENIED})
            return
        if "groups" not in data:
            return
        # as in AWX, a subscription that fails half-way makes it forget the groups, not leave them
        current, self._groups = self._groups, set()
        wanted: set[str] = set()
        for name, ids in data["groups"].items():
            if not isinstance(ids, list):
                self._put({"error": DENIED})
                return
            wanted |= {f"{name}-{each}" for each in ids if self._may_join(name, each)}
        self.live.join(self.listener, wanted - current)
        self.live.leave(self.listener, current - wanted)
        self._groups = wanted
        self._put(
            {
                "groups_current": list(wanted),
                "groups_left": list(current - wanted),
                "groups_joined": list(wanted - current),
            }
        )

    def _may_join(self, name: str, row_id: Json) -> bool:
        if name not in CHECKED:
            return True
        run = self.world.jobs.get(int(row_id))
        if isinstance(run, CHECKED[name]) and sees(self.user, run):
            return True
        self._put({"error": f"{DENIED} {name} for resource id {row_id}"})
        return False
