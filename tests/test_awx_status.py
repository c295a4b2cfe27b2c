from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import awx_status
from utils.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client
    from utils.results import Results

NOW = {"Date": "Sat, 21 Nov 2026 22:15:23 GMT"}
FRESH, STALE = "2026-11-21T22:14:27.532616Z", "2026-11-21T22:10:00.000000Z"


def answer(*instances: dict[str, object]) -> dict[str, object]:
    return {
        "ha": False, "version": "24.6.1", "active_node": "awx-1", "install_uuid": "decf10fb",
        "instances": list(instances), "instance_groups": [{"name": "default", "capacity": 220}],
    }  # fmt: skip


def instance(heartbeat: str | None = FRESH, capacity: int = 220) -> dict[str, object]:
    return {"node": "awx-1", "node_type": "hybrid", "heartbeat": heartbeat, "capacity": capacity}


@pytest.fixture
def ping(
    client: Client, settings: Callable[..., Settings], done: Results
) -> Callable[[], awx_status.Ping]:
    return lambda: awx_status.ping(client, settings(), done)


def test_an_awx_that_is_up(
    ping: Callable[[], awx_status.Ping], awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    awx.get("ping/", answer(instance(), instance(capacity=30), instance(STALE)), headers=NOW)
    found = ping()
    assert found == awx_status.Ping("24.6.1", "awx-1", 2, 250)
    assert str(found) == "AWX 24.6.1, 2 instance(s), capacity 250"
    assert "Authorization" not in awx.requests[0].headers
    assert "warn" not in caplog.text.lower()


@pytest.mark.parametrize(
    ("instances", "told"),
    [
        ([], "no instance of AWX had a heartbeat"),
        ([instance(STALE)], "no instance of AWX had a heartbeat"),
        ([instance(capacity=0)], "no instance of AWX has capacity"),
    ],
)
def test_one_that_can_run_nothing_is_a_warning(
    ping: Callable[[], awx_status.Ping],
    awx: FakeAwx,
    caplog: pytest.LogCaptureFixture,
    instances: list[dict[str, object]],
    told: str,
) -> None:
    awx.get("ping/", answer(*instances), headers=NOW)
    assert ping().capacity == 0
    assert told in caplog.text


def test_an_instance_without_heartbeat_counts(
    ping: Callable[[], awx_status.Ping], awx: FakeAwx
) -> None:
    awx.get("ping/", answer(instance(None)), headers=NOW)
    assert ping().instances == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"hello": "world"}),
        (200, b"<html>"),
        (200, {}),
        (404, b"<html>"),
        (401, {}),
        (500, {}),
    ],
)
def test_what_does_not_answer_as_awx_does_is_unreachable(
    ping: Callable[[], awx_status.Ping], awx: FakeAwx, status: int, body: object
) -> None:
    awx.get("ping/", body, status)
    with pytest.raises(Unreachable, match=r"http://awx\.test does not answer as AWX does"):
        ping()
