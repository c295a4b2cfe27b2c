"""A run against an embedded AWX, killed at a point, and what is left of it."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import measuring
from demo.history import PastJob
from demo.run_kinds import Job
from tests.faults.awx import Awx
from tests.faults.matrix import leaks
from tests.kills.observed import Observed
from tests.kills.points import MAKE_TOKEN, SENT, STUCK

if TYPE_CHECKING:
    from pathlib import Path

    from demo.server import DemoServer
    from tests.kills.points import Point, Run

LONGEST_S = 60.0
STUCK_S = 0.2
PIPE_BYTES = 4096


@dataclass(frozen=True)
class Ended:
    """How a process ended: killed, with a code below zero."""

    code: int
    out: bytes
    err: bytes


class Trial:
    """A run against an embedded AWX of its own, with a folder for its files."""

    def __init__(self, run: Run, server: DemoServer, folder: Path, compiled: str) -> None:
        self.run = run
        self._server = server
        self._folder = folder
        self._logs = folder / "logs"
        self._logs.mkdir()
        self.environment = {
            **measuring.environment(server.url, "", self._logs),
            "AWX_USERNAME": "admin",
            "AWX_PASSWORD": server.password,
            "PYTHONPYCACHEPREFIX": compiled,
        }
        self._ended: list[Ended] = []

    def process(self, *args: str) -> Ended:
        """Run main.py to its end."""
        return self._note(self._start(measuring.ours(*args)))

    def killed(self, point: Point, *args: str) -> tuple[Ended, list[str]]:
        """Run main.py until it is killed, or to its end; return that, and its moments."""
        if point.moment == STUCK:
            ended = self._note(self._start(measuring.ours(*args)), point.number)
            return ended, [SENT, f"answer to {MAKE_TOKEN}"]
        trail = self._folder / f"trail{len(self._ended)}"
        command = [sys.executable, "-m", "tests.kills.killed", str(trail), point.moment]
        ended = self._note(self._start([*command, str(point.number), *args]))
        return ended, trail.read_text().splitlines() if trail.exists() else []

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, env=self.environment, cwd=measuring.ROOT, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def _note(self, process: subprocess.Popen[bytes], stuck_after: int = 0) -> Ended:
        with process:
            read = _read_until_stuck(process, stuck_after) if stuck_after else b""
            out, err = process.communicate(timeout=LONGEST_S)
        self._ended.append(Ended(process.returncode, read + out, err))
        return self._ended[-1]

    def state(self) -> str:
        """Return what the journal of the run says, empty where there is none."""
        states = [json.loads(path.read_bytes()) for path in self._logs.glob("runs/*.json")]
        return ", ".join(str(each.get("state", "started")) for each in states)

    def noted_code(self) -> int:
        """Return the exit code that the journal of the run has; -1 where it has none."""
        (path,) = self._logs.glob("runs/*.json")
        return int(json.loads(path.read_bytes()).get("exit_code", -1))

    def observed(self, point: Point, **found: object) -> Observed:
        """Look at all that is left after the last process."""
        jobs = [each for each in self._server.awx.runs(Job) if not isinstance(each, PastJob)]
        awx = Awx(self._server.url, "admin", self._server.password)
        text = b"".join(awx.text_of_job(job.id) for job in jobs)
        logs = [self._logs / "jobs" / f"{job.id}.txt" for job in jobs]
        shown = b"".join(each.out for each in self._ended)
        repeated = self._repeated(text)
        wanted = {self._logs / "awx.log", *logs, *self._logs.glob("runs/*.json")}
        files = {path for path in self._logs.rglob("*") if path.is_file()}
        done = subprocess.CompletedProcess(
            [], 0, shown.decode(), b"".join(each.err for each in self._ended).decode()
        )
        return Observed(
            self.run,
            point,
            state=self.state(),
            jobs=len(jobs),
            is_log_right=b"".join(log.read_bytes() for log in logs if log.exists()) == text,
            is_output_right=shown == text or bool(repeated),
            repeated=repeated,
            litter=tuple(sorted(path.name for path in files - wanted)),
            leaks=tuple(leaks(done, self._logs, [self._server.password])),
            **found,  # type: ignore[arg-type]  # the rest of its fields
        )

    def _repeated(self, text: bytes) -> bytes:
        """Return the end of one process's output with which that of the next begins again."""
        outs = [each.out for each in self._ended]
        more = len(b"".join(outs)) - len(text)
        for number in range(1, len(outs) if more > 0 else 0):
            before, after = b"".join(outs[:number]), b"".join(outs[number:])
            if before + after[more:] == text and before.endswith(after[:more]):
                return after[:more]
        return b""

    def live_tokens(self) -> int:
        """Return how many tokens AWX takes."""
        return len(self._server.awx.tokens)


def _read_until_stuck(process: subprocess.Popen[bytes], number: int) -> bytes:
    """Read so many bytes, let the pipe fill up, and kill the process that waits for its reader."""
    assert process.stdout
    pipe, read = process.stdout.fileno(), b""
    fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    while len(read) < number and (more := os.read(pipe, number - len(read))):
        read += more
    deadline = time.monotonic() + LONGEST_S
    before = -1
    while (waiting := _waiting_bytes(pipe)) != before or not waiting:
        assert time.monotonic() < deadline, "the pipe does not fill up"
        before = waiting
        time.sleep(STUCK_S)
    process.send_signal(signal.SIGKILL)
    return read


def _waiting_bytes(pipe: int) -> int:
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4), sys.byteorder)
