"""The opt-in verbs as processes."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import requests

from demo.faults import Fault
from demo.model import User
from tests.e2e.conftest import LONGEST_S, PASSWORD, ROOT, keep_busy
from tests.e2e.warm import MAIN

if TYPE_CHECKING:
    from pathlib import Path

    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain


def posts(awx: DemoServer) -> list[str]:
    return [
        path for method, path, _ in awx.awx.requests if method == "POST" and "/tokens/" not in path
    ]


def launched(main: RunMain, template: str) -> str:
    ended = main("launch", "--template", template)
    assert ended.code == 0, ended.err
    return ended.out.strip()


def status_of(awx: DemoServer, job: str) -> str:
    token = awx.awx.new_token(awx.awx.get(User, 1), "read", "of a test").token
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.get(f"{awx.url}/api/v2/jobs/{job}/", headers=headers, timeout=10)
    return str(answer.json()["status"])


def test_ping_tells_the_version(main: RunMain) -> None:
    assert main("ping").out.startswith("AWX 24.6.1, ")
    assert main("ping", "--jq", ".version").out == "24.6.1\n"


def test_ping_warns_where_nothing_can_run(awx: DemoServer, main: RunMain) -> None:
    body = json.dumps({"version": "24.6.1", "active_node": "a", "instances": [
        {"node": "a", "heartbeat": "2020-01-01T00:00:00Z", "capacity": 100}]})  # fmt: skip
    fault = Fault("status", "GET", "/ping/", code=200, body=body, content_type="application/json")
    awx.faults.add(fault)
    ended = main("ping")
    assert ended.code == 0
    assert "no instance of AWX had a heartbeat" in ended.err


def test_check_says_go_and_changes_nothing(awx: DemoServer, main: RunMain) -> None:
    ended = main("check", "--template", "9")
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == "go"
    assert posts(awx) == []
    assert awx.awx.tokens == {}


def test_check_reports_every_problem_at_once(main: RunMain) -> None:
    ended = main("check", "--template", "No key", "--expect-host", "web09", "-o", "json")
    document = json.loads(ended.out)
    assert ended.code == document["exit_code"] == 5
    assert document["go"] is False
    failed = {each["name"] for each in document["checks"] if each["state"] == "failed"}
    assert failed == {"hosts", "credentials"}


def test_launch_prints_the_job_id_and_watch_follows_it(main: RunMain, tmp_path: Path) -> None:
    job = launched(main, "9")
    assert job.isdecimal()
    ended = main("watch", job)
    assert ended.code == 0
    assert ended.out == (tmp_path / "logs" / "jobs" / f"{job}.txt").read_text()
    again = main("watch", job)
    assert again.out == ended.out


def test_launch_watch_exits_as_the_job_does(main: RunMain) -> None:
    ended = main("launch", "--template", "Failing deploy", "--watch")
    assert ended.code == 1
    assert "PLAY RECAP" in ended.out


@pytest.mark.parametrize("kind", ["txt", "ansi", "json", "html"])
def test_logs_gives_the_whole_output_in_each_format(
    main: RunMain, tmp_path: Path, kind: str
) -> None:
    job = launched(main, "9")
    plain = main("watch", job).out
    ended = main("logs", job, "--format", kind)
    assert ended.code == 0
    if kind == "txt":
        assert ended.out == plain
    elif kind == "ansi":
        assert "\x1b[0;32mok: [web01]" in ended.out
    elif kind == "json":
        assert json.loads(ended.out) == {"id": int(job), "type": "job", "content": plain}
    else:
        assert "ok: [web01]</span>" in ended.out
        assert "\x1b" not in ended.out
    assert main("logs", job, "--format", kind, "--save", "out.log").out == ""
    assert (tmp_path / "out.log").read_text() == ended.out


def test_cancel_waits_until_the_job_is_canceled_and_watch_exits_with_8(
    awx: DemoServer, main: RunMain
) -> None:
    keep_busy(awx)
    job = launched(main, "Long migration")
    assert main("cancel", job).code == 2  # nobody to ask
    assert main("cancel", job, "--yes").code == 0
    assert status_of(awx, job) == "canceled"
    assert main("watch", job).code == 8
    again = main("cancel", job, "--yes")
    assert again.code == 10
    assert "is over (canceled)" in again.err


@pytest.mark.parametrize("verb", ["watch", "logs", "cancel"])
def test_a_job_that_is_not_there_is_one_clear_line(main: RunMain, verb: str) -> None:
    ended = main(verb, "99999")
    assert ended.code == 10
    assert ended.err.endswith("AWX has no job 99999, or it is not shown to this user\n")
    assert main(verb, "last").code == 2


def test_history_filters(main: RunMain) -> None:
    rows = json.loads(main("history", "--limit", "7", "-o", "json").out)
    ids = [row["id"] for row in rows]
    assert len(ids) == 7
    assert ids == sorted(ids, reverse=True)
    failed = json.loads(main("history", "--status", "failed", "--all", "-o", "json").out)
    assert {row["status"] for row in failed} == {"failed"}
    both = json.loads(
        main("history", "--status", "failed", "--status", "canceled", "--all", "-o", "json").out
    )
    assert {row["status"] for row in both} == {"failed", "canceled"}
    assert len(both) > len(failed)
    of_one = json.loads(main("history", "--template", "Deploy web", "--all", "-o", "json").out)
    assert {row["name"] for row in of_one} == {"Deploy web"}
    everything = json.loads(main("history", "--all", "-o", "json").out)
    recent = json.loads(main("history", "--all", "--since", "7d", "-o", "json").out)
    assert 0 < len(recent) < len(everything)
    assert len(everything) > 200


def test_history_is_a_table_on_standard_output(main: RunMain) -> None:
    lines = main("history", "--limit", "2").out.splitlines()
    assert lines[0].split() == ["job", "template", "status", "started", "duration", "by"]
    assert len(lines) == 3


def test_history_in_any_order_and_form(main: RunMain) -> None:
    lines = main("history", "--order", "-elapsed", "--limit", "5", "-o", "jsonl").out.splitlines()
    taken = [json.loads(line)["elapsed"] for line in lines]
    assert taken == sorted(taken, reverse=True)
    assert len(taken) == 5
    everything = main("history", "--all", "--order", "name", "-o", "csv").out
    rows = list(csv.DictReader(io.StringIO(everything)))
    assert [row["name"] for row in rows] == sorted(row["name"] for row in rows)
    by_id = main("history", "--all", "-o", "jsonl", "--jq", ".id").out.split()
    assert sorted(by_id, key=int) == sorted((row["id"] for row in rows), key=int)


def test_history_of_a_workflow(main: RunMain) -> None:
    assert main("launch", "--template", "Release", "--watch").code == 0
    (row,) = json.loads(main("history", "--template", "Release", "-o", "json").out)
    assert row["type"] == "workflow_job"


def test_a_filter_that_awx_refuses_is_told_in_its_words(main: RunMain) -> None:
    ended = main("history", "--filter", "colour=green")
    assert ended.code == 10
    assert "Job has no field named 'colour'" in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv"])
def test_history_ends_quietly_where_nobody_reads_on(
    awx: DemoServer, environment: dict[str, str], form: str
) -> None:
    command = [sys.executable, str(MAIN), "history", "--all", "-o", form]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr
        told = process.stderr.read()
    assert (process.returncode, told) == (0, b"")
    assert awx.awx.requests[-1][0] == "DELETE"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("rum",), "no command 'rum' (is 'run' meant?)"),
        (("run", "--templat", "9"), "is '--template' meant?"),
        (("--host", "http://x", "check"), "the command comes first: python main.py check"),
        (("ping", "now"), "ping takes no argument 'now'"),
        (("history", "--since", "tomorrow"), "it takes a duration such as 7d or 12h"),
        (("history", "--order"), "argument --order: expected one argument"),
        (("history", "-o", "xml"), "it takes text, json, jsonl or csv"),
        (("ping", "-o", "csv"), "it takes text or json"),
        (("history", "--limit", "3", "--all"), "--limit and --all do not go together"),
        (("history", "--launch-type", "cron"), "it takes manual, relaunch"),
        (("history", "--status", "green"), "--status is 'green': it takes new, pending"),
        (("watch",), "the following arguments are required: JOB"),
        (("run", "--template", "9", "-e", "@nowhere.yml"), "cannot read it: No such file"),
        (("run", "--template", "9", "-e", "{a"), "a JSON or YAML mapping"),
        (("run", "--template"), "expected one argument"),
        (("run", "--template", "9", "--ca-bundle", "no.pem"), "--ca-bundle: cannot read"),
    ],
)
def test_bad_usage_is_one_line_and_sends_nothing(
    awx: DemoServer, main: RunMain, args: tuple[str, ...], words: str
) -> None:
    ended = main(*args)
    assert ended.code == 2
    assert words in ended.err
    assert len(ended.err.splitlines()) == 1
    assert awx.awx.requests == []


def test_a_malformed_env_file_names_its_line(main: RunMain, tmp_path: Path) -> None:
    (tmp_path / "bad.env").write_text('AWX_TEMPLATE=9\nAWX_LIMIT="web01\n')
    ended = main("--env-file", "bad.env")
    assert ended.code == 2
    assert "bad.env, line 2: should be NAME=value" in ended.err


def test_settings_come_from_an_env_file(awx: DemoServer, tmp_path: Path) -> None:
    (tmp_path / "my.env").write_text(
        f"AWX_HOST={awx.url}\nAWX_PASSWORD='{PASSWORD}'\nAWX_TEMPLATE=9\nAWX_LOG_DIR={tmp_path}\n"
    )
    kept = {name: value for name, value in os.environ.items() if "AWX" not in name}
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "check", "--env-file", "my.env"],
        env=kept, cwd=tmp_path, capture_output=True, text=True, timeout=LONGEST_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_help_and_version_import_nothing_heavy() -> None:
    heavy = ("requests", "rich", "jinja2", "jq", "yaml", "starlette")
    code = (
        "import sys, main\n"
        "code = main.main([sys.argv[1]])\n"
        f"found = [name for name in {heavy} if name in sys.modules]\n"
        "assert code == 0 and not found, found"
    )
    for flag in ("--help", "--version"):
        subprocess.run(
            [sys.executable, "-c", code, flag], cwd=ROOT, check=True,
            stdout=subprocess.DEVNULL, timeout=LONGEST_S,
        )  # fmt: skip


def test_a_run_imports_no_more_than_it_uses(environment: dict[str, str]) -> None:
    unused = ("rich", "jinja2", "jq", "yaml", "starlette", "dotenv")
    code = (
        "import sys, main\n"
        "code = main.main(['--template', '9', '--sync', 'never'])\n"
        f"found = [name for name in {unused} if name in sys.modules]\n"
        "assert code == 0 and not found, found"
    )
    subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**environment, "AWX_ENV_FILE": ""},
        check=True, capture_output=True, timeout=LONGEST_S,
    )  # fmt: skip


def test_no_secret_reaches_a_file(main: RunMain, tmp_path: Path, awx: DemoServer) -> None:
    seen: list[str] = []
    made = awx.awx.new_token

    def noting(*args: object, **kwargs: object) -> object:
        token = made(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came
        seen.append(token.token)
        return token

    awx.awx.new_token = noting  # type: ignore[assignment,method-assign]  # AWX's side, to know them
    ended = main("--template", "Prompts", "--verbose", "-e", "db_password=hunter22")
    assert ended.code == 0, ended.err
    assert len(seen) == 1
    written = "".join(
        path.read_text()
        for path in (tmp_path / "logs").rglob("*")
        # What a playbook prints is its own affair.
        if path.is_file() and path.parent.name != "jobs"
    )
    for secret in (PASSWORD, seen[0], "hunter22"):
        assert secret not in written + ended.err


def test_all_files_are_for_their_owner_only(main: RunMain, tmp_path: Path) -> None:
    assert main("--template", "9", "--save-log", "copy.txt").code == 0
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 4
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}


def test_an_interrupted_launch_names_its_job(awx: DemoServer, environment: dict[str, str]) -> None:
    awx.faults.add(Fault("stall", "POST", "/launch/", seconds=1.0))
    command = [sys.executable, str(ROOT / "main.py"), "launch", "--template", "9"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + LONGEST_S
        while not any("/job_templates/9/launch/" in path for _, path, _ in awx.awx.requests):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(0.2)
        process.terminate()
        _, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 143
    assert "next: python main.py resume" in err
    assert awx.awx.tokens == {}
