"""The AWX that the fault matrix is run against, asked past the proxy what became of a run."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from http import HTTPStatus
from typing import TYPE_CHECKING

import requests

from demo.server import DemoServer
from demo.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# So fast that a run is short, and so slow that the websocket is open before the job begins.
SPEED = 4.0
FEW = 10  # hosts of the big inventory, which nothing here looks at
LONGEST_S = 60.0
STORED_WITHIN_S = 20.0
LOOK_S = 0.05


@dataclass(frozen=True)
class Awx:
    """The AWX that runs are made against; `ca_bundle` are certificates to trust.

    `expire_tokens` lets all tokens' lives end, where that can be done.
    """

    url: str
    username: str
    password: str
    template: str = "9"
    ca_bundle: str = ""
    expire_tokens: Callable[[], None] | None = None

    def get(self, path: str) -> requests.Response:
        """GET a path below the API's root, as that user."""
        return self._request("GET", path)

    def delete(self, path: str) -> None:
        """DELETE a path below the API's root, as that user."""
        self._request("DELETE", path)

    def has_token(self, token: int) -> bool:
        """Tell whether a token could still be used."""
        answer = self.get(f"tokens/{token}/")
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return False
        answer.raise_for_status()
        expires = datetime.fromisoformat(answer.json()["expires"].replace("Z", "+00:00"))
        return expires > datetime.now(timezone.utc)

    def text_of_job(self, job: int) -> bytes:
        """Return the text of a job's events without colours, once all of them are stored."""
        deadline = time.monotonic() + STORED_WITHIN_S
        while not self.get(f"jobs/{job}/").json()["event_processing_finished"]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the events of job {job} were not stored")
            time.sleep(LOOK_S)
        path, text, last = (
            f"jobs/{job}/job_events/?order_by=counter&no_truncate=1&page_size=200",
            "",
            0,
        )
        while rows := self.get(f"{path}&counter__gt={last}").json()["results"]:
            last = rows[-1]["counter"]
            text += "".join(f"{row['stdout']}\r\n" for row in rows if row["stdout"])
        return plain(text.replace("\r\n", "\n")).encode()

    def _request(self, method: str, path: str) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                method, f"{self.url}/api/v2/{path}", timeout=LONGEST_S,
                auth=(self.username, self.password), verify=self.ca_bundle or True,
            )  # fmt: skip


@contextmanager
def embedded() -> Iterator[Awx]:
    """Yield an embedded AWX of a cell's own, so that all tokens and jobs in it are its."""
    with DemoServer(speed=SPEED, password="correct horse", big=FEW) as server:
        yield Awx(server.url, "admin", server.password, expire_tokens=server.awx.expire_tokens)
