"""A server that speaks TLS as OpenSSL does, alerts and all, and answers any request alike.

The embedded AWX leaves its TLS to asyncio, which closes a connection without the alert that says
why; what stands in front of a real AWX sends it.
"""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

ALL_BYTES = 65536


def page(status: str, title: str) -> bytes:
    """Return an answer with a web page, as nginx refuses a request."""
    body = f"<html><head><title>{title}</title></head></html>".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body


@contextmanager
def peer(tls: ssl.SSLContext | None, answer: bytes = b"") -> Iterator[tuple[int, list[bytes]]]:
    """Listen on loopback while the context lasts; yield the port and what each connection sent.

    Without `answer` a request is followed by the end of the connection.
    """
    came: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            came.append(b"")
            with suppress(OSError), connection:
                # A peer that does not go on is not waited for.
                connection.settimeout(5.0)
                spoken = tls.wrap_socket(connection, server_side=True) if tls else connection
                with spoken:
                    came[-1] = spoken.recv(ALL_BYTES)
                    spoken.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], came
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5.0)
