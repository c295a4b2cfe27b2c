"""Logging in by the browser: OAuth2's authorization code, with PKCE (RFC 7636, RFC 8252).

AWX shows its own login page and asks whether the application may act for the user; then it sends
the browser back to a loopback address, where we listen, with a code that is good for one token.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit, urlunsplit

from utils import asking, logger
from utils.errors import Refused, UsageError
from utils.signing_in.callback import Listener, NotOurs
from utils.signing_in.way import not_offered

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from utils.awx_client import Client
    from utils.signing_in.grants import Application, Granted

log = logger.get("auth")

# AWX's code is good for ten minutes.
PATIENCE_S = 600.0
# oauthlib speaks of no address without TLS. Ours leads to this machine (RFC 8252, 8.3), and that
# of AWX was warned of where it is not encrypted.
AS_IF_TLS = "https"


@dataclass(frozen=True)
class _Journey:
    """One way through the browser: what goes with it, and must come back."""

    redirect_uri: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)
    address: str = field(repr=False)

    def code_from(self, query: str) -> str:
        """Return the code in the query of the address that AWX has sent the browser to.

        Raises Refused where AWX says no, or where this is the answer to another question.
        """
        from oauthlib.oauth2 import (  # noqa: PLC0415  # slow to import
            MismatchingStateError,
            OAuth2Error,
            WebApplicationClient,
        )

        secured = urlsplit(f"{self.redirect_uri}?{query}")._replace(scheme=AS_IF_TLS)
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
    if not settings.browser and urlsplit(settings.redirect_uri).port == 0:
        raise UsageError(
            f"{settings.source('redirect_uri')}: {settings.source('browser')} takes the address as "
            "the application has it in AWX, and port 0 stands for one that is free here"
        )
    if not client.api.oauth2:
        raise not_offered(client, "OAuth2")
    if settings.browser:
        with Listener(settings.redirect_uri) as listener:
            journey = _planned(client, settings, application, listener.redirect_uri)
            _open(journey.address)
            code = listener.wait(journey.code_from, settings.timeout or PATIENCE_S)
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
    is_address = "://" in text
    query = text.rpartition("?")[2].partition("#")[0]
    fields = parse_qs(query)
    if is_address or "error" in fields or {"code", "state"} <= fields.keys():
        return journey.code_from(query)
    return fields["code"][0] if "code" in fields else text
