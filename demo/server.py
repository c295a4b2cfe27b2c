"""The embedded AWX on a real socket: in a thread for tests and runs, or in the foreground."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

from demo.app import build
from demo.faults import Faults
from demo.poses import AWX
from demo.seed import BIG, CAPACITY
from demo.world import World

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from types import TracebackType

    from starlette.types import ASGIApp, Receive, Scope, Send
    from typing_extensions import Self
    from uvicorn._types import ASGI3Application

START_S = 10.0
# How long requests that are under way may take when the server ends.
GRACE_S = 1.0
LOOK_S = 0.005


def _handing_on(app: ASGI3Application, transport: asyncio.BaseTransport) -> ASGI3Application:
    """Return the application with the connection in its scope, so that a fault can close it."""

    async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})["demo.transport"] = transport
        await cast("ASGIApp", app)(scope, receive, send)

    return cast("ASGI3Application", with_transport)


class _Protocol(H11Protocol):
    """Uvicorn's HTTP protocol, which hands its connection on."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Pass the connection on with each of its requests."""
        super().connection_made(cast("asyncio.Transport", transport))
        self.app = _handing_on(self.app, transport)


class _WebSocket(WSProtocol):
    """Uvicorn's websocket protocol, which hands its connection on."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Pass the connection on with its only request."""
        super().connection_made(cast("asyncio.Transport", transport))
        self.app = _handing_on(self.app, transport)


class _Server(uvicorn.Server):
    """Uvicorn's server, which ends at once: its own needs up to two tenths of a second for it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopped = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Serve until told to stop."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), 1.0)

    def stop(self) -> None:
        """Tell it, from another thread, to end."""
        self.should_exit = True
        if self._loop:
            with contextlib.suppress(RuntimeError):  # its loop is over
                self._loop.call_soon_threadsafe(self._stopped.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more requests, and end those that are under way."""
        for server in self.servers:
            server.close()
        for each in sockets or []:
            each.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        until = time.monotonic() + GRACE_S
        while (state.connections or state.tasks) and time.monotonic() < until:
            await asyncio.sleep(LOOK_S)
        for task in state.tasks:
            task.cancel()


def bound(host: str, port: int) -> socket.socket:
    """Return a listening socket; raise OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Said in full, since asyncio turns off the delay of small answers only where it sees TCP.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(256)
    except OSError:
        made.close()
        raise
    return made


def _url(listener: socket.socket, scheme: str) -> str:
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _server(world: World, faults: Faults, prefix: str, tls: ssl.SSLContext | None) -> _Server:
    config = uvicorn.Config(
        build(world, faults, prefix),
        http=_Protocol,
        ws=_WebSocket,
        ws_ping_interval=20,  # these three as AWX's own server, Daphne
        ws_ping_timeout=30,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,  # as the nginx in front of a real AWX
        ssl_context_factory=(lambda *_: tls) if tls else None,
    )
    return _Server(config)


class DemoServer:
    """An embedded AWX in a thread of this process; use it as a context manager.

    `posing_as` is one of demo.poses.NAMES.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        password: str = "password",  # noqa: S107 - the documented default of a demonstration
        jobs: int = 0,
        speed: float = 1.0,
        clock: Callable[[], float] = time.time,
        prefix: str = "/api",
        capacity: int = CAPACITY,
        tls: ssl.SSLContext | None = None,
        posing_as: str = AWX.name,
        runs_schedules: bool = False,
        big: int = BIG,
    ) -> None:
        self.password = password
        self._listener = bound(host, port)
        self.url = _url(self._listener, "https" if tls else "http")
        self.awx = World(
            password=password,
            jobs=jobs,
            speed=speed,
            clock=clock,
            capacity=capacity,
            posing_as=posing_as,
            runs_schedules=runs_schedules,
            big=big,
        )
        self.faults = Faults()
        self._server = _server(self.awx, self.faults, prefix, tls)
        self._thread = threading.Thread(target=self._run, name="embedded-awx", daemon=True)

    def _run(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._listener]))

    def __enter__(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + START_S
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise OSError("the embedded AWX did not start")
            time.sleep(0.005)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and give the port back."""
        self._server.stop()
        if self._thread.is_alive():
            self._thread.join(START_S)
        self._listener.close()


def serve(
    *,
    host: str,
    port: int,
    password: str,
    jobs: int,
    on_ready: Callable[[str], None],
    posing_as: str = AWX.name,
) -> None:
    """Serve in the foreground until SIGINT or SIGTERM; raise OSError when the port is taken."""
    with DemoServer(
        host=host,
        port=port,
        password=password,
        jobs=jobs,
        posing_as=posing_as,
        runs_schedules=True,
    ) as server:
        stopped = threading.Event()
        before = {}
        with contextlib.suppress(ValueError):  # not the main thread: the caller stops us otherwise
            for number in (signal.SIGINT, signal.SIGTERM):
                before[number] = signal.signal(number, lambda *_: stopped.set())
        try:
            on_ready(server.url)
            while not stopped.wait(0.5):
                pass
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
