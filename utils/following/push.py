"""What AWX pushes over its websocket: events and changes of status within a moment.

The handshake and the messages are those of AWX 24.6.1's `/websocket/`: a token (or user and
password) in the Authorization header, and a value of our own both in the cookie `csrftoken` and in
the subscription.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR
from threading import Timer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from utils import logger
from utils.api_root import USUAL_PREFIX
from utils.errors import Unreachable
from utils.following.news import News
from utils.json_text import parse
from utils.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from websocket import WebSocket

    from utils.awx_client import Client
    from utils.jobs import Launched

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
JOB_KEYS = {group: kind for kind, group in EVENT_GROUPS.items()}


class PushLost(Exception):
    """The websocket cannot be opened, or is gone; the text says why."""


class Push:
    """A connection with what AWX pushes of some jobs; raises PushLost where there is none."""

    def __init__(self, client: Client) -> None:
        self._token = os.urandom(16).hex()
        self._socket = _open(client, self._token)

    def subscribe(self, jobs: Iterable[Launched]) -> None:
        """Let changes of all jobs' statuses come, and the events of these; of no others any more.

        Raises PushLost where the connection is gone.
        """
        groups: dict[str, list[object]] = {"jobs": ["status_changed", "summary"]}
        for job in jobs:
            if job.kind in EVENT_GROUPS:
                groups.setdefault(EVENT_GROUPS[job.kind], []).append(job.job_id)
        message = json.dumps({"groups": groups, "xrftoken": self._token})
        with _as_lost():
            self._socket.send(message)

    def wait(self, seconds: float) -> News | None:
        """Return the next thing that AWX tells of a job, or None after that time.

        Raises PushLost where the connection is gone, or the subscription is refused.
        """
        from websocket import ABNF, WebSocketTimeoutException  # noqa: PLC0415  # slow to import

        self._socket.settimeout(max(seconds, SHORTEST_WAIT_S))
        with _as_lost():
            try:
                # With control frames, since a ping must not be waited past: it is no news.
                opcode, frame = self._socket.recv_data_frame(control_frame=True)
            except WebSocketTimeoutException:
                return None
            if opcode == ABNF.OPCODE_CLOSE:
                raise PushLost("websocket: AWX closed it")
            if opcode not in {ABNF.OPCODE_TEXT, ABNF.OPCODE_BINARY} or not frame.data:
                return None
            message = parse(frame.data)
        if not isinstance(message, dict) or "error" in message or "close" in message:
            raise PushLost(f"websocket: {str(frame.data)[:80]}")
        return _read(Record(message, "websocket"))

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        with suppress(Exception):
            self._socket.close(timeout=0)


def _read(message: Record) -> News | None:
    """Return what a message tells of a job, if it does."""
    if "counter" in message and "event" in message:
        key = JOB_KEYS.get(message.maybe_text("group_name"), "job")
        return News(message.integer(key), events=[message])
    if "unified_job_id" not in message:
        return None
    status = message.maybe_text("status")
    # A cancel is told when it is asked for, too; the job may then go on for a while.
    is_hint = status == "canceled" and "finished" not in message
    return News(
        message.integer("unified_job_id"),
        status="" if is_hint else status,
        final_counter=message.maybe_integer("final_counter"),
        workflow_id=message.maybe_integer("workflow_job_id"),
        is_hint=is_hint,
    )


@contextmanager
def _as_lost() -> Iterator[None]:
    """Turn what a broken connection raises into PushLost."""
    from websocket import WebSocketException  # noqa: PLC0415  # slow to import

    try:
        yield
    except (WebSocketException, OSError, ValueError) as error:
        raise PushLost(f"websocket: {error or type(error).__name__}") from None


def _open(client: Client, token: str) -> WebSocket:
    """Open the websocket where this AWX has it; raises PushLost where it has none for us."""
    from websocket import (  # noqa: PLC0415  # only where a job is followed
        WebSocket,
        WebSocketBadStatusException,
        WebSocketException,
    )

    problem = ""
    # Below another prefix there is a gateway or a proxy, which may pass only that on.
    beside_api = client.prefix.removeprefix(urlsplit(client.host).path) + "websocket/"
    for path in PATHS[:1] if client.prefix == USUAL_PREFIX else (beside_api, *PATHS):
        try:
            address, headers, tls, proxy = client.websocket_options(path, token)
        except Unreachable as error:
            raise PushLost(str(error)) from None
        connection = WebSocket(sslopt=tls)
        connection.settimeout(OPENING_S)
        # The time-out is one of each byte; an answer that trickles must end, too.
        alarm = Timer(OPENING_S, _cut, [connection])
        alarm.start()
        try:
            # No redirect is followed: a token goes to no other server.
            connection.connect(  # type: ignore[no-untyped-call]  # it has no types
                address, header=headers, redirect_limit=0, **proxy
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
