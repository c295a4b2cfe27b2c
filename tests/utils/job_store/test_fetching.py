"""Bringing the store up to date with an embedded AWX."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from demo.model import User
from demo.server import DemoServer
from utils.awx_client import Client
from utils.job_store import store
from utils.job_store.fetching import KeptList, bring_up_to_date, is_whole
from utils.job_store.rows import COLUMNS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from demo.history import Runs

JOBS = 700


@pytest.fixture(scope="module")
def awx() -> Iterator[DemoServer]:
    with DemoServer(jobs=JOBS) as server:
        yield server


@pytest.fixture
def client(awx: DemoServer) -> Iterator[Client]:
    made = Client(awx.url)
    token = awx.awx.new_token(awx.awx.get(User, 1), "read", "of a test").token
    made.use_token(token)
    yield made
    made.close()


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    """An empty store."""
    with closing(store.opened(None, "a test")) as made:
        yield made


@pytest.fixture(scope="module")
def _all(awx: DemoServer) -> Iterator[sqlite3.Connection]:
    with closing(store.opened(None, "a test")) as made, closing(Client(awx.url)) as client:
        client.use_basic("admin", awx.password)
        bring_up_to_date(client, made, KeptList(), 0.0)
        yield made


@pytest.fixture
def full(database: sqlite3.Connection, _all: sqlite3.Connection) -> sqlite3.Connection:
    """A store with all jobs."""
    _all.backup(database)
    return database


def ids(database: sqlite3.Connection) -> list[int]:
    return [row[0] for row in database.execute("SELECT id FROM jobs ORDER BY id")]


def ids_in_awx(runs: Runs) -> list[int]:
    return sorted(each for each in runs if runs[each].kind == "job")


def test_only_the_period_is_fetched(
    client: Client, database: sqlite3.Connection, awx: DemoServer
) -> None:
    since = awx.awx.born - 3 * 86400.0
    bring_up_to_date(client, database, KeptList(), since)
    runs = awx.awx.jobs
    wanted = [each for each in ids_in_awx(runs) if runs[each].created >= since]
    assert ids(database) == wanted != []


def test_a_template_is_a_list_of_its_own(
    client: Client, database: sqlite3.Connection, awx: DemoServer
) -> None:
    bring_up_to_date(client, database, KeptList(9), 0.0)
    assert {row[0] for row in database.execute("SELECT template FROM jobs")} == {9}
    of_one = len(ids(database))
    awx.awx.requests.clear()
    bring_up_to_date(client, database, KeptList(), 0.0)
    assert len(ids(database)) == len(ids_in_awx(awx.awx.jobs)) > of_one
    awx.awx.requests.clear()
    bring_up_to_date(client, database, KeptList(9), 0.0)
    assert len(awx.awx.requests) == 1


@pytest.mark.parametrize(
    "condition",
    ["id = 9", "id = (SELECT max(id) FROM jobs)", "id % 7 = 0", "id BETWEEN 300 AND 800", "1"],
)
def test_what_is_not_here_though_it_should_be_is_found(
    client: Client, full: sqlite3.Connection, condition: str
) -> None:
    """As a job that a long transaction shows only after later ones were seen."""
    before = full.execute("SELECT * FROM jobs ORDER BY id").fetchall()
    gone = full.execute(f"DELETE FROM jobs WHERE {condition}").rowcount
    assert gone
    bring_up_to_date(client, full, KeptList(), 0.0)
    assert full.execute("SELECT * FROM jobs ORDER BY id").fetchall() == before


def test_jobs_that_only_the_store_has_go(
    client: Client, full: sqlite3.Connection, awx: DemoServer
) -> None:
    there = ids_in_awx(awx.awx.jobs)
    # The ids that AWX has given to runs of another kind.
    strays = sorted(set(range(there[0], awx.awx.jobs.next_id)) - set(there))
    assert strays
    copy = f"INSERT INTO jobs SELECT ?, {', '.join(COLUMNS[1:])} FROM jobs WHERE id = 9"
    full.executemany(copy, [(each,) for each in strays])
    bring_up_to_date(client, full, KeptList(), 0.0)
    assert ids(full) == there


def test_names_are_those_of_the_newest_job(client: Client, full: sqlite3.Connection) -> None:
    full.execute("UPDATE names SET name = 'Old name', as_of = 1 WHERE kind = 'template'")
    bring_up_to_date(client, full, KeptList(9), 0.0)
    names = dict(full.execute("SELECT id, name FROM names WHERE kind = 'template'"))
    assert names[9] == "Deploy web"
    assert names[10] == "Old name"


def test_other_jobs_under_the_same_ids_are_noticed(
    client: Client, full: sqlite3.Connection, awx: DemoServer
) -> None:
    """As after a restore of AWX's full."""
    right = full.execute("SELECT * FROM jobs ORDER BY id").fetchall()
    full.execute("UPDATE jobs SET created = created - 5, status = 'failed'")
    bring_up_to_date(client, full, KeptList(), 0.0)
    assert full.execute("SELECT * FROM jobs ORDER BY id").fetchall() == right
    assert len(right) == len(ids_in_awx(awx.awx.jobs))


def test_they_are_noticed_where_there_are_new_ones_too(
    client: Client, full: sqlite3.Connection
) -> None:
    right = full.execute("SELECT * FROM jobs ORDER BY id").fetchall()
    newest = right[-1][0]
    full.execute("DELETE FROM jobs WHERE id = ?", (newest,))
    full.execute("UPDATE asked SET upto = (SELECT max(id) FROM jobs)")
    full.execute("UPDATE jobs SET created = created - 5, status = 'failed'")
    bring_up_to_date(client, full, KeptList(), 0.0)
    assert full.execute("SELECT * FROM jobs ORDER BY id").fetchall() == right


def test_after_a_period_without_jobs_only_what_is_asked_for_is_fetched(
    client: Client, database: sqlite3.Connection, awx: DemoServer
) -> None:
    newest = awx.awx.jobs[ids_in_awx(awx.awx.jobs)[-1]]
    database.execute("INSERT INTO asked VALUES ('', 0, ?)", (newest.created + 1,))
    awx.awx.requests.clear()
    bring_up_to_date(client, database, KeptList(), newest.created - 1)
    assert ids(database) == [newest.id]
    assert len(awx.awx.requests) <= 3


def test_what_an_interrupted_fetch_has_left_waits_until_it_is_wanted(
    client: Client, database: sqlite3.Connection, awx: DemoServer
) -> None:
    last = ids_in_awx(awx.awx.jobs)[-1]
    database.execute("INSERT INTO asked VALUES ('', ?, 0.0)", (last,))
    database.execute(
        "INSERT INTO missing (list, above, upto, since) VALUES ('', 0, ?, 0.0)", (last,)
    )
    day = awx.awx.born - 86400.0
    awx.awx.requests.clear()
    bring_up_to_date(client, database, KeptList(), day)
    assert len(awx.awx.requests) <= 3
    assert is_whole(database, KeptList(), day)
    assert not is_whole(database, KeptList(), 0.0)
    bring_up_to_date(client, database, KeptList(), 0.0)
    assert ids(database) == ids_in_awx(awx.awx.jobs)
    assert is_whole(database, KeptList(), 0.0)


def test_rights_that_were_granted_cost_pages_and_no_search(
    client: Client, full: sqlite3.Connection, awx: DemoServer
) -> None:
    full.execute("DELETE FROM jobs WHERE id % 50 <> 0")
    awx.awx.requests.clear()
    bring_up_to_date(client, full, KeptList(), 0.0)
    assert ids(full) == ids_in_awx(awx.awx.jobs)
    assert len(awx.awx.requests) <= JOBS // 200 * 1.5 + 6


def test_jobs_of_a_template_that_was_deleted_are_of_one_kind(
    client: Client, full: sqlite3.Connection
) -> None:
    """Those that were kept before still have its id, those that are fetched later have none."""
    full.execute("UPDATE jobs SET template = 9999, name = 'Old deploy' WHERE id < 40")
    full.execute("UPDATE jobs SET template = NULL, name = 'Old deploy' WHERE id < 20")
    full.execute("INSERT INTO names VALUES ('template', 9999, 'Old deploy', 39)")
    bring_up_to_date(client, full, KeptList(), 0.0)
    rows = full.execute("SELECT DISTINCT template FROM jobs WHERE name = 'Old deploy'")
    assert rows.fetchall() == [(None,)]
