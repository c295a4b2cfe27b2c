"""The client of AWX's API: what is asked, again where that is safe, and how the answer reads.

It knows where the API lives, repeats only what is safe to repeat, and turns every way an answer
can be wrong into one error that says so. Paths are relative to the API root: `get("jobs/5/")`.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from utils import logger
from utils.api_root import USUAL_PREFIX, ApiRoot, discover, rebase
from utils.awx_client import credentials
from utils.awx_client.connection import Answer, Connection, SocketOptions
from utils.awx_client.patience import Patience
from utils.errors import AppError, BadAnswer, NotFound, Refused, Unreachable
from utils.http_answers import PASSING_STATUSES, SAFE_METHODS, error_for, read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from utils.record import Record

log = logger.get("client")

PAGE_SIZE = 200
# For what is not worth waiting for.
GLANCE_S = 3.0


@dataclass(frozen=True)
class Page:
    """What is of interest of a web page that AWX answers with."""

    status: int
    cookies: Mapping[str, str]


class Client(Patience):
    """A session with one AWX.

    `timeouts` are seconds to (connect, first byte or next byte). What else it takes is Patience's.
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
        **waiting: Any,  # noqa: ANN401  # Patience types them
    ) -> None:
        super().__init__(**waiting)
        self.host = host.rstrip("/")
        self._connection = Connection(
            self.host, verify=verify, cert=cert, timeouts=timeouts, use_proxies=use_proxies
        )
        self._api: ApiRoot | None = None
        # Knows why what changes something may be refused to us, set once we have signed in.
        self.explain: Callable[[Refused], Refused] | None = None
        self._prefix = f"/{prefix.strip('/')}/" if prefix else ""

    def close(self) -> None:
        """Close the kept connections."""
        self._connection.close()

    def hurry(self) -> None:
        """Wait for nothing any more: somebody wants to leave."""
        self._connection.timeouts, self.patience_s = (GLANCE_S, GLANCE_S), 0.0

    @property
    def server_time(self) -> datetime | None:
        """The time that AWX's last answer was made, by its own clock."""
        return self._connection.server_time

    def call_ourselves(self, name: str) -> None:
        """Be that `User-Agent` from now on."""
        self._connection.agent = name

    def use_token(self, token: str, scheme: str = "Bearer") -> None:
        """Send that token with every further request, whatever a .netrc file says."""
        self._connection.use(credentials.Bearer(token, scheme))

    def use_basic(self, username: str, password: str) -> None:
        """Send user and password with every further request (it costs AWX some 140 ms each)."""
        self._connection.use(credentials.basic(username, password))

    def use_session(self, cookies: Mapping[str, str]) -> None:
        """Send the cookies of a session with every further request."""
        self._connection.use(credentials.Session(cookies))

    @contextlib.contextmanager
    def basic_auth(self, username: str, password: str) -> Iterator[None]:
        """Send user and password while the context lasts, and nothing of them after it."""
        with self._connection.restoring(credentials.basic(username, password)):
            yield

    def websocket_options(self, path: str, csrf: str) -> SocketOptions:
        """Return how a websocket is opened, as the requests are; raises Unreachable likewise."""
        return self._connection.websocket_options(path, csrf)

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
                self._connection.anonymous(),
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
            self._prefix = self.api.prefix
        return self._prefix

    @property
    def api(self) -> ApiRoot:
        """Where this AWX has what (`GET /api/`); asked for at the first need.

        Raises Unreachable where the host does not answer as AWX does.
        """
        if not self._api:
            base = urlsplit(self.host).path
            try:
                with self._connection.anonymous():
                    self._api = discover(lambda path: self._json("GET", base + path), base)
            except (BadAnswer, Refused) as error:
                hint = "AWX_HOST is its address without /api/v2/"
                message = f"{self.host} does not answer as AWX does ({hint}): {error}"
                raise Unreachable(message) from error
        return self._api

    @property
    def api_is_known(self) -> bool:
        """Whether it was asked for already what this AWX has."""
        return self._api is not None

    def _path(self, path: str) -> str:
        return path if path.startswith("/") else self.prefix + path

    def url(self, path: str) -> str:
        """Return the address of a path below the API root."""
        return self._connection.origin + self._path(path)

    def page_url(self, path: str) -> str:
        """Return the address of a page of AWX's web interface, such as `jobs/playbook/5/output`."""
        return f"{self.host}/#/{path}"

    def get(self, path: str, **params: str | int) -> Record:
        """GET one object.

        Raises Unreachable, Refused, NotFound or BadAnswer, each with the server's own words.
        """
        return self._json("GET", self._path(path), params)

    def glance(self, path: str, **params: str | int) -> Record:
        """GET what is only nice to know: once, and without much patience. Raises as `get` does."""
        return self._json("GET", self._path(path), params, patience_s=0.0)

    def post(
        self,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        is_repeatable: bool = False,
        patience_s: float | None = None,
    ) -> Record:
        """POST and return the answer; an empty one is an empty record.

        Repeated only where it surely did not arrive, or was turned away (429), unless doing it
        twice does no harm (`is_repeatable`). `Unreachable.sent` tells whether it may have arrived.
        """
        path = self._path(path)
        return self._json(
            "POST", path, body=body or {}, is_repeatable=is_repeatable, patience_s=patience_s
        )

    def delete(self, path: str, *, patience_s: float | None = None) -> None:
        """DELETE, which may be repeated: what is gone already raises NotFound."""
        self._json("DELETE", self._path(path), is_repeatable=True, patience_s=patience_s)

    def submit(
        self,
        path: str,
        content: str | Mapping[str, object],
        basic: tuple[str, str] | None = None,
        *,
        hidden: tuple[str, ...] = (),
        is_repeatable: bool = False,
    ) -> Record:
        """POST a form (text) or JSON without our own credentials; raises as `post` does.

        `basic` are an application's id and secret, `hidden` the secrets in the content, which no
        error may show. `AppError.code` is what OAuth2 calls what is wrong.
        """
        form, body = (content, None) if isinstance(content, str) else (None, content)
        auth = credentials.basic(*basic) if basic else credentials.Anonymous()
        with self._connection.restoring(auth):
            return self._json(
                "POST", self._path(path), body=body, form=form, hidden=hidden,
                is_repeatable=is_repeatable,
            )  # fmt: skip

    def page(
        self,
        path: str,
        form: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
    ) -> Page:
        """GET a web page of AWX's, or POST a form to it; a refusal is an answer like another.

        Only its GET is repeated. Raises Unreachable where nothing comes.
        """
        method = "GET" if form is None else "POST"

        def attempt() -> Page:
            response = self._connection.exchange(
                method, path, form=urlencode(form) if form else None, follow=False
            )
            if response.status_code in PASSING_STATUSES:
                error = error_for(method, response.url, response.status_code, "text/html", "")
                raise _with_retry_after(error, response)
            return Page(response.status_code, dict(response.cookies))

        auth = credentials.Session(cookies) if cookies else credentials.Anonymous()
        with self._connection.restoring(auth):
            return self.ride_out(attempt, is_repeatable=form is None)

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
        path = self._path(path)

        def begin() -> Answer:
            response = self._connection.exchange("GET", path, params, stream=True)
            content_type = response.headers.get("Content-Type", "")
            if not response.ok:
                words = self._connection.words_of(response)
                error = error_for("GET", response.url, response.status_code, content_type, words)
                raise _with_retry_after(error, response)
            if "html" in content_type:
                message = f"{response.url} answered with a web page in place of text"
                raise BadAnswer(message, status=response.status_code)
            return response

        with self.ride_out(begin, is_repeatable=True) as response:
            yield from self._connection.chunks(response)

    def _json(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
        *,
        form: str | None = None,
        hidden: tuple[str, ...] = (),
        is_repeatable: bool = False,
        patience_s: float | None = None,
    ) -> Record:
        timeouts = (GLANCE_S, GLANCE_S) if patience_s == 0 and method == "GET" else None

        def attempt() -> Record:
            response = self._connection.exchange(
                method, path, params, body, form=form, timeouts=timeouts
            )
            content_type = response.headers.get("Content-Type", "")
            status, content = response.status_code, response.content
            with contextlib.suppress(AppError):
                return read_json(method, response.url, status, content_type, content)
            # Read again outside of that block, lest the first error be logged with this one.
            content = self._connection.without_secrets(content, hidden)
            try:
                return read_json(method, response.url, status, content_type, content)
            except AppError as error:
                raise _with_retry_after(error, response) from None

        is_safe = method in SAFE_METHODS
        try:
            return self.ride_out(
                attempt, is_repeatable=is_repeatable or is_safe, patience_s=patience_s
            )
        except Refused as error:
            if is_safe or error.status != HTTPStatus.FORBIDDEN or not self.explain:
                raise
            explained = self.explain(error)
        raise explained

    def _renewed(self, error: AppError) -> bool:
        return self._connection.may_expire and super()._renewed(error)

    def path_of(self, link: str) -> str:
        """Rebase a link that AWX sent on our own API root: `/api/v2/jobs/5/` is `jobs/5/` to us.

        Raises BadAnswer for a link to another server.
        """
        return rebase(link, self._connection.origin)


def _with_retry_after(error: AppError, response: Answer) -> AppError:
    """Return the error with the seconds that AWX asks to wait for, where it does."""
    text = response.headers.get("Retry-After", "")
    if text.isdecimal():
        error.retry_after_s = float(text)
    return error
