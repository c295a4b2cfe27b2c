"""A server on a clock that tests move, and a small way to ask it things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from demo.server import DemoServer
from tests.demo.stage import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.aliases import Json, Passed


class Api:
    """Asks one server as one user."""

    def __init__(self, server: DemoServer, user: str = "admin", scope: str = "write") -> None:
        self.server = server
        made = requests.post(
            f"{server.url}/api/v2/tokens/",
            json={"scope": scope},
            auth=(user, "password"),
            timeout=10,
        )
        self.token = made.json()["token"]
        self.token_id = made.json()["id"]

    def send(self, method: str, path: str, body: Json = None, **more: Passed) -> requests.Response:
        return requests.request(
            method,
            f"{self.server.url}/api/v2/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
            allow_redirects=False,
            timeout=20,
            **more,
        )

    def get(self, path: str) -> Json:
        answer = self.send("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Json = None, status: int = 201) -> Json:
        answer = self.send("POST", path, {} if body is None else body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else {}

    def launch(self, template: int, body: Json = None) -> int:
        return int(self.post(f"job_templates/{template}/launch/", body)["id"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[DemoServer]:
    with DemoServer(clock=clock) as running:
        yield running


@pytest.fixture
def api(server: DemoServer) -> Api:
    return Api(server)
