"""What oauthlib asks of a server about its clients: who they are and what they may ask for.

After oauth2_provider/oauth2_validators.py and models.py of django-oauth-toolkit 1.7.1, which AWX
24.6.1 uses. Imported only when an OAuth2 route is asked for.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus, urlparse

from oauthlib.oauth2 import RequestValidator
from oauthlib.oauth2.rfc6749.errors import MissingRedirectURIError
from typing_extensions import override

from demo.authentication import decoded
from demo.model_oauth import Application
from demo.pages import Crash

if TYPE_CHECKING:
    from demo.aliases import Passed
    from demo.world import World

SCOPES = {"read": "Reading scope", "write": "Writing scope"}
LOOPBACK = frozenset({"127.0.0.1", "::1"})
GRANTS = {
    "authorization_code": {"authorization-code"},
    "password": {"password"},
    "client_credentials": {"client-credentials"},
    "refresh_token": {"authorization-code", "password", "client-credentials"},
}


def redirect_uri_allowed(uri: str, allowed: str) -> bool:
    """Return whether a URI is one of those allowed, which are separated by spaces.

    An allowed loopback address without a port allows each port (RFC 8252, section 7.3).
    """
    asked = urlparse(uri)
    have = set(parse_qsl(asked.query))
    for each in map(urlparse, allowed.split()):
        loopback = each.scheme == "http" and each.hostname in LOOPBACK and each.port is None
        same = each.hostname == asked.hostname if loopback else each.netloc == asked.netloc
        alike = same and each.scheme == asked.scheme and each.path == asked.path
        if alike and set(parse_qsl(each.query)) <= have:
            return True
    return False


class Clients(RequestValidator):
    """Answers for the applications of one world."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def _load(self, client_id: str | None, request: Passed) -> Application | None:
        found = request.client or next(
            (row for row in self.world.all(Application) if row.client_id == client_id), None
        )
        request.client = found
        return found

    @staticmethod
    def _basic(request: Passed) -> str:
        kind, _, value = str(request.headers.get("Authorization") or "").partition(" ")
        return value if kind == "Basic" else ""

    @override
    def client_authentication_required(
        self, request: Passed, *args: Passed, **kwargs: Passed
    ) -> bool:
        """Return whether the client must prove who it is: if it tries to, or is confidential."""
        if self._basic(request) or (request.client_id and request.client_secret):
            return True
        client = self._load(request.client_id, request)
        return client is None or client.confidential

    @override
    def authenticate_client(self, request: Passed, *args: Passed, **kwargs: Passed) -> bool:
        """Return whether the client's id and secret fit, by Basic or else in the form."""
        client_id, secret = map(unquote_plus, decoded(self._basic(request)))
        return self._fits(client_id, secret, request) or self._fits(
            request.client_id, request.client_secret, request
        )

    def _fits(self, client_id: str | None, secret: str | None, request: Passed) -> bool:
        client = self._load(client_id, request) if client_id else None
        if client is None or client.client_id != client_id:
            return False
        return hmac.compare_digest(client.client_secret.encode(), (secret or "").encode())

    @override
    def authenticate_client_id(
        self, client_id: str, request: Passed, *args: Passed, **kwargs: Passed
    ) -> bool:
        """Return whether this is a client that has no secret to prove."""
        client = self._load(client_id, request)
        return client is not None and not client.confidential

    @override
    def validate_client_id(
        self, client_id: str, request: Passed, *args: Passed, **kwargs: Passed
    ) -> bool:
        """Return whether there is such an application."""
        return self._load(client_id, request) is not None

    @override
    def validate_grant_type(
        self,
        client_id: str,
        grant_type: str,
        client: Passed,
        request: Passed,
        *args: Passed,
        **kwargs: Passed,
    ) -> bool:
        """Return whether the application is made for this grant."""
        return request.client.authorization_grant_type in GRANTS.get(grant_type, set())

    @override
    def validate_response_type(
        self,
        client_id: str,
        response_type: str,
        client: Passed,
        request: Passed,
        *args: Passed,
        **kwargs: Passed,
    ) -> bool:
        """Return whether the application may ask for a code; it may ask for nothing else."""
        return response_type == "code" and client.authorization_grant_type == "authorization-code"

    @override
    def validate_scopes(
        self,
        client_id: str,
        scopes: list[str],
        client: Passed,
        request: Passed,
        *args: Passed,
        **kwargs: Passed,
    ) -> bool:
        """Return whether AWX has these scopes."""
        return set(scopes) <= set(SCOPES)

    @override
    def get_default_scopes(
        self, client_id: str, request: Passed, *args: Passed, **kwargs: Passed
    ) -> list[str]:
        """Return all scopes, which are given to whoever names none."""
        return list(SCOPES)

    @override
    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Passed, *args: Passed, **kwargs: Passed
    ) -> bool:
        """Return whether a code may be sent to this address."""
        return redirect_uri_allowed(redirect_uri, request.client.redirect_uris)

    @override
    def get_default_redirect_uri(
        self, client_id: str, request: Passed, *args: Passed, **kwargs: Passed
    ) -> str:
        """Return the only address of an application; AWX crashes where it has none."""
        uris: list[str] = request.client.redirect_uris.split()
        if not uris:
            raise Crash
        if len(uris) > 1:
            raise MissingRedirectURIError
        return uris[0]
