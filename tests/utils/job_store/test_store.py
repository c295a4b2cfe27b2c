"""The store's file: whose it is, how it grows older, what several of them do at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from utils.job_store import store
from utils.job_store.schema import APPLICATION_ID, MIGRATIONS

if TYPE_CHECKING:
    from pathlib import Path

OWNER = "admin at http://awx.example"


def columns(database: sqlite3.Connection) -> dict[str, list[str]]:
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
        for (name,) in tables
    }


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_a_store_of_any_earlier_version_becomes_the_newest(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.sqlite3"
    path.touch()
    with closing(sqlite3.connect(path)) as old:
        for step in MIGRATIONS[:version]:
            old.executescript(step)
        if version:
            old.execute(f"PRAGMA user_version = {version}")
            old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            old.execute("INSERT INTO about VALUES ('owner', ?)", (OWNER,))
            old.execute(
                "INSERT INTO jobs VALUES (7, 9, 2, 8, 1, 'Deploy', 'admin', 'manual', "
                "'failed', 1.0, 2.0, 3.0, 1.0, '', '')"
            )
        old.commit()
    with closing(store.opened(path, OWNER)) as migrated, closing(store.opened(None, OWNER)) as new:
        assert columns(migrated) == columns(new)
        assert len(migrated.execute("SELECT * FROM jobs").fetchall()) == min(version, 1)
        assert migrated.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert not path.with_name("old.sqlite3.aside").exists()


def test_what_goes_wrong_leaves_nothing_half_done() -> None:
    with closing(store.opened(None, OWNER)) as database:
        with suppress(ZeroDivisionError), store.changing(database):
            database.execute("INSERT INTO asked VALUES ('', 1, 1.0)")
            raise ZeroDivisionError
        assert not database.execute("SELECT * FROM asked").fetchall()


def test_a_reader_sees_one_state_while_another_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    with closing(store.opened(path, OWNER)) as one, closing(store.opened(path, OWNER)) as two:
        with store.reading(one):
            assert not one.execute("SELECT * FROM asked").fetchall()
            with store.changing(two):
                two.execute("INSERT INTO asked VALUES ('', 1, 1.0)")
            assert not one.execute("SELECT * FROM asked").fetchall()
        assert one.execute("SELECT upto FROM asked").fetchall() == [(1,)]


def test_what_is_known_of_a_job_goes_with_it() -> None:
    with closing(store.opened(None, OWNER)) as database:
        database.execute(
            "INSERT INTO jobs VALUES (7, 9, 2, 8, 1, 'Deploy', 'admin', 'manual', "
            "'failed', 1.0, 2.0, 3.0, 1.0, '', '')"
        )
        database.execute("INSERT INTO explained VALUES (7, 'task', 'it broke', 1, 1)")
        database.execute("INSERT INTO failed_hosts VALUES (7, 'web01', 'Install', 'no', 0)")
        database.execute("DELETE FROM jobs")
        assert not database.execute("SELECT * FROM explained").fetchall()
        assert not database.execute("SELECT * FROM failed_hosts").fetchall()


def test_users_and_addresses_do_not_share_a_file(tmp_path: Path) -> None:
    paths = {
        store.path_of(tmp_path, "https://awx.example", "admin"),
        store.path_of(tmp_path, "https://awx.example", "Admin"),
        store.path_of(tmp_path, "https://awx.example:8443", "admin"),
        store.path_of(tmp_path, "https://awx.example/a", "dmin"),
        store.path_of(tmp_path, "https://awx.example", "../" * 40),
    }
    assert len(paths) == 5
    assert {path.parent for path in paths} == {tmp_path / "history"}
