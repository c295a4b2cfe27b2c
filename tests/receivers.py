"""Servers on loopback that take messages: a webhook's, one for mail, one that never ends."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from aiosmtpd.smtp import SMTP, Envelope, Session

SECRET = "T0KEN/B0TTOM/s3cretOfTheWebhook"
PASSWORD = "p4ssw0rd of the mail"
USER = "awx@example.com"


class Webhook(ThreadingHTTPServer):
    """Takes what is posted; answers with what was set, in that order, the last one again."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Posted)
        self.posts: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.answers: list[tuple[int, str, dict[str, str]]] = [(200, "ok", {})]
        self.on_post: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/services/{SECRET}"


class _Posted(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append(json.loads(body))
        self.server.paths.append(self.path)
        self.server.on_post()
        answers = self.server.answers
        status, text, headers = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing of it."""


@contextmanager
def webhook() -> Iterator[Webhook]:
    """A webhook of this test's own."""
    with Webhook() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Mailbox:
    """Takes mail, and refuses what it is told to: a receiver's address with an answer."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.receivers: list[list[str]] = []
        self.refused: dict[str, str] = {}
        self.data_answers: list[str] = []
        self.logins: list[str] = []
        self.were_encrypted: list[bool] = []
        self.port = 0

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.raw]

    async def handle_RCPT(  # noqa: N802  # aiosmtpd names it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str,
        _options: list[str],
    ) -> str:  # fmt: skip
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.data_answers.pop(0) if self.data_answers else "250 OK"
        if answer.startswith("250"):
            self.raw.append(cast("bytes", envelope.content))
            self.receivers.append(list(envelope.rcpt_tos))
            self.were_encrypted.append(session.ssl is not None)
        return answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append(given.login.decode())
        return AuthResult(success=given.password.decode() == PASSWORD, handled=False)


@contextmanager
def mailbox(
    context: ssl.SSLContext | None = None, *, is_tls: bool = False, wants_login: bool = False
) -> Iterator[Mailbox]:
    """A server for mail: with a context it speaks STARTTLS, or TLS from the start.

    It takes a login only over TLS.
    """
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        box.port = probe.getsockname()[1]
    kwargs: dict[str, Any] = {"ssl_context": context} if is_tls else {"tls_context": context}
    if context and not is_tls:
        kwargs["require_starttls"] = True
    if wants_login:
        kwargs |= {"auth_required": True, "authenticator": box.authenticate}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **kwargs)
    controller.start()
    yield box
    controller.stop()


class Dripping:
    """A server that says something, and then a byte now and then, for ever."""

    def __init__(self) -> None:
        self.port = 0
        self.is_asked = threading.Event()


@contextmanager
def dripping(first: bytes) -> Iterator[Dripping]:
    """A server in no hurry, of this test's own."""
    found = Dripping()
    is_over = threading.Event()

    class Drip(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            found.is_asked.set()
            self.request.sendall(first)
            while not is_over.wait(0.02):
                try:
                    self.request.sendall(b" ")
                except OSError:
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Drip) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        found.port = server.server_address[1]
        yield found
        is_over.set()
        server.shutdown()
        thread.join()


def closed_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
