"""What a person sees on a terminal while a run goes on, and what is left of it at the end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests

from demo.server import DemoServer
from tests.e2e.conftest import LONGEST_S, PASSWORD, ROOT, keep_busy, let_end, new_jobs
from tests.terminal import Terminal, in_order, rendered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAIN = f"{sys.executable} {ROOT / 'main.py'}"
DEPLOYS = 9
DEPLOY = f"--template {DEPLOYS} --sync never"
FAST = 40.0
HOSTS = r"^  (changed \d  )?ok \d$|^  changed \d$"
SIGNS_OF_THE_REGION = ("✔ ping", "· history", "━", " of about ")


@pytest.fixture
def awx() -> Iterator[DemoServer]:
    """An embedded AWX as fast as life, until a test has seen what it wanted and makes haste."""
    with DemoServer(password=PASSWORD) as server:
        keep_busy(server, DEPLOYS)
        yield server


def make_haste(awx: DemoServer) -> None:
    awx.awx.speed = FAST
    let_end(awx, DEPLOYS)


class Shown:
    """A command that runs on a terminal."""

    def __init__(self, environment: dict[str, str], tmp_path: Path, terminal: Terminal) -> None:
        self.terminal = terminal
        self._environment = {**environment, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
        self._tmp_path = tmp_path

    def start(self, command: str, **env: str) -> None:
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}" if "|" not in command else command],
            env={**self._environment, **env}, cwd=self._tmp_path, stdin=self.terminal.theirs,
            stdout=self.terminal.theirs, stderr=self.terminal.theirs, start_new_session=True,
        )  # fmt: skip
        os.close(self.terminal.theirs)

    def end(self) -> int:
        """Return the exit code, when what is left on the terminal was checked."""
        self.terminal.until_end()
        left = "\n".join(self.terminal.everything)
        assert not [sign for sign in SIGNS_OF_THE_REGION if sign in left]
        assert "Traceback" not in left
        assert not self.terminal.screen.cursor.hidden
        return self.process.wait(LONGEST_S)

    def until_shown(self, *patterns: str) -> None:
        """Wait until all of these are on the screen."""
        terminal = self.terminal
        terminal.until(
            lambda: all(re.search(each, "\n".join(terminal.rows), re.M) for each in patterns)
        )

    @property
    def log(self) -> bytes:
        (path,) = (self._tmp_path / "logs" / "jobs").iterdir()
        return path.read_bytes()


@pytest.fixture
def shown(environment: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest) -> Shown:
    columns, rows = getattr(request, "param", (80, 24))
    return Shown(environment, tmp_path, Terminal(columns, rows))


def steps_are_there(rows: list[str]) -> bool:
    told = [match[1] for row in rows if (match := re.match(r"\[(\d+)/10\]", row))]
    return told == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize("shown", [(80, 24), (120, 40)], indirect=True)
def test_a_run_shows_what_is_under_way_and_leaves_what_is_permanent(
    awx: DemoServer, shown: Shown
) -> None:
    shown.start(f"{MAIN} {DEPLOY}")
    shown.until_shown(
        r"✔ launch\s+\S monitor  · stdout  · history$",
        r"^\S Deploy web \d+  running  \S+ s of about ",
        HOSTS,
        r"^  TASK \[",
    )
    make_haste(awx)
    assert shown.end() == 0
    everything = shown.terminal.everything
    columns, rows = shown.terminal.screen.columns, shown.terminal.screen.lines
    assert in_order(rendered(shown.log, columns, rows), everything)
    assert steps_are_there(everything)
    assert everything[-1] == "exit code 0"
    assert "" not in everything[-12:]


def test_a_terminal_that_is_made_narrower_and_wider_loses_nothing(
    awx: DemoServer, shown: Shown
) -> None:
    shown.start(f"{MAIN} {DEPLOY}")
    shown.until_shown(HOSTS)
    before = shown.terminal.everything
    shown.terminal.resize(60, 24)
    shown.until_shown(r"^\S project sync  .*  · history$", HOSTS)
    shown.terminal.resize(100, 24)
    shown.until_shown(r"\S monitor  · stdout  · history$")
    make_haste(awx)
    assert shown.end() == 0
    everything = shown.terminal.everything
    steps = [row[:50] for row in before if row.startswith("[")]
    assert in_order(steps, [row[:50] for row in everything])
    printed = [row[:50] for row in rendered(shown.log, 200, 24)]
    assert in_order(printed, [row[:50] for row in everything])


def test_ctrl_c_leaves_the_terminal_as_it_was(awx: DemoServer, shown: Shown) -> None:
    shown.start(f"{MAIN} {DEPLOY}")
    shown.until_shown(HOSTS)
    shown.process.send_signal(signal.SIGINT)
    shown.until_shown(r"^Deploy web \d+ is under way in AWX\. Cancel it\? \[Y/n\]$")
    shown.terminal.type("n\n")
    assert shown.end() == 130
    assert shown.terminal.everything[-1] == "exit code 130"
    assert "error: stopped by SIGINT" in shown.terminal.everything
    assert [run.status for run in new_jobs(awx)] == ["running"]


def test_behind_a_pipe_nothing_is_erased(awx: DemoServer, shown: Shown, tmp_path: Path) -> None:
    make_haste(awx)
    shown.start(f"{MAIN} {DEPLOY} | tee file")
    assert shown.end() == 0
    assert not re.search(rb"\x1b\[[0-9;?]*[A-LSTX-ln-z]", shown.terminal.raw)
    assert in_order(rendered(shown.log, 80, 24), shown.terminal.everything)
    assert steps_are_there(shown.terminal.everything)
    assert (tmp_path / "file").read_bytes() == shown.log


def test_output_to_a_file_is_the_log_and_the_rest_is_shown_without_colours(
    awx: DemoServer, shown: Shown, tmp_path: Path
) -> None:
    shown.start(f"{MAIN} {DEPLOY} > file", NO_COLOR="1")
    shown.until_shown("✔ launch", r"^  TASK \[", HOSTS)
    make_haste(awx)
    assert shown.end() == 0
    assert b"\x1b[J" in shown.terminal.raw
    assert not re.search(rb"\x1b\[[0-9;]*m", shown.terminal.raw)
    assert (tmp_path / "file").read_bytes() == shown.log
    assert steps_are_there(shown.terminal.everything)


def test_a_workflow_is_a_tree(awx: DemoServer, shown: Shown) -> None:
    launch = f"{awx.url}/api/v2/workflow_job_templates/22/launch/"
    job = requests.post(launch, auth=("admin", PASSWORD), timeout=LONGEST_S).json()["id"]
    shown.start(f"{MAIN} watch {job}")
    shown.until_shown(
        rf"^\S Release {job}  running  ",
        r"^├── \S Deploy web \d+  running  .*(ok|changed) \d",
        r"^└── · Apache health check  to come$",
    )
    make_haste(awx)
    assert shown.end() == 0
    assert in_order(rendered(shown.log, 80, 24), shown.terminal.everything)


def test_nothing_is_drawn_over_the_question_for_a_password(awx: DemoServer, shown: Shown) -> None:
    shown.start(f"env -u AWX_PASSWORD {MAIN} {DEPLOY}")
    shown.until_shown(r"^Password of admin at .*:$")
    assert b"\x1b[J" not in shown.terminal.raw
    os.write(shown.terminal.ours, f"{PASSWORD}\n".encode())
    shown.until_shown(r"^\S Deploy web \d+  running")
    make_haste(awx)
    assert shown.end() == 0
    assert PASSWORD not in "\n".join(shown.terminal.everything)
    assert steps_are_there(shown.terminal.everything)
