"""The one HTTP client: the only module that imports requests, and the only one that speaks to AWX.

It knows where the API lives, repeats only what is safe to repeat, and turns every way an answer
can be wrong into one error that says so. Paths are relative to the API root: `get("jobs/5/")`.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from base64 import b64encode
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import certifi
import requests
import requests.auth
import urllib3

from utils import logger
from utils.api_root import USUAL_PREFIX, discover, rebase
from utils.errors import AppError, BadAnswer, NotFound, Refused, Unreachable
from utils.http_answers import (
    PASSING_STATUSES,
    SAFE_METHODS,
    TLS_REFUSALS,
    error_for,
    explain_lost_connection,
    explain_tls,
    innermost,
    read_json,
    redirect_target,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from utils.record import Record

    _Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest] | tuple[str, str] | None

log = logger.get("client")

PAGE_SIZE = 200
CHUNK_BYTES = 64 * 1024
ATTEMPTS = 6
# For what is not worth waiting for.
GLANCE_S = 3.0
ATTEMPTS_AT_FIRST_CONTACT = 3
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
LONGEST_REDIRECT_CHAIN = 5

Params = dict[str, str | int]


class Client:
    """A session with one AWX.

    `timeouts` are seconds to (connect, first byte or next byte). `sleep` is for tests of waiting.
    """

    def __init__(
        self,
        host: str,
        *,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        timeouts: tuple[float, float] = (5.0, 30.0),
        prefix: str = "",
        use_proxies: bool = True,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.host = host.rstrip("/")
        self._verify = verify
        self._timeouts = timeouts
        self._sleep = sleep
        # Before the first answer, a wrong address is as likely as a passing trouble.
        self._answered = False
        self.server_time: datetime | None = None
        self._prefix = f"/{prefix.strip('/')}/" if prefix else ""
        self._session = requests.Session()
        self._session.cert = cert
        self._session.trust_env = use_proxies
        self._session.headers["Accept"] = "application/json"
        self._session.headers["User-Agent"] = "ansible-automation-api"
        self._session.auth = _Anonymous()
        if verify is False and self.host.startswith("https:"):
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
            log.warning("TLS certificates are not verified (--insecure): %s may be anyone", host)

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def use_token(self, token: str) -> None:
        """Send that token with every further request, whatever a .netrc file says."""
        self._session.auth = _Bearer(token)

    def use_basic(self, username: str, password: str) -> None:
        """Send user and password with every further request (it costs AWX some 140 ms each)."""
        self._session.auth = requests.auth.HTTPBasicAuth(username.encode(), password.encode())

    @contextlib.contextmanager
    def basic_auth(self, username: str, password: str) -> Iterator[None]:
        """Send user and password while the context lasts, and nothing of them after it."""
        with self._authenticated(self._session.auth):
            self.use_basic(username, password)
            yield

    def find_api(self) -> None:
        """Find the API now; raises Unreachable where the host does not answer as AWX does."""
        log.debug("the API of %s is at %s", self.host, self.prefix)

    def ping(self) -> Record:
        """GET `ping/` where a plain AWX has it, which also tells where the API is; else elsewhere.

        No credentials are sent. Raises as `get` does.
        """
        if not self._prefix:
            usual = urlsplit(self.host).path + USUAL_PREFIX
            with (
                contextlib.suppress(BadAnswer, NotFound, Refused),
                self._authenticated(_Anonymous()),
            ):
                answer = self._json("GET", f"{usual}ping/")
                if "version" in answer:
                    self._prefix = usual
                    return answer
        return self.get("ping/")

    @property
    def prefix(self) -> str:
        """The path of the API's root, such as `/api/v2/`; found at the first need."""
        if not self._prefix:
            base = urlsplit(self.host).path
            try:
                with self._authenticated(_Anonymous()):
                    self._prefix = discover(lambda path: self._json("GET", base + path), base)
            except (BadAnswer, Refused) as error:
                hint = "AWX_HOST is its address without /api/v2/"
                message = f"{self.host} does not answer as AWX does ({hint}): {error}"
                raise Unreachable(message) from error
        return self._prefix

    def url(self, path: str) -> str:
        """Return the address of a path below the API root."""
        return self._origin + self.prefix + path.lstrip("/")

    def page_url(self, path: str) -> str:
        """Return the address of a page of AWX's web interface, such as `jobs/playbook/5/output`."""
        return f"{self.host}/#/{path}"

    def get(self, path: str, **params: str | int) -> Record:
        """GET one object.

        Raises Unreachable, Refused, NotFound or BadAnswer, each with the server's own words.
        """
        return self._json("GET", self.prefix + path, params)

    def glance(self, path: str, **params: str | int) -> Record:
        """GET what is only nice to know: once, and without much patience. Raises as `get` does."""
        return self._json("GET", self.prefix + path, params, attempts=1)

    def post(self, path: str, body: Mapping[str, object] | None = None) -> Record:
        """POST once and return the answer; an empty one is an empty record.

        Never repeated, unless the connection was refused. `Unreachable.sent` tells whether the
        request may have arrived.
        """
        return self._json("POST", self.prefix + path, body=body or {})

    def delete(self, path: str) -> None:
        """DELETE once."""
        self._json("DELETE", self.prefix + path)

    def walk(
        self, path: str, *, newest_first: bool = False, **params: str | int
    ) -> Iterator[Record]:
        """Go through a list of any length, a page at a time, by id.

        Paging by key keeps each page as cheap as the first and misses or repeats nothing while
        rows come and go (a page number does both). Only the first page is counted by AWX.
        """
        order, bound = ("-id", "id__lt") if newest_first else ("id", "id__gt")
        params = {"page_size": PAGE_SIZE, **params, "order_by": order}
        page = self.get(path, **params)
        rows = page.records("results")
        size = len(rows)
        more = "next" in page
        while True:
            yield from rows
            if not more or not rows:
                return
            last = rows[-1].integer("id")
            params = {**params, bound: last, "count_disabled": 1}
            rows = self.get(path, **params).records("results")
            if any((row.integer("id") >= last) is newest_first for row in rows):
                raise BadAnswer(f"GET {path}: AWX sends rows again that it has sent")
            more = len(rows) == size

    def download(self, path: str, **params: str | int) -> Iterator[bytes]:
        """Stream a body in chunks of 64 KiB; raises Unreachable where it is cut off."""
        with self._send("GET", self.prefix + path, params, stream=True) as response:
            try:
                if not response.ok:
                    content_type = response.headers.get("Content-Type", "")
                    status = response.status_code
                    words = self._without_secrets(response.content).decode(errors="replace")
                    raise error_for("GET", response.url, status, content_type, words)
                if "html" in response.headers.get("Content-Type", ""):
                    raise BadAnswer(f"{response.url} answered with a web page in place of text")
                yield from response.iter_content(CHUNK_BYTES)
            except requests.RequestException as error:
                message = f"the download from {response.url} was cut off: {error}"
                raise Unreachable(message, sent=True) from error

    def _without_secrets(self, content: bytes) -> bytes:
        """Return an answer that is to be shown without the credentials that it may echo."""
        for secret in _secrets(self._session.auth):
            content = content.replace(secret, b"***")
        return content

    @contextlib.contextmanager
    def _authenticated(self, auth: _Auth) -> Iterator[None]:
        """Send that with each request while the context lasts, and what was sent before after."""
        before = self._session.auth
        self._session.auth = auth
        try:
            yield
        finally:
            self._session.auth = before

    @property
    def _origin(self) -> str:
        parts = urlsplit(self.host)
        return f"{parts.scheme}://{parts.netloc}"

    def _json(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
        attempts: int | None = None,
    ) -> Record:
        response = self._send(method, path, params, body, attempts=attempts)
        content_type = response.headers.get("Content-Type", "")
        status, content = response.status_code, response.content
        try:
            return read_json(method, response.url, status, content_type, content)
        except AppError:
            # Read again below, outside of this block, lest the first error be logged with it.
            content = self._without_secrets(content)
        return read_json(method, response.url, status, content_type, content)

    def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
        *,
        stream: bool = False,
        attempts: int | None = None,
    ) -> requests.Response:
        """Send, again and again where that is safe, until an answer that is worth reading."""
        url = self._origin + path
        timeouts = (GLANCE_S, GLANCE_S) if attempts == 1 else self._timeouts
        attempts = attempts or (ATTEMPTS if self._answered else ATTEMPTS_AT_FIRST_CONTACT)
        for attempt in range(1, attempts + 1):
            pause = min(FIRST_PAUSE_S * 2 ** (attempt - 1), LONGEST_PAUSE_S)
            try:
                response = self._send_once(
                    method, url, params, body, stream=stream, timeouts=timeouts
                )
            except requests.RequestException as error:
                unsent = _is_surely_unsent(error)
                problem = _explain(error, url)
                may_repeat = (method in SAFE_METHODS or unsent) and _may_pass(error)
                if attempt == attempts or not may_repeat:
                    raise Unreachable(problem, sent=not unsent) from error
            else:
                self._answered = True
                passing = response.status_code in PASSING_STATUSES and method in SAFE_METHODS
                if attempt == attempts or not passing:
                    return response
                problem = f"AWX answered {response.status_code} to {method} {path}"
                pause = _retry_after(response) or pause
                response.close()
            log.info("%s; trying again in %.1f s", problem, pause)
            self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _send_once(
        self,
        method: str,
        url: str,
        params: Mapping[str, str | int] | None,
        body: Mapping[str, object] | None,
        *,
        stream: bool,
        timeouts: tuple[float, float],
    ) -> requests.Response:
        for _ in range(LONGEST_REDIRECT_CHAIN):
            started = time.monotonic()
            try:
                response = self._session.request(
                    method,
                    url,
                    params=params,
                    json=body,
                    timeout=timeouts,
                    # AWX answers 406 to a download that is to be JSON.
                    headers={"Accept": "*/*"} if stream else None,
                    # Given per request, since REQUESTS_CA_BUNDLE overrides the session's own.
                    verify=self._verify,
                    allow_redirects=False,
                    stream=stream,
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
            took_ms = (time.monotonic() - started) * 1000
            log.debug("%s %s -> %d, %.0f ms", method, response.url, response.status_code, took_ms)
            if "Date" in response.headers:
                self.server_time = _date(response.headers["Date"])
            if not response.is_redirect:
                return response
            location = response.headers["Location"]
            url = redirect_target(method, response.url, location, response.status_code)
            params = None
        raise BadAnswer(f"{url}: AWX redirects in a circle")

    def websocket_options(self, path: str) -> tuple[str, list[str], dict[str, object]]:
        """Return address, headers and TLS options of a websocket, as this session's requests are.

        The path is below the host, not below the API's root.
        """
        address = f"{self.host.replace('http', 'ws', 1)}{path}"
        request = requests.Request("GET", self.host, auth=self._session.auth).prepare()
        headers = [f"Authorization: {request.headers.get('Authorization', '')}"]
        now = self._session.merge_environment_settings(self.host, {}, None, self._verify, None)
        if now["verify"] is False:
            return address, headers, {"cert_reqs": ssl.CERT_NONE, "check_hostname": False}
        bundle = certifi.where() if now["verify"] is True else now["verify"]
        cert = self._session.cert
        certfile, keyfile = cert if isinstance(cert, tuple) else (cert, None)
        return address, headers, {"ca_certs": bundle, "certfile": certfile, "keyfile": keyfile}

    def path_of(self, link: str) -> str:
        """Rebase a link that AWX sent on our own API root: `/api/v2/jobs/5/` is `jobs/5/` to us.

        Raises BadAnswer for a link to another server.
        """
        return rebase(link, self._origin)


class _Anonymous(requests.auth.AuthBase):
    """No credentials; without an auth object requests would take them from a .netrc file."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Bearer(requests.auth.AuthBase):
    """An OAuth2 token, as an auth object because a .netrc entry replaces a plain header."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def _secrets(auth: object) -> list[bytes]:
    """Return what must not be shown of credentials, in each spelling that goes out."""
    if isinstance(auth, _Bearer):
        return [auth.token.encode()]
    if isinstance(auth, requests.auth.HTTPBasicAuth):
        user, password = (
            each if isinstance(each, bytes) else each.encode()
            for each in (auth.username, auth.password)
        )
        return [b64encode(user + b":" + password), *([password] if password else [])]
    return []


def _is_surely_unsent(error: requests.RequestException) -> bool:
    """Tell whether no byte of the request can have reached AWX."""
    before_sending = (
        requests.exceptions.ConnectTimeout,
        requests.exceptions.InvalidJSONError,
        ValueError,
    )
    if isinstance(error, before_sending) or _is_tls_refusal(error):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _explain(error: requests.RequestException, url: str) -> str:
    """Return one line: what is wrong with the connection, and what to look at."""
    parts = urlsplit(url)
    if isinstance(error, requests.exceptions.ProxyError | requests.exceptions.InvalidProxyURL):
        text = f"the proxy refuses ({innermost(error)}): see HTTPS_PROXY, HTTP_PROXY, NO_PROXY"
    elif isinstance(error, requests.exceptions.SSLError):
        text = explain_tls(str(error))
    elif isinstance(error, requests.exceptions.ConnectTimeout):
        text = "no connection in time: is the host right, is a firewall in between?"
    elif isinstance(error, requests.exceptions.ReadTimeout):
        text = "no answer in time (--read-timeout)"
    elif isinstance(error, requests.exceptions.InvalidJSONError):
        text = f"not sent, since JSON cannot say it ({error})"
    elif isinstance(error, ValueError):
        text = f"no usable address ({error})"
    else:
        text = explain_lost_connection(error)
    return f"{parts.scheme}://{parts.netloc}: {text}"


def _may_pass(error: requests.RequestException) -> bool:
    """Tell whether the same request may do better in a moment (a bad certificate will not)."""
    lasting = (ValueError, requests.exceptions.InvalidJSONError)
    return not isinstance(error, lasting) and not _is_tls_refusal(error)


def _is_tls_refusal(error: requests.RequestException) -> bool:
    """Tell whether the two sides do not agree on TLS; a broken connection looks alike to it."""
    words = str(error).lower()
    return isinstance(error, requests.exceptions.SSLError) and any(
        sign in words for sign in TLS_REFUSALS
    )


def _date(text: str) -> datetime | None:
    """Return the time of an HTTP Date header."""
    try:
        found = parsedate_to_datetime(text)
        return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        return None


def _retry_after(response: requests.Response) -> float:
    """Return the seconds that AWX asks for, bounded; 0 where it asks for none."""
    text = response.headers.get("Retry-After", "")
    return min(float(text), LONGEST_PAUSE_S) if text.isdecimal() else 0.0
