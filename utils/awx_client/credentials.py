"""What tells AWX who is asking, and how to keep it out of what is shown."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote, quote_plus, urlsplit

import requests
import requests.auth

from utils.http_answers import SAFE_METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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
    """Return what must not be shown of credentials."""
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


def hide(content: bytes, secrets: Iterable[bytes]) -> bytes:
    """Return text with *** in place of each secret, however it is written there.

    Who echoes a request may do so as it came (a form, JSON) or as a web page.
    """
    spellings = {spelling for secret in secrets if secret for spelling in _spellings(secret)}
    # One may be part of another, of which some letters would be left then.
    for spelling in sorted(spellings, key=len, reverse=True):
        content = content.replace(spelling, b"***")
    return content


def _spellings(secret: bytes) -> tuple[bytes, ...]:
    from html import escape  # noqa: PLC0415  # only where something went wrong

    text = secret.decode(errors="replace")
    written = (
        quote_plus(secret),
        quote(secret),
        quote(secret, safe=""),
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        escape(text),
    )
    return (secret, *map(str.encode, written))
