"""The client of AWX's API: what is asked, again where that is safe, and how the answer reads.

It knows where the API lives, repeats only what is safe to repeat, and turns every way an answer
can be wrong into one error that says so. Paths are relative to the API root: `get("jobs/5/")`; one
that begins with a slash begins at the host.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from utils.awx_client import credentials
from utils.awx_client.api import Api, with_retry_after
from utils.errors import BadAnswer
from utils.http_answers import PASSING_STATUSES, error_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from utils.awx_client.connection import Answer
    from utils.awx_client.params import Param
    from utils.record import Record

PAGE_SIZE = 200


@dataclass(frozen=True)
class Page:
    """What is of interest of a web page that AWX answers with."""

    status: int
    cookies: Mapping[str, str]


class Client(Api):
    """A session with one AWX: its requests."""

    _remembered: dict[tuple[str, str], Record] | None = None

    def get(self, path: str, **params: Param) -> Record:
        """GET one object.

        Raises Unreachable, Refused, NotFound or BadAnswer, each with the server's own words.
        """
        if self._remembered is None:
            return self.ask("GET", self.full_path(path), params)
        key = path, urlencode(params)
        if key not in self._remembered:
            self._remembered[key] = self.ask("GET", self.full_path(path), params)
        return self._remembered[key]

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """Ask for nothing twice by `get` while the context lasts, in which nothing is changed."""
        self._remembered = {}
        try:
            yield
        finally:
            self._remembered = None

    def options(self, path: str) -> Record:
        """Ask what a path takes (OPTIONS): AWX's own schema of it. Raises as `get` does."""
        return self.ask("OPTIONS", self.full_path(path))

    def glance(self, path: str, **params: str | int) -> Record:
        """GET what is only nice to know: once, and without much patience. Raises as `get` does."""
        return self.ask("GET", self.full_path(path), params, patience_s=0.0)

    def post(
        self,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        is_repeatable: bool = False,
        is_costly: bool = False,
        patience_s: float | None = None,
    ) -> Record:
        """POST and return the answer; an empty one is an empty record.

        Repeated only where it surely did not arrive, or was turned away (429), unless doing it
        twice does no harm (`is_repeatable`), and it is not so `is_costly` that AWX may still be at
        it. `Unreachable.sent` tells whether it may have arrived.
        """
        return self.ask(
            "POST", self.full_path(path), body=body or {},
            is_repeatable=is_repeatable, is_costly=is_costly, patience_s=patience_s,
        )  # fmt: skip

    def patch(self, path: str, body: Mapping[str, object]) -> Record:
        """PATCH some fields and return the object; repeated, since twice is as once."""
        return self.ask("PATCH", self.full_path(path), body=body, is_repeatable=True)

    def delete(self, path: str, *, patience_s: float | None = None) -> None:
        """DELETE, which may be repeated: what is gone already raises NotFound."""
        self.ask("DELETE", self.full_path(path), is_repeatable=True, patience_s=patience_s)

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
        with self.connection.restoring(auth):
            return self.ask(
                "POST", self.full_path(path), body=body, form=form, hidden=hidden,
                is_repeatable=is_repeatable,
            )  # fmt: skip

    def page(
        self,
        path: str,
        form: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        *,
        is_repeatable: bool = False,
    ) -> Page:
        """GET a web page of AWX's, or POST a form to it; a refusal is an answer like another.

        A form is sent again as `post` does. Raises Unreachable where nothing comes.
        """
        method = "GET" if form is None else "POST"

        def attempt() -> Page:
            response = self.connection.exchange(
                method, path, form=urlencode(form) if form else None, follow=False
            )
            if response.status_code in PASSING_STATUSES:
                error = error_for(method, response.url, response.status_code, "text/html", "")
                raise with_retry_after(error, response)
            return Page(response.status_code, dict(response.cookies))

        auth = credentials.Session(cookies) if cookies else credentials.Anonymous()
        with self.connection.restoring(auth):
            return self.ride_out(attempt, is_repeatable=form is None or is_repeatable)

    def walk(
        self,
        path: str,
        *,
        newest_first: bool = False,
        at_most: int | None = None,
        **params: Param,
    ) -> Iterator[Record]:
        """Go through a list of any length by id, all of it or `at_most` so many rows.

        Paging by key keeps each page as cheap as the first and misses or repeats nothing while
        rows come and go (a page number does both). Only the first page is counted by AWX. Of a list
        of several pages the next two are asked for while somebody works with one.
        """
        order = "-id" if newest_first else "id"
        params = {"page_size": PAGE_SIZE, **params, "order_by": order}
        page = self.get(path, **params)
        rows, has_more = page.records("results"), "next" in page
        count, ids = page.fields.get("count"), [row.integer("id") for row in rows]
        # A page is large, and whoever walks a long list is not to hold the first one all the time.
        del page
        left = sys.maxsize if at_most is None else at_most
        yield from rows[:left]
        left -= len(rows)
        if not has_more or not rows or left <= 0:
            return
        from utils.awx_client.walking import Walk  # noqa: PLC0415  # most lists are of one page

        count = min(count, len(ids) + left) if type(count) is int else 0
        walk = Walk(self, path, params, newest_first=newest_first, count=count)
        for rows in walk.pages(ids):
            yield from rows[:left]
            left -= len(rows)
            if left <= 0:
                return

    def download(self, path: str, **params: str | int) -> Iterator[bytes]:
        """Stream a body in chunks of 64 KiB; raises Unreachable where it is cut off."""
        path = self.full_path(path)

        def begin() -> Answer:
            response = self.connection.exchange("GET", path, params, stream=True)
            content_type = response.headers.get("Content-Type", "")
            if not response.ok:
                words = self.connection.words_of(response)
                error = error_for("GET", response.url, response.status_code, content_type, words)
                raise with_retry_after(error, response)
            if "html" in content_type:
                message = f"{response.url} answered with a web page in place of text"
                raise BadAnswer(message, status=response.status_code)
            return response

        with self.ride_out(begin, is_repeatable=True) as response:
            yield from self.connection.chunks(response)
