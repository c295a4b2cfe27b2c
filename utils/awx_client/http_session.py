"""A session of requests as we use it: what goes with every request to AWX."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING

import requests

from utils.awx_client import credentials

if TYPE_CHECKING:
    from utils.awx_client.tls import TlsAdapter


def new_session(adapter: TlsAdapter) -> requests.Session:
    """Return a session without credentials that connects by that adapter."""
    session = requests.Session()
    session.mount("https://", adapter)
    # It also tells of each connection, so that another thread can cut it.
    session.mount("http://", adapter)
    session.headers["Accept"] = "application/json"
    session.headers["User-Agent"] = "ansible-automation-api"
    # What AWX wants to be remembered by is sent back only where it is how we are known.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.auth = credentials.Anonymous()
    return session
