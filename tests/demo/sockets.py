"""A listener on the embedded AWX's websocket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import websocket

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from demo.aliases import Json
    from tests.demo.conftest import Api

ALL_JOBS = ("status_changed", "summary")


class Socket:
    """One connection; use it as a context manager."""

    def __init__(self, api: Api, *, path: str = "/websocket/", cookie: str = "csrftoken=x") -> None:
        self.raw = websocket.create_connection(
            api.server.url.replace("http", "ws", 1) + path,
            timeout=5,
            header={"Authorization": f"Bearer {api.token}"},
            cookie=cookie,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.raw.shutdown()  # type: ignore[no-untyped-call]

    def receive(self) -> Json:
        return json.loads(self.raw.recv())

    def ask(self, token: str = "x", **groups: Json) -> None:
        """Subscribe, whatever the answer."""
        lists = {k: list(v) if isinstance(v, tuple) else v for k, v in groups.items()}
        self.raw.send(json.dumps({"xrftoken": token, "groups": lists}))

    def subscribe(self, **groups: Json) -> Json:
        """Subscribe and return the answer, which is the next message about groups."""
        self.ask(**groups)
        return self.until(lambda message: "groups_current" in message)[-1]

    def until(self, over: Callable[[Json], bool]) -> list[Json]:
        """Return the messages up to the first that is what was waited for."""
        got = [self.receive()]
        while not over(got[-1]):
            got.append(self.receive())
        return got
