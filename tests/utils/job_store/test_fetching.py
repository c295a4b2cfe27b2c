"""Bringing the store up to date with an embedded AWX."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from demo.model import User
from demo.server import DemoServer
from utils.awx_client import Client
from utils.job_store import store
from utils.job_store.fetching import KeptList, bring_up_to_date
from utils.job_store.rows import COLUMNS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from demo.history import Runs

JOBS = 1200


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
    with closing(store.opened(None, "a test")) as made:
        yield made


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
    client: Client, database: sqlite3.Connection, condition: str
) -> None:
    """As a job that a long transaction shows only after later ones were seen."""
    bring_up_to_date(client, database, KeptList(), 0.0)
    before = database.execute("SELECT * FROM jobs ORDER BY id").fetchall()
    gone = database.execute(f"DELETE FROM jobs WHERE {condition}").rowcount
    assert gone
    bring_up_to_date(client, database, KeptList(), 0.0)
    assert database.execute("SELECT * FROM jobs ORDER BY id").fetchall() == before


def test_jobs_that_only_the_store_has_go(
    client: Client, database: sqlite3.Connection, awx: DemoServer
) -> None:
    bring_up_to_date(client, database, KeptList(), 0.0)
    there = ids_in_awx(awx.awx.jobs)
    # The ids that AWX has given to runs of another kind.
    strays = sorted(set(range(there[0], awx.awx.jobs.next_id)) - set(there))
    assert strays
    copy = f"INSERT INTO jobs SELECT ?, {', '.join(COLUMNS[1:])} FROM jobs WHERE id = 9"
    database.executemany(copy, [(each,) for each in strays])
    bring_up_to_date(client, database, KeptList(), 0.0)
    assert ids(database) == there


def test_names_are_those_of_the_newest_job(client: Client, database: sqlite3.Connection) -> None:
    bring_up_to_date(client, database, KeptList(), 0.0)
    database.execute("UPDATE names SET name = 'Old name', as_of = 1 WHERE kind = 'template'")
    bring_up_to_date(client, database, KeptList(9), 0.0)
    names = dict(database.execute("SELECT id, name FROM names WHERE kind = 'template'"))
    assert names[9] == "Deploy web"
    assert names[10] == "Old name"
