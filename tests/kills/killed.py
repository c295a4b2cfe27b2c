"""Runs main.py and notes its moments in a file; at one of them its process kills itself.

    python -m tests.kills.killed TRAIL MOMENT NUMBER ARG...

A moment is just before the program sends something, moves or removes a file, or shows or notes
output; or just after a request is out whose answer it has not read. NUMBER says which of those of
the same name; at no moment, with 0.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

REQUEST = re.compile(rb"([A-Z]+) /(\S*) HTTP/")
HAS_BODY = re.compile(rb"\r\ncontent-length: [1-9]", re.IGNORECASE)
# What Python tells of no other way: a function in C, called in a file.
CALLS = {
    ("c_call", "flush", "output.py"): "output is shown",
    ("c_call", "write", "job_log.py"): "output is noted",
    ("c_call", "truncate", "job_log.py"): "noted output is cut",
    ("c_call", "send", "_socket.py"): "websocket is written to",
}
CALLED = frozenset({name for _, name, _ in CALLS} | {"sendall"})


class Moments:
    """Notes each moment, and ends this process at the one that is sought."""

    def __init__(self, trail: Path, sought: str, number: int) -> None:
        self._trail = os.open(trail, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        self._sought = sought, number
        self._seen: Counter[str] = Counter()
        self._request = ""
        self._has_more = False
        self._audited: dict[str, Callable[..., str]] = {
            "http.client.send": self._sends,
            "os.rename": _moves,
            "os.remove": _removes,
        }

    def audit(self, event: str, args: tuple[Any, ...]) -> None:
        """Take an event that Python tells of (`sys.addaudithook`)."""
        if told := self._audited.get(event):
            self._note(told(*args))

    def profile(self, frame: FrameType, event: str, function: object) -> None:
        """Take a call (`sys.setprofile`)."""
        if not event.startswith("c_"):
            return
        name = getattr(function, "__name__", "")
        if name not in CALLED:  # most by far, and this is asked at every call
            return
        file = Path(frame.f_code.co_filename).name
        if (event, name, file) == ("c_return", "sendall", "client.py") and not self._has_more:
            self._note(f"answer to {self._request}")
        self._note(CALLS.get((event, name, file), ""))

    def _note(self, moment: str) -> None:
        if not moment:
            return
        os.write(self._trail, f"{moment}\n".encode())
        self._seen[moment] += 1
        if (moment, self._seen[moment]) == self._sought:
            os.kill(os.getpid(), signal.SIGKILL)

    def _sends(self, _connection: object, data: bytes) -> str:
        if head := REQUEST.match(data):
            path = re.sub(rb"\d+", b"N", head[2].partition(b"?")[0].removeprefix(b"api/v2/"))
            self._request = f"{head[1].decode()} {path.decode()}"
            self._has_more = bool(HAS_BODY.search(data))
            return self._request
        self._has_more = False
        return f"body of {self._request}"


def _moves(source: str | Path, target: str | Path, *_: object) -> str:
    if str(target).endswith(".json"):
        entries = json.loads(Path(source).read_bytes())
        return f"journal: {entries['state']}{', exit code' * ('exit_code' in entries)}"
    if str(target).endswith(".part"):
        return "log is taken up again"
    return "log is moved" if str(target).endswith(".txt") else ""


def _removes(path: str | Path, *_: object) -> str:
    return "lock is removed" if str(path).endswith(".lock") else ""


if __name__ == "__main__":
    moments = Moments(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    sys.addaudithook(moments.audit)
    sys.setprofile(moments.profile)
    sys.exit(main.main(sys.argv[4:]))
