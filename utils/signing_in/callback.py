"""The loopback address that AWX sends the browser back to, listened at for one visit (RFC 8252)."""

from __future__ import annotations

import html
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qs, urlsplit, urlunsplit

from utils import logger
from utils.errors import Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

log = logger.get("auth")

TICK_S = 0.2
DONE_S = 2.0
DONE_PATH = "/done"
PAGE = """<!doctype html>
<html lang="en">
<meta name="viewport" content="width=device-width">
<title>AWX login</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.25rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto }}
</style>
<h1>AWX login</h1>
<p>{text}</p>
"""


class NotOurs(Refused):
    """What came is the answer to a question that we have not asked."""


class _Server(ThreadingHTTPServer):
    """What listens for the browser, and what it has heard.

    Browsers open connections that they do not use; each has its own thread, so that none is in the
    way.
    """

    daemon_threads = True
    answered_path = ""
    heard: str | None = None
    is_done = False

    def __init__(self, host: str, port: int) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Answer)

    def handle_error(self, *_: object) -> None:
        """Say nothing: a browser may go away in the middle of its visit."""
        log.debug("a visit of a browser came to nothing: %r", sys.exc_info()[1])


class _Answer(BaseHTTPRequestHandler):
    """Takes the browser's visit and sends it on to an address without the code."""

    timeout = 5

    def do_GET(self) -> None:  # the name http.server looks for
        server = cast("_Server", self.server)
        try:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
        except ValueError:
            self._send(400, "This is no address.")
            return
        if parts.path == server.answered_path and {"code", "error"} & query.keys():
            server.heard = self.path
            # The code leaves the address bar and the history with this.
            self._send(303, "", Location=DONE_PATH)
        elif parts.path == DONE_PATH:
            server.is_done = True
            self._send(
                200,
                "You are back from AWX. The terminal says how it went; you can close this page.",
            )
        else:
            self._send(404, "Nothing is here.")

    def _send(self, status: int, text: str, **headers: str) -> None:
        body = PAGE.format(text=html.escape(text)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the address has the code in it."""


class Listener:
    """Listens on the loopback address that the application's redirect URI names."""

    def __init__(self, redirect_uri: str) -> None:
        parts = urlsplit(redirect_uri)
        host = parts.hostname or ""
        port = 80 if parts.port is None else parts.port
        shown = f"[{host}]" if ":" in host else host
        try:
            self._server = _Server(host, port)
        except OSError as error:
            raise UsageError(
                f"cannot listen on {shown}:{port} ({error.strerror}): free it, or pass another "
                "--redirect-uri that the application has in AWX, or --no-browser"
            ) from None
        self._server.timeout = TICK_S
        self._server.answered_path = parts.path or "/"
        free = f"{shown}:{self._server.server_port}"
        self.redirect_uri = redirect_uri if port else urlunsplit(parts._replace(netloc=free))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def wait(
        self,
        read: Callable[[str], str],
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> str:
        """Return what `read` makes of the query that a browser comes with.

        Where that raises NotOurs, it is said, and the next visit is waited for. Raises Refused
        where none comes in so many seconds.
        """
        until = clock() + seconds
        while clock() < until:
            self._server.handle_request()
            heard, self._server.heard = self._server.heard, None
            if heard is None:
                continue
            self._server.is_done = False
            try:
                return read(urlsplit(heard).query)
            except NotOurs as error:
                log.warning("%s: still waiting for the one to ours", error)
            finally:
                self._show_done(clock)
        raise Refused(f"nobody logged in within {seconds:.0f} s")

    def _show_done(self, clock: Callable[[], float]) -> None:
        """Let the browser fetch the page that it was sent on to."""
        until = clock() + DONE_S
        while not self._server.is_done and clock() < until:
            self._server.handle_request()
