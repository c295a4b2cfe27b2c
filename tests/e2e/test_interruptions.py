"""Signals, readers who go away, and terminals."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.faults import Fault
from tests.e2e.conftest import LONGEST_S, ROOT, keep_busy, let_end, new_jobs
from utils import job_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain

MAIN = [sys.executable, str(ROOT / "main.py")]


def start(environment: dict[str, str], *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*MAIN, *args], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def running(environment: dict[str, str], *args: str) -> Iterator[subprocess.Popen[str]]:
    """A process that is there only as long as the test wants it."""
    with start(environment, *args) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONGEST_S
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def asked(awx: DemoServer, pattern: str) -> bool:
    return any(re.search(pattern, f"{method} {path}") for method, path, _ in awx.awx.requests)


LONG = ("--template", "Long migration", "--sync", "never")


def begun(awx: DemoServer) -> bool:
    """Tell whether the job prints already."""
    return any(run.status == "running" and run.stored_events() for run in new_jobs(awx))


def is_complete(awx: DemoServer, tmp_path: Path) -> bool:
    """Tell whether the saved log of the only job is all that its events print."""
    (run,) = new_jobs(awx)
    texts = (event.stdout for event in run.happened())
    log = (tmp_path / "logs" / "jobs" / f"{run.id}.txt").read_bytes()
    return log == job_text.plain(b"".join(map(job_text.of_event, texts)))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_cancels_the_job_saves_its_log_and_gives_the_token_back(
    awx: DemoServer,
    environment: dict[str, str],
    tmp_path: Path,
    number: signal.Signals,
    code: int,
) -> None:
    keep_busy(awx)
    process = start(environment, *LONG)
    wait_until(lambda: begun(awx))
    process.send_signal(number)
    out, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == code
    assert f"stopped by {number.name}" in err
    assert "Traceback" not in err
    (run,) = new_jobs(awx)
    assert run.status == "canceled"
    assert is_complete(awx, tmp_path)
    assert out == (tmp_path / "logs" / "jobs" / f"{run.id}.txt").read_text()
    assert '"state": "ended"' in journal(tmp_path)
    assert awx.awx.tokens == {}


@pytest.mark.parametrize("how", ["--on-interrupt leave", "the window is closed"])
def test_a_job_may_be_left_and_gone_on_with(
    awx: DemoServer, environment: dict[str, str], main: RunMain, tmp_path: Path, how: str
) -> None:
    leave = ("--on-interrupt", "leave") if how.startswith("--") else ()
    keep_busy(awx)
    process = start(environment, *LONG, *leave)
    wait_until(lambda: begun(awx))
    process.send_signal(signal.SIGTERM if leave else signal.SIGHUP)
    out, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 143
    (run,) = new_jobs(awx)
    assert run.status == "running"
    assert awx.awx.tokens == {}
    assert re.search(r"next: python main.py resume \S+\n.*next: python main.py cancel \d+", err)
    let_end(awx)
    resumed = main("resume")
    assert resumed.code == 0
    assert out + resumed.out == (tmp_path / "logs" / "jobs" / f"{run.id}.txt").read_text()
    assert is_complete(awx, tmp_path)
    assert awx.awx.tokens == {}
    assert main("resume").code == 2


def test_a_second_signal_leaves_at_once_and_says_how_to_go_on(
    awx: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    keep_busy(awx)
    process = start(environment, *LONG)
    wait_until(lambda: begun(awx))
    awx.faults.add(Fault("stall", "POST", "/cancel/", seconds=3.0))
    process.send_signal(signal.SIGTERM)
    wait_until(lambda: "canceling" in awx_log(tmp_path))
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 143
    assert "leaving at once" in err
    assert re.search(r"next: python main.py resume \S+", err)
    assert awx.awx.tokens == {}


@pytest.mark.parametrize(("what", "status"), [("cancel", "canceled"), ("leave", "running")])
def test_the_time_is_over(
    awx: DemoServer, main: RunMain, tmp_path: Path, what: str, status: str
) -> None:
    keep_busy(awx)
    ended = main(*LONG, "--timeout", "3s", "--on-timeout", what, "-o", "json")
    assert ended.code == 7
    assert "the time for it is over (--timeout)" in ended.err
    assert json.loads(ended.out)["exit_code"] == 7
    (run,) = new_jobs(awx)
    assert run.status == status
    assert awx.awx.tokens == {}
    if what == "cancel":
        assert is_complete(awx, tmp_path)


def test_the_time_is_over_before_anything_is_launched(awx: DemoServer, main: RunMain) -> None:
    awx.faults.add(Fault("stall", "GET", "/hosts/", seconds=5.0))
    assert main("--template", "9", "--timeout", "1s").code == 7
    assert new_jobs(awx) == []
    assert awx.awx.tokens == {}


def test_watching_somebody_elses_job_never_cancels_it(
    awx: DemoServer, environment: dict[str, str], main: RunMain
) -> None:
    keep_busy(awx)
    job = main("launch", "--template", "Long migration").out.strip()
    assert main("watch", job, "--timeout", "1s").code == 7
    awx.awx.requests.clear()
    process = start(environment, "watch", job)
    wait_until(lambda: "WS" in [method for method, *_ in awx.awx.requests])
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=LONGEST_S)
    assert process.returncode == 143
    assert [run.status for run in new_jobs(awx)] == ["running"]


def test_a_signal_while_the_launch_is_under_way_does_not_lose_the_job(
    awx: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    keep_busy(awx, 9)
    stall = awx.faults.add(Fault("stall", "POST", "/launch/", seconds=1.0))
    process = start(environment, "--template", "9", "--sync", "never")
    wait_until(lambda: stall.times == 0)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=LONGEST_S)
    assert process.returncode == 143
    assert re.search(r'"job": \d+', journal(tmp_path))
    assert [run.status for run in new_jobs(awx)] == ["canceled"]


def awx_log(tmp_path: Path) -> str:
    return (tmp_path / "logs" / "awx.log").read_text()


def journal(tmp_path: Path) -> str:
    return "".join(path.read_text() for path in (tmp_path / "logs" / "runs").glob("*.json"))


def test_a_reader_who_goes_away_ends_neither_the_run_nor_the_log(
    environment: dict[str, str], tmp_path: Path
) -> None:
    process = start(environment, "--template", "Big output", "--sync", "never")
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(LONGEST_S) == 0
    assert "BrokenPipe" not in err
    (log,) = (tmp_path / "logs" / "jobs").glob("*.txt")
    assert "PLAY RECAP" in log.read_text()


def test_a_full_disk_behind_standard_output_is_told_and_the_run_goes_on(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*MAIN, "--template", "9", "--sync", "never"], env=environment, text=True,
            stdout=full, stderr=subprocess.PIPE, timeout=LONGEST_S, check=False,
        )  # fmt: skip
        assert done.returncode == 0
        assert "cannot write standard output (No space left on device)" in done.stderr
        assert len(list((tmp_path / "logs" / "jobs").glob("*.txt"))) == 1
        ping = subprocess.run(
            [*MAIN, "ping"], env=environment, text=True,
            stdout=full, stderr=subprocess.PIPE, timeout=LONGEST_S, check=False,
        )  # fmt: skip
        assert ping.returncode == 2
        assert "cannot write standard output" in ping.stderr


def on_a_terminal(environment: dict[str, str], *args: str) -> str:
    """Run on a pseudo-terminal and return all that was shown there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*MAIN, *args], env=environment, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other side is gone
            break
        if not part:
            break
        shown += part
    os.close(ours)
    process.wait(LONGEST_S)
    return shown.decode().replace("\r\n", "\n")


def test_a_terminal_shows_the_jobs_colours_and_no_time_stamps(environment: dict[str, str]) -> None:
    shown = on_a_terminal(environment, "--template", "9", "--sync", "never")
    assert "\x1b[0;32mok: [web01]" in shown
    assert "\n[1/10] ping" in f"\n{shown}"
    assert not re.search(r"\d\d:\d\d:\d\d\S* \[1/10\]", shown)


def test_no_color_is_honoured_on_a_terminal(environment: dict[str, str]) -> None:
    args = ("--template", "Failing deploy", "--sync", "never")
    assert "\x1b" in on_a_terminal(environment, *args)
    assert "\x1b" not in on_a_terminal({**environment, "NO_COLOR": "1"}, *args)
    assert "\x1b" not in on_a_terminal(environment, *args, "--no-color")


def test_a_terminal_that_is_gone_ends_neither_the_run_nor_the_log(
    awx: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*MAIN, *LONG], env={**environment, "TERM": "xterm"}, stdin=theirs, stdout=theirs,
        stderr=theirs, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        wait_until(lambda: begun(awx))
        os.close(ours)
        assert process.wait(LONGEST_S) == 0
    assert is_complete(awx, tmp_path)
    assert awx.awx.tokens == {}


def test_a_reader_who_holds_output_up_does_not_hold_the_end_up(
    awx: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    """As `| less` does: nothing is read, and the pipe is full."""
    process = start(environment, "--template", "Big output", "--sync", "never")
    assert process.stdout
    assert process.stderr
    # It may be over in no time: whoever shows what it printed is held up all the same.
    wait_until(lambda: any(run.stored_events() for run in new_jobs(awx)))
    time.sleep(1.0)  # until the pipe is full, which nobody sees
    process.send_signal(signal.SIGTERM)
    wait_until(lambda: "canceling" in awx_log(tmp_path))
    process.send_signal(signal.SIGTERM)
    assert process.wait(LONGEST_S) == 143
    process.stdout.close()
    process.stderr.close()
    assert awx.awx.tokens == {}


def test_a_run_is_gone_on_with_as_it_was_set_wherever_that_came_from(
    awx: DemoServer, environment: dict[str, str], main: RunMain, tmp_path: Path
) -> None:
    awx.faults.add(Fault("stall", "POST", "/update/", seconds=2.0))
    process = start({**environment, "AWX_LIMIT": "web01"}, "--template", "Prompts")
    wait_until(lambda: asked(awx, "GET .*/projects/"))
    process.kill()
    process.communicate()
    assert '"state": "started"' in journal(tmp_path)
    assert main("resume").code == 0
    (run,) = new_jobs(awx)
    assert run.prompts.limit == "web01"
    with_secrets = {**environment, "AWX_EXTRA_VARS": "version=1"}
    awx.faults.add(Fault("stall", "GET", "/hosts/", seconds=2.0))
    process = start(with_secrets, "--template", "Prompts", "--sync", "never")
    wait_until(lambda: journal(tmp_path).count('"command"') == 2)
    process.kill()
    process.communicate()
    assert main("resume").code == 2
    assert len(new_jobs(awx)) == 1


def test_the_time_that_watch_has_is_also_that_of_signing_in(awx: DemoServer, main: RunMain) -> None:
    ended = main("watch", "40", "--timeout", "1s", "--password-command", "sleep 61")
    assert ended.code == 7, ended.err
    assert "(--timeout)" in ended.err
    assert awx.awx.requests == []
