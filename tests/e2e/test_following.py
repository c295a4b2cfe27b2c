"""Following a job: whole and in order, whatever happens to what AWX pushes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from demo.faults import Fault
from demo.websocket_faults import GARBAGE_ITEMS
from tests.e2e.conftest import LONGEST_S, ROOT
from tests.e2e.test_interruptions import running, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain

# main.py, with a second in place of the longest wait for the last output.
IMPATIENT = """
import sys
import utils.waiting
utils.waiting.STORED_WITHIN_S = 1.0
import main
sys.exit(main.main())
"""


def websockets(awx: DemoServer) -> list[int]:
    return [status for method, _, status in awx.awx.requests if method == "WS"]


def event_requests(awx: DemoServer) -> int:
    return sum("/job_events/" in path for _, path, _ in awx.awx.requests)


def test_a_pushed_job_costs_next_to_no_requests(
    awx: DemoServer, environment: dict[str, str]
) -> None:
    # Twenty times as fast as life, the job would begin before anybody can listen.
    awx.awx.enable_instance(enabled=False)
    args = ("--template", "Long migration", "--sync", "never", "--history", "0")
    with running(environment, *args) as process:
        wait_until(lambda: websockets(awx))
        awx.awx.enable_instance(enabled=True)
        out, _ = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 0
    assert websockets(awx) == [101]
    details = sum(bool(re.search(r"/jobs/\d+/$", path)) for _, path, _ in awx.awx.requests)
    # What it does is pushed: only its end is looked at, and its beginning where a machine is so
    # slow that nothing is heard of it for a moment.
    assert details <= 2
    # A minute of a line every two seconds, in three seconds of real time.
    assert event_requests(awx) <= 8
    assert out.count("\n") > 30


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault("status", "WS", code=403, times=None), id="refused"),
        pytest.param(Fault("status", "WS", code=404, times=None), id="not there"),
        pytest.param(Fault("status", "WS", code=502, times=None), id="proxied away"),
        pytest.param(Fault("ws_close", after=3), id="closed in between"),
        pytest.param(Fault("ws_close", after=2, close_code=0), id="dropped in between"),
        pytest.param(Fault("ws_cut", after=4), id="cut in the middle of a frame"),
        pytest.param(Fault("ws_lose", after=3), id="messages lost"),
        pytest.param(Fault("ws_garbage", after=3, times=None), id="garbage"),
    ],
)
@pytest.mark.parametrize("template", ["Deploy web", "Big output"])
def test_the_output_is_whole_whatever_happens_to_the_websocket(
    awx: DemoServer, main: RunMain, tmp_path: Path, fault: Fault, template: str
) -> None:
    awx.faults.add(fault)
    ended = main("--template", template, "--sync", "never", "--history", "0")
    assert ended.code == 0
    assert websockets(awx)
    (log,) = (tmp_path / "logs" / "jobs").glob("*.txt")
    assert ended.out == log.read_text()
    assert ended.out == main("logs", log.stem).out


def test_a_failed_job_says_which_host_failed_where_and_why_also_when_quiet(main: RunMain) -> None:
    ended = main("--template", "Failing deploy", "--sync", "never", "--quiet")
    assert ended.code == 1
    assert "failed web02, task 'Install nginx'" in ended.err
    assert "No package matching" in ended.err
    assert re.search(r"error: job \d+ failed", ended.err)


def test_unreachable_hosts_are_told_apart(main: RunMain) -> None:
    ended = main("--template", "Unreachable hosts", "--sync", "never")
    assert ended.code == 1
    assert "unreachable dead01: " in ended.err


def test_a_job_that_is_over_is_shown_whole_without_a_websocket(
    awx: DemoServer, main: RunMain
) -> None:
    ended = main("--template", "9", "--sync", "never", "-o", "json")
    job = str(json.loads(ended.out)["job"]["id"])
    opened = len(websockets(awx))
    again = main("watch", job)
    assert again.out == main("logs", job).out
    assert len(websockets(awx)) == opened


def test_a_broken_worker_ends_with_1_within_bounds(main: RunMain) -> None:
    ended = main("--template", "Broken worker", "--sync", "never")
    assert ended.code == 1
    assert "is error" in ended.err


@pytest.mark.parametrize(
    ("template", "pushed", "told"), [("Long migration", True, False), ("Prompts", False, True)]
)
def test_without_awxs_word_that_all_is_stored_the_end_comes_all_the_same(
    awx: DemoServer, main: RunMain, environment: dict[str, str],
    *, template: str, pushed: bool, told: bool,
) -> None:  # fmt: skip
    """The websocket tells the number of the last event; without it the wait is bounded."""
    awx.awx.says_stored = False
    if not pushed:
        awx.faults.add(Fault("status", "WS", code=404, times=None))
    ended = subprocess.run(
        [sys.executable, "-c", IMPATIENT, "launch", "--template", template, "--watch"],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST_S, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    awx.awx.says_stored = True
    assert ended.stdout == main("logs", "550").out
    assert ("does not say that all output" in ended.stderr) is told


def test_a_job_that_never_began_has_an_empty_log(
    awx: DemoServer, main: RunMain, tmp_path: Path
) -> None:
    awx.awx.enable_instance(enabled=False)
    job = main("launch", "--template", "Prompts").out.strip()
    assert main("cancel", job, "--yes").code == 0
    ended = main("watch", job)
    assert (ended.code, ended.out) == (8, "")
    assert (tmp_path / "logs" / "jobs" / f"{job}.txt").read_bytes() == b""


@pytest.mark.parametrize("item", range(GARBAGE_ITEMS))
def test_no_nonsense_on_the_websocket_ends_the_following(
    awx: DemoServer, main: RunMain, item: int
) -> None:
    fault = awx.faults.add(Fault("ws_garbage", after=2))
    fault.next_garbage = item
    ended = main("launch", "--template", "9", "--watch")
    assert ended.code == 0, ended.err
    assert ended.out == main("logs", "550").out
