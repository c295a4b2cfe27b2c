"""Cutting the connections of threads that are not wanted any more."""

from __future__ import annotations

import socket

import pytest
from urllib3.connection import HTTPConnection

from utils.awx_client.ahead import Sockets


@pytest.mark.parametrize("made_before", [True, False])
def test_a_connection_is_cut_whenever_it_was_made(*, made_before: bool) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = HTTPConnection("awx.test")
        connection.sock = ours
        sockets = Sockets()
        if made_before:
            sockets.add(connection)
            sockets.cut()
        else:
            sockets.cut()
            sockets.add(connection)
        assert theirs.recv(1) == b""
        connection.sock = None
