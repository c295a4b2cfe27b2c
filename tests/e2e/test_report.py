"""`report` as a process: its forms, its periods, the page after a run, bad input."""

from __future__ import annotations

import csv
import json
import signal
import stat
import subprocess
import sys
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from demo.faults import Fault
from demo.run_kinds import Job
from tests.e2e.conftest import LONGEST_S, ROOT, keep_busy
from tests.e2e.reports import asked, total

if TYPE_CHECKING:
    from pathlib import Path

    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain


def test_the_exit_code_for_pipelines(main: RunMain) -> None:
    assert main("report", "--fail-under", "50").code == 0
    below = main("report", "--fail-under", "99.9%")
    assert below.code == 1
    assert (
        "of the jobs were successful, canceled ones not counted: --fail-under is 99.9%" in below.err
    )
    nothing = main("report", "--fail-under", "99", "--until", "2000-01-02", "--since", "2000-01-01")
    assert nothing.code == 0
    assert "no job has ended in this period" in nothing.err


def test_the_forms_of_a_report(awx: DemoServer, main: RunMain, tmp_path: Path) -> None:
    text = main("report", "--slo", "95")
    assert "success rate" in text.out
    assert "objective           95.0% missed" in text.out
    table, page = tmp_path / "jobs.csv", tmp_path / "jobs.html"
    files = main("report", "--by", "user", "--csv", str(table), "--html", str(page))
    assert (files.code, files.out) == (0, "")
    rows = list(csv.DictReader(table.read_text().splitlines()))
    people = {row["user"] for row in rows if not row["user"].endswith(" (schedule)")}
    assert people == {"admin", "operator"}
    document: dict[str, Any] = json.loads(main("report", "--by", "user", "-o", "json").out)
    assert sum(int(row["runs"]) for row in rows) == document["total"]["counts"]["runs"]
    assert page.read_text().startswith("<!doctype html>")
    assert awx.url in page.read_text()
    page.chmod(0o664)
    shown = main("report", "--by", "user", "--csv", "-", "--html", str(page))
    assert shown.out.splitlines() == table.read_text().splitlines()
    assert stat.S_IMODE(page.stat().st_mode) == 0o664
    assert main("report", "--html", "-").out.startswith("<!doctype html>")


def test_one_template_alone(main: RunMain) -> None:
    # What is to be run is not what is to be counted.
    ended = main("report", "--template", "Deploy web", "-o", "json", AWX_TEMPLATE="10")
    document = json.loads(ended.out)
    assert document["filters"] == ["template Deploy web"]
    assert [each["name"] for each in document["templates"]] == ["Deploy web"]
    everything = json.loads(main("report", "-o", "json", AWX_TEMPLATE="9").out)
    (same,) = [each for each in everything["templates"] if each["name"] == "Deploy web"]
    assert same["summary"]["counts"] == document["total"]["counts"]


def test_why_jobs_failed_is_asked_for_once(awx: DemoServer, main: RunMain) -> None:
    document = json.loads(main("report", "-o", "json").out)
    failed = document["total"]["counts"]["bad"]
    assert document["explained"] == failed > 0
    assert sum(each["jobs"] for each in document["kinds"]) == failed
    assert asked(awx, "/job_host_summaries/") > 0
    again = json.loads(main("report", "-o", "json").out)
    assert again["failing_tasks"] == document["failing_tasks"] != []
    assert asked(awx, "/job_host_summaries/") == 0


def test_retries_of_this_program(main: RunMain) -> None:
    run = main("--template", "Flaky deploy", "--retries", "1", "--retry-delay", "1s")
    assert run.code == 0, run.err
    retries = json.loads(main("report", "-o", "json").out)["retries"]
    assert retries == {"runs": 1, "retried": 1, "relaunches": 1, "rescued": 1}
    document = json.loads(main("report", "--template", "Flaky deploy", "-o", "json").out)
    assert document["total"]["flaky"] >= 1


def test_a_run_refreshes_the_page(awx: DemoServer, main: RunMain, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ended = main("--template", "9", "--dashboard", str(page))
    assert ended.code == 0, ended.err
    assert ended.err.splitlines()[-1].endswith(" exit code 0")
    (job,) = [run for run in awx.awx.runs(Job) if run.created >= awx.awx.born]
    assert job.id
    assert "Deploy web" in page.read_text()
    awx.faults.add(Fault("status", "GET", r"/jobs/\?.*page_size=1$", code=400, times=None))
    page.unlink()
    again = main("--template", "9", "--dashboard", str(page))
    assert again.code == 0
    assert "the dashboard is not written: " in again.err
    assert not page.exists()


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (("--since", "tomorrow"), 2, "--since is 'tomorrow': it takes"),
        (("--until", "31.1.2026"), 2, "--until is '31.1.2026': it takes"),
        (("--since", "1d", "--until", "2d"), 2, "--since 1d is not before --until 2d"),
        (("--since", "2999-01-01"), 2, "--since 2999-01-01 is not before now"),
        (("--tz", "Mars/Base"), 2, "--tz is 'Mars/Base': it takes a zone such as Europe/Berlin"),
        (("--slo", "0.99"), 2, "takes a percentage from 1 to 100"),
        (("--by", "colour"), 2, "takes template, inventory, project"),
        (("--html", "/no/such/folder/x.html"), 2, "there is no folder /no/such/folder"),
        (("--jq", "]["), 2, "--jq"),
        (("--jq", ".[0]"), 2, "--jq: Cannot index object with number"),
        (("-o", "csv"), 2, "it takes text or json; for this there is --csv FILE"),
        (("--csv", "-", "-o", "json"), 2, "--csv - and --output do not go together"),
        (("--html", "-", "--jq", ".total"), 2, "--html - and --jq do not go together"),
        (("--html", "-", "--csv", "-"), 2, "--html and --csv are the same file: -"),
        (("--html", "x", "--csv", "./x"), 2, "--html and --csv are the same file"),
        (("--template", "Nosuch"), 5, "AWX has no job template 'Nosuch'"),
        (("--template", "Release"), 5, "'Release' (22) is a workflow, and a report counts jobs of"),
        (("--template", "22"), 5, "'Release' (22) is a workflow"),
    ],
)
def test_bad_input(main: RunMain, flags: tuple[str, ...], code: int, words: str) -> None:
    ended = main("report", *flags)
    assert ended.code == code
    assert words in ended.err
    assert not ended.out


def test_zones_and_their_days(main: RunMain) -> None:
    for zone in ("UTC", "Pacific/Kiritimati", "Asia/Kathmandu"):
        document = json.loads(main("report", "--tz", zone, "-o", "json").out)
        assert document["zone"] == zone
        assert sum(day["counts"]["runs"] for day in document["days"]) == total(json.dumps(document))
        assert sum(hour["runs"] for hour in document["hours"]) == total(json.dumps(document))


def test_a_period_ends_before_its_end(main: RunMain) -> None:
    def report(*flags: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(main("report", "--tz", "UTC", "-o", "json", *flags).out)
        return found

    week = report("--since", "2026-11-02", "--until", "2026-11-09", "--by", "week")
    assert (week["since"], week["until"]) == (
        "2026-11-02T00:00:00+00:00", "2026-11-09T00:00:00+00:00"
    )  # fmt: skip
    assert week["since_before"] == "2026-10-26T00:00:00+00:00"
    assert len(week["days"]) == 7
    assert len(week["groups"]) == 1


def test_parts_of_a_time_add_up(awx: DemoServer, main: RunMain) -> None:
    """A job belongs to one of two periods of which one ends where the other begins."""
    jobs = [run for run in awx.awx.jobs.values() if run.kind == "job"]
    middle = f"{datetime.fromtimestamp(jobs[-100].created, timezone.utc):%Y-%m-%dT%H:%M:%S.%fZ}"
    parts = [("--since", "40d", "--until", middle), ("--since", middle)]
    counted = [total(main("report", "-o", "json", *flags).out) for flags in parts]
    assert counted[1] == 100
    assert sum(counted) == total(main("report", "--since", "40d", "-o", "json").out)


def test_who_stops_a_run_waits_for_no_page(
    awx: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    keep_busy(awx)
    command = [sys.executable, str(ROOT / "main.py"), "--template", "Long migration"]
    run = subprocess.Popen(
        [*command, "--sync", "never", "--dashboard", str(page)], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + LONGEST_S
    while not any(isinstance(each, Job) and each.active for each in awx.awx.jobs.kept.values()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=LONGEST_S)
    assert run.returncode == 143
    assert not page.exists()
    assert not awx.awx.tokens


def test_a_page_that_cannot_be_drawn_changes_no_exit_code(
    main: RunMain, environment: dict[str, str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "pygal.py").write_text("raise ModuleNotFoundError('No module named pygal')")
    environment["PYTHONPATH"] = str(broken)
    page = tmp_path / "page.html"
    ended = main("--template", "9", "--dashboard", str(page))
    assert ended.code == 0
    assert "the dashboard is not written: No module named pygal" in ended.err
    assert not page.exists()


def test_the_page_of_a_run_is_as_the_settings_of_reports_say(main: RunMain, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    env = {"AWX_TZ": "Asia/Kathmandu", "AWX_SLO": "50", "AWX_STORE": "false"}
    assert main("--template", "9", "--dashboard", str(page), **env).code == 0
    assert "Asia/Kathmandu" in page.read_text()
    assert "Objective 50%" in page.read_text()
    assert not list((tmp_path / "logs").rglob("*.sqlite3"))
