"""The client of AWX's API: what is asked, again where that is safe, and how the answer reads.

It knows where the API lives, repeats only what is safe to repeat, and turns every way an answer
can be wrong into one error that says so. Paths are relative to the API root: `get("jobs/5/")`.
"""

from __future__ import annotations

import contextlib
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from utils import logger
from utils.api_root import USUAL_PREFIX, discover, rebase
from utils.awx_client.connection import Answer, Connection
from utils.errors import AppError, BadAnswer, NotFound, Refused, Unreachable
from utils.http_answers import SAFE_METHODS, error_for, read_json
from utils.trouble import ASKING_S, FIRST_CONTACT_S, ODD_S, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from utils.record import Record

log = logger.get("client")

PAGE_SIZE = 200
# For what is not worth waiting for.
GLANCE_S = 3.0
# The hundreds of a status that says that all is well.
SUCCESS = 2

T = TypeVar("T")


class Client:
    """A session with one AWX.

    `timeouts` are seconds to (connect, first byte or next byte), `patience_s` is how long trouble
    that may pass is ridden out. `sleep` and `clock` are for tests of waiting.

    Where AWX does not take our token any more, `renew` is called, if it is set: to use another
    one from then on, or to raise what is in the way.
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
        patience_s: float = ASKING_S,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host = host.rstrip("/")
        self._connection = Connection(
            self.host, verify=verify, cert=cert, timeouts=timeouts, use_proxies=use_proxies
        )
        self.patience_s = patience_s
        self.renew: Callable[[], None] | None = None
        # Requests that may have done their work though no answer to them came.
        self.lost_answers = 0
        self.sleep = sleep
        self.clock = clock
        self._answered = False
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

    def use_token(self, token: str) -> None:
        """Send that token with every further request, whatever a .netrc file says."""
        self._connection.use_token(token)

    def use_basic(self, username: str, password: str) -> None:
        """Send user and password with every further request (it costs AWX some 140 ms each)."""
        self._connection.use_basic(username, password)

    @contextlib.contextmanager
    def basic_auth(self, username: str, password: str) -> Iterator[None]:
        """Send user and password while the context lasts, and nothing of them after it."""
        with self._connection.restoring():
            self.use_basic(username, password)
            yield

    def websocket_options(
        self, path: str
    ) -> tuple[str, list[str], dict[str, object], dict[str, object]]:
        """Return address, headers, TLS and proxy of a websocket, as the requests have them.

        Raises Unreachable where there is no websocket through the proxy of the requests.
        """
        return self._connection.websocket_options(path)

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
            base = urlsplit(self.host).path
            try:
                with self._connection.anonymous():
                    self._prefix = discover(lambda path: self._json("GET", base + path), base)
            except (BadAnswer, Refused) as error:
                hint = "AWX_HOST is its address without /api/v2/"
                message = f"{self.host} does not answer as AWX does ({hint}): {error}"
                raise Unreachable(message) from error
        return self._prefix

    def url(self, path: str) -> str:
        """Return the address of a path below the API root."""
        return self._connection.origin + self.prefix + path.lstrip("/")

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
        return self._json("GET", self.prefix + path, params, patience_s=0.0)

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
        path = self.prefix + path
        return self._json(
            "POST", path, body=body or {}, is_repeatable=is_repeatable, patience_s=patience_s
        )

    def delete(self, path: str, *, patience_s: float | None = None) -> None:
        """DELETE, which may be repeated: what is gone already raises NotFound."""
        self._json("DELETE", self.prefix + path, is_repeatable=True, patience_s=patience_s)

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
        path = self.prefix + path

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

        with self._ridden_out(begin, is_repeatable=True) as response:
            yield from self._connection.chunks(response)

    def _json(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
        *,
        is_repeatable: bool = False,
        patience_s: float | None = None,
    ) -> Record:
        timeouts = (GLANCE_S, GLANCE_S) if patience_s == 0 and method == "GET" else None

        def attempt() -> Record:
            response = self._connection.exchange(method, path, params, body, timeouts=timeouts)
            content_type = response.headers.get("Content-Type", "")
            status, content = response.status_code, response.content
            with contextlib.suppress(AppError):
                return read_json(method, response.url, status, content_type, content)
            # Read again outside of that block, lest the first error be logged with this one.
            content = self._connection.without_secrets(content)
            try:
                return read_json(method, response.url, status, content_type, content)
            except AppError as error:
                raise _with_retry_after(error, response) from None

        is_repeatable |= method in SAFE_METHODS
        return self._ridden_out(attempt, is_repeatable=is_repeatable, patience_s=patience_s)

    def _ridden_out(
        self, attempt: Callable[[], T], *, is_repeatable: bool, patience_s: float | None = None
    ) -> T:
        """Do it, again and again where that is safe and may help, until it is done or fails."""
        trouble = Trouble(self.sleep, self.clock)
        may_renew = True
        while True:
            try:
                answer = attempt()
            except AppError as error:
                if may_renew and self._renewed(error):
                    may_renew = False
                    continue
                self.lost_answers += error.is_lost
                longest_s = self._patience_with(error, is_repeatable=is_repeatable)
                if patience_s is not None:
                    longest_s = min(longest_s, patience_s)
                retry_after_s = error.retry_after_s
                if not isinstance(error, Unreachable):
                    trouble.over()
                if not trouble.wait(str(error), longest_s, at_least_s=retry_after_s):
                    raise
            else:
                self._answered = True
                trouble.over()
                return answer

    def _renewed(self, error: AppError) -> bool:
        """Get another token where ours is not taken any more; tell whether there is one."""
        if error.status != HTTPStatus.UNAUTHORIZED or not self.renew:
            return False
        if not self._connection.carries_token:
            return False
        log.info("%s: the token is not valid any more, getting another", self.host)
        renew, self.renew = self.renew, None
        try:
            renew()
        finally:
            self.renew = renew
        return True

    def _patience_with(self, error: AppError, *, is_repeatable: bool) -> float:
        """Return for how many seconds the same request may be worth repeating."""
        if isinstance(error, Unreachable):
            if error.is_lasting or (error.sent and not is_repeatable):
                return 0.0
            if not self._answered and error.status is None:
                return min(FIRST_CONTACT_S, self.patience_s)
            return self.patience_s
        status = error.status or 0
        is_odd = status == HTTPStatus.INTERNAL_SERVER_ERROR or status // 100 == SUCCESS
        may_pass = is_odd and isinstance(error, BadAnswer) and is_repeatable and self._answered
        return min(ODD_S, self.patience_s) if may_pass else 0.0

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
