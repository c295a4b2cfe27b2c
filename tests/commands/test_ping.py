from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from commands import ping
from utils.errors import ExitCode, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_awx import FakeAwx
    from utils.command_line import Call

ANSWER = {
    "version": "24.6.1", "active_node": "awx-1",
    "instances": [{"node": "awx-1", "heartbeat": None, "capacity": 220}],
}  # fmt: skip


def test_it_is_told(
    call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    awx.get("ping/", ANSWER)
    assert ping.run(call()) == ExitCode.OK
    assert capsysbinary.readouterr().out == b"AWX 24.6.1, 1 instance(s), capacity 220\n"
    assert "Authorization" not in awx.requests[0].headers


def test_as_json(
    call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    awx.get("ping/", ANSWER)
    ping.run(call(output="json"))
    assert json.loads(capsysbinary.readouterr().out) == {
        "version": "24.6.1", "node": "awx-1", "instances": 1, "capacity": 220,
    }  # fmt: skip


def test_what_is_no_awx_is_unreachable(call: Callable[..., Call], awx: FakeAwx) -> None:
    awx.get("ping/", b"<html>")
    with pytest.raises(Unreachable):
        ping.run(call())
