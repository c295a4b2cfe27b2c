"""A proxy on loopback, between main.py and AWX, that strikes one chosen request of a run.

It reads each request and each answer whole before it passes them on, so that a fault happens where
it is meant to: before AWX hears of the request, or after it did the work.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks.proxy import (
    CHUNK,
    REFUSAL,
    LoopbackProxy,
    Requests,
    header,
    is_websocket,
    pass_on,
)
from tests.faults.cells import AFTER, BETWEEN, INSTEAD, OF_TOKEN
from tests.faults.wire import (
    SWITCHED,
    Answer,
    addressed,
    last_words,
    read_answer,
    read_request,
    reset,
)

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Callable

    from tests.faults.cells import Cell, Kind

REFUSED_S = 1.0
STATUS = re.compile(rb'"status": ?"(\w+)"')
LOOK_S = 0.02


@dataclass(frozen=True)
class _Link:
    """One connection of main.py's, and the one to AWX that goes with it."""

    reader: StreamReader
    writer: StreamWriter
    back: StreamReader
    there: StreamWriter


class FaultProxy(LoopbackProxy):
    """A proxy that strikes one request of a cell's run, once.

    `has_struck` tells whether it did; `answers` are all of AWX's own, also those that were not
    passed on. `end_token` ends the run's token in AWX, in the way of the kind that it gets.
    `was_refused` tells whether the run has met the port where nobody listens, which a proxy cannot
    see.
    `target` is AWX's address, `ca_bundle` certificates to trust.
    """

    def __init__(
        self,
        target: str,
        cell: Cell,
        *,
        end_token: Callable[[Kind], None],
        was_refused: Callable[[], bool],
        ca_bundle: str = "",
    ) -> None:
        super().__init__(target)
        parts = urlsplit(target)
        self._tls = None
        if parts.scheme == "https":
            self._tls = ssl.create_default_context(cafile=ca_bundle or None)
        self._host = parts.netloc.rpartition("@")[2].encode()
        self._path = parts.path.rstrip("/")
        self._step, self._fault = cell.step, cell.fault
        self._end_token, self._was_refused = end_token, was_refused
        self.has_struck = False
        self.answers: list[Answer] = []
        self._links: list[_Link] = []
        self._pause: asyncio.Task[None] | None = None
        # Keeps the port while nothing listens there: to be refused is not to reach another server.
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._held.bind(("127.0.0.1", 0))

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._held.close()

    async def _listen(self) -> None:
        address, port = self._held.getsockname()
        self.url = f"http://{address}:{port}{self._path}"
        self._server = await asyncio.start_server(
            self._connected, address, port, limit=CHUNK, reuse_port=True
        )
        if self._fault.kind == "refuse" and not self._step.previous and not self.has_struck:
            self._refuse()

    def _refuse(self) -> None:
        """Do not listen until a second after the run has first tried."""
        self.has_struck = True
        self._server.close()

        async def pause() -> None:
            while not (self._was_refused() or self._over.is_set()):
                await asyncio.sleep(LOOK_S)
            await asyncio.sleep(REFUSED_S)
            await self._listen()

        self._pause = asyncio.create_task(pause())

    async def _connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        host, port = self._target
        back, there = await asyncio.open_connection(
            host, port or (443 if self._tls else 80), ssl=self._tls, limit=CHUNK
        )
        link, found = _Link(reader, writer, back, there), Requests()
        self._links.append(link)
        with suppress(OSError, EOFError):
            while (request := await read_request(reader, found)) and await self._serve_one(
                *request, link
            ):
                await writer.drain()
        self._links.remove(link)
        writer.close()
        there.close()

    async def _serve_one(self, head: bytes, body: bytes, link: _Link) -> bool:
        """Answer one request, well or badly; return whether another may follow."""
        line = head.partition(b"\r\n")[0].rpartition(b" ")[0].decode()
        if is_websocket(head) and not self._step.is_pushed:
            link.writer.write(REFUSAL)
            return False
        kind = self._kind_for(line)
        if kind in INSTEAD:
            return await self._instead(kind, link)
        if kind in OF_TOKEN:
            await asyncio.to_thread(self._end_token, kind)
        link.there.write(addressed(head, self._host) + body)
        answer = await read_answer(link.back, line)
        self.answers.append(answer)
        if kind in AFTER:
            return self._after(kind, answer, link.writer)
        return await self._pass_back(answer, link)

    def _kind_for(self, line: str) -> Kind | None:
        """Return what happens to this request, and note that it does."""
        kind = self._fault.kind
        if kind in BETWEEN or self.has_struck or not re.search(self._step.request, line):
            return None
        self.has_struck = True
        return kind

    async def _instead(self, kind: Kind | None, link: _Link) -> bool:
        if kind == "answer":
            link.writer.write(self._fault.answer)
            return True
        if kind == "reset":
            reset(link.writer)
        else:
            await link.reader.read()  # until the other side has had enough
        return False

    def _after(self, kind: Kind | None, answer: Answer, writer: StreamWriter) -> bool:
        if kind == "answer_after":
            writer.write(self._fault.answer)
            return True
        if kind == "reset_after":
            reset(writer)
        elif answer.body:
            writer.write(answer.head + answer.body[: len(answer.body) // 2])
        else:
            writer.write(answer.head[: len(answer.head) // 2])
        return False

    async def _pass_back(self, answer: Answer, link: _Link) -> bool:
        whole = answer.head + answer.body
        if answer.status == SWITCHED:
            link.writer.write(whole)
            await self._pass_push(answer.request, link)
            return False
        if self._is_before(answer.request, answer.fields.get("status")):
            self._strike_between(but=link)
            last_words(link.writer, whole)
            return False
        link.writer.write(whole)
        return header(answer.head, b"connection").lower() != b"close"

    async def _pass_push(self, line: str, link: _Link) -> None:
        """Pass an opened websocket on, both ways, until either side ends it."""
        forth = asyncio.create_task(pass_on(link.reader, link.there))
        back = asyncio.create_task(self._pass_messages(line, link))
        await asyncio.wait({forth, back}, return_when=asyncio.FIRST_COMPLETED)
        for way in (forth, back):
            way.cancel()
        await asyncio.gather(forth, back, return_exceptions=True)

    async def _pass_messages(self, line: str, link: _Link) -> None:
        closes = self._fault.kind == "close_idle" and re.search(self._step.request, line)
        while data := await link.back.read(CHUNK):
            said = STATUS.search(data) if b'"unified_job_id"' in data else None
            if self._is_before(line, said[1].decode() if said else ""):
                self._strike_between(but=link)
            link.writer.write(data)
            await link.writer.drain()
            if closes and not self.has_struck:
                self.has_struck = True
                reset(link.writer)
                return

    def _is_before(self, line: str, status: object) -> bool:
        """Tell whether the request after this answer is the one to strike before it comes."""
        step = self._step
        if self._fault.kind not in BETWEEN or self.has_struck or not step.previous:
            return False
        if not re.search(step.previous, line):
            return False
        return not step.previous_status or status in step.previous_status

    def _strike_between(self, *, but: _Link) -> None:
        """End the other connections that wait for a request; an open websocket does not."""
        self.has_struck = True
        if self._fault.kind == "refuse":
            self._refuse()
        for link in self._links:
            if link is not but:
                reset(link.writer)
