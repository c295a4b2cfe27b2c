"""What tells AWX who is asking, and how to keep it out of what is shown."""

from __future__ import annotations

from base64 import b64encode

import requests
import requests.auth


class Anonymous(requests.auth.AuthBase):
    """No credentials; without an auth object requests would take them from a .netrc file."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave the request as it is."""
        return request


class Bearer(requests.auth.AuthBase):
    """An OAuth2 token, as an auth object because a .netrc entry replaces a plain header."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token to the request."""
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def secrets(auth: object) -> list[bytes]:
    """Return what must not be shown of credentials, in each spelling that goes out."""
    if isinstance(auth, Bearer):
        return [auth.token.encode()]
    if isinstance(auth, requests.auth.HTTPBasicAuth):
        user, password = (
            each if isinstance(each, bytes) else each.encode()
            for each in (auth.username, auth.password)
        )
        return [b64encode(user + b":" + password), *([password] if password else [])]
    return []
