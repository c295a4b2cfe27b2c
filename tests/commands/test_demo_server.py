from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from commands import demo_server
from demo.poses import NAMES
from utils.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from utils.command_line import Call


def test_a_port_that_is_taken_is_told(call: Callable[..., Call]) -> None:
    pytest.importorskip("uvicorn")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"cannot listen on 127\.0\.0\.1:{port}"):
            demo_server.run(call(demo_port=str(port)))


def test_it_poses_as_what_the_embedded_awx_can(call: Callable[..., Call]) -> None:
    assert [call(demo_as=name).settings.demo_as for name in NAMES] == list(NAMES)
    with pytest.raises(UsageError, match="takes awx, gateway, no-oauth or tower"):
        call(demo_as="tower")
