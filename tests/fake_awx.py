"""An AWX that answers as a test tells it to, and time that only passes when somebody sleeps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests import PreparedRequest
    from responses import RequestsMock

    Headers = dict[str, str] | None

HOST = "http://awx.test"


class FakeAwx:
    """Answers a path with what was set for it, in that order; the last answer is repeated.

    Every answer that was set must be asked for, else the test fails at its end.
    """

    def __init__(self, mock: RequestsMock) -> None:
        self.mock = mock

    def get(
        self, path: str, answer: object = None, status: int = 200, headers: Headers = None
    ) -> None:
        self.on("GET", path, answer, status, headers)

    def post(
        self, path: str, answer: object = None, status: int = 200, headers: Headers = None
    ) -> None:
        self.on("POST", path, answer, status, headers)

    def on(
        self,
        method: str,
        path: str,
        answer: object = None,
        status: int = 200,
        headers: Headers = None,
        content_type: str | None = None,
    ) -> None:
        key = "json" if isinstance(answer, dict | list) else "body"
        content: dict[str, Any] = {} if answer is None else {key: answer}
        self.mock.add(
            method,
            address(path),
            **content,
            status=status,
            headers=headers,
            content_type=content_type,
        )

    def refuse(self, method: str, path: str, status: int, words: str = "Not allowed.") -> None:
        self.on(method, path, {"detail": words}, status=status)

    @property
    def requests(self) -> list[PreparedRequest]:
        return [call.request for call in self.mock.calls]

    @property
    def sent(self) -> list[str]:
        """Every request as `GET jobs/5/`, its query left out."""
        return [f"{each.method} {self._short(str(each.url))}" for each in self.requests]

    def body_of(self, method: str, path: str) -> dict[str, Any]:
        """Return the JSON of the last request of that kind."""
        found = [
            each for each in self.requests if (each.method, each.url) == (method, address(path))
        ]
        body: dict[str, Any] = json.loads(found[-1].body or "null")
        return body

    def queries(self, path: str) -> list[dict[str, str]]:
        """Return the query of each request for a path."""
        return [
            dict(getattr(each, "params", {}))
            for each in self.requests
            if self._short(str(each.url)) == path
        ]

    @staticmethod
    def _short(url: str) -> str:
        return url.partition("?")[0].removeprefix(f"{HOST}/api/v2/").removeprefix(HOST)


def address(path: str) -> str:
    """Return the address of `/a/path` of the host, or of `a/path` below the API's root."""
    if "://" in path:
        return path
    return f"{HOST}{path}" if path.startswith("/") else f"{HOST}/api/v2/{path}"


class FakeTime:
    """A clock that only sleeping moves on, and the pauses that were slept."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
