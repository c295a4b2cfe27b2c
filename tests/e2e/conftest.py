"""main.py as a process, against the embedded AWX over loopback."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from demo.history import PastJob
from demo.model import JobTemplate
from demo.run_kinds import Job
from demo.server import DemoServer
from tests.e2e.warm import MAIN, Warm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse"
SPEED = 20.0
FEW = 10
LONGEST_S = 60.0


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int
    out: str
    err: str


class RunMain(Protocol):
    def __call__(self, *args: str, stdin: str = "", **env: str) -> Ended: ...


class RunProcess(Protocol):
    def __call__(
        self,
        args: Sequence[str],
        environment: Mapping[str, str],
        *,
        folder: Path = ...,
        stdin: str = "",
        script: Path = ...,
    ) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def awx() -> Iterator[DemoServer]:
    """An embedded AWX of this test's own, twenty times as fast as life.

    Its big inventory is small: of hundreds of tests one looks at it, and it takes long to make.
    """
    with DemoServer(password=PASSWORD, speed=SPEED, big=FEW) as server:
        yield server


def new_jobs(awx: DemoServer) -> list[Job]:
    """Return the jobs that were launched since the start, without those of the history."""
    return [run for run in awx.awx.runs(Job) if not isinstance(run, PastJob)]


LONG_MIGRATION = 12


def keep_busy(awx: DemoServer, template: int = LONG_MIGRATION) -> None:
    """Let the template's jobs run on, however slow this machine is, until they are let go."""
    awx.awx.get(JobTemplate, template).busy_until = math.inf


def let_end(awx: DemoServer, template: int = LONG_MIGRATION) -> None:
    """Let a template's jobs end that were kept busy."""
    awx.awx.get(JobTemplate, template).busy_until = awx.awx.now()
    awx.awx.scheduler.changed()


@pytest.fixture(scope="session", autouse=True)
def _signals_that_reach() -> None:
    """Let processes take the signals that `nohup make test &` has them ignore."""
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder for compiled code, since hundreds of processes would each compile all of it.

    The workers of pytest-xdist, whose folders are below that of the whole run, have it in common.
    """
    base = tmp_path_factory.getbasetemp()
    return str((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "compiled")


@pytest.fixture
def environment(awx: DemoServer, tmp_path: Path, compiled: str) -> dict[str, str]:
    """What a process gets to know: nothing of the developer's own AWX."""
    return {
        **_undeveloped(compiled),
        "AWX_HOST": awx.url,
        "AWX_PASSWORD": PASSWORD,
        "AWX_LOG_DIR": str(tmp_path / "logs"),
        "AWX_ENV_FILE": os.devnull,
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }


def _undeveloped(compiled: str) -> dict[str, str]:
    """Return the developer's environment without what is his own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if "AWX" not in name and not name.startswith("PYTHON")
    }
    return {
        **kept,
        "PYTHONPYCACHEPREFIX": compiled,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }


@pytest.fixture(scope="session")
def warm(compiled: str) -> Iterator[Warm]:
    """A process that has begun already, for runs that need not begin from nothing."""
    made = Warm(_undeveloped(compiled))
    yield made
    made.close()


@pytest.fixture
def process(warm: Warm) -> RunProcess:
    """Runs main.py to its end, from the process that has begun already where that is the same."""

    def run(
        args: Sequence[str],
        environment: Mapping[str, str],
        *,
        folder: Path = ROOT,
        stdin: str = "",
        script: Path = MAIN,
    ) -> subprocess.CompletedProcess[str]:
        if warm.may_run(environment):
            ended = warm.run(args, environment, folder, stdin, LONGEST_S, script=script)
            return subprocess.CompletedProcess(args, *ended)
        return subprocess.run(
            [sys.executable, str(script), *args], env=environment, input=stdin, capture_output=True,
            text=True, timeout=LONGEST_S, cwd=folder, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def main(environment: dict[str, str], tmp_path: Path, process: RunProcess) -> RunMain:
    """Runs main.py to its end and checks what holds for every run: no traceback, no secret."""
    return _checking(environment, tmp_path, process, MAIN)


@pytest.fixture
def impatient(environment: dict[str, str], tmp_path: Path, process: RunProcess) -> RunMain:
    """Is as `main`, and does not wait long for an AWX that is not there or answers nonsense."""
    return _checking(environment, tmp_path, process, Path(__file__).with_name("impatient.py"))


def _checking(
    environment: dict[str, str], folder: Path, process: RunProcess, script: Path
) -> RunMain:
    def run(*args: str, stdin: str = "", **env: str) -> Ended:
        now = {**environment, **env}
        done = process(args, now, folder=folder, stdin=stdin, script=script)
        ended = Ended(done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in ended.out + ended.err
        assert ended.code != 70, ended.err
        assert PASSWORD not in ended.out + ended.err
        return ended

    return run
