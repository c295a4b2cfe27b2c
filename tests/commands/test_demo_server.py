from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from commands import demo_server
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
