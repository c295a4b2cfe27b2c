"""The connection to AWX: one request and its answer, or the one error that says what is wrong."""

from __future__ import annotations

import contextlib
import time
from copy import copy
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import requests
import requests.auth
import requests.utils
import urllib3

from utils import logger
from utils.awx_client import credentials
from utils.awx_client.http_session import new_session
from utils.awx_client.tls import TlsAdapter
from utils.errors import BadAnswer, Unreachable
from utils.http_answers import http_date, redirect_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from utils.awx_client.params import Param
    from utils.awx_client.sockets import SocketOptions

log = logger.get("client")

Answer = requests.Response
CHUNK_BYTES = 64 * 1024
LONGEST_REDIRECT_CHAIN = 5


class Connection:
    """A kept connection to one AWX, and the credentials that go with each request.

    `timeouts` are seconds to (connect, first byte or next byte). `server_time` is AWX's own, as of
    its last answer.
    """

    def __init__(
        self,
        host: str,
        *,
        verify: bool | str,
        cert: str | tuple[str, str] | None,
        timeouts: tuple[float, float],
        use_proxies: bool,
    ) -> None:
        self.host = host
        self.timeouts = timeouts
        self.server_time: datetime | None = None
        self._has_answered = False
        self._verify = verify
        self._tls = TlsAdapter()
        self._session = new_session(self._tls)
        self._session.cert = cert
        self._session.trust_env = use_proxies
        self._surroundings: Mapping[str, Any] | None = None
        if verify is False and host.startswith("https:"):
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
            log.warning("TLS certificates are not verified (--insecure): %s may be anyone", host)

    def twin(self) -> Connection:
        """Return another connection to the same AWX, as this one is now, for another thread.

        What either learns from then on, such as new credentials, the other does not.
        """
        made = copy(self)
        made.part()
        return made

    def part(self) -> None:
        """Have a session of its own from now on, with all that the one before it has learnt."""
        before, self._surroundings = self._session, self._environment
        self._tls = TlsAdapter(self._tls.contexts)
        self._session = new_session(self._tls)
        self._session.cert, self._session.trust_env = before.cert, False
        self._session.headers.update(before.headers)
        self._session.auth = before.auth

    @property
    def _environment(self) -> Mapping[str, Any]:
        """What the environment says of proxies and authorities.

        It is looked at once, since all goes to one place; requests would look at each request.
        """
        if self._surroundings is None:
            self._surroundings = self._session.merge_environment_settings(
                self.host, {}, None, self._verify, None
            )
            self._session.trust_env = False
        return self._surroundings

    @property
    def agent(self) -> str:
        """What we call ourselves (`User-Agent`)."""
        return str(self._session.headers["User-Agent"])

    @agent.setter
    def agent(self, name: str) -> None:
        self._session.headers["User-Agent"] = name

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def use(self, auth: credentials.Credentials) -> None:
        """Send that with every further request, whatever a .netrc file says."""
        self._session.auth = auth

    @property
    def auth(self) -> credentials.Credentials:
        """What goes with each request."""
        return cast("credentials.Credentials", self._session.auth)

    @property
    def may_expire(self) -> bool:
        """Whether what goes with each request can end by itself, as a token or a session does."""
        return isinstance(self._session.auth, credentials.Bearer | credentials.Session)

    def anonymous(self) -> contextlib.AbstractContextManager[None]:
        """Send no credentials while the context lasts."""
        return self.restoring(credentials.Anonymous())

    @contextlib.contextmanager
    def restoring(self, auth: credentials.Credentials | None = None) -> Iterator[None]:
        """Send that, or what is set meanwhile, while the context lasts; then as before."""
        before = self._session.auth
        if auth:
            self._session.auth = auth
        try:
            yield
        finally:
            self._session.auth = before

    @property
    def origin(self) -> str:
        """Scheme, host and port of AWX."""
        parts = urlsplit(self.host)
        return f"{parts.scheme}://{parts.netloc}"

    def without_secrets(self, content: bytes, more: Sequence[str] = ()) -> bytes:
        """Return an answer that is to be shown without the credentials that it may echo."""
        secrets = (*credentials.secrets(self._session.auth), *map(str.encode, more))
        return credentials.hide(content, secrets)

    def exchange(
        self,
        method: str,
        path: str,
        params: Mapping[str, Param] | None = None,
        body: Mapping[str, object] | None = None,
        *,
        form: str | None = None,
        stream: bool = False,
        timeouts: tuple[float, float] | None = None,
        follow: bool = True,
    ) -> requests.Response:
        """Send once and return whatever comes; raises Unreachable where nothing does.

        `body` goes as JSON, `form` as it is. A redirect is an answer like another unless it is to
        be followed.
        """
        # AWX answers 406 to a download or a page that is to be JSON.
        headers = {"Accept": "*/*"} if stream or not follow else {}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        content = {"json": body, "data": form, "headers": headers, "stream": stream}
        url, timeouts = self.origin + path, timeouts or self.timeouts
        try:
            return self._send(method, url, params, content, timeouts=timeouts, follow=follow)
        except requests.RequestException as error:
            from utils.awx_client import mishaps  # noqa: PLC0415  # not for what goes well

            sent = not mishaps.is_surely_unsent(error)
            problem = mishaps.explain(error, url, is_first=not self._has_answered)
            raise Unreachable(
                problem,
                sent=sent,
                is_lasting=not mishaps.may_pass(error),
                is_late=isinstance(error, requests.exceptions.ReadTimeout),
            ) from error

    def _send(
        self,
        method: str,
        url: str,
        params: Mapping[str, Param] | None,
        content: Mapping[str, Any],
        *,
        timeouts: tuple[float, float],
        follow: bool,
    ) -> requests.Response:
        for _ in range(LONGEST_REDIRECT_CHAIN):
            started = time.monotonic()
            try:
                response = self._session.request(
                    method,
                    url,
                    params=params,
                    timeout=timeouts,
                    # Given per request, since REQUESTS_CA_BUNDLE overrides the session's own.
                    verify=self._environment["verify"],
                    proxies=self._environment["proxies"],
                    allow_redirects=False,
                    **content,
                )
            except requests.RequestException:
                raise
            except TypeError:
                # What requests makes of a proxy's address with a user and without a host.
                raise requests.exceptions.InvalidProxyURL("its address has no host") from None
            except ValueError as error:
                # requests looks at where a redirect leads, though it is not to follow it.
                message = f"{method} {url}: AWX sent an address or a token that cannot be used"
                raise BadAnswer(f"{message} ({error})") from error
            self._has_answered = True
            took_ms = (time.monotonic() - started) * 1000
            log.debug("%s %s -> %d, %.0f ms", method, response.url, response.status_code, took_ms)
            if "Date" in response.headers:
                self.server_time = http_date(response.headers["Date"])
            if not response.is_redirect or not follow:
                return response
            location = response.headers["Location"]
            url = redirect_target(method, response.url, location, response.status_code)
            params = None
        raise BadAnswer(f"{url}: AWX redirects in a circle")

    @staticmethod
    def chunks(response: requests.Response) -> Iterator[bytes]:
        """Stream an answer's body in chunks of 64 KiB; raises Unreachable where it is cut off."""
        try:
            yield from response.iter_content(CHUNK_BYTES)
        except requests.RequestException as error:
            message = f"the download from {response.url} was cut off: {error}"
            raise Unreachable(message, sent=True) from error

    def words_of(self, response: requests.Response) -> str:
        """Return an answer's body as text to be shown, as far as it came."""
        try:
            return self.without_secrets(response.content).decode(errors="replace")
        except requests.RequestException:
            return ""

    def websocket_options(self, path: str, csrf: str) -> SocketOptions:
        """Return how a websocket is opened, as this session's requests are.

        The path is below the host, not below the API's root; `csrf` is what the messages will hold.
        Raises Unreachable where there is no websocket through the proxy of the requests.
        """
        from utils.awx_client.sockets import socket_options  # noqa: PLC0415  # where one follows

        return socket_options(
            f"{self.host.replace('http', 'ws', 1)}{path}",
            self.auth,
            requests.utils.select_proxy(self.host, self._environment["proxies"]),
            csrf,
            lambda: self._tls.context(self._environment["verify"], self._session.cert),
        )
