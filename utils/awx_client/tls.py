"""TLS 1.2 or later, and the same for the requests and for the websocket: trust, identity, proxy."""

from __future__ import annotations

import ssl
from contextvars import ContextVar
from typing import TYPE_CHECKING

import certifi
from requests.adapters import HTTPAdapter
from requests.utils import get_auth_from_url
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import create_urllib3_context, parse_url

from utils.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests
    from requests.adapters import _HostParams, _PoolKwargs
    from urllib3 import ProxyManager

    Verify = bool | str | None
    Cert = str | tuple[str, str] | None

OLDEST = ssl.TLSVersion.TLSv1_2

# Told of each connection that is made in this context, so that somebody else may cut it.
connected: ContextVar[Callable[[HTTPConnection], object] | None] = ContextVar(
    "connected", default=None
)


def make_context(verify: Verify, cert: Cert) -> ssl.SSLContext:
    """Return how TLS is spoken with AWX.

    `verify` is a file or folder of authorities to trust, True for the usual ones, False for
    anyone; `cert` a file with our certificate and key, or two files. Raises UsageError where one
    of them cannot be used.
    """
    from utils.tls_files import load_authorities, load_identity  # noqa: PLC0415  # not for http

    context = create_urllib3_context(
        cert_reqs=ssl.CERT_NONE if verify is False else ssl.CERT_REQUIRED,
        ssl_minimum_version=OLDEST,
    )
    if isinstance(verify, str):
        # What a flag names was looked at before: this one is of the environment.
        load_authorities(context, verify, "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE")
    elif verify is not False:
        load_authorities(context, certifi.where(), "certifi")
    if cert:
        file, key = cert if isinstance(cert, tuple) else (cert, "")
        load_identity(context, file, key, "--client-cert", "--client-key")
    return context


def _tell(connection: HTTPConnection) -> None:
    if tell := connected.get():
        tell(connection)


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _tell(self)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsConnection(HTTPSConnection):
    """Tells why the other side has ended a connection, which TLS 1.3 says after the handshake."""

    def connect(self) -> None:
        """Connect, and tell who wants to know."""
        super().connect()
        _tell(self)

    def send(self, data: object) -> None:
        """Send, and raise what the other side says where it does not take it."""
        try:
            super().send(data)  # type: ignore[arg-type]  # whatever it takes
        except (ssl.SSLEOFError, ConnectionResetError):
            if isinstance(self.sock, ssl.SSLSocket):
                self.sock.recv(1)
            raise


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _TlsPool}


class TlsAdapter(HTTPAdapter):
    """Lets requests speak TLS by a context of ours, made once for all connections.

    What is to be trusted comes with each request, since requests looks at the environment for it.
    """

    def __init__(self, contexts: dict[tuple[Verify, Cert], ssl.SSLContext] | None = None) -> None:
        """Make one with connections of its own; the contexts may be those of another one."""
        self.contexts = {} if contexts is None else contexts
        super().__init__()

    def context(self, verify: Verify, cert: Cert) -> ssl.SSLContext:
        """Return the context for that; raises UsageError as `make_context` does."""
        wanted = (verify, cert)
        if wanted not in self.contexts:
            self.contexts[wanted] = make_context(verify, cert)
        return self.contexts[wanted]

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **more: object
    ) -> None:
        """Make the pools of connections; called by requests."""
        super().init_poolmanager(connections, maxsize, block, **more)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **more: object) -> ProxyManager:
        """Make the pools of connections through a proxy; called by requests."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **more)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Cert = None
    ) -> tuple[_HostParams, _PoolKwargs]:
        """Say how to connect: to where, and with our context in place of files to load."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        if host["scheme"] != "https":
            return host, pool  # to load all authorities takes a tenth of a short run
        context = self.context(verify, cert)
        if verify is False:
            return host, {"ssl_context": context, "cert_reqs": "CERT_NONE"}
        return host, {"ssl_context": context, "cert_reqs": "CERT_REQUIRED"}

    def cert_verify(
        self,
        conn: HTTPConnectionPool,
        url: str,
        verify: Verify,
        cert: Cert,  # noqa: ARG002  # AWX gets it from our context, and a proxy does not
    ) -> None:
        """Load no files again for each connection; only the TLS of a proxy itself needs them."""
        if conn.proxy and conn.proxy.scheme == "https":
            super().cert_verify(conn, url, verify, None)  # type: ignore[no-untyped-call]


def proxy_options(proxy: str | None) -> dict[str, object]:
    """Return a websocket's options for that proxy, or for none.

    Without them websocket-client looks at the environment itself and reads it otherwise than
    requests does. Raises Unreachable where it cannot speak to such a proxy.
    """
    if not proxy:
        return {"http_proxy_host": "none", "http_proxy_port": 0, "http_no_proxy": ["*"]}
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    at = parse_url(proxy)
    if at.scheme != "http" or not at.host:
        raise Unreachable(f"no websocket through a proxy of the kind {at.scheme}://")
    user, password = get_auth_from_url(proxy)
    return {
        "http_proxy_host": at.host.strip("[]"),
        "http_proxy_port": at.port or 80,
        "http_proxy_auth": (user, password) if user else None,
        # None would let it look at NO_PROXY once more; this is no host's name.
        "http_no_proxy": ["-"],
    }
