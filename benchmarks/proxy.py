"""TCP proxies on loopback, and a thin one that counts requests and can refuse websockets.

That one reads the heads of the requests and nothing else: what goes through is passed on byte for
byte as it comes, an opened websocket both ways.
"""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self

CHUNK = 262_144
END_OF_HEAD = b"\r\n\r\n"
REFUSAL = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Requests:
    """Finds the requests in what a client sends over one connection."""

    def __init__(self) -> None:
        self._head = b""
        self._body_left = 0
        self._switched = False

    @property
    def is_between(self) -> bool:
        """Whether all that began has come to its end, its body too."""
        return not self._head and not self._body_left

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the head of each request that is complete with these bytes."""
        while data and not self._switched:
            skipped = min(self._body_left, len(data))
            self._body_left -= skipped
            self._head += data[skipped:]
            if END_OF_HEAD not in self._head:
                return
            head, _, data = self._head.partition(END_OF_HEAD)
            self._head = b""
            self._body_left = int(header(head, b"content-length") or 0)
            self._switched = is_websocket(head)
            yield head


def header(head: bytes, name: bytes) -> bytes:
    """Return the value of a header, empty where it is missing."""
    for line in head.split(b"\r\n")[1:]:
        found, _, value = line.partition(b":")
        if found.strip().lower() == name:
            return value.strip()
    return b""


def is_websocket(head: bytes) -> bool:
    """Return whether a request wants to turn its connection into a websocket."""
    return header(head, b"upgrade").lower() == b"websocket"


class LoopbackProxy(ABC):
    """A proxy to one server, in a thread of this process; use it as a context manager.

    `url` is where it listens.
    """

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = parts.hostname, parts.port
        self.url = ""
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise OSError("the proxy did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        await self._listen()
        self._ready.set()
        await self._over.wait()
        self._server.close()
        # The connections see the end, too, and close.
        await asyncio.gather(
            *(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True
        )

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=CHUNK)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @abstractmethod
    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on until either side ends it, or all is over."""


class CountingProxy(LoopbackProxy):
    """A proxy that passes all on as it is.

    `requests` has the first line of each request; a websocket is one.
    """

    def __init__(self, target: str, *, refuse_websockets: bool = False) -> None:
        super().__init__(target)
        self._refuse = refuse_websockets
        self.requests: list[str] = []

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, there = await asyncio.open_connection(*self._target, limit=CHUNK)
        ways: list[asyncio.Task[Any]] = [
            asyncio.create_task(self._requests(reader, writer, there)),
            asyncio.create_task(pass_on(back, writer)),
            asyncio.create_task(self._over.wait()),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            writer.close()
            there.close()

    async def _requests(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there: asyncio.StreamWriter,
    ) -> None:
        found = Requests()
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                for head in found.feed(data):
                    self.requests.append(head.partition(b"\r\n")[0].decode())
                    if self._refuse and is_websocket(head):
                        writer.write(REFUSAL)
                        return
                there.write(data)
                await there.drain()


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Write what is read, as it comes, until either side ends it."""
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
