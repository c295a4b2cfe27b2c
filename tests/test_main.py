"""The whole flow over a faked AWX, and each way in which it can end."""

from __future__ import annotations

import importlib
import inspect
import json
import signal
from typing import TYPE_CHECKING

import pytest

import config
import main
from tests.fake_awx import HOST, FakeAwx, address
from tests.rows import event, job, launch_facts, launched, page, template
from utils.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    import requests

    from utils.flow import Step


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, default_signals: None) -> None:
    """Let no setting of this machine count."""
    del default_signals
    for name in config.env_names():
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWX_HOST": HOST, "AWX_TOKEN": "t0ken", "AWX_LOG_DIR": str(tmp_path / "logs"),
        "AWX_API_PREFIX": "/api/v2/", "AWX_ENV_FILE": "/dev/null",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)


@pytest.fixture
def _checked(awx: FakeAwx) -> None:
    """Answer the steps before the launch."""
    awx.get("ping/", {"version": "24.6.1", "active_node": "a", "instances": []})
    awx.get("me/", page({"id": 1, "username": "admin"}))
    awx.get("job_templates/9/", template())
    awx.get("job_templates/9/launch/", launch_facts())
    awx.get("inventories/2/", {"id": 2, "name": "Web servers", "total_hosts": 1})
    awx.get("inventories/2/hosts/", page({"id": 2, "name": "web01", "enabled": True}))
    awx.get("credentials/3/", {"id": 3, "name": "M", "credential_type": 1,
                               "inputs": {"password": "$encrypted$"}})  # fmt: skip
    awx.get("credential_types/1/", {"id": 1, "namespace": "ssh", "inputs": {}})


def answer_job(awx: FakeAwx, status: str) -> None:
    awx.get("unified_jobs/", page())
    awx.post("job_templates/9/launch/", launched(), 201)
    awx.get("jobs/40/", job(status=status))
    awx.get("jobs/40/job_events/", {"results": [event(1, "ok: [web01]")]})
    if status == "failed":
        awx.get("jobs/40/job_host_summaries/", page())
    awx.get("jobs/", page(job(status=status)))


def journal(tmp_path: Path) -> dict[str, object]:
    (file,) = (tmp_path / "logs" / "runs").glob("*.json")
    found: dict[str, object] = json.loads(file.read_text())
    return found


@pytest.mark.usefixtures("_checked")
@pytest.mark.parametrize(("status", "code"), [("successful", 0), ("failed", 1), ("canceled", 8)])
def test_a_failed_job_is_a_result_so_its_output_and_history_still_come(
    awx: FakeAwx,
    tmp_path: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    status: str,
    code: int,
) -> None:
    answer_job(awx, status)
    assert main.main(["--template", "9", "--sync", "never"]) == code
    assert capsysbinary.readouterr().out == b"ok: [web01]\n"
    assert (tmp_path / "logs" / "jobs" / "40.txt").read_bytes() == b"ok: [web01]\n"
    assert awx.sent.count("POST job_templates/9/launch/") == 1
    noted = journal(tmp_path)
    assert (noted["state"], noted["job"], noted["exit_code"]) == ("ended", 40, code)


@pytest.mark.usefixtures("_checked")
def test_json_is_one_document_on_stdout(
    awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    awx.get("unified_jobs/", page())
    awx.post("job_templates/9/launch/", launched(), 201)
    awx.get("jobs/40/", job())
    awx.get("jobs/40/job_events/", {"results": [event(1, "ok")]})
    awx.get("jobs/", page(job()))
    assert main.main(["--template", "9", "--sync", "never", "-o", "json", "-q"]) == 0
    captured = capsysbinary.readouterr()
    found = json.loads(captured.out)
    assert (found["job"]["status"], found["exit_code"]) == ("successful", 0)
    assert [each["state"] for each in found["steps"]].count("ok") == 9
    assert b"no instance of AWX had a heartbeat" in captured.err
    assert [each.partition(":")[0] for each in found["warnings"]] == [
        "no instance of AWX had a heartbeat within 0",
        "http",
    ]


@pytest.mark.usefixtures("_checked")
def test_trouble_after_the_job_does_not_change_what_its_end_means(
    awx: FakeAwx, capsys: pytest.CaptureFixture[str]
) -> None:
    awx.get("unified_jobs/", page())
    awx.post("job_templates/9/launch/", launched(), 201)
    awx.get("jobs/40/", job())
    awx.get("jobs/40/job_events/", {"results": []})
    awx.refuse("GET", "jobs/40/stdout/", 403)
    awx.refuse("GET", "jobs/", 500)
    assert main.main(["--template", "9", "--sync", "never"]) == 0
    said = capsys.readouterr().err
    assert "warning: stdout failed" in said
    assert "warning: history failed" in said


def test_a_check_that_fails_launches_nothing(awx: FakeAwx, tmp_path: Path) -> None:
    awx.get("ping/", {"version": "24.6.1"})
    awx.get("me/", page({"id": 1, "username": "admin"}))
    awx.get("job_templates/9/", template())
    awx.get("job_templates/9/launch/", launch_facts())
    awx.get("inventories/2/", {"id": 2, "name": "Empty", "total_hosts": 0})
    assert main.main(["--template", "9"]) == ExitCode.PREFLIGHT
    assert not [each for each in awx.sent if each.startswith("POST")]
    assert journal(tmp_path)["exit_code"] == 5


@pytest.mark.parametrize(
    ("argv", "code", "told"),
    [
        (["run"], 2, "no job template: pass --template or set AWX_TEMPLATE"),
        (["--nonsense"], 2, "run has no flag --nonsense"),
        (["--template", "9", "--jq", ".["], 2, "--jq"),
        (["--history", "x"], 2, "--history is 'x'"),
        (["--template", "9", "-e", "@none.yml"], 2, "--extra-vars @"),
        (["check", "--template", "9", "-e", "[1]"], 2, "--extra-vars takes k=v"),
        (["launch", "--template", "9", "-e", "[1]"], 2, "--extra-vars takes k=v"),
    ],
)
def test_bad_usage_sends_nothing(
    awx: FakeAwx, capsys: pytest.CaptureFixture[str], argv: list[str], code: int, told: str
) -> None:
    assert main.main(argv) == code
    captured = capsys.readouterr()
    assert f"error: {told}" in captured.err
    assert captured.out == ""
    assert awx.sent == []


def test_a_defect_is_one_line_and_its_traceback_is_in_the_log(
    awx: FakeAwx, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    awx.get("ping/", ZeroDivisionError("by design"))
    assert main.main(["ping"]) == ExitCode.DEFECT
    said = capsys.readouterr().err
    assert "a defect of this program; its traceback is in awx.log" in said
    assert "Traceback" not in said
    assert "ZeroDivisionError: by design" in (tmp_path / "logs" / "awx.log").read_text()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]
)
def test_an_interrupt_has_its_code(
    awx: FakeAwx, capsys: pytest.CaptureFixture[str], number: signal.Signals, code: int
) -> None:
    def interrupted(_request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        signal.raise_signal(number)
        return 200, {}, "{}"

    awx.mock.add_callback("GET", address("ping/"), interrupted)
    assert main.main(["ping"]) == code
    assert f"error: stopped by {number.name}" in capsys.readouterr().err


def interrupt(_request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
    """Answer nothing, but end the run."""
    signal.raise_signal(signal.SIGTERM)
    raise AssertionError("the signal ends it")


@pytest.mark.usefixtures("_checked")
def test_an_interrupt_leaves_the_job_and_says_how_to_go_on(
    awx: FakeAwx, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    awx.get("unified_jobs/", page())
    awx.post("job_templates/9/launch/", launched(), 201)
    awx.mock.add_callback("GET", address("jobs/40/"), interrupt)
    assert main.main(["--template", "9", "--sync", "never", "-q", "-o", "json"]) == 143
    captured = capsys.readouterr()
    for told in (
        "job 40 was not followed to its end, and may go on in AWX",
        "main.py resume 2",
        "main.py cancel 40",
    ):
        assert told in captured.err
    found = json.loads(captured.out)
    assert (found["job"]["id"], found["exit_code"]) == (40, 143)
    assert (found["steps"][-1]["name"], found["steps"][-1]["state"]) == ("monitor", "failed")
    noted = journal(tmp_path)
    assert (noted["state"], noted["job"], noted["exit_code"]) == ("launched", 40, 143)


@pytest.mark.usefixtures("_checked")
def test_a_launch_that_nobody_knows_of_stays_unknown_in_the_journal(
    awx: FakeAwx, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    awx.get("unified_jobs/", page())
    awx.post("job_templates/9/launch/", {}, 504)
    assert main.main(["--template", "9", "--sync", "never"]) == ExitCode.UNKNOWN_OUTCOME
    assert "main.py history --template 9" in capsys.readouterr().err
    noted = journal(tmp_path)
    assert (noted["state"], noted["exit_code"]) == ("unknown", 9)


@pytest.mark.usefixtures("_checked")
def test_a_filter_that_does_not_fit_does_not_hide_how_the_job_ended(
    awx: FakeAwx, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_job(awx, "failed")
    argv = ["--template", "9", "--sync", "never", "--jq", ".job[0]"]
    assert main.main(argv) == ExitCode.JOB_FAILED
    captured = capsys.readouterr()
    assert json.loads(captured.out)["job"]["status"] == "failed"
    assert "error: --jq: Cannot index object with number" in captured.err


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["--template", "9", "--save-log", "none/x"], "--save-log: cannot write"),
        (["logs", "40", "--save", "none/x"], "--save: cannot write"),
        (["--template", "9", "-e", "a: .nan"], "--extra-vars: JSON has no nan"),
        (["--template", "9", "--limit", "\udcff"], "--limit: it takes text in UTF-8"),
        (["history", "--limit", "x"], "--limit is 'x': it takes a whole number"),
        (["watch", "Deploy web"], "a job is named by its id"),
    ],
)
def test_what_cannot_be_done_later_is_told_before_anything_is_sent(
    awx: FakeAwx,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    argv: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main.main(argv) == ExitCode.USAGE
    assert f"error: {told}" in capsys.readouterr().err
    assert awx.sent == []


def test_a_bad_setting_of_another_command_does_not_trouble_this_one(
    awx: FakeAwx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWX_VERBOSITY", "6")
    awx.get("ping/", {"version": "24.6.1", "active_node": "a", "instances": []})
    assert main.main(["ping"]) == 0
    assert main.main(["check", "--template", "9"]) == ExitCode.USAGE


@pytest.mark.parametrize("word", ["--help", "-h", "help", "--version"])
def test_help_needs_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path, word: str) -> None:
    assert main.main([word]) == 0
    assert capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", main.STEPS, ids=lambda step: step.name)
def test_each_step_names_a_function_that_takes_what_the_engine_gives(step: Step) -> None:
    module, _, name = str(step.function).rpartition(".")
    function = getattr(importlib.import_module(module), name)
    parameters = list(inspect.signature(function).parameters.values())
    assert [each.annotation for each in parameters[:3]] == ["Client", "Settings", "Results"]
    assert all(each.default is not each.empty for each in parameters[3:])
