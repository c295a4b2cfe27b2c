"""What a careful operator relies on: files, secrets, exit codes after the launch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from demo.faults import Fault
from tests.e2e.conftest import LONGEST_S, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain

QUICK = ("--template", "9", "--sync", "never", "--history", "0")


def launches(awx: DemoServer) -> int:
    return sum(
        method == "POST" and path.endswith("/launch/") for method, path, _ in awx.awx.requests
    )


def test_a_link_and_a_pipe_are_written_to_and_not_replaced(main: RunMain, tmp_path: Path) -> None:
    (tmp_path / "real.log").write_text("old")
    (tmp_path / "link.log").symlink_to("real.log")
    assert main(*QUICK, "--save-log", "link.log").code == 0
    assert (tmp_path / "link.log").is_symlink()
    assert "PLAY RECAP" in (tmp_path / "real.log").read_text()
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["/bin/cat", str(tmp_path / "pipe")], stdout=subprocess.PIPE) as reader:
        assert main(*QUICK, "--save-log", "pipe").code == 0
        read, _ = reader.communicate(timeout=LONGEST_S)
    assert b"PLAY RECAP" in read
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("place", [".", "nowhere/x.log", "/proc/x"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_sent(
    awx: DemoServer, main: RunMain, place: str
) -> None:
    ended = main(*QUICK, "--save-log", place)
    assert ended.code == 2
    assert "--save-log: cannot write" in ended.err
    assert awx.awx.requests == []


def test_after_the_launch_the_exit_code_is_the_jobs(main: RunMain) -> None:
    ended = main(*QUICK, "--jq", ".job.status[]")
    assert ended.code == 0
    assert "here is the whole document" in ended.err
    assert json.loads(ended.out)["job"]["status"] == "successful"
    failed = main("--template", "Failing deploy", "--sync", "never", "--jq", ".job.status[]")
    assert failed.code == 1


@pytest.mark.parametrize(
    ("args", "env", "secret"),
    [
        (("ping", "--host", "http://ann:hunter22@127.0.0.1"), {}, "hunter22"),
        (("ping",), {"AWX_HOST": "http://ann:hunter22@127.0.0.1"}, "hunter22"),
        (("run", *QUICK, "-e", "password=it's hunter22"), {}, "hunter22"),
        (("run", "--template", "Survey", "-e", '{"api_secret": 99887766, "release": "1"}'), {},
         "99887766"),
        (("history",), {"AWX_TOKEN": "hunter22 hunter22"}, "hunter22"),
        (("history",), {"AWX_TOKEN": "hünter22"}, "hünter22"),
    ],
)  # fmt: skip
def test_what_may_be_a_secret_is_not_repeated_in_an_error(
    main: RunMain, tmp_path: Path, args: tuple[str, ...], env: dict[str, str], secret: str
) -> None:
    ended = main(*args, **env)
    assert ended.code in {2, 5}
    assert "error: " in ended.err
    assert secret not in ended.err + ended.out
    for path in (tmp_path / "logs").rglob("*"):
        assert path.is_dir() or secret not in path.read_text()


def test_a_token_with_the_newline_of_its_file_works(awx: DemoServer, main: RunMain) -> None:
    from demo.model import User  # noqa: PLC0415

    token = awx.awx.new_token(awx.awx.get(User, 1), "read", "").token
    assert main("history", AWX_TOKEN=f"{token}\n").code == 0


@pytest.mark.parametrize(
    "args",
    [
        ("-e", '{"x": NaN}'), ("-e", "x: .nan"), ("-e", "x: 2024-13-45"), ("-e", "a: &a [*a]"),
        ("-e", "[" * 100_000), ("-e", "a: !!bool s3cret"),
        ("--template", "\udcff"), ("--limit", "~web0("),
        ("--connect-timeout", "99999999d"),
    ],
)  # fmt: skip
def test_odd_input_is_one_clear_line(awx: DemoServer, main: RunMain, args: tuple[str, ...]) -> None:
    template = () if "--template" in args else ("--template", "Prompts")
    ended = main("run", *template, "--sync", "never", *args)
    assert ended.code in {2, 5}
    assert "error: " in ended.err
    assert launches(awx) == 0


@pytest.mark.parametrize("closing", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_defect(environment: dict[str, str], closing: str) -> None:
    command = f'"{sys.executable}" "{ROOT / "main.py"}" ping {closing}'
    done = subprocess.run(
        ["/bin/sh", "-c", command], env=environment, capture_output=True, text=True,
        timeout=LONGEST_S, check=False,
    )  # fmt: skip
    assert done.returncode == (2 if ">&-" in closing.replace("2>&-", "") else 0)
    assert "Traceback" not in done.stderr + done.stdout


def test_what_was_asked_for_is_not_dropped_for_want_of_permission(
    awx: DemoServer, main: RunMain
) -> None:
    ended = main(
        *QUICK, "--expect-host", "nosuch", AWX_USERNAME="operator", AWX_PASSWORD="password"
    )
    assert ended.code == 4
    assert launches(awx) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"url": None}, {"url": "http://awx.internal/api/v2/jobs/1/"}, {"type": None},
        {"ignored_fields": []}, {"related": None},
    ],
)  # fmt: skip
def test_a_launched_job_is_not_lost_for_an_odd_field_in_the_answer(
    awx: DemoServer, main: RunMain, change: dict[str, object]
) -> None:
    # Slow enough that the job has not ended before anybody follows it, as no real one has.
    awx.awx.speed = 4
    job = main("launch", "--template", "9").out.strip()
    answer = {"job": int(job), "id": int(job), "type": "job", "url": f"/api/v2/jobs/{job}/",
              "status": "pending", "ignored_fields": {}, **change}  # fmt: skip
    fault = Fault("status", "POST", "/launch/", code=201, body=json.dumps(answer),
                  content_type="application/json")  # fmt: skip
    awx.faults.add(fault)
    ended = main(*QUICK, "-o", "json")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["job"]["id"] == int(job)


def test_a_login_page_in_place_of_a_download_is_not_taken_for_the_log(
    awx: DemoServer, main: RunMain, impatient: RunMain
) -> None:
    job = main("launch", "--template", "9", "--watch", "--jq", ".job.id").out.strip()
    awx.faults.add(Fault("html", "GET", "/stdout/", times=None))
    ended = impatient("logs", job)
    assert ended.code == 10
    assert ended.out == ""


def test_settings_of_other_programs_do_no_harm(main: RunMain) -> None:
    ended = main("ping", AWX_PORT="tcp://10.0.0.1:80", AWX_DEMO_PORT="many", AWX_STATUS="green")
    assert ended.code == 0, ended.err


def test_naming_what_the_template_has_anyway_is_no_harm(main: RunMain) -> None:
    ended = main("check", "--template", "9", "--inventory", "Web servers", AWX_DIFF="false")
    assert ended.code == 0, ended.err


def test_the_demo_needs_no_proxy(main: RunMain) -> None:
    ended = main("ping", "--demo", AWX_HOST="", HTTP_PROXY="http://127.0.0.1:9", NO_PROXY="")
    assert ended.code == 0, ended.err


def test_a_journal_that_cannot_be_written_does_not_lose_the_job(
    awx: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    launch = Fault("stall", "POST", "/launch/", seconds=1.0)
    awx.faults.add(launch)
    runs = tmp_path / "logs" / "runs"
    command = [sys.executable, str(ROOT / "main.py"), *QUICK]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + LONGEST_S
        while launch.times:  # until AWX has it
            assert time.monotonic() < deadline
            time.sleep(0.02)
        runs.rename(tmp_path / "moved")
        runs.write_text("in the way")
        out, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 0, err
    assert "is launched, and could not be noted" in err
    assert "PLAY RECAP" in out


def test_the_copy_can_go_to_another_program(environment: dict[str, str]) -> None:
    command = f'"{sys.executable}" "{ROOT / "main.py"}" {" ".join(QUICK)} -q --save-log >(cat >&2)'
    done = subprocess.run(
        ["/bin/bash", "-c", f"{command}; sleep 0.3"], env=environment, capture_output=True,
        text=True, timeout=LONGEST_S, check=False,
    )  # fmt: skip
    assert "PLAY RECAP" in done.stdout
    assert "PLAY RECAP" in done.stderr
