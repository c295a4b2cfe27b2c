"""What AWX pushes over its websocket: events and changes of status within a moment.

The handshake and the messages are those of AWX 24.6.1's `/websocket/`: a token (or user and
password) in the Authorization header, and a value of our own both in the cookie `csrftoken` and in
the subscription.
"""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from socket import SHUT_RDWR
from threading import Timer
from typing import TYPE_CHECKING

from utils import logger
from utils.record import Record

if TYPE_CHECKING:
    from websocket import WebSocket

    from utils.awx_client import Client

log = logger.get("push")

PATHS = ("/websocket/", "/api/websocket/")
OPENING_S = 5.0
SWITCHED = 101
SHORTEST_WAIT_S = 0.001  # zero would mean not to wait at all, and to fail
# The group of events that goes with each kind of job.
EVENT_GROUPS = {
    "job": "job_events",
    "project_update": "project_update_events",
    "ad_hoc_command": "ad_hoc_command_events",
    "inventory_update": "inventory_update_events",
    "system_job": "system_job_events",
}


@dataclass
class News:
    """What happened: events as they came, the last status, the counter of the last event."""

    events: list[Record] = field(default_factory=list)
    status: str = ""
    final_counter: int | None = None

    def __bool__(self) -> bool:
        return bool(self.events or self.status or self.final_counter is not None)


class PushLost(Exception):
    """The websocket cannot be opened, or is gone; the text says why."""


class Push:
    """A subscription to one job."""

    def __init__(self, client: Client, job_id: int, kind: str) -> None:
        self._job_id = job_id
        token = secrets.token_hex(16)
        self._socket = _open(client, token)
        groups: dict[str, list[object]] = {"jobs": ["status_changed", "summary"]}
        if kind in EVENT_GROUPS:
            groups[EVENT_GROUPS[kind]] = [job_id]
        self._socket.send(json.dumps({"groups": groups, "xrftoken": token}))

    def wait(self, seconds: float) -> News:
        """Return the next thing that AWX tells of our job, or no news after that time.

        Raises PushLost where the connection is gone, or the subscription is refused.
        """
        from websocket import (  # noqa: PLC0415  # only where a job is followed
            ABNF,
            WebSocketException,
            WebSocketTimeoutException,
        )

        self._socket.settimeout(max(seconds, SHORTEST_WAIT_S))
        try:
            # With control frames, since a ping must not be waited past: it is no news.
            opcode, frame = self._socket.recv_data_frame(control_frame=True)
            text = frame.data if opcode in {ABNF.OPCODE_TEXT, ABNF.OPCODE_BINARY} else b""
            if opcode == ABNF.OPCODE_CLOSE:
                raise PushLost("websocket: AWX closed it")
            message = json.loads(text) if text else None
        except WebSocketTimeoutException:
            return News()
        except (WebSocketException, OSError, ValueError) as error:
            raise PushLost(f"websocket: {error or type(error).__name__}") from None
        if message is None:
            return News()
        if not isinstance(message, dict) or "error" in message or "close" in message:
            raise PushLost(f"websocket: {str(text)[:80]}")
        return self._read(Record(message, "websocket"))

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        with suppress(Exception):
            self._socket.close(timeout=0)

    def _read(self, message: Record) -> News:
        if "counter" in message and "event" in message:
            return News(events=[message])
        if message.fields.get("unified_job_id") != self._job_id:
            return News()
        final = message.maybe_integer("final_counter")
        return News(status=message.maybe_text("status"), final_counter=final)


def _open(client: Client, token: str) -> WebSocket:
    """Open the websocket where this AWX has it; raises PushLost where it has none for us."""
    from websocket import (  # noqa: PLC0415  # only where a job is followed
        WebSocket,
        WebSocketBadStatusException,
        WebSocketException,
    )

    problem = ""
    for path in PATHS:
        address, headers, tls = client.websocket_options(path)
        connection = WebSocket(sslopt=tls)
        connection.settimeout(OPENING_S)
        # The time-out is one of each byte; an answer that trickles must end, too.
        alarm = Timer(OPENING_S, _cut, [connection])
        alarm.start()
        try:
            # No redirect is followed: a token goes to no other server.
            connection.connect(  # type: ignore[no-untyped-call]  # it has no types
                address, header=headers, cookie=f"csrftoken={token}", redirect_limit=0
            )
            if connection.getstatus() == SWITCHED:
                return connection
            problem = f"{address} answered {connection.getstatus()}"
        except WebSocketBadStatusException as error:
            problem = f"{address} answered {error.status_code}"
        except (WebSocketException, OSError, ValueError) as error:
            raise PushLost(f"{address}: {error}") from None
        finally:
            alarm.cancel()
        _cut(connection)
    raise PushLost(problem)


def _cut(connection: WebSocket) -> None:
    """Cut a connection, in whatever state it is."""
    sock = connection.sock  # the other thread may take it away meanwhile
    if sock:
        with suppress(OSError):
            sock.shutdown(SHUT_RDWR)
        sock.close()
