"""The websocket against peers that AWX is not: nothing hangs, and no token goes astray."""

from __future__ import annotations

import base64
import hashlib
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from utils.awx_client import Client
from utils.following import push

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "t0ken-of-the-test"
PING = b"\x89\x00"


@contextmanager
def peer(talk: Callable[[socket.socket, bytes], None]) -> Iterator[tuple[int, list[bytes]]]:
    """Listen on loopback and hand each connection's request to `talk`; yield what came."""
    came: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                came.append(connection.recv(65536))
                try:
                    talk(connection, came[-1])
                except OSError:
                    continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], came
        listener.shutdown(socket.SHUT_RDWR)


def accepted(request: bytes) -> bytes:
    key = next(
        line.split(b": ")[1] for line in request.split(b"\r\n") if b"Sec-WebSocket-Key" in line
    )
    digest = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
    )


def client_of(port: int) -> Client:
    client = Client(f"http://127.0.0.1:{port}", prefix="/api/v2/", use_proxies=False)
    client.use_token(TOKEN)
    return client


def test_a_redirect_does_not_take_the_token_to_another_server() -> None:
    with peer(lambda *_: None) as (elsewhere, stolen):
        answer = f"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:{elsewhere}/\r\n\r\n".encode()
        with (
            peer(lambda connection, _: connection.sendall(answer)) as (port, came),
            pytest.raises(push.PushLost, match="Redirect limit exhausted"),
        ):
            push.Push(client_of(port))
        assert TOKEN.encode() in came[0]
        assert stolen == []


def test_pings_are_no_news_and_are_not_waited_past() -> None:
    def ping(connection: socket.socket, request: bytes) -> None:
        connection.sendall(accepted(request))
        for _ in range(50):
            connection.sendall(PING)
            time.sleep(0.02)

    with peer(ping) as (port, _):
        pushed = push.Push(client_of(port))
        started = time.monotonic()
        assert not pushed.wait(20.0)
        assert time.monotonic() - started < 10.0
        pushed.close()


def test_a_handshake_that_trickles_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "OPENING_S", 0.3)

    def trickle(connection: socket.socket, request: bytes) -> None:
        for byte in accepted(request):
            connection.sendall(bytes([byte]))
            time.sleep(0.05)

    with peer(trickle) as (port, _), pytest.raises(push.PushLost):
        push.Push(client_of(port))
