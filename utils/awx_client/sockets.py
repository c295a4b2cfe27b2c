"""How a websocket to AWX is opened, as the requests of the same run are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import requests

from utils.awx_client.tls import proxy_options

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from utils.awx_client.credentials import Credentials


class SocketOptions(NamedTuple):
    """Address and headers of a websocket, and its TLS and proxy as websocket-client takes them."""

    address: str
    headers: list[str]
    tls: dict[str, object]
    proxy: dict[str, object]


def socket_options(
    address: str,
    auth: Credentials,
    proxy: str | None,
    csrf: str,
    make_context: Callable[[], ssl.SSLContext],
) -> SocketOptions:
    """Return them for an address, with the credentials and the proxy that requests have.

    `csrf` goes as a cookie, and is what the messages hold. The context is only made for `wss:`.
    Raises Unreachable where there is no websocket through that proxy.
    """
    request = requests.Request("GET", address.replace("ws", "http", 1), auth=auth).prepare()
    known = request.headers.get("Authorization")
    headers = [f"Authorization: {known}"] if known else []
    cookies = getattr(auth, "cookies", {}) | {"csrftoken": csrf}
    headers.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    tls: dict[str, object] = {"context": make_context()} if address.startswith("wss:") else {}
    return SocketOptions(address, headers, tls, proxy_options(proxy))
