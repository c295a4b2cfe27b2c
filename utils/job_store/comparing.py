"""Whether the store has the jobs that AWX has: counts tell it, and halving finds the difference.

AWX deletes old jobs by itself, people delete single ones, and one that was created in a long
transaction shows up after jobs with a greater id. AWX has no list of any of that. Where one has
gone and another one has come between the same two ids, counts are equal and it is not noticed.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from utils.job_store import fetching, rows
from utils.job_store.store import changing

if TYPE_CHECKING:
    import sqlite3

    from utils.awx_client import Client
    from utils.job_store.fetching import KeptList

# A page of AWX's: as many are compared one by one.
FEW = 200
# Where AWX shows that many times what is here, as after rights were granted, all of it is fetched.
MUCH_MORE = 4


class Comparison:
    """One comparison of the jobs created from a time on, range of ids by range of ids.

    What AWX has deleted is forgotten, and fetched what it shows only now. `gone` and `found` count
    them. Its methods raise as `Client.get` does.
    """

    def __init__(
        self, client: Client, database: sqlite3.Connection, jobs: KeptList, since: float
    ) -> None:
        self.client, self.database, self.jobs, self.since = client, database, jobs, since
        self.gone = self.found = 0

    def settle(self, above: int, upto: int, count: int | None = None) -> None:
        """Make the store have what AWX has of the ids in (above, upto]; it has `count` of them."""
        here = self._count_here(above, upto)
        there = self._count_there(above, upto) if count is None else count
        if here == there:
            return
        if not there:
            self._forget(self._ids(above, upto))
        elif (here <= FEW and there <= FEW) or there > MUCH_MORE * here:
            self._compare(above, upto)
        else:
            middle = self._middle(above, upto, here) if here > 1 else (above + upto) // 2
            self.settle(above, middle)
            self.settle(middle, upto)

    def _params(self, above: int, upto: int) -> dict[str, str | int]:
        times = {"created__gte": fetching.iso(self.since)}
        return {**self.jobs.params, **times, "id__gt": above, "id__lte": upto}

    def _count_there(self, above: int, upto: int) -> int:
        answer = self.client.get("jobs/", **self._params(above, upto), page_size=1)
        return answer.integer("count")

    @property
    def _where(self) -> str:
        return f"FROM jobs WHERE id > ? AND id <= ? AND created >= ? AND {self.jobs.condition}"

    def _count_here(self, above: int, upto: int) -> int:
        (count,) = self.database.execute(
            f"SELECT count(*) {self._where}",
            (above, upto, self.since),  # our own words
        ).fetchone()
        return int(count)

    def _ids(self, above: int, upto: int) -> set[int]:
        found = self.database.execute(
            f"SELECT id {self._where}",
            (above, upto, self.since),  # our own words
        )
        return {row[0] for row in found}

    def _middle(self, above: int, upto: int, here: int) -> int:
        """Return the id that has half of the store's jobs of that range below it."""
        (middle,) = self.database.execute(
            f"SELECT id {self._where} ORDER BY id LIMIT 1 OFFSET ?",  # our own words
            (above, upto, self.since, here // 2 - 1),
        ).fetchone()
        return int(middle)

    def _compare(self, above: int, upto: int) -> None:
        params = self._params(above, upto)
        listed = self.client.walk("jobs/", newest_first=True, at_most=None, **params)
        known, there = self._ids(above, upto), set()
        while batch := list(islice(listed, FEW)):
            with changing(self.database):
                rows.put(self.database, batch)
            there |= {row.integer("id") for row in batch}
        self._forget(known - there)
        self.found += len(there - known)

    def _forget(self, ids: set[int]) -> None:
        with changing(self.database):
            self.database.executemany("DELETE FROM jobs WHERE id = ?", [(each,) for each in ids])
        self.gone += len(ids)
