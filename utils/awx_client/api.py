"""Where the API of an AWX lives, who asks there, and how one question is asked."""

from __future__ import annotations

import contextlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from utils import logger
from utils.api_root import USUAL_PREFIX, ApiRoot, discover, rebase
from utils.awx_client import credentials
from utils.awx_client.connection import Answer, Connection
from utils.awx_client.patience import Patience
from utils.errors import AppError, BadAnswer, NotFound, Refused, Unreachable
from utils.http_answers import SAFE_METHODS, read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from utils.awx_client.params import Param
    from utils.awx_client.sockets import SocketOptions
    from utils.record import Record

log = logger.get("client")

# For what is not worth waiting for.
GLANCE_S = 3.0


class Api(Patience):
    """The API of one AWX; `Client` has the verbs.

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
        self.connection = Connection(
            self.host, verify=verify, cert=cert, timeouts=timeouts, use_proxies=use_proxies
        )
        self._api: ApiRoot | None = None
        # Knows why what changes something may be refused to us, set once we have signed in.
        self.explain: Callable[[Refused], Refused] | None = None
        # Whether no other command finds this AWX unless it is told the host.
        self.is_embedded = False
        self._prefix = f"/{prefix.strip('/')}/" if prefix else ""

    def close(self) -> None:
        """Close the kept connections."""
        self.connection.close()

    def hurry(self) -> None:
        """Wait for nothing any more: somebody wants to leave."""
        self.connection.timeouts, self.patience_s = (GLANCE_S, GLANCE_S), 0.0

    @property
    def server_time(self) -> datetime | None:
        """The time that AWX's last answer was made, by its own clock."""
        return self.connection.server_time

    def call_ourselves(self, name: str) -> None:
        """Be that `User-Agent` from now on."""
        self.connection.agent = name

    def use_token(self, token: str, scheme: str = "Bearer") -> None:
        """Send that token with every further request, whatever a .netrc file says."""
        self.connection.use(credentials.Bearer(token, scheme))

    def use_basic(self, username: str, password: str) -> None:
        """Send user and password with every further request (it costs AWX some 140 ms each)."""
        self.connection.use(credentials.basic(username, password))

    def use_session(self, cookies: Mapping[str, str]) -> None:
        """Send the cookies of a session with every further request."""
        self.connection.use(credentials.Session(cookies))

    @contextlib.contextmanager
    def basic_auth(self, username: str, password: str) -> Iterator[None]:
        """Send user and password while the context lasts, and nothing of them after it."""
        with self.connection.restoring(credentials.basic(username, password)):
            yield

    @contextlib.contextmanager
    def token_auth(self, token: str) -> Iterator[None]:
        """Send another token while the context lasts."""
        with self.connection.restoring(credentials.Bearer(token)):
            yield

    def websocket_options(self, path: str, csrf: str) -> SocketOptions:
        """Return how a websocket is opened, as the requests are; raises Unreachable likewise."""
        return self.connection.websocket_options(path, csrf)

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
                self.connection.anonymous(),
            ):
                answer = self.ask("GET", f"{usual}ping/")
                if "version" in answer:
                    self._prefix = usual
                    return answer
        return self.ask("GET", self.full_path("ping/"))

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
            base = self._base
            try:
                with self.connection.anonymous():
                    self._api = discover(lambda path: self.ask("GET", base + path), base)
            except (BadAnswer, Refused) as error:
                hint = "AWX_HOST is its address without /api/v2/"
                message = f"{self.host} does not answer as AWX does ({hint}): {error}"
                raise Unreachable(message) from error
        return self._api

    @property
    def _base(self) -> str:
        """The path that AWX lives below: that of its address, or what the API's is below of."""
        path, _, version = self._prefix.partition("/api/")
        return path if version else urlsplit(self.host).path

    @property
    def api_is_known(self) -> bool:
        """Whether it was asked for already what this AWX has."""
        return self._api is not None

    def full_path(self, path: str) -> str:
        """Return the path below the host of one below the API's root, or of one that is that."""
        return path if path.startswith("/") else self.prefix + path

    def url(self, path: str) -> str:
        """Return the address of a path below the API root."""
        return self.connection.origin + self.full_path(path)

    def page_url(self, path: str) -> str:
        """Return the address of a page of AWX's web interface, such as `jobs/playbook/5/output`."""
        return f"{self.host}/#/{path}"

    def ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, Param] | None = None,
        body: Mapping[str, object] | None = None,
        *,
        form: str | None = None,
        hidden: tuple[str, ...] = (),
        is_repeatable: bool = False,
        is_costly: bool = False,
        patience_s: float | None = None,
    ) -> Record:
        """Ask for one object, `path` being below the host; raises what is wrong with the answer.

        What only asks is repeated, all else only where it is said that it may be; what is costly
        to AWX is not, once its answer did not come in time.
        """
        timeouts = (GLANCE_S, GLANCE_S) if patience_s == 0 and method == "GET" else None

        def attempt() -> Record:
            try:
                return self.ask_once(
                    self.connection, method, path, params, body,
                    form=form, hidden=hidden, timeouts=timeouts,
                )  # fmt: skip
            except Unreachable as error:
                error.is_lasting |= is_costly and error.is_late
                raise

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

    @staticmethod
    def ask_once(
        connection: Connection,
        method: str,
        path: str,
        params: Mapping[str, Param] | None = None,
        body: Mapping[str, object] | None = None,
        *,
        form: str | None = None,
        hidden: tuple[str, ...] = (),
        timeouts: tuple[float, float] | None = None,
    ) -> Record:
        """Ask as `ask` does on that connection, whatever comes of it."""
        response = connection.exchange(method, path, params, body, form=form, timeouts=timeouts)
        content_type = response.headers.get("Content-Type", "")
        status, content = response.status_code, response.content
        with contextlib.suppress(AppError):
            return read_json(method, response.url, status, content_type, content)
        # Read again outside of that block, lest the first error be logged with this one.
        content = connection.without_secrets(content, hidden)
        try:
            return read_json(method, response.url, status, content_type, content)
        except AppError as error:
            raise with_retry_after(error, response) from None

    def _renewed(self, error: AppError) -> bool:
        if not self.connection.may_expire:
            return False
        before = self.connection.auth
        try:
            return super()._renewed(error)
        except AppError:
            # What is not to be used further on goes with no request, not even with the last ones.
            self.connection.use(before)
            raise

    def path_of(self, link: str) -> str:
        """Rebase a link that AWX sent on our own API root: `/api/v2/jobs/5/` is `jobs/5/` to us.

        Raises BadAnswer for a link to another server.
        """
        return rebase(link, self.connection.origin)


def with_retry_after(error: AppError, response: Answer) -> AppError:
    """Return the error with the seconds that AWX asks to wait for, where it does."""
    text = response.headers.get("Retry-After", "")
    if text.isdecimal():
        error.retry_after_s = float(text)
    return error
