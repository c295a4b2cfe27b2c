"""The whole flow as a process."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
import requests

from demo.faults import Fault
from demo.model import User
from demo.server import DemoServer
from tests.e2e.conftest import PASSWORD

if TYPE_CHECKING:
    from tests.e2e.conftest import RunMain

ROOT = Path(__file__).resolve().parents[2]
STEPS = (
    "ping", "token", "inventory", "hosts", "credentials", "project sync", "launch", "monitor",
    "stdout", "history",
)  # fmt: skip


def launches(awx: DemoServer) -> list[str]:
    return [
        path
        for method, path, _ in awx.awx.requests
        if method == "POST" and re.search(r"/(launch|relaunch)/", path)
    ]


def admin_token(awx: DemoServer, scope: str = "write") -> str:
    return awx.awx.new_token(awx.awx.get(User, 1), scope, "of a test").token


def saved_log(tmp_path: Path) -> str:
    (path,) = (tmp_path / "logs" / "jobs").glob("*.txt")
    return path.read_text()


def test_the_flow_runs_its_ten_steps_in_order_and_launches_once(
    awx: DemoServer, main: RunMain
) -> None:
    ended = main("--template", "9")
    assert ended.code == 0
    shown = re.findall(r"\[(\d+)/10\] ([a-z ]+?)  ", ended.err)
    assert [(int(number), name) for number, name in shown] == list(enumerate(STEPS, 1))
    assert launches(awx) == ["/api/v2/job_templates/9/launch/"]
    assert awx.awx.tokens == {}


def test_standard_output_is_the_jobs_output_and_nothing_else(main: RunMain, tmp_path: Path) -> None:
    ended = main("--template", "Deploy web")
    assert ended.out == saved_log(tmp_path)
    assert ended.out.startswith("Identity added")
    assert "PLAY RECAP" in ended.out
    # The embedded AWX corrupts its downloads as the real one does.
    assert "\\!MD5" in ended.out
    assert "\tlisten 443" in ended.out
    assert "✓ (ünïcode)" in ended.out
    assert "\x1b" not in ended.out


def test_an_output_above_the_display_limit_is_shown_and_saved_whole(
    awx: DemoServer, main: RunMain, tmp_path: Path
) -> None:
    ended = main("--template", "Big output", "--sync", "never")
    assert ended.code == 0
    assert len(ended.out) > 3_000_000
    assert ended.out == saved_log(tmp_path)
    assert not [path for _, path, _ in awx.awx.requests if "format=txt" in path]


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("--template", "Failing deploy"), 1, "failed after"),
        (("--template", "9", "--output", "xml"), 2, "--output is 'xml'"),
        ((), 2, "no job template: pass --template or set AWX_TEMPLATE"),
        (("--template", "Empty inventory"), 5, "(Empty) has no hosts"),
        (("--template", "No key"), 5, "neither an SSH key nor a password"),
        (("--template", "Survey"), 5, "is missing, pass -e release="),
        (("--template", "9", "--limit", "web01"), 5, "does not ask for --limit"),
        (("--template", "9", "--expect-host", "web09"), 5, "not in the inventory: web09"),
        (("--template", "Duplicate name"), 5, "2 job templates are named 'Duplicate name'"),
        (("--template", "Manual project"), 5, "no job template but: project"),
        (("--template", "4711"), 5, "no job template '4711'"),
        (("--template", "Prompts", "--limit", "nosuch"), 5, "matches no enabled host"),
        (("--template", "Unreachable hosts", "--reachable"), 5, "hosts do not answer: dead01"),
        (("--template", "Broken project"), 6, "does not appear to be a git repository"),
    ],
)
def test_each_bad_end_has_its_exit_code_and_its_words(
    awx: DemoServer, main: RunMain, args: tuple[str, ...], code: int, words: str
) -> None:
    ended = main("run", *args)
    assert ended.code == code
    assert words in ended.err
    assert len(launches(awx)) == (1 if code == 1 else 0)
    assert awx.awx.tokens == {}


@pytest.mark.parametrize(
    ("env", "code", "words"),
    [
        ({"AWX_HOST": "http://127.0.0.1:9"}, 3, "connection refused"),
        ({"AWX_HOST": "http://no-such-host.invalid"}, 3, "no such host"),
        ({"AWX_HOST": "ftp://x"}, 2, "takes an address such as https://"),
        ({"AWX_PASSWORD": "wrong"}, 4, "refuses user 'admin' or the password (from AWX_PASSWORD)"),
        ({"AWX_TOKEN": "wrong"}, 4, "AWX refuses a given token (from AWX_TOKEN)"),
        ({"AWX_PASSWORD": ""}, 2, "no AWX_TOKEN and no AWX_PASSWORD"),
        ({"AWX_LOG_DIR": "/proc/nowhere"}, 2, "cannot write /proc/nowhere/awx.log (AWX_LOG_DIR)"),
        ({"AWX_TEMPALTE": "9"}, 2, "is AWX_TEMPLATE meant?"),
        ({"AWX_HISTORY": "many"}, 2, "AWX_HISTORY is 'many': it takes a whole number"),
        ({"AWX_ENV_FILE": "/nowhere/.env"}, 2, "cannot read /nowhere/.env"),
    ],
)
def test_bad_settings_end_the_run_before_anything_is_launched(
    awx: DemoServer, impatient: RunMain, env: dict[str, str], code: int, words: str
) -> None:
    ended = impatient("--template", "9", **env)
    assert ended.code == code
    assert words in ended.err
    assert launches(awx) == []


def test_a_tls_error_says_what_is_wrong(awx: DemoServer, main: RunMain) -> None:
    ended = main("ping", AWX_HOST=awx.url.replace("http:", "https:"))
    assert ended.code == 3
    assert "no TLS on this port" in ended.err


def test_a_read_only_token_does_not_launch(awx: DemoServer, main: RunMain) -> None:
    token = admin_token(awx, "read")
    ended = main("--template", "9", "--sync", "never", AWX_TOKEN=token)
    assert ended.code == 4
    assert "403" in ended.err
    assert token not in ended.err
    assert [each.token for each in awx.awx.tokens.values()] == [token]


def test_a_user_who_may_only_execute_runs_it_and_is_told_what_was_not_checked(
    awx: DemoServer, main: RunMain
) -> None:
    operator = {"AWX_USERNAME": "operator", "AWX_PASSWORD": "password"}
    ended = main("--template", "9", **operator)
    assert ended.code == 0
    assert "credential 3 not checked: AWX answered 403" in ended.err
    assert awx.awx.tokens == {}
    # It is so each night: cron's mail is for what went wrong.
    assert main("--template", "9", "--quiet", **operator).err == ""
    refused = main("--template", "Failing deploy", **operator)
    assert refused.code in {4, 5}
    assert len(launches(awx)) == 2


def test_an_answer_that_makes_no_sense_ends_with_10(awx: DemoServer, impatient: RunMain) -> None:
    awx.faults.add(Fault("html", "GET", "/job_templates/9/", times=None))
    ended = impatient("--template", "9")
    assert ended.code == 10
    assert "a web page where JSON is due" in ended.err
    assert launches(awx) == []


@pytest.mark.parametrize("kind", ["status", "drop_before", "cut_body"])
def test_passing_trouble_does_not_end_a_run(awx: DemoServer, main: RunMain, kind: str) -> None:
    for path in ("/me/", "/hosts/", "/jobs/\\d+/$", "job_events", "stdout"):
        awx.faults.add(Fault(kind, "GET", path))  # type: ignore[arg-type]  # one of its kinds
    ended = main("--template", "9", "--sync", "never")
    assert ended.code == 0
    assert len(launches(awx)) == 1


def test_the_json_document_fits_its_schema_and_stands_alone_on_stdout(main: RunMain) -> None:
    schema = json.loads((ROOT / "docs" / "run-summary.schema.json").read_text())
    for args, code in ((("--template", "9"), 0), (("--template", "Empty inventory"), 5)):
        ended = main("run", *args, "--output", "json")
        document = json.loads(ended.out)
        jsonschema.validate(document, schema)
        assert document["exit_code"] == ended.code == code
        assert list(document) == schema["required"]


def test_the_log_is_whole_also_where_nothing_is_shown(main: RunMain) -> None:
    ended = main("--template", "9", "--sync", "never", "--output", "json")
    path = json.loads(ended.out)["log_file"]
    assert Path(path).read_text() == main("logs", Path(path).stem).out
    assert "PLAY RECAP" in Path(path).read_text()


def test_jq_filters_the_document(main: RunMain) -> None:
    ended = main("--template", "9", "--jq", ".job.status, .hosts.enabled[0], .history.jobs[0].id")
    assert ended.out.splitlines()[:2] == ["successful", "web01"]
    assert ended.out.splitlines()[2].isdecimal()


def test_a_bad_jq_expression_is_refused_before_anything_is_sent(
    awx: DemoServer, main: RunMain
) -> None:
    ended = main("--template", "9", "--jq", ".[")
    assert ended.code == 2
    assert awx.awx.requests == []


def test_variables_reach_awx_with_their_types(
    awx: DemoServer, main: RunMain, tmp_path: Path
) -> None:
    (tmp_path / "vars.yml").write_text("ports: [80, 443]\nsecure: yes\n")
    ended = main(
        "--template", "Prompts", "--sync", "never", "--limit", "web01", "-e", "name=web 1",
        "-e", '{"count": 3}', "-e", "@vars.yml", "--output", "json", "--tags", "a,b",
    )  # fmt: skip
    assert ended.code == 0
    job_id = json.loads(ended.out)["job"]["id"]
    headers = {"Authorization": f"Bearer {admin_token(awx)}"}
    job = requests.get(f"{awx.url}/api/v2/jobs/{job_id}/", headers=headers, timeout=10).json()
    assert job["job_tags"] == "a,b"
    given = json.loads(job["extra_vars"])
    assert given["name"] == "web 1"
    assert given["count"] == 3
    assert given["ports"] == [80, 443]
    assert given["secure"] is True


def test_survey_answers_are_sent_as_the_survey_wants_them(awx: DemoServer, main: RunMain) -> None:
    ended = main("--template", "Survey", "--sync", "never", "-e", "release=1.2", "-e", "count=3")
    assert ended.code == 0, ended.err
    refused = main("--template", "Survey", "-e", "release=1.2", "-e", "count=99")
    assert refused.code == 5
    assert "count must be at most" in refused.err
    assert len(launches(awx)) == 1


def test_all_hosts_of_a_big_inventory_are_seen(main: RunMain) -> None:
    with DemoServer(password=PASSWORD) as awx:
        ended = main("check", "--template", "Prompts", "--inventory", "Big", AWX_HOST=awx.url)
        assert ended.code == 0
        assert "5000 enabled, 0 disabled" in ended.out
        assert sum("/hosts/" in path for _, path, _ in awx.awx.requests) == 26


def test_a_sliced_template_is_followed_and_all_slices_are_saved(
    main: RunMain, tmp_path: Path
) -> None:
    ended = main("--template", "Sliced inventory", "--sync", "never")
    assert ended.code == 0
    assert ended.out == saved_log(tmp_path)
    assert ended.out.count("PLAY RECAP") == 2


def test_a_run_that_did_nothing_does_not_pass_without_a_word(main: RunMain) -> None:
    ended = main("launch", "--template", "Empty inventory", "--watch", "--quiet")
    assert ended.code == 0
    assert ended.err.count("no task ran on any host: do its limit and tags match anything?") == 1


def test_demo_needs_nothing_but_itself_and_leaves_the_logs_of_others_alone(
    main: RunMain, tmp_path: Path
) -> None:
    ended = main("--demo", "--template", "9", AWX_HOST="", AWX_PASSWORD="")
    assert ended.code == 0
    assert "PLAY RECAP" in ended.out
    assert not (tmp_path / "logs" / "jobs").exists()
    assert len(list((tmp_path / "logs" / "demo" / "jobs").glob("*.txt"))) == 1


def test_nobody_is_told_to_go_on_with_a_job_that_is_gone_with_its_awx(
    main: RunMain, tmp_path: Path
) -> None:
    ended = main(
        "--demo", "--template", "Long migration", "--sync", "never", "--timeout", "1",
        "--on-timeout", "leave", AWX_HOST="", AWX_PASSWORD="",
    )  # fmt: skip
    assert ended.code == 7
    assert "was not followed to its end: http://127.0.0.1:" in ended.err
    assert "next: " not in ended.err
    (journal,) = (tmp_path / "logs" / "runs").glob("*.json")
    assert json.loads(journal.read_text())["state"] == "ended"
