"""The local store of jobs: one SQLite file for each AWX and user, that several processes share."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import UsageError
from utils.job_store import aside
from utils.job_store.schema import APPLICATION_ID, MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = logger.get("store")

# Another process writes a few hundred rows at a time; whoever waits that long waits for one that
# is stopped.
BUSY_S = 30.0
# https://www.sqlite.org/fileformat.html: 100 bytes, the application's number at 68.
HEADER, MAGIC = 100, b"SQLite format 3\x00"


class ForeignFile(Exception):
    """A file at the store's place that is none of ours, or is broken."""


def path_of(log_dir: Path, awx: str, username: str) -> Path:
    """Return where the jobs of an AWX are kept that this user is shown."""
    digest = hashlib.sha256(f"{awx}\n{username}".encode()).hexdigest()[:8]
    told = re.sub(r"[^A-Za-z0-9.-]+", "_", f"{awx.partition('://')[2]}-{username}")[:80]
    return log_dir / "history" / f"{told}-{digest}.sqlite3"


def opened(path: Path | None, owner: str) -> sqlite3.Connection:
    """Return the store, made or brought to the newest version where need be.

    `owner` says whose jobs of which AWX these are. No path is a store that ends with this process,
    and so is one whose path cannot be used, which is told. What is at the path and is none of ours,
    or is broken, is put aside. Raises UsageError for a store of a newer version of this program.
    """
    if path is None:
        return _prepared("", owner)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _opened_at(path, owner)
        except ForeignFile as problem:
            aside.put(path, str(problem))
            return _opened_at(path, owner)
    except (OSError, sqlite3.OperationalError) as error:
        warn(path, error)
        return _prepared("", owner)


def warn(path: Path, error: Exception) -> None:
    """Tell that the store at a path cannot be used."""
    log.warning("cannot keep jobs in %s (%s): all are asked for again next time", path, error)


def _opened_at(path: Path, owner: str) -> sqlite3.Connection:
    path.touch(mode=0o600, exist_ok=True)
    _check_header(path)
    return _prepared(str(path), owner)


def _check_header(path: Path) -> None:
    """Raise ForeignFile for what is none of ours, before SQLite may change it."""
    with path.open("rb") as stream:
        header = stream.read(HEADER)
    if not header:
        return
    if not header.startswith(MAGIC):
        raise ForeignFile("it is no database")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise ForeignFile("it is a database of another program")


def _prepared(name: str, owner: str) -> sqlite3.Connection:
    """Return a connection in autocommit mode: transactions are begun by `changing`."""
    database = sqlite3.connect(name, timeout=BUSY_S, isolation_level=None)
    try:
        # Temporary tables are as long as the history: they are to be on disk beyond some pages.
        database.execute("PRAGMA temp_store = FILE")
        database.execute("PRAGMA synchronous = NORMAL")
        _migrate(database, owner)
        # Only now: what tells that the file is ours is to be in it, and not in a log beside it.
        database.execute("PRAGMA journal_mode = WAL")
        _check(database)
    except sqlite3.OperationalError:
        database.close()
        raise
    except sqlite3.DatabaseError as error:
        database.close()
        raise ForeignFile(f"it is broken ({error})") from None
    except BaseException:
        database.close()
        raise
    return database


def _check(database: sqlite3.Connection) -> None:
    """Raise ForeignFile for a store that is not as it should be."""
    with closing(sqlite3.connect(":memory:")) as model:
        for step in MIGRATIONS:
            model.executescript(step)
        if _tables(database) != _tables(model):
            raise ForeignFile("it does not have the tables that it should have")
    (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise ForeignFile(f"it is broken ({' '.join(verdict.split())})")


def _tables(database: sqlite3.Connection) -> list[tuple[str, str]]:
    rows = database.execute("SELECT name, sql FROM sqlite_master ORDER BY name")
    return [row for row in rows.fetchall() if row[1]]


def _migrate(database: sqlite3.Connection, owner: str) -> None:
    """Bring the store to the newest version; raises UsageError for one of a later version."""
    version = _number(database, "user_version")
    if version < len(MIGRATIONS) or _number(database, "application_id") != APPLICATION_ID:
        with changing(database):
            # Only now: another process may have done it meanwhile.
            for step in MIGRATIONS[_number(database, "user_version") :]:
                for statement in _statements(step):
                    database.execute(statement)
            database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            database.execute("INSERT OR IGNORE INTO about VALUES ('owner', ?)", (owner,))
    if version > len(MIGRATIONS):
        raise UsageError(
            "the store of jobs is of a newer version of this program: update this one, or pass "
            "--no-store"
        )
    kept = database.execute("SELECT value FROM about WHERE key = 'owner'").fetchone()
    if kept != (owner,):
        raise ForeignFile(f"it holds the jobs of {kept[0] if kept else 'nobody'}")


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script: `executescript` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _number(database: sqlite3.Connection, pragma: str) -> int:
    (value,) = database.execute(f"PRAGMA {pragma}").fetchone()
    return int(value)


@contextmanager
def changing(database: sqlite3.Connection) -> Iterator[None]:
    """Do all that is written in the context, or nothing of it."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise


@contextmanager
def reading(database: sqlite3.Connection) -> Iterator[None]:
    """Read one state of the store, whatever other processes write meanwhile."""
    database.execute("BEGIN")
    try:
        yield
    finally:
        with suppress(sqlite3.Error):
            database.execute("ROLLBACK")


def clear(database: sqlite3.Connection) -> None:
    """Forget all jobs."""
    with changing(database):
        for table in ("jobs", "names", "asked", "missing", "explained", "failed_hosts"):
            database.execute(f"DELETE FROM {table}")  # noqa: S608  # our own names
