"""What `report` asks for, what it keeps, and how it takes files that are not as it left them."""

from __future__ import annotations

import json
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from demo.faults import Fault
from demo.server import DemoServer
from tests.e2e.conftest import LONGEST_S, PASSWORD, ROOT
from tests.e2e.reports import asked, total

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.conftest import RunMain

MANY = 1200
# Days with few failed jobs to look into.
DAYS = ("--since", "5d")
# A period of long ago: all since then is fetched, and there is no failed job to be looked into.
ALL = ("--since", "3650d", "--until", "3000d")
PROJECT_UPDATES = 4


def kept(tmp_path: Path) -> int:
    """Return how many jobs the store has."""
    (store,) = stores(tmp_path)
    with closing(sqlite3.connect(store)) as database:
        (found,) = database.execute("SELECT count(*) FROM jobs").fetchone()
    return int(found)


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
    assert main("report", *ALL).code == 0
    assert asked(many) >= MANY // 200
    assert kept(tmp_path) == len(many.awx.jobs) - PROJECT_UPDATES
    assert main("report", *ALL).code == 0
    assert asked(many) == 1
    (store,) = stores(tmp_path)
    assert stat.S_IMODE(store.stat().st_mode) == 0o600


def test_a_longer_period_asks_only_for_what_is_older(
    many: DemoServer, main: RunMain, tmp_path: Path
) -> None:
    main("report", "--since", "20d", "--until", "19d")
    here, newer = kept(tmp_path), asked(many)
    main("report", *ALL)
    # The list's newest page again, and what is older than the days that are here.
    assert asked(many) <= (MANY + 600 - here) // 200 * 1.4 + newer
    assert kept(tmp_path) == len(many.awx.jobs) - PROJECT_UPDATES


def test_new_jobs_and_those_that_were_unfinished(awx: DemoServer, main: RunMain) -> None:
    before = total(main("report", *DAYS, "-o", "json").out)
    awx.awx.set_capacity(0)
    job = main("launch", "--template", "9").out.strip()
    under_way = json.loads(main("report", *DAYS, "-o", "json").out)["total"]["counts"]
    assert (under_way["runs"], under_way["unfinished"]) == (before + 1, 1)
    awx.awx.set_capacity(100)
    assert main("watch", job).code == 0
    awx.awx.requests.clear()
    ended = json.loads(main("report", *DAYS, "-o", "json").out)["total"]["counts"]
    assert (ended["runs"], ended["unfinished"]) == (before + 1, 0)
    assert asked(awx) == 2


def test_jobs_that_awx_has_deleted_go(many: DemoServer, main: RunMain, tmp_path: Path) -> None:
    main("report", *ALL)
    here, gone = kept(tmp_path), [9, 10, 11, 500, 1000, 1199]
    for job in gone:
        many.awx.purge(job)
    asked(many)
    again = main("report", *ALL)
    assert kept(tmp_path) == here - len(gone)
    assert f"{len(gone)} job(s) were deleted in AWX" in again.err
    # Found by halving: far fewer requests than the list has pages for every one of them.
    assert asked(many) < 45


def test_the_clean_up_of_old_jobs_costs_few_requests(
    many: DemoServer, main: RunMain, tmp_path: Path
) -> None:
    main("report", *ALL)
    here = kept(tmp_path)
    for job in range(9, 709):
        many.awx.purge(job)
    asked(many)
    main("report", *ALL)
    assert kept(tmp_path) == here - 700
    assert asked(many) < 20


def test_an_interrupted_report_goes_on_where_it_stopped(
    many: DemoServer, environment: dict[str, str], main: RunMain, tmp_path: Path
) -> None:
    """Killed without a word while a page is on its way; what was kept is not asked for again."""
    many.faults.add(Fault("stall", "GET", r"/jobs/\?", skip=7, times=None, seconds=30))
    report = [sys.executable, str(ROOT / "main.py"), "report", *ALL]
    killed = subprocess.Popen(
        report, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + LONGEST_S
    while not stores(tmp_path) or kept_so_far(tmp_path) < 400:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait(LONGEST_S)
    here = kept(tmp_path)
    assert 400 <= here < MANY
    many.faults.clear()
    asked(many)
    main("report", *ALL)
    assert kept(tmp_path) == len(many.awx.jobs) - PROJECT_UPDATES
    assert asked(many) <= (MANY + 600 - here) // 200 * 1.4 + 6


def kept_so_far(tmp_path: Path) -> int:
    """Return the same while the store is being made: it may have no tables yet."""
    with suppress(sqlite3.OperationalError):
        return kept(tmp_path)
    return 0


def test_two_reports_at_once_keep_the_same(
    many: DemoServer, environment: dict[str, str], tmp_path: Path
) -> None:
    report = [sys.executable, str(ROOT / "main.py"), "report", *ALL, "-o", "json"]
    both = [
        subprocess.Popen(report, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ends = [each.communicate(timeout=LONGEST_S) for each in both]
    assert [each.returncode for each in both] == [0, 0], ends
    assert kept(tmp_path) == len(many.awx.jobs) - PROJECT_UPDATES


def test_nothing_is_kept_where_that_is_not_wanted(main: RunMain, tmp_path: Path) -> None:
    kept = main("report", *DAYS, "--jq", ".total")
    assert stores(tmp_path)
    for path in stores(tmp_path):
        path.unlink()
    assert main("report", "--no-store", *DAYS, "--jq", ".total").out == kept.out
    assert not stores(tmp_path)


def test_all_is_asked_for_anew(awx: DemoServer, main: RunMain) -> None:
    main("report", *DAYS)
    asked(awx)
    main("report", *DAYS)
    usual = asked(awx)
    main("report", "--refresh", *DAYS)
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
    good = main("report", *DAYS, "--jq", ".total")
    (store,) = stores(tmp_path)
    store.write_bytes(content)
    again = main("report", *DAYS, "--jq", ".total")
    assert (again.code, again.out) == (0, good.out)
    assert words in again.err
    assert store.with_name(f"{store.name}.aside").read_bytes() == content


def test_a_page_of_the_store_that_is_overwritten(main: RunMain, tmp_path: Path) -> None:
    good = main("report", *DAYS, "--jq", ".total")
    (store,) = stores(tmp_path)
    content = bytearray(store.read_bytes())
    content[4096 * 3 : 4096 * 6] = b"\x55" * (4096 * 3)
    store.write_bytes(bytes(content))
    again = main("report", *DAYS, "--jq", ".total")
    assert (again.code, again.out) == (0, good.out)
    assert "is put aside" in again.err


def test_a_database_of_something_else_is_put_aside(main: RunMain, tmp_path: Path) -> None:
    good = main("report", *DAYS, "--jq", ".total")
    (store,) = stores(tmp_path)
    store.unlink()
    with sqlite3.connect(store) as database:
        database.execute("CREATE TABLE jobs (id INTEGER)")
    again = main("report", *DAYS, "--jq", ".total")
    assert (again.code, again.out) == (0, good.out)
    assert "it is a database of another program" in again.err


def test_a_store_of_another_awx_is_put_aside(main: RunMain, tmp_path: Path) -> None:
    good = main("report", *DAYS, "--jq", ".total")
    (store,) = stores(tmp_path)
    with sqlite3.connect(store) as database:
        database.execute("UPDATE about SET value = 'eve at http://elsewhere'")
    again = main("report", *DAYS, "--jq", ".total")
    assert (again.code, again.out) == (0, good.out)
    assert "it holds the jobs of eve at http://elsewhere" in again.err


def test_a_store_of_a_later_version_is_left_alone(main: RunMain, tmp_path: Path) -> None:
    main("report", *DAYS)
    (store,) = stores(tmp_path)
    with sqlite3.connect(store) as database:
        database.execute("PRAGMA user_version = 999")
    refused = main("report", *DAYS)
    assert refused.code == 2
    assert "of a newer version of this program" in refused.err
    assert main("report", "--no-store", *DAYS).code == 0


def test_where_nothing_can_be_kept_the_report_comes_all_the_same(
    main: RunMain, tmp_path: Path
) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "history").write_text("a file in the way")
    ended = main("report", *DAYS, "-o", "json")
    assert (ended.code, total(ended.out) > 0) == (0, True)
    assert "cannot keep jobs in" in ended.err


def test_a_user_has_a_store_of_what_he_is_shown(main: RunMain, tmp_path: Path) -> None:
    everything = total(main("report", *DAYS, "-o", "json").out)
    his = main("report", *DAYS, "-o", "json", AWX_USERNAME="operator", AWX_PASSWORD="password")
    assert 0 < total(his.out) < everything
    assert len(stores(tmp_path)) == 2


@pytest.mark.parametrize("change", ["DROP TABLE failed_hosts", "ALTER TABLE jobs ADD COLUMN x"])
def test_a_store_with_other_tables_is_put_aside(main: RunMain, tmp_path: Path, change: str) -> None:
    good = main("report", *DAYS, "--jq", ".total")
    (store,) = stores(tmp_path)
    with closing(sqlite3.connect(store)) as database:
        database.execute(change)
    again = main("report", *DAYS, "--jq", ".total")
    assert (again.code, again.out) == (0, good.out)
    assert "it does not have the tables that it should have" in again.err


def test_what_is_put_aside_is_whole_and_goes_before_nothing_else(
    main: RunMain, tmp_path: Path
) -> None:
    """Also what another program has only in the log beside its database yet."""
    main("report", *DAYS)
    (store,) = stores(tmp_path)
    for number in range(2):
        for path in store.parent.glob(f"{store.name}*"):
            if ".aside" not in path.name:
                path.unlink()
        with closing(sqlite3.connect(store, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("CREATE TABLE theirs (id INTEGER)")
            database.execute("INSERT INTO theirs VALUES (?)", (number,))
            assert main("report", *DAYS).code == 0
            assert database.execute("SELECT * FROM theirs").fetchall() == [(number,)]
    for number, ending in enumerate((".aside", ".aside1")):
        with closing(sqlite3.connect(store.with_name(store.name + ending))) as database:
            assert database.execute("SELECT * FROM theirs").fetchall() == [(number,)]


def test_an_awx_that_begins_anew_with_its_ids(environment: dict[str, str], main: RunMain) -> None:
    """A job of the same id is another one: the store is not to tell of the one before."""
    found, port = [], 0
    for template in ("Deploy web", "Failing deploy"):
        with DemoServer(password=PASSWORD, port=port, speed=20) as server:
            environment["AWX_HOST"] = server.url
            port = int(server.url.rpartition(":")[2])
            main("launch", "--template", template, "--watch")
            ended = main("report", "--since", "5m", "-o", "json")
            found.append([each["name"] for each in json.loads(ended.out)["templates"]])
    assert found == [["Deploy web"], ["Failing deploy"]]
    assert "AWX has other jobs now than it had" in ended.err


@pytest.mark.parametrize("code", [500, 403])
def test_a_job_that_awx_cannot_tell_of_is_no_end_of_a_report(
    awx: DemoServer, impatient: RunMain, code: int
) -> None:
    failed = max(
        each for each in awx.awx.jobs if awx.awx.jobs[each].status == "failed"
        and awx.awx.jobs[each].kind == "job"
    )  # fmt: skip
    events = rf"/jobs/{failed}/job_events"
    awx.faults.add(Fault("status", "GET", events, code=code, body="{}", times=None))
    ended = impatient("report", *DAYS, "-o", "json")
    assert ended.code == 0
    assert "why some jobs failed is not known" in ended.err
    document = json.loads(ended.out)
    assert document["explained"] == document["total"]["counts"]["bad"] - 1
    awx.faults.clear()
    again = json.loads(impatient("report", *DAYS, "-o", "json").out)
    assert again["explained"] == again["total"]["counts"]["bad"]


def test_the_embedded_awx_of_one_run_leaves_no_store(main: RunMain, tmp_path: Path) -> None:
    assert main("report", "--demo", *DAYS).code == 0
    assert not list((tmp_path / "logs").rglob("*.sqlite3"))
