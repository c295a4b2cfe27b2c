"""Runs of one template that overlap: told to launch, wait, skip or fail."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import jsonschema
import pytest

from tests.e2e.conftest import LONGEST_S, ROOT
from tests.e2e.test_interruptions import running, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain

OPERATOR = {"AWX_USERNAME": "operator", "AWX_PASSWORD": "password"}
LOOK = "&unified_job_template=9&status__in=new"


def changes(awx: DemoServer) -> list[str]:
    """Return what was changed in AWX, but for tokens."""
    return [
        path
        for method, path, _ in awx.awx.requests
        if method == "POST" and not path.endswith("/tokens/")
    ]


def looks(awx: DemoServer) -> int:
    return sum(LOOK in path for _, path, _ in awx.awx.requests)


@pytest.fixture
def pending(awx: DemoServer, main: RunMain) -> str:
    """The id of a job of template 9, launched by somebody else, that waits for an instance."""
    awx.awx.enable_instance(enabled=False)
    ended = main("launch", "--template", "9", **OPERATOR)
    assert ended.code == 0, ended.err
    awx.awx.requests.clear()
    return ended.out.strip()


def test_skip_changes_nothing_and_exits_with_0(
    awx: DemoServer, main: RunMain, pending: str, tmp_path: Path
) -> None:
    ended = main("--template", "9", "--if-running", "skip", "-o", "json")
    assert ended.code == 0, ended.err
    assert changes(awx) == []
    (line,) = re.findall(r".*nothing is launched.*", ended.err)
    assert "error" not in line
    assert f"job {pending}, {awx.url}/#/jobs/playbook/{pending}/output" in line
    assert "launched by operator" in line
    document = json.loads(ended.out)
    jsonschema.validate(
        document, json.loads((ROOT / "docs" / "run-summary.schema.json").read_text())
    )
    assert (document["job"], document["exit_code"]) == (None, 0)
    assert document["steps"][-1]["state"] == "skipped"
    journal = tmp_path / "logs" / "runs" / f"{document['run_id']}.json"
    assert json.loads(journal.read_text())["state"] == "skipped"
    assert len(awx.awx.tokens) == 0


def test_skip_is_silent_for_cron(awx: DemoServer, main: RunMain) -> None:
    awx.awx.speed = 1  # it runs for a minute
    assert main("launch", "--template", "Long migration").code == 0
    ended = main("--template", "Long migration", "--quiet", AWX_IF_RUNNING="skip")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_fail_names_the_job_and_changes_nothing(
    awx: DemoServer, main: RunMain, pending: str
) -> None:
    ended = main("--template", "9", "--if-running", "fail")
    assert ended.code == 5
    assert f"/#/jobs/playbook/{pending}/output" in ended.err
    assert changes(awx) == []


def test_without_it_the_run_launches_and_does_not_even_look(
    awx: DemoServer, main: RunMain, pending: str
) -> None:
    ended = main("launch", "--template", "9")
    assert ended.code == 0
    assert int(ended.out) > int(pending)
    assert looks(awx) == 0


@pytest.mark.parametrize("args", [("run",), ("launch", "--watch")])
def test_wait_launches_when_the_other_is_over(
    awx: DemoServer, environment: dict[str, str], pending: str, args: tuple[str, ...]
) -> None:
    args = (*args, "--template", "9", "--if-running", "wait")
    with running(environment, *args) as process:
        wait_until(lambda: looks(awx) > 1)
        assert changes(awx) == []
        awx.awx.enable_instance(enabled=True)
        out, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 0, err
    assert "PLAY RECAP" in out
    assert f"job {pending} is over" in err
    assert err.index(f"job {pending} is over") < err.index("is not under way any more")
    jobs = [awx.awx.jobs[int(number)] for number in (pending, own_job(err))]
    assert jobs[0].finished
    assert jobs[0].finished <= jobs[1].created


def own_job(err: str) -> str:
    (number,) = re.findall(r"job (\d+) successful after", err)
    return str(number)


def test_an_interrupted_wait_launches_nothing(
    awx: DemoServer, environment: dict[str, str], pending: str
) -> None:
    assert pending
    with running(environment, "--template", "9", "--if-running", "wait") as process:
        wait_until(lambda: looks(awx))
        process.terminate()
        _, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 143
    assert "watch" not in err
    assert changes(awx) == []


@pytest.mark.parametrize(
    ("args", "text"),
    [(("-o", "json"), '"id": null'), (("--watch", "-o", "json"), '"job": null'), ((), "")],
)
def test_a_launch_that_is_skipped_prints_no_id(
    awx: DemoServer, main: RunMain, pending: str, args: tuple[str, ...], text: str
) -> None:
    assert pending
    ended = main("launch", "--template", "9", "--if-running", "skip", *args)
    assert ended.code == 0
    assert (text in ended.out) if text else (ended.out == "")
    assert changes(awx) == []


def test_the_same_limit_only(awx: DemoServer, main: RunMain) -> None:
    awx.awx.enable_instance(enabled=False)
    first = main("launch", "--template", "Prompts", "--limit", "web01").out.strip()
    look = ("launch", "--template", "Prompts", "--if-running", "fail")
    same = main(*look, "--same-limit", "--limit", "web01")
    assert same.code == 5
    assert f"/{first}/output" in same.err
    assert main(*look, "--same-limit", "--limit", "web02").code == 0
    assert main(*look, "--same-limit").code == 0
    assert main(*look, "--limit", "web03").code == 5


@pytest.mark.parametrize("template", ["Sliced inventory", "Release"])
def test_workflows_and_slices_are_found(awx: DemoServer, main: RunMain, template: str) -> None:
    awx.awx.enable_instance(enabled=False)
    first = main("launch", "--template", template).out.strip()
    ended = main("--template", template, "--if-running", "fail", "--sync", "never")
    assert ended.code == 5
    assert f"workflow job {first}, {awx.url}/#/jobs/workflow/{first}/output" in ended.err


def test_a_limit_to_compare_by_needs_something_to_do(awx: DemoServer, main: RunMain) -> None:
    for command in ("run", "launch"):
        ended = main(command, "--template", "9", "--same-limit")
        assert ended.code == 2
        assert "--same-limit needs --if-running" in ended.err
    assert awx.awx.requests == []
