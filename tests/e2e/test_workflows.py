"""Workflows, several jobs at once, and jobs that wait: followed as processes."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import requests

from demo.faults import Fault
from demo.server import DemoServer
from tests.e2e.conftest import LONGEST_S, PASSWORD, ROOT, SPEED, keep_busy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.e2e.conftest import RunMain

NO_WEBSOCKET = Fault("status", "WS", code=404, times=None)


def by_job(text: str) -> dict[str, list[str]]:
    """Return the lines of each job of a workflow, without its name."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, _, rest = line.partition(" | ")
        found.setdefault(name, []).append(rest)
    return found


def launched(main: RunMain, template: str) -> str:
    ended = main("launch", "--template", template)
    assert ended.code == 0, ended.err
    return ended.out.strip()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONGEST_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("template", "pushed", "code", "jobs"),
    [
        ("Release", True, 0, ["Deploy web", "Apache health check"]),
        ("Sliced inventory", True, 0, ["Sliced inventory"] * 2),
        ("Nightly", True, 0, ["Deploy web", "Apache health check", "Apache health check"]),
        ("Nightly", False, 0, ["Deploy web", "Apache health check", "Apache health check"]),
        ("Release without rollback", False, 1, ["Failing deploy"]),
    ],
)
def test_a_workflow_is_shown_job_by_job_and_saved_as_it_was_shown(
    awx: DemoServer, main: RunMain, tmp_path: Path, *,
    template: str, code: int, jobs: list[str], pushed: bool,
) -> None:  # fmt: skip
    if not pushed:
        awx.faults.add(NO_WEBSOCKET)
    ended = main("--template", template, "--sync", "never", "--history", "2")
    assert ended.code == code, ended.err
    (log,) = (tmp_path / "logs" / "jobs").glob("*.txt")
    assert ended.out == log.read_text()
    names = [name.rpartition(" ")[0] for name in by_job(ended.out)]
    assert sorted(names) == sorted(jobs)
    again = main("logs", log.stem)
    assert by_job(again.out) == by_job(ended.out)
    assert by_job(main("watch", log.stem).out) == by_job(ended.out)


def test_a_failed_job_of_a_workflow_says_where_it_failed(main: RunMain) -> None:
    ended = main("--template", "Release without rollback", "--sync", "never", "--quiet")
    assert re.search(r"error: Failing deploy \d+: failed web02, task 'Install nginx'", ended.err)


@pytest.fixture
def waiting_for_approval(
    awx: DemoServer, main: RunMain, environment: dict[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """A `watch` of a workflow that waits for an approval."""
    workflow = launched(main, "Release with approval")
    with subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "watch", workflow],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        until(lambda: any("/teams/" in path for _, path, _ in awx.awx.requests))
        yield process
        process.kill()


@pytest.mark.parametrize(("verb", "code"), [("approve", 0), ("deny", 1)])
def test_an_approval_names_who_may_give_it_and_is_waited_for(
    awx: DemoServer, waiting_for_approval: subprocess.Popen[str], verb: str, code: int
) -> None:
    api = f"{awx.url}/api/v2/workflow_approvals/"
    auth = ("admin", PASSWORD)
    (pending,) = requests.get(api, auth=auth, timeout=10).json()["results"]
    answer = requests.post(f"{api}{pending['id']}/{verb}/", auth=auth, timeout=10)
    assert answer.status_code == 204
    _, err = waiting_for_approval.communicate(timeout=LONGEST_S)
    assert waiting_for_approval.returncode == code, err
    assert "approval by approver or team Release managers or an administrator" in err
    assert f"/#/workflow_approvals/{pending['id']}/details" in err
    assert f"or by: python main.py approval approve {pending['id']}" in err


class TestSeveral:
    def test_are_followed_together_with_their_names(
        self, awx: DemoServer, main: RunMain, tmp_path: Path
    ) -> None:
        awx.faults.add(NO_WEBSOCKET)
        good, bad = launched(main, "Prompts"), launched(main, "Failing deploy")
        before = len(awx.awx.requests)
        ended = main("watch", good, bad)
        assert ended.code == 1
        lines = by_job(ended.out)
        assert set(lines) == {f"Prompts {good}", f"Failing deploy {bad}"}
        for job, name in ((good, "Prompts"), (bad, "Failing deploy")):
            log = (tmp_path / "logs" / "jobs" / f"{job}.txt").read_text()
            assert log.splitlines() == lines[f"{name} {job}"]
            assert log == main("logs", job).out
        asked = [path for method, path, _ in awx.awx.requests[before:] if method == "GET"]
        assert sum("unified_jobs/?id__in=" in path for path in asked) >= 2
        assert sum(path.endswith(f"/jobs/{good}/") for path in asked) <= 3

    def test_as_json_are_one_document(self, main: RunMain) -> None:
        first, second = launched(main, "Prompts"), launched(main, "Prompts")
        ended = main("watch", first, second, "--jq", "[.jobs[].job.id]")
        assert (ended.code, ended.out) == (0, f"[{first}, {second}]\n")

    def test_of_which_one_is_not_there_end_it_before_anything_is_shown(self, main: RunMain) -> None:
        ended = main("watch", launched(main, "Prompts"), "99999")
        assert (ended.code, ended.out) == (10, "")
        assert "AWX has no job 99999" in ended.err

    def test_cannot_be_saved_to_one_file(self, main: RunMain) -> None:
        ended = main("watch", "1", "2", "--save-log", "x.log")
        assert ended.code == 2
        assert "--save-log takes the output of one job" in ended.err


def test_a_job_that_is_deleted_while_it_runs_ends_it_and_what_it_printed_is_kept(
    awx: DemoServer, main: RunMain, environment: dict[str, str], tmp_path: Path
) -> None:
    awx.faults.add(NO_WEBSOCKET)
    keep_busy(awx)
    job = launched(main, "Long migration")
    with subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "watch", job],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        first = process.stdout.readline()
        awx.awx.purge(int(job))
        rest, err = process.stdout.read(), process.stderr.read()
    assert process.returncode == 10, err
    assert f"job {job} is not there any more" in err
    assert (tmp_path / "logs" / "jobs" / f"{job}.txt").read_text() == first + rest


def test_why_a_job_waits_is_told_while_it_does(environment: dict[str, str], tmp_path: Path) -> None:
    with DemoServer(password=PASSWORD, speed=SPEED, capacity=6) as awx:
        env = {**environment, "AWX_HOST": awx.url, "AWX_LOG_DIR": str(tmp_path / "other")}
        awx.awx.enable_instance(enabled=False)
        command = [sys.executable, str(ROOT / "main.py"), "launch", "--template", "Prompts"]
        with subprocess.Popen(
            [*command, "--watch"], env=env, stderr=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        ) as process:  # fmt: skip
            until(lambda: any("/instance_groups/" in path for _, path, _ in awx.awx.requests))
            awx.awx.enable_instance(enabled=True)
            _, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 0, err
    assert re.search(r"job \d+ waits: .*no capacity: .*group default uses 0 of 0", err), err
