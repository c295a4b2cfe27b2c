"""A proxy as companies have them: CONNECT, requests for whole addresses, user and password."""

from __future__ import annotations

import base64
import socket
import threading
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks.proxy import CHUNK, END_OF_HEAD, header

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"
WANTS_USER = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=here\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


@dataclass
class Proxy:
    """A proxy that leads to one server, whatever name it is asked for.

    `asked` has the first line of what each connection asks for: a request, or a tunnel. `login` is
    the `user:password` that it wants to be told.
    """

    target: int
    login: str = ""
    refusal: bytes = b""
    tls: ssl.SSLContext | None = None
    port: int = 0
    asked: list[str] = field(default_factory=list)

    def url(self, login: str = "") -> str:
        """Return its address for HTTP_PROXY, with that `user:password`."""
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{login}{'@' if login else ''}127.0.0.1:{self.port}"

    def serve(self, raw: socket.socket) -> None:
        """Lead one connection to the server, or say why not."""
        with ExitStack() as stack:
            stack.enter_context(suppress(OSError))
            stack.enter_context(raw)
            connection = self.tls.wrap_socket(raw, server_side=True) if self.tls else raw
            stack.enter_context(connection)
            head, _, rest = _head(connection).partition(END_OF_HEAD)
            line = head.partition(b"\r\n")[0].decode()
            self.asked.append(line)
            login = base64.b64encode(self.login.encode())
            if self.login and header(head, b"proxy-authorization") != b"Basic " + login:
                connection.sendall(WANTS_USER)
                return
            if self.refusal:
                connection.sendall(self.refusal)
                return
            with socket.create_connection(("127.0.0.1", self.target)) as there:
                if line.startswith("CONNECT "):
                    connection.sendall(OPEN)
                else:
                    there.sendall(_forwarded(head) + END_OF_HEAD)
                there.sendall(rest)
                _both_ways(connection, there)


def _head(connection: socket.socket) -> bytes:
    """Return what comes, up to the end of a head and perhaps more."""
    came = b""
    while END_OF_HEAD not in came:
        data = connection.recv(CHUNK)
        if not data:
            raise OSError("no request came")
        came += data
    return came


def _forwarded(head: bytes) -> bytes:
    """Return a head as the server is to get it; the connection is then for this one request."""
    first, *lines = head.split(b"\r\n")
    method, address, version = first.split(b" ")
    parts = urlsplit(address.decode())
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    kept = [each for each in lines if not each.lower().startswith((b"proxy-", b"connection:"))]
    return b"\r\n".join([b" ".join([method, path.encode(), version]), *kept, b"Connection: close"])


def _both_ways(one: socket.socket, other: socket.socket) -> None:
    """Pass on what comes from either side, until both have ended."""
    back = threading.Thread(target=_pass_on, args=(other, one), daemon=True)
    back.start()
    _pass_on(one, other)
    back.join()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(CHUNK):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def proxy_to(
    url: str, *, login: str = "", refusal: bytes = b"", tls: ssl.SSLContext | None = None
) -> Iterator[Proxy]:
    """Run a proxy to the server at `url` while the context lasts.

    With `refusal` it answers that to everything; with `tls` it is spoken to by TLS itself.
    """
    proxy = Proxy(urlsplit(url).port or 0, login, refusal, tls)

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=proxy.serve, args=(connection,), daemon=True).start()

    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        stack.callback(listener.shutdown, socket.SHUT_RDWR)
        proxy.port = listener.getsockname()[1]
        threading.Thread(target=listen, daemon=True).start()
        yield proxy
