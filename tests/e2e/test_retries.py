"""Failed jobs that are started again, the way a careful operator would."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from demo.faults import Fault
from tests.e2e.conftest import LONGEST_S, ROOT, new_jobs

if TYPE_CHECKING:
    from pathlib import Path

    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain

FLAKY = ("--template", "Flaky deploy", "--sync", "never", "--history", "0")
FAILING = ("--template", "Failing deploy", "--sync", "never", "--history", "0")
SOON = ("--retry-delay", "0.1s")


def relaunches(awx: DemoServer) -> list[str]:
    return [
        path
        for method, path, _ in awx.awx.requests
        if (method, path[-10:]) == ("POST", "/relaunch/")
    ]


def test_what_fails_and_passes_when_started_again_is_a_success_and_its_hosts_are_flaky(
    awx: DemoServer, main: RunMain, tmp_path: Path
) -> None:
    ended = main(*FLAKY, "--retries", "2", *SOON, "-o", "json")
    assert ended.code == 0, ended.err
    first, second = new_jobs(awx)
    assert relaunches(awx) == [f"/api/v2/jobs/{first.id}/relaunch/"]
    document = json.loads(ended.out)
    attempts = [(each["id"], each["status"]) for each in document["attempts"]]
    assert attempts == [(first.id, "failed"), (second.id, "successful")]
    failed = document["attempts"][0]["failed_hosts"]
    assert second.prompts.limit == ",".join(failed)
    for host in failed:
        told = f"flaky: {host} failed in job {first.id} and passed in job {second.id}"
        assert told in document["warnings"]
    assert document["job"]["id"] == second.id
    for job in (first, second):
        assert (tmp_path / "logs" / "jobs" / f"{job.id}.txt").is_file()
    assert not list((tmp_path / "logs" / "runs").glob("*.part"))


def test_the_exit_code_is_that_of_the_last_attempt(awx: DemoServer, main: RunMain) -> None:
    ended = main(*FAILING, "--retries", "2", "--retry-backoff", "1", *SOON)
    assert ended.code == 1
    assert len(new_jobs(awx)) == 3
    assert ended.out.count("PLAY RECAP") == 3
    assert "attempt 3 of 3" in ended.err


@pytest.mark.parametrize(
    ("flags", "jobs"),
    [
        (("--retry-on", "error"), 1),
        (("--retry-if", ".job.host_status_counts.dark"), 1),
        (("--retry-if", ".job.host_status_counts.failures > 0"), 2),
        (("--retry-if", ".job.status[0]"), 1),
        (("--retry-hosts", "all"), 2),
    ],
)
def test_when_and_on_what(
    awx: DemoServer, main: RunMain, flags: tuple[str, ...], jobs: int
) -> None:
    ended = main(*FAILING, "--retries", "1", *SOON, *flags)
    assert ended.code == 1
    assert len(new_jobs(awx)) == jobs
    if "all" in flags:
        assert not new_jobs(awx)[-1].prompts.limit


def test_where_awx_does_not_know_which_hosts_failed_it_is_all(
    awx: DemoServer, main: RunMain
) -> None:
    ended = main("--template", "Broken worker", "--sync", "never", "--retries", "1", *SOON)
    assert ended.code == 1
    assert "trying again on all hosts" in ended.err
    assert len(new_jobs(awx)) == 2


def test_a_workflow_is_started_again_whole_and_that_is_said(awx: DemoServer, main: RunMain) -> None:
    ended = main("--template", "Release without rollback", "--retries", "1", *SOON)
    assert "AWX relaunches a workflow job whole" in ended.err
    assert len(relaunches(awx)) == 1


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--retry-if", ".["), "--retry-if"),
        (("--retries", "-1"), "--retries"),
        (("--retry-on", "successful"), "--retry-on"),
        (("--retry-backoff", "0"), "--retry-backoff"),
    ],
)
def test_bad_input_is_told_before_anything_is_sent(
    awx: DemoServer, main: RunMain, flags: tuple[str, ...], told: str
) -> None:
    ended = main(*FAILING, *flags)
    assert ended.code == 2
    assert told in ended.err
    assert awx.awx.requests == []


def test_a_lost_answer_to_the_relaunch_is_found(awx: DemoServer, main: RunMain) -> None:
    awx.faults.add(Fault("drop_after", "POST", "/relaunch/"))
    ended = main(*FLAKY, "--retries", "1", *SOON)
    assert ended.code == 0, ended.err
    assert len(new_jobs(awx)) == 2


def test_a_run_that_is_cut_off_between_two_attempts_goes_on_with_the_next(
    awx: DemoServer, environment: dict[str, str], main: RunMain
) -> None:
    command = [
        sys.executable,
        str(ROOT / "main.py"),
        *FLAKY,
        "--retries",
        "1",
        "--retry-delay",
        "1m",
    ]
    with subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        deadline = time.monotonic() + LONGEST_S
        assert process.stderr
        for line in process.stderr:
            assert time.monotonic() < deadline
            if "attempt 2 of 2" in line:
                break
        process.send_signal(signal.SIGKILL)
        out, _ = process.communicate()
    resumed = main("resume", "--retry-delay", "0.1s")
    assert resumed.code == 0, resumed.err
    first, second = new_jobs(awx)
    assert out.count("PLAY RECAP") == 1
    assert resumed.out.count("PLAY RECAP") == 1
    assert f"failed in job {first.id} and passed in job {second.id}" in resumed.err
