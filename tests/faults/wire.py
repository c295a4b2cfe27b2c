"""Requests and answers as whole messages, and the ends that a connection can come to."""

from __future__ import annotations

import json
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.proxy import CHUNK, END_OF_HEAD, header

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

    from benchmarks.proxy import Requests

SWITCHED = 101
BODILESS = frozenset({SWITCHED, 204, 304})


@dataclass(frozen=True)
class Answer:
    """AWX's answer to a request: its status, its head, and its body, not in chunks any more."""

    request: str
    status: int
    head: bytes
    body: bytes

    @property
    def fields(self) -> dict[str, object]:
        """The body's JSON object; empty where it is none."""
        with suppress(ValueError):
            found = json.loads(self.body)
            if isinstance(found, dict):
                return found
        return {}


async def read_request(reader: StreamReader, found: Requests) -> tuple[bytes, bytes] | None:
    """Return head and body of the next request, None where there is none."""
    raw = b""
    heads: list[bytes] = []
    while data := await reader.read(CHUNK):
        raw += data
        heads += found.feed(data)
        if heads and found.is_between:
            return heads[0], raw[len(heads[0]) + len(END_OF_HEAD) :]
    return None


async def read_answer(reader: StreamReader, line: str) -> Answer:
    """Return the whole answer to a request; raises EOFError where it is cut off."""
    head = await reader.readuntil(END_OF_HEAD)
    status = int(head.split(None, 2)[1])
    length = header(head, b"content-length")
    if status in BODILESS:
        body = b""
    elif header(head, b"transfer-encoding").lower() == b"chunked":
        body = await _chunks(reader)
        head = _with_length(head, len(body))
    else:
        body = await (reader.readexactly(int(length)) if length else reader.read())
    return Answer(line, status, head, body)


async def _chunks(reader: StreamReader) -> bytes:
    """Read a chunked body to its last chunk, and return what is in the chunks."""
    body, size = b"", 1
    while size:
        start = await reader.readuntil(b"\r\n")
        size = int(start.partition(b";")[0], 16)
        body += (await reader.readexactly(size + 2))[:-2]
    return body


def _with_length(head: bytes, length: int) -> bytes:
    """Return the head of a chunked answer as that of one with a length."""
    lines = head.removesuffix(END_OF_HEAD).split(b"\r\n")
    lines = [each for each in lines if not each.lower().startswith(b"transfer-encoding:")]
    return b"\r\n".join([*lines, b"Content-Length: %d" % length]) + END_OF_HEAD


def addressed(head: bytes, host: bytes) -> bytes:
    """Return a head as AWX is to get it: with its own name, asking for answers as they are."""
    first, *lines = head.split(b"\r\n")
    lines = [each for each in lines if not each.lower().startswith((b"host:", b"accept-encoding:"))]
    return b"\r\n".join([first, b"Host: " + host, *lines]) + END_OF_HEAD


def reset(writer: StreamWriter) -> None:
    """End a connection with a reset, as a peer does that has crashed."""
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


def last_words(writer: StreamWriter, answer: bytes) -> None:
    """Send an answer and the end of the connection as one, so that no request comes between."""
    if cork := getattr(socket, "TCP_CORK", None):
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, cork, 1)
    writer.write(answer)
    writer.write_eof()
