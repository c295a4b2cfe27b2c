"""Runs a command in a process of its own and says what it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser

ROOT = Path(__file__).resolve().parents[1]
AWX = ROOT / ".venv" / "awx" / "bin" / "awx"
MB = 1_000_000
SETTINGS = ("AWX", "CONTROLLER", "TOWER", "AAP", "PYTHON", "REQUESTS", "CURL")


@dataclass(frozen=True)
class Taken:
    """What a command took: seconds, seconds of CPU (user and system), peak resident memory in MB.

    `ended` is when it was over, on time.monotonic()'s clock, which all processes share.
    """

    seconds: float
    cpu_s: float
    peak_mb: float
    ended: float
    exit_code: int


# A small process in between: a child's peak begins with that of the process it was forked from.
METER = """
import json, resource, subprocess, sys, time
started = time.monotonic()
with open(sys.argv[1], "wb") as file:
    exit_code = subprocess.run(sys.argv[2:], stdout=file, stderr=subprocess.DEVNULL).returncode
ended = time.monotonic()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps([ended - started, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6,
                  ended, exit_code]))
"""


def measured(
    command: list[str], environment: dict[str, str], stdout: str | Path = os.devnull
) -> Taken:
    """Run a command, its standard output in a file, and return what it took."""
    done = subprocess.run(
        [sys.executable, "-c", METER, str(stdout), *command],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds, cpu_s, peak_mb, ended, exit_code = json.loads(done.stdout)
    return Taken(seconds, cpu_s, peak_mb, ended, int(exit_code))


def succeeded(command: list[str], environment: dict[str, str]) -> Taken:
    """Run a command and return what it took; raise RuntimeError where it does not exit with 0."""
    taken = measured(command, environment)
    if taken.exit_code:
        raise RuntimeError(f"{' '.join(command)} exited with {taken.exit_code}")
    return taken


def environment(url: str, token: str, folder: str | Path) -> dict[str, str]:
    """Return an environment in which both tools talk to that AWX and log in with that token.

    Nothing of the caller's own settings is left: no AWX, no proxy, no .netrc, and nothing that
    keeps Python from caching compiled code.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(SETTINGS) and not name.lower().endswith("_proxy")
    }
    return {
        **kept,
        "HOME": str(folder),
        "AWX_HOST": url,
        "AWX_TOKEN": token,
        "AWX_LOG_DIR": str(folder),
        "AWX_ENV_FILE": os.devnull,
        "CONTROLLER_HOST": url,
        "CONTROLLER_OAUTH_TOKEN": token,
    }


def ours(*args: str) -> list[str]:
    """Return the command line of this program."""
    return [sys.executable, str(ROOT / "main.py"), *args]


def existing(parser: ArgumentParser, command: str) -> str:
    """Return the path of the awx command, or end with a word on how to get it."""
    if not Path(command).exists():
        parser.error(f"there is no {command}: make installs it before a benchmark")
    return command
