"""Logging in by the browser: OAuth2's authorization code, with PKCE (RFC 7636, RFC 8252).

AWX shows its own login page and asks whether the application may act for the user; then it sends
the browser back to a loopback address, where we listen, with a code that is good for one token.
"""

from __future__ import annotations

import html
import sys
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qs, urlsplit, urlunsplit

from utils import asking, logger
from utils.errors import Refused, UsageError
from utils.signing_in.way import not_offered

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from config import Settings
    from utils.awx_client import Client
    from utils.signing_in.grants import Application, Granted

log = logger.get("auth")

# AWX's code is good for ten minutes.
PATIENCE_S = 600.0
TICK_S = 0.2
DONE_S = 2.0
DONE_PATH = "/done"
# oauthlib speaks of no address without TLS. Ours leads to this machine (RFC 8252, 8.3), and that
# of AWX was warned of where it is not encrypted.
AS_IF_TLS = "https"


class NotOurs(Refused):
    """What came is the answer to a question that we have not asked."""


@dataclass(frozen=True)
class _Journey:
    """One way through the browser: what goes with it, and must come back."""

    redirect_uri: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)
    address: str = field(repr=False)

    def code_from(self, text: str) -> str:
        """Return the code in the address that AWX has sent the browser to.

        Raises Refused where AWX says no, or where this is the answer to another question.
        """
        from oauthlib.oauth2 import (  # noqa: PLC0415  # slow to import
            MismatchingStateError,
            OAuth2Error,
            WebApplicationClient,
        )

        secured = urlsplit(text)._replace(scheme=AS_IF_TLS)
        try:
            found = WebApplicationClient("").parse_request_uri_response(
                urlunsplit(secured), self.state
            )
        except MismatchingStateError:
            raise NotOurs("a browser came with the answer to another login") from None
        except OAuth2Error as error:
            if error.error == "access_denied":
                raise Refused("the login was turned down in the browser") from None
            words = error.description or error.error
            raise Refused(f"AWX sent the browser back without a code: {words}") from None
        return str(found["code"])


def log_in(client: Client, settings: Settings, application: Application) -> Callable[[], Granted]:
    """Let a user log in by a browser, and return what then gets his token, for `--scope`.

    Raises NotOffered where AWX has no OAuth2, Refused where the login is turned down, and
    UsageError where nobody can open the address.
    """
    if not client.api.oauth2:
        raise not_offered(client, "OAuth2")
    if settings.browser:
        with _Listener(settings.redirect_uri) as listener:
            journey = _planned(client, settings, application, listener.redirect_uri)
            _open(journey.address)
            code = listener.wait(journey, settings.timeout or PATIENCE_S)
    else:
        journey = _planned(client, settings, application, settings.redirect_uri)
        code = _pasted(journey)
    return lambda: application.by_code(code, journey.redirect_uri, journey.verifier)


def _planned(
    client: Client, settings: Settings, application: Application, redirect_uri: str
) -> _Journey:
    from oauthlib.common import generate_token  # noqa: PLC0415  # slow to import
    from oauthlib.oauth2 import WebApplicationClient  # noqa: PLC0415

    grant = WebApplicationClient(application.client_id)
    state, verifier = generate_token(), grant.create_code_verifier(64)
    parts = urlsplit(client.url(client.api.oauth2 + "authorize/"))
    address = grant.prepare_request_uri(
        urlunsplit(parts._replace(scheme=AS_IF_TLS)),
        redirect_uri=redirect_uri,
        scope=settings.token_scope,
        state=state,
        code_challenge=grant.create_code_challenge(verifier, "S256"),
        code_challenge_method="S256",
    )
    address = urlunsplit(urlsplit(address)._replace(scheme=parts.scheme))
    return _Journey(redirect_uri, state, verifier, address)


def _open(address: str) -> None:
    """Open the browser; the address is shown in any case, since that may fail without a word."""
    from threading import Thread  # noqa: PLC0415  # only here

    asking.tell(f"Log in to AWX in your browser; if none opens, open this there:\n{address}\n")
    # Some browsers keep whoever opened them waiting until they are closed.
    Thread(target=_browse, args=[address], daemon=True).start()


def _browse(address: str) -> None:
    import webbrowser  # noqa: PLC0415  # only here

    try:
        webbrowser.open(address)
    except (webbrowser.Error, OSError) as error:
        log.debug("no browser: %s", error)


def _pasted(journey: _Journey) -> str:
    """Return the code that a person pastes, by itself or within the address it came with."""
    if not sys.stdin:
        raise UsageError("--no-browser takes the code on standard input, and there is none")
    asking.tell(
        f"Open this in a browser on any machine:\n{journey.address}\n"
        f"It ends at {journey.redirect_uri}?code=..., which may show nothing.\n"
        "Paste that address, or its code: "
    )
    text = sys.stdin.readline().strip()
    if not text:
        raise UsageError("no code was given")
    return journey.code_from(text) if "code=" in text or "error=" in text else text


class _Server(ThreadingHTTPServer):
    """What listens for the browser, and what it has heard.

    Browsers open connections that they do not use; each has its own thread, so that none is in the
    way.
    """

    daemon_threads = True
    answered_path = ""
    heard: str | None = None
    is_done = False


class _Answer(BaseHTTPRequestHandler):
    """Takes the browser's visit and sends it on to an address without the code."""

    timeout = 5

    def do_GET(self) -> None:  # the name http.server looks for
        server = cast(_Server, self.server)
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if parts.path == server.answered_path and {"code", "error"} & query.keys():
            server.heard = self.path
            # The code leaves the address bar and the history with this.
            self._send(303, "", Location=DONE_PATH)
        elif parts.path == DONE_PATH:
            server.is_done = True
            self._send(200, "You are back from AWX. The terminal says how it went; close this.")
        else:
            self._send(404, "Nothing is here.")

    def _send(self, status: int, text: str, **headers: str) -> None:
        body = f"<!doctype html><title>AWX</title><p>{html.escape(text)}</p>".encode()
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


class _Listener:
    """Listens on the loopback address that the application's redirect URI names."""

    def __init__(self, redirect_uri: str) -> None:
        parts = urlsplit(redirect_uri)
        host = parts.hostname or ""
        port = 80 if parts.port is None else parts.port
        try:
            self._server = _Server((host, port), _Answer)
        except OSError as error:
            raise UsageError(
                f"cannot listen on {host}:{port} ({error.strerror}): free it, or pass another "
                "--redirect-uri that the application has in AWX, or --no-browser"
            ) from None
        self._server.timeout = TICK_S
        self._server.answered_path = parts.path or "/"
        free = f"{parts.hostname}:{self._server.server_port}"
        self.redirect_uri = redirect_uri if port else urlunsplit(parts._replace(netloc=free))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def wait(
        self, journey: _Journey, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> str:
        """Return the code; a visit that is not the answer to ours is turned away and said."""
        until = clock() + seconds
        while clock() < until:
            self._server.handle_request()
            heard, self._server.heard = self._server.heard, None
            if heard is None:
                continue
            self._server.is_done = False
            try:
                return journey.code_from(f"{journey.redirect_uri}?{urlsplit(heard).query}")
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
