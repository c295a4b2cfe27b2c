"""What tells AWX who is asking, and how to keep it out of what is shown."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

import requests
import requests.auth

if TYPE_CHECKING:
    from collections.abc import Mapping

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Anonymous(requests.auth.AuthBase):
    """No credentials; without an auth object requests would take them from a .netrc file."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave the request as it is."""
        return request


class Bearer(requests.auth.AuthBase):
    """A token, as an auth object because a .netrc entry replaces a plain header.

    `scheme` is that of OAuth2, or `Token` for what Tower up to 3.2 gives.
    """

    def __init__(self, token: str, scheme: str = "Bearer") -> None:
        self.token = token
        self.scheme = scheme

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token to the request."""
        request.headers["Authorization"] = f"{self.scheme} {self.token}"
        return request


class Session(requests.auth.AuthBase):
    """The cookies of somebody who has logged in, and what Django asks for beside them."""

    def __init__(self, cookies: Mapping[str, str]) -> None:
        self.cookies = dict(cookies)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the cookies; to what changes something also the proof that we have read them."""
        request.headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if request.method not in SAFE_METHODS:
            parts = urlsplit(str(request.url))
            request.headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
            # Looked at by Django where the connection is encrypted.
            request.headers["Referer"] = f"{parts.scheme}://{parts.netloc}/"
        return request


def basic(username: str, password: str) -> requests.auth.HTTPBasicAuth:
    """Return user and password, or an application's id and secret, in any letters."""
    return requests.auth.HTTPBasicAuth(username.encode(), password.encode())


Credentials: TypeAlias = Anonymous | Bearer | Session | requests.auth.HTTPBasicAuth


def secrets(auth: object) -> list[bytes]:
    """Return what must not be shown of credentials, in each spelling that goes out."""
    if isinstance(auth, Bearer):
        return [auth.token.encode()]
    if isinstance(auth, Session):
        return [value.encode() for value in auth.cookies.values() if len(value) > len("false")]
    if isinstance(auth, requests.auth.HTTPBasicAuth):
        user, password = (
            each if isinstance(each, bytes) else each.encode()
            for each in (auth.username, auth.password)
        )
        return [b64encode(user + b":" + password), *([password] if password else [])]
    return []
