"""Runs main.py as a process that need not begin from nothing: what it imports is loaded.

Hundreds of processes would each spend most of their time on that. A process of ours that has it
forks for each run, as many at the same time as are asked for, and the child runs main.py as
`python main.py` does. No module looks at its surroundings while it is loaded, so that a run cannot
tell; those of the opt-in commands are loaded anew each time, and so are all of them in the many
tests that start a process of their own. Nor does it take all that apart at its end, which would
take longer than most runs do.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "main.py"
# What a run loads that is not ours, at its beginning or where it is needed.
OTHERS = (
    "argparse", "concurrent.futures", "getpass", "importlib.metadata", "ipaddress", "json", "jq",
    "jinja2.sandbox", "logging.handlers", "oauthlib.oauth2", "platformdirs", "requests",
    "rich.console", "rich.live", "rich.table", "rich.text", "shutil", "smtplib", "sqlite3",
    "subprocess", "tempfile", "urllib3", "websocket", "yaml", "zoneinfo",
)  # fmt: skip
# What an interpreter looks at when it begins, and never again.
AT_THE_BEGINNING = ("PYTHON", "LANG", "LC_")
NOT_THEN = ("PYTHON_KEYRING_BACKEND",)
# A number goes over the socket in so many digits.
NUMBER = 16


class Warm:
    """The process that forks, for one worker of the tests."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._ours, theirs = socket.socketpair()
        self._asking = Lock()
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
        *,
        script: Path = MAIN,
    ) -> tuple[int, str, str]:
        """Return exit code, standard output and standard error of a run of main.py.

        Another `script` may run it otherwise. Raises TimeoutError after `longest_s` seconds.
        """
        pipes = [os.pipe() for _ in range(4)]
        (in_read, in_write), (out_read, out_write), (err_read, err_write), (end, end_write) = pipes
        command = [str(script), *args]
        what = {"command": command, "env": dict(environment), "folder": str(folder)}
        theirs = [in_read, out_write, err_write, end_write]
        self._ask(json.dumps(what).encode(), theirs)
        for each in theirs:
            os.close(each)
        texts: dict[int, str] = {}
        readers = [Thread(target=_read, args=(each, texts)) for each in (out_read, err_read, end)]
        for reader in readers:
            reader.start()
        with suppress(BrokenPipeError), os.fdopen(in_write, "w") as stream:
            stream.write(stdin)
        for reader in readers:
            reader.join(longest_s)
            if reader.is_alive():
                raise TimeoutError(f"no end after {longest_s:g} s: {args}")
        return int(texts[end]), texts[out_read], texts[err_read]

    def _ask(self, asked: bytes, fds: Sequence[int]) -> None:
        with self._asking:
            socket.send_fds(self._ours, [f"{len(asked):{NUMBER}}".encode()], fds)
            self._ours.sendall(asked)


def _first_looks(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text
        for name, text in environment.items()
        if name.startswith(AT_THE_BEGINNING) and name not in NOT_THEN
    }


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


def _ours() -> Iterator[str]:
    """Name the modules of the program, but for those of its opt-in commands."""
    for path in (*ROOT.glob("*.py"), *(ROOT / "utils").rglob("*.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def serve(requests: socket.socket) -> None:
    """Fork for each request; return in the child, ready to run the script in sys.argv."""
    for name in OTHERS:
        import_module(name)
    sys.path[0] = str(ROOT)
    for name in _ours():
        import_module(name)
    ended, noted = os.pipe()
    for each in (ended, noted):
        os.set_blocking(each, False)
    signal.set_wakeup_fd(noted)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    runs: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([requests.fileno(), ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            _tell_ends(runs)
            continue
        size, fds, _, _ = socket.recv_fds(requests, NUMBER, 4)
        if not size:
            sys.exit()
        asked, end = json.loads(_exactly(requests, int(size))), fds.pop()
        if not (pid := os.fork()):
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _close(ended, noted, end, *runs.values())
            _become(asked, fds)
            return
        runs[pid] = end
        _close(*fds)


def _close(*fds: int) -> None:
    for each in fds:
        os.close(each)


def _tell_ends(runs: dict[int, int]) -> None:
    """Tell of each run that is over how it ended."""
    while runs:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with os.fdopen(runs.pop(pid), "w") as stream:
            stream.write(str(os.waitstatus_to_exitcode(status)))


def _become(asked: dict[str, object], fds: Sequence[int]) -> None:
    """Be the process that was asked for."""
    for number, each in enumerate(fds):
        os.dup2(each, number)
        os.close(each)
    environment, command = asked["env"], asked["command"]
    assert isinstance(environment, dict)
    assert isinstance(command, list)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(str(asked["folder"]))
    sys.argv = command
    signal.signal(signal.SIGINT, signal.default_int_handler)


class _End:
    """The end of a run: as an interpreter's own, but that memory is not freed piece by piece."""

    def __init__(self) -> None:
        """Be the last of what is called at the exit, having been asked for it first."""
        self._code: object = None
        atexit.register(self._leave)

    def of(self, run: Callable[[], object]) -> None:
        """Note what a run wants to exit with; one that ends otherwise ends as it always did."""
        try:
            run()
        except SystemExit as ended:
            self._code = ended.code
            raise

    def _leave(self) -> None:
        if not isinstance(self._code, int):
            return
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                return  # the interpreter says it, in its own way
        os._exit(self._code)


if __name__ == "__main__":
    end = _End()
    with socket.socket(fileno=int(sys.argv[1])) as ours:
        serve(ours)
    end.of(lambda: runpy.run_path(sys.argv[0], run_name="__main__"))
