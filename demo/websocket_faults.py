"""Makes one websocket connection misbehave, on the real connection."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from demo.faults import Fault

TEXT_FRAME = 0x81
# A client may well drop the connection over any of these, so each connection gets one.
GARBAGE: tuple[str | bytes, ...] = (
    '{"unified_job_id": 1, "status": "succ',
    "",
    "[]",
    "7",
    "null",
    '"text"',
    "{}",
    '{"group_name": "jobs", "unified_job_id": "x", "status": 5}',
    '{"group_name": "jobs", "unified_job_id": null, "final_counter": "many"}',
    '{"group_name": "job_events", "job": [], "counter": "one", "stdout": null, "event_data": 1}',
    b"\xff\x00\xfe",
)
GARBAGE_ITEMS = len(GARBAGE)


async def misbehave(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one websocket the way the fault says; what the server sends are its messages."""
    if fault.kind == "ws_silent":
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
        return
    stage = _Stage(fault, scope, send)
    timer = asyncio.create_task(stage.end_in_time())
    try:
        await app(scope, receive, stage.send)
    finally:
        timer.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await timer


class _Stage:
    """Counts the messages that pass and strikes when it is time."""

    def __init__(self, fault: Fault, scope: Scope, send: Send) -> None:
        self.fault, self.scope, self._send = fault, scope, send
        self.passed = 0
        self.ended = False

    async def send(self, message: Message) -> None:
        """Pass a message on, unless the fault has something against it."""
        if self.ended:
            return
        if message["type"] != "websocket.send":
            await self._send(message)
            return
        number, self.passed = self.passed, self.passed + 1
        fault = self.fault
        if fault.kind == "ws_lose" and fault.after <= number < fault.after + fault.messages:
            return
        if fault.kind == "ws_garbage" and number == fault.after:
            item = GARBAGE[fault.next_garbage % GARBAGE_ITEMS]
            fault.next_garbage += 1
            key = "text" if isinstance(item, str) else "bytes"
            await self._send({"type": "websocket.send", key: item})
        if fault.kind == "ws_cut" and number == fault.after:
            self._cut(message["text"].encode())
            return
        await self._send(message)
        if fault.kind == "ws_close" and fault.after == number + 1:
            await self._end()

    async def end_in_time(self) -> None:
        """End the connection after a time, where the fault is of that kind."""
        if self.fault.kind == "ws_close" and not self.fault.after:
            await asyncio.sleep(self.fault.seconds)
            await self._end()

    async def _end(self) -> None:
        self.ended = True
        if self.fault.close_code:
            await self._send({"type": "websocket.close", "code": self.fault.close_code})
        else:
            self.scope["extensions"]["demo.transport"].close()

    def _cut(self, content: bytes) -> None:
        """Write half a frame and close the TCP connection."""
        self.ended = True
        transport = self.scope["extensions"]["demo.transport"]
        head = bytes([TEXT_FRAME, 127]) + struct.pack("!Q", len(content))
        transport.write(head + content[: len(content) // 2])
        transport.close()
