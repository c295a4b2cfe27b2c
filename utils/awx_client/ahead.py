"""Asking ahead: requests that are under way while somebody works with what came before them."""

from __future__ import annotations

import signal
import socket
import threading
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING

from utils import logger
from utils.awx_client.tls import connected

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection

    from utils.awx_client.api import Api
    from utils.awx_client.connection import Connection
    from utils.awx_client.credentials import Credentials
    from utils.awx_client.params import Params
    from utils.record import Record

log = logger.get("client")

# A real AWX with two cores answers two at a time nearly twice as fast, and more not much faster.
CONNECTIONS = 2
# For what is under way and is not wanted any more; its connection is cut before.
ENDS_WITHIN_S = 2.0


class Asked:
    """One request: what it asks for and by which credentials, and its outcome once it is there."""

    def __init__(self, path: str, params: Params, auth: Credentials) -> None:
        self.path, self.params, self.auth = path, params, auth
        self._outcome: SimpleQueue[Record | BaseException] = SimpleQueue()

    def ask(self, api: Api, connection: Connection) -> None:
        """Do it, once."""
        connection.use(self.auth)
        try:
            self._outcome.put(api.ask_once(connection, "GET", self.path, self.params))
        except BaseException as error:  # noqa: BLE001  # raised where the answer is waited for
            self._outcome.put(error)

    def answer(self) -> Record:
        """Wait for the answer and return it, once; raises what went wrong with the request."""
        outcome = self._outcome.get()
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


class Sockets:
    """The connections of the threads, so that another one may cut them: now, or once they are."""

    def __init__(self) -> None:
        self._made: list[HTTPConnection] = []
        self._is_cut = False
        self._changing = threading.Lock()

    def add(self, connection: HTTPConnection) -> None:
        """Take note of a connection that was just made."""
        with self._changing:
            self._made.append(connection)
            if self._is_cut:
                _cut(connection)

    def cut(self) -> None:
        """Cut all of them, also those that are made only later."""
        with self._changing:
            self._is_cut = True
            for each in self._made:
                _cut(each)


class Ahead:
    """Two threads that ask what they are told, in that order, each on a connection of its own.

    Nothing is repeated there and no credentials are renewed: whoever takes an answer sees what went
    wrong, and can do so. Close it, and what is under way is cut off.
    """

    def __init__(self, api: Api) -> None:
        self._wanted: SimpleQueue[Asked | None] = SimpleQueue()
        self._connections: list[Connection] = []
        self._sockets = Sockets()
        self._threads: list[threading.Thread] = []
        for number in range(CONNECTIONS):
            connection = api.connection.twin()
            # They keep no process alive.
            thread = threading.Thread(
                target=_work,
                args=(api, connection, self._wanted, self._sockets),
                name=f"ask-ahead-{number + 1}",
                daemon=True,
            )
            thread.start()
            self._connections.append(connection)
            self._threads.append(thread)

    def ask(self, path: str, params: Params, auth: Credentials) -> Asked:
        """Let that be asked as soon as a thread is free."""
        asked = Asked(path, params, auth)
        self._wanted.put(asked)
        return asked

    def close(self) -> None:
        """Forget what was not asked yet, cut off what is under way, and end the threads."""
        with suppress(Exception):  # it is empty
            while True:
                self._wanted.get_nowait()
        for _ in self._threads:
            self._wanted.put(None)
        self._sockets.cut()
        for thread, connection in zip(self._threads, self._connections, strict=True):
            thread.join(ENDS_WITHIN_S)
            connection.close()


def _work(
    api: Api,
    connection: Connection,
    wanted: SimpleQueue[Asked | None],
    sockets: Sockets,
) -> None:
    # Ctrl-C is for the thread that waits, which only a signal of its own wakes up.
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    connected.set(sockets.add)
    while asked := wanted.get():
        asked.ask(api, connection)
        # It holds a page of rows, which somebody else is done with before the next one comes.
        del asked


def _cut(connection: HTTPConnection) -> None:
    sock = connection.sock
    if sock:
        with suppress(OSError):
            # TLS would forget in the middle of an answer that it is encrypted.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
