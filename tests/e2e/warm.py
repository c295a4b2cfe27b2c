"""Runs main.py as a process that need not begin from nothing: other people's packages are loaded.

Hundreds of processes would each spend most of their time on that. A process of ours that has them
forks for each run, and the child runs main.py as `python main.py` does; all of our own modules are
loaded anew each time.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
# What a run loads that is not ours, at its beginning or where it is needed.
OTHERS = (
    "argparse", "concurrent.futures", "getpass", "importlib.metadata", "ipaddress", "json", "jq",
    "logging.handlers", "oauthlib.oauth2", "platformdirs", "requests", "rich.console", "rich.live",
    "rich.text", "shutil", "subprocess", "tempfile", "urllib3", "websocket", "yaml",
)  # fmt: skip
# What an interpreter looks at when it begins, and never again.
AT_THE_BEGINNING = ("PYTHON", "LANG", "LC_")
# A number goes over the socket in so many digits.
NUMBER = 16


class Warm:
    """The process that forks, for one worker of the tests."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._busy = Lock()
        self._ours, theirs = socket.socketpair()
        self._environment = dict(environment)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                env=self._environment, pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip

    def close(self) -> None:
        """Let it end."""
        self._ours.close()
        self._process.communicate()

    def may_run(self, environment: Mapping[str, str]) -> bool:
        """Tell whether a process with that environment would begin as this one has."""
        return _first_looks(environment) == _first_looks(self._environment)

    def run(
        self,
        args: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        stdin: str,
        longest_s: float,
    ) -> tuple[int, str, str] | None:
        """Return exit code, standard output and standard error of a run of main.py.

        None where one is under way: runs that are to be that together need a process each.
        """
        if not self._busy.acquire(blocking=False):
            return None
        try:
            return self._run(args, environment, folder, stdin, longest_s)
        finally:
            self._busy.release()

    def _run(
        self,
        args: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        stdin: str,
        longest_s: float,
    ) -> tuple[int, str, str]:
        pipes = [os.pipe() for _ in range(3)]
        (in_read, in_write), (out_read, out_write), (err_read, err_write) = pipes
        what = {"args": list(args), "env": dict(environment), "folder": str(folder)}
        asked = json.dumps(what).encode()
        size = f"{len(asked):{NUMBER}}".encode()
        socket.send_fds(self._ours, [size], [in_read, out_write, err_write])
        self._ours.sendall(asked)
        for each in (in_read, out_write, err_write):
            os.close(each)
        texts: dict[int, str] = {}
        readers = [Thread(target=_read, args=(each, texts)) for each in (out_read, err_read)]
        for reader in readers:
            reader.start()
        with os.fdopen(in_write, "w") as stream:
            stream.write(stdin)
        self._ours.settimeout(longest_s)
        code = int(_exactly(self._ours, NUMBER))
        for reader in readers:
            reader.join(longest_s)
        return code, texts[out_read], texts[err_read]


def _first_looks(environment: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in environment.items() if k.startswith(AT_THE_BEGINNING)}


def _read(number: int, texts: dict[int, str]) -> None:
    with os.fdopen(number) as stream:
        texts[number] = stream.read()


def _exactly(connection: socket.socket, size: int) -> bytes:
    content = b""
    while len(content) < size:
        if not (more := connection.recv(size - len(content))):
            raise EOFError
        content += more
    return content


def serve(requests: socket.socket) -> None:
    """Fork for each request; return in the child, ready to run main.py."""
    for name in OTHERS:
        import_module(name)
    sys.path[0] = str(ROOT)
    while True:
        size, fds, _, _ = socket.recv_fds(requests, NUMBER, 3)
        if not size:
            sys.exit()
        asked = _exactly(requests, int(size))
        pid = os.fork()
        if not pid:
            _become(json.loads(asked), fds)
            return
        for each in fds:
            os.close(each)
        _, status = os.waitpid(pid, 0)
        requests.sendall(f"{os.waitstatus_to_exitcode(status):{NUMBER}}".encode())


def _become(asked: dict[str, object], fds: Sequence[int]) -> None:
    """Be the process that was asked for."""
    for number, each in enumerate(fds):
        os.dup2(each, number)
        os.close(each)
    environment, args = asked["env"], asked["args"]
    assert isinstance(environment, dict)
    assert isinstance(args, list)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(str(asked["folder"]))
    sys.argv = [str(ROOT / "main.py"), *args]
    signal.signal(signal.SIGINT, signal.default_int_handler)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as ours:
        serve(ours)
    runpy.run_path(str(ROOT / "main.py"), run_name="__main__")
