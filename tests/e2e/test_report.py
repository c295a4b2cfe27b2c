"""`report` as a process: what it asks for, what it keeps, how it takes bad files and bad input."""

from __future__ import annotations

import csv
import json
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from demo.faults import Fault
from demo.run_kinds import Job
from demo.server import DemoServer
from tests.e2e.conftest import LONGEST_S, PASSWORD, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.conftest import RunMain

MANY = 3000
ALL = ("--since", "10y")


def asked(awx: DemoServer, path: str = "/jobs/") -> int:
    """Return how many lists of jobs, or other things, AWX was asked for; and count anew."""
    found = sum(1 for _, each, _ in awx.awx.requests if each.partition("?")[0].endswith(path))
    awx.awx.requests.clear()
    return found


def total(text: str) -> int:
    return int(json.loads(text)["total"]["counts"]["runs"])


def stores(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "logs" / "history").glob("*.sqlite3"))


@pytest.fixture
def many(environment: dict[str, str]) -> Iterator[DemoServer]:
    """An embedded AWX with a long history, which the processes of this test talk to."""
    with DemoServer(password=PASSWORD, jobs=MANY) as server:
        environment["AWX_HOST"] = server.url
        yield server


def test_the_second_report_asks_only_whether_there_is_anything_new(
    many: DemoServer, main: RunMain, tmp_path: Path
) -> None:
    first = main("report", "--since", "3650d", "-o", "json")
    assert first.code == 0, first.err
    pages = asked(many)
    assert pages >= MANY // 200
    second = main("report", "--since", "3650d", "-o", "json")
    assert total(second.out) == total(first.out) == len(many.awx.jobs) - 4  # four project updates
    assert asked(many) == 1
    (store,) = stores(tmp_path)
    assert stat.S_IMODE(store.stat().st_mode) == 0o600


def test_a_longer_period_asks_only_for_what_is_older(many: DemoServer, main: RunMain) -> None:
    main("report", "--since", "20d")
    awx_knows = asked(many)
    main("report", "--since", "3650d")
    # The list's newest page again, and what is older than the forty days that are here.
    assert MANY // 200 <= asked(many) <= MANY // 200 * 1.4 + awx_knows


def test_new_jobs_and_those_that_were_unfinished(awx: DemoServer, main: RunMain) -> None:
    before = total(main("report", "-o", "json").out)
    awx.awx.set_capacity(0)
    job = main("launch", "--template", "9").out.strip()
    under_way = json.loads(main("report", "-o", "json").out)["total"]["counts"]
    assert (under_way["runs"], under_way["unfinished"]) == (before + 1, 1)
    awx.awx.set_capacity(100)
    assert main("watch", job).code == 0
    awx.awx.requests.clear()
    ended = json.loads(main("report", "-o", "json").out)["total"]["counts"]
    assert (ended["runs"], ended["unfinished"]) == (before + 1, 0)
    assert asked(awx) == 2


def test_jobs_that_awx_has_deleted_go(many: DemoServer, main: RunMain) -> None:
    runs = total(main("report", "--since", "3650d", "-o", "json").out)
    gone = [9, 10, 11, 700, 2000, 2999]
    for job in gone:
        many.awx.purge(job)
    asked(many)
    again = main("report", "--since", "3650d", "-o", "json")
    assert total(again.out) == runs - len(gone)
    assert f"{len(gone)} job(s) were deleted in AWX" in again.err
    # Found by halving: far fewer requests than the list has pages for every one of them.
    assert asked(many) < 60


def test_the_clean_up_of_old_jobs_costs_few_requests(many: DemoServer, main: RunMain) -> None:
    runs = total(main("report", "--since", "3650d", "-o", "json").out)
    for job in range(9, 1509):
        many.awx.purge(job)
    asked(many)
    again = main("report", "--since", "3650d", "-o", "json")
    assert total(again.out) == runs - 1500
    assert asked(many) < 25


def test_an_interrupted_report_goes_on_where_it_stopped(
    many: DemoServer, environment: dict[str, str], main: RunMain, tmp_path: Path
) -> None:
    """Killed without a word while a page is on its way; what was kept is not asked for again."""
    many.faults.add(Fault("stall", "GET", r"/jobs/\?", skip=9, times=None, seconds=30))
    report = [sys.executable, str(ROOT / "main.py"), "report", "--since", "3650d"]
    killed = subprocess.Popen(report, env=environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + LONGEST_S
    while sum("/jobs/?" in path for _, path, _ in many.awx.requests) < 9:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.3)  # for what has come to be kept
    killed.send_signal(signal.SIGKILL)
    killed.wait(LONGEST_S)
    (store,) = stores(tmp_path)
    with sqlite3.connect(store) as database:
        (kept,) = database.execute("SELECT count(*) FROM jobs").fetchone()
    assert 400 <= kept < MANY
    many.faults.clear()
    asked(many)
    ended = main("report", "--since", "3650d", "-o", "json")
    assert total(ended.out) == len(many.awx.jobs) - 4
    assert asked(many) <= (MANY - kept) // 200 * 1.4 + 6


def test_two_reports_at_once_find_the_same(
    many: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    report = [sys.executable, str(ROOT / "main.py"), "report", "--since", "3650d", "-o", "json"]
    both = [
        subprocess.Popen(report, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ends = [each.communicate(timeout=LONGEST_S) for each in both]
    assert [each.returncode for each in both] == [0, 0], ends
    assert {total(out.decode()) for out, _ in ends} == {len(many.awx.jobs) - 4}
    assert len(stores(tmp_path)) == 1


def test_nothing_is_kept_where_that_is_not_wanted(main: RunMain, tmp_path: Path) -> None:
    kept = main("report", "-o", "json", "--jq", ".total")
    assert stores(tmp_path)
    for path in stores(tmp_path):
        path.unlink()
    assert main("report", "--no-store", "-o", "json", "--jq", ".total").out == kept.out
    assert not stores(tmp_path)


def test_all_is_asked_for_anew(awx: DemoServer, main: RunMain) -> None:
    main("report")
    asked(awx)
    main("report")
    usual = asked(awx)
    main("report", "--refresh")
    assert asked(awx) > usual
    both = main("report", "--refresh", "--no-store")
    assert both.code == 2
    assert "--refresh does nothing with --no-store" in both.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"SQLite format 3\x00" + b"\xff" * 4000, "is put aside"),
        (b"this is a text", "is put aside"),
    ],
)
def test_a_broken_store_is_put_aside(
    main: RunMain, tmp_path: Path, content: bytes, words: str
) -> None:
    good = main("report", "-o", "json", "--jq", ".total")
    (store,) = stores(tmp_path)
    store.write_bytes(content)
    again = main("report", "-o", "json", "--jq", ".total")
    assert (again.code, again.out) == (0, good.out)
    assert words in again.err
    assert store.with_name(f"{store.name}.aside").read_bytes() == content


def test_a_page_of_the_store_that_is_overwritten(main: RunMain, tmp_path: Path) -> None:
    good = main("report", "-o", "json", "--jq", ".total")
    (store,) = stores(tmp_path)
    content = bytearray(store.read_bytes())
    content[4096 * 3 : 4096 * 6] = b"\x55" * (4096 * 3)
    store.write_bytes(bytes(content))
    again = main("report", "-o", "json", "--jq", ".total")
    assert (again.code, again.out) == (0, good.out)
    assert "is put aside" in again.err


def test_a_database_of_something_else_is_put_aside(main: RunMain, tmp_path: Path) -> None:
    good = main("report", "-o", "json", "--jq", ".total")
    (store,) = stores(tmp_path)
    store.unlink()
    with sqlite3.connect(store) as database:
        database.execute("CREATE TABLE jobs (id INTEGER)")
    again = main("report", "-o", "json", "--jq", ".total")
    assert (again.code, again.out) == (0, good.out)
    assert "it is a database of another program" in again.err


def test_a_store_of_another_awx_is_put_aside(main: RunMain, tmp_path: Path) -> None:
    good = main("report", "-o", "json", "--jq", ".total")
    (store,) = stores(tmp_path)
    with sqlite3.connect(store) as database:
        database.execute("UPDATE about SET value = 'eve at http://elsewhere'")
    again = main("report", "-o", "json", "--jq", ".total")
    assert (again.code, again.out) == (0, good.out)
    assert "it holds the jobs of eve at http://elsewhere" in again.err


def test_a_store_of_a_later_version_is_left_alone(main: RunMain, tmp_path: Path) -> None:
    main("report")
    (store,) = stores(tmp_path)
    with sqlite3.connect(store) as database:
        database.execute("PRAGMA user_version = 999")
    refused = main("report")
    assert refused.code == 2
    assert "of a newer version of this program" in refused.err
    assert main("report", "--no-store").code == 0


def test_where_nothing_can_be_kept_the_report_comes_all_the_same(
    main: RunMain, tmp_path: Path
) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "history").write_text("a file in the way")
    ended = main("report", "-o", "json")
    assert (ended.code, total(ended.out) > 0) == (0, True)
    assert "cannot keep jobs in" in ended.err


def test_a_user_has_a_store_of_what_he_is_shown(main: RunMain, tmp_path: Path) -> None:
    everything = total(main("report", "-o", "json").out)
    his = main("report", "-o", "json", AWX_USERNAME="operator", AWX_PASSWORD="password")
    assert 0 < total(his.out) < everything
    assert len(stores(tmp_path)) == 2


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
    assert {row["user"] for row in rows} == {"admin", "operator"}
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
    (job,) = [run for run in awx.awx.runs(Job) if run.created >= awx.awx.born]
    assert job.id
    assert "Deploy web" in page.read_text()
    awx.faults.add(Fault("status", "GET", r"/jobs/\?.*page_size=1$", code=400, times=None))
    page.unlink()
    again = main("--template", "9", "--dashboard", str(page))
    assert again.code == 0
    assert f"no {page}: " in again.err
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
