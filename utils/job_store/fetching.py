"""Bringing the store up to date: only what is new, was unfinished, or is gone is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import islice
from typing import TYPE_CHECKING

from utils import logger
from utils.job_store import rows
from utils.job_store.comparing import Comparison
from utils.job_store.rows import OtherJobs
from utils.job_store.store import changing, clear
from utils.jobs import IDS_IN_A_REQUEST

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from utils.awx_client import Client
    from utils.record import Record

log = logger.get("store")

# So many jobs are kept at a time: what an interruption costs at most.
BATCH = 400
# How often it is told how far it has come.
TELL_EVERY_S = 5.0


def iso(time: float) -> str:
    """Return seconds since the epoch as AWX takes a time in a filter."""
    return datetime.fromtimestamp(time, timezone.utc).isoformat()


@dataclass(frozen=True)
class KeptList:
    """A list of jobs that is kept: all that AWX shows, or those of one template."""

    template: int | None = None

    @property
    def key(self) -> str:
        """What it is called in the store."""
        return "" if self.template is None else f"template {self.template}"

    @property
    def params(self) -> dict[str, str | int]:
        """The filter by which AWX lists it."""
        return {} if self.template is None else {"job_template": self.template}

    @property
    def condition(self) -> str:
        """The same in the store."""
        return "1" if self.template is None else f"template = {int(self.template)}"


@dataclass(frozen=True)
class Gap:
    """Jobs that are to be asked for: ids in (above, upto], created in [since, until)."""

    number: int
    above: int
    upto: int
    since: float
    until: float | None

    @property
    def params(self) -> dict[str, str | int]:
        """The filter by which AWX lists them."""
        found: dict[str, str | int] = {"id__lte": self.upto, "created__gte": iso(self.since)}
        if self.above:
            found["id__gt"] = self.above
        if self.until is not None:
            found["created__lt"] = iso(self.until)
        return found


def bring_up_to_date(
    client: Client, database: sqlite3.Connection, jobs: KeptList, since: float
) -> None:
    """Fetch what the store lacks of the jobs created from `since` on (`GET /api/v2/jobs/`).

    What was fetched stays, whatever interrupts it, and is not asked for again. Jobs that AWX has
    deleted since go. Raises as `Client.get` does.
    """
    try:
        _fetch(client, database, jobs, since)
    except OtherJobs:
        log.warning("AWX has other jobs now than it had: all are asked for again")
        clear(database)
        _fetch(client, database, jobs, since)


def _fetch(client: Client, database: sqlite3.Connection, jobs: KeptList, since: float) -> None:
    wanted = {**jobs.params, "created__gte": iso(since)}
    answer = client.get("jobs/", **wanted, order_by="-id", page_size=1)
    count, newest = answer.integer("count"), answer.records("results")
    upto = max((row.integer("id") for row in newest), default=0)
    unfinished = _unfinished(database, jobs, since)
    if newest and is_known(database, upto):
        with changing(database):
            rows.put(database, newest)
    _note_gaps(database, jobs, since, upto)
    _fill(client, database, jobs, since)
    _look_again(client, database, unfinished)
    _note_deleted_templates(client, database)
    comparison = Comparison(client, database, jobs, since)
    # Of what the store has beyond the newest job, AWX has nothing any more.
    (last,) = database.execute("SELECT max(id) FROM jobs").fetchone()
    comparison.settle(0, max(upto, last or 0), count)
    if comparison.gone:
        log.info("%d job(s) were deleted in AWX since the last report", comparison.gone)
    if comparison.found:
        log.debug("%d job(s) have appeared among older ones", comparison.found)


def is_known(database: sqlite3.Connection, job: int) -> bool:
    """Tell whether the store has a job."""
    return bool(database.execute("SELECT 1 FROM jobs WHERE id = ?", (job,)).fetchone())


def is_whole(database: sqlite3.Connection, jobs: KeptList, since: float) -> bool:
    """Tell whether nothing is missing from then on: another process may have forgotten all."""
    asked = database.execute(
        "SELECT 1 FROM asked WHERE list = ? AND since <= ?", (jobs.key, since)
    ).fetchone()
    missing = database.execute(
        "SELECT 1 FROM missing WHERE list = ? AND coalesce(until, ?) > ?",
        (jobs.key, since + 1, since),
    ).fetchone()
    return bool(asked and not missing)


def _unfinished(database: sqlite3.Connection, jobs: KeptList, since: float) -> list[int]:
    marks = ", ".join("?" * len(rows.ENDED))
    found = database.execute(
        f"SELECT id FROM jobs WHERE created >= ? AND {jobs.condition} AND status NOT IN ({marks})",  # noqa: S608  # our own words
        (since, *rows.ENDED),
    )
    return [row[0] for row in found]


def _note_gaps(database: sqlite3.Connection, jobs: KeptList, since: float, upto: int) -> None:
    """Write down what is to be fetched, so that whoever is interrupted knows it the next time."""
    add = "INSERT INTO missing (list, above, upto, since, until) VALUES (?, ?, ?, ?, ?)"
    with changing(database):
        known = database.execute(
            "SELECT upto, since FROM asked WHERE list = ?", (jobs.key,)
        ).fetchone()
        if not known:
            database.execute(add, (jobs.key, 0, upto, since, None))
            database.execute("INSERT INTO asked VALUES (?, ?, ?)", (jobs.key, upto, since))
            return
        known_upto, known_since = known
        if since < known_since and known_upto:
            database.execute(add, (jobs.key, 0, known_upto, since, known_since))
        if upto > known_upto:
            # The newest that is known comes again: it tells whether they are still the same jobs.
            above, oldest = max(known_upto - 1, 0), min(since, known_since)
            database.execute(add, (jobs.key, above, upto, oldest, None))
        database.execute(
            "UPDATE asked SET upto = max(upto, ?), since = min(since, ?) WHERE list = ?",
            (upto, since, jobs.key),
        )
        # What was asked for once, and is older than what is wanted now, stays for another time.
        database.execute(
            "INSERT INTO missing (list, above, upto, since, until) "
            "SELECT list, above, upto, since, ? FROM missing "
            "WHERE list = ? AND since < ? AND coalesce(until, ?) > ?",
            (since, jobs.key, since, since + 1, since),
        )
        database.execute(
            "UPDATE missing SET since = ? WHERE list = ? AND since < ? AND coalesce(until, ?) > ?",
            (since, jobs.key, since, since + 1, since),
        )


def _fill(client: Client, database: sqlite3.Connection, jobs: KeptList, since: float) -> None:
    found = database.execute(
        "SELECT number, above, upto, since, until FROM missing WHERE list = ? AND since >= ? "
        "ORDER BY upto DESC",
        (jobs.key, since),
    )
    fetched, told = 0, client.clock()
    for gap in [Gap(*row) for row in found]:
        listed = client.walk("jobs/", newest_first=True, at_most=None, **jobs.params, **gap.params)
        for batch in _batches(listed):
            with changing(database):
                rows.put(database, batch)
                database.execute(
                    "UPDATE missing SET upto = min(upto, ?) WHERE number = ?",
                    (batch[-1].integer("id") - 1, gap.number),
                )
            fetched += len(batch)
            if client.clock() > told + TELL_EVERY_S:
                told = client.clock()
                log.info("%d jobs fetched so far", fetched)
        with changing(database):
            database.execute("DELETE FROM missing WHERE number = ?", (gap.number,))


# Templates of kept jobs that share their name with jobs whose template was deleted.
DOUBTFUL = """
SELECT DISTINCT names.id FROM jobs JOIN names ON names.kind = 'template' AND names.name = jobs.name
WHERE jobs.template IS NULL AND EXISTS (SELECT 1 FROM jobs AS its WHERE its.template = names.id)
"""


def _note_deleted_templates(client: Client, database: sqlite3.Connection) -> None:
    """Let jobs forget a template that was deleted, as those do in AWX that are fetched only now."""
    doubtful = [row[0] for row in database.execute(DOUBTFUL)][:IDS_IN_A_REQUEST]
    if not doubtful:
        return
    wanted = ",".join(map(str, doubtful))
    there = client.get("job_templates/", id__in=wanted, page_size=IDS_IN_A_REQUEST)
    gone = set(doubtful) - {row.integer("id") for row in there.records("results")}
    with changing(database):
        database.executemany(
            "UPDATE jobs SET template = NULL WHERE template = ?", [(each,) for each in gone]
        )


def _batches(listed: Iterator[Record]) -> Iterator[list[Record]]:
    while batch := list(islice(listed, BATCH)):
        yield batch


def _look_again(client: Client, database: sqlite3.Connection, ids: list[int]) -> None:
    """Ask how jobs went on that had not ended, and forget those that AWX has no more."""
    for start in range(0, len(ids), IDS_IN_A_REQUEST):
        asked = ids[start : start + IDS_IN_A_REQUEST]
        found = client.get(
            "jobs/", id__in=",".join(map(str, asked)), page_size=IDS_IN_A_REQUEST
        ).records("results")
        gone = set(asked) - {row.integer("id") for row in found}
        with changing(database):
            rows.put(database, found)
            database.executemany("DELETE FROM jobs WHERE id = ?", [(each,) for each in gone])
