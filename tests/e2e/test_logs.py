"""`logs` and `relaunch` as processes."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import LONGEST_S, ROOT

if TYPE_CHECKING:
    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain


@pytest.fixture
def failed(main: RunMain) -> str:
    """A job of which one host failed."""
    ended = main("launch", "--template", "Failing deploy", "--watch", "--jq", ".job.id")
    assert ended.code == 1
    return ended.out.strip()


def test_lines_are_chosen_by_host_task_and_failure(main: RunMain, failed: str) -> None:
    of_failures = main("logs", failed, "--failed").out
    assert of_failures.startswith("TASK [Install nginx]")
    assert "fatal: [web02]" in of_failures
    assert "web01" not in of_failures
    of_host = main("logs", failed, "--host", "web01").out
    assert "[web01]" in of_host
    assert "web02" not in of_host
    of_task = main("logs", failed, "--task", "install*").out
    assert of_task.count("TASK [") == 1
    assert "[web01]" in of_task
    assert "[web02]" in of_task
    assert main("logs", failed, "--host", "web02", "--task", "gathering*", "--failed").out == ""


def test_an_address_is_that_of_awx_and_a_name_that_of_a_host(
    awx: DemoServer, main: RunMain, failed: str
) -> None:
    ended = main(
        "logs", failed, "--host", awx.url, "--host", "web02", AWX_HOST="http://127.0.0.1:9"
    )
    assert ended.code == 0
    assert "[web02]" in ended.out
    assert "[web01]" not in ended.out


def test_the_last_lines(awx: DemoServer, main: RunMain, failed: str) -> None:
    whole = main("logs", failed).out.splitlines(keepends=True)
    assert main("logs", failed, "--tail", "4").out == "".join(whole[-4:])
    assert main("logs", failed, "--tail", "9999").out == "".join(whole)
    assert main("logs", failed, "--tail", "0").out == ""
    assert main("logs", failed, "--tail", "1", "--failed", "--format", "ansi").out.endswith("\n")
    before = len(awx.awx.requests)
    main("logs", failed, "--tail", "4")
    assert not any("/stdout/" in path for _, path, _ in awx.awx.requests[before:])


def test_following_prints_what_is_there_and_what_comes(
    environment: dict[str, str], main: RunMain
) -> None:
    job = main("launch", "--template", "Long migration").out.strip()
    assert main("logs", job, "--follow").out == main("logs", job).out
    again = main("launch", "--template", "Long migration").out.strip()
    with subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "logs", again, "--follow", "--tail", "0"],
        env=environment, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline()
        process.stdout.close()  # as `| head -1` does
        assert process.wait(LONGEST_S) == 0


def test_a_whole_page_cannot_be_followed(main: RunMain) -> None:
    ended = main("logs", "1", "--follow", "--format", "html")
    assert ended.code == 2
    assert "--format html is made of a whole log: no --follow" in ended.err


def test_the_command_that_a_failed_job_names_relaunches_it_on_the_failed_hosts(
    main: RunMain,
) -> None:
    ended = main("--template", "Flaky deploy", "--sync", "never", "--history", "0")
    assert ended.code == 1
    (named,) = [line for line in ended.err.splitlines() if "next: " in line]
    words = shlex.split(named.partition("main.py ")[2], comments=True)
    assert words[0] == "relaunch"
    again = main(*words, "--watch")
    assert again.code == 0
    assert "[web03]" in again.out
    assert "[web01]" not in again.out
