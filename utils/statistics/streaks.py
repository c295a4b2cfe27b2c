"""What the order of a template's jobs tells: red streaks, repairs, flaky failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

JUDGED = """
SELECT id, period, template, bad, is_relaunch, finished FROM run WHERE good OR bad ORDER BY id
"""
TABLES = {
    "flaky": "(id INTEGER PRIMARY KEY)",
    # By its first job; `repair_s` is null where no success has ended it.
    "red": "(first INTEGER PRIMARY KEY, period, template, length, last, is_over, repair_s)",
}
# Without a revision nothing is known of what was run.
MIXED = """
INSERT OR IGNORE INTO flaky
WITH passed AS (
    SELECT DISTINCT period, template, inventory, revision FROM run WHERE good AND revision <> ''
)
SELECT id FROM run JOIN passed USING (period, template, revision)
WHERE bad AND passed.inventory IS run.inventory
"""


@dataclass
class Red:
    """A streak of a template's failures, and whether a success has come after it.

    `broken` is when its first job ended, in seconds since the epoch.
    """

    template: Any
    first_job: int
    last_job: int
    broken: float | None = None
    length: int = 1
    is_over: bool = False
    repair_s: float | None = None


def prepare(database: sqlite3.Connection) -> None:
    """Make the temporary tables `red` and `flaky` out of `run`."""
    for table, columns in TABLES.items():
        database.execute(f"DROP TABLE IF EXISTS temp.{table}")
        database.execute(f"CREATE TEMP TABLE {table} {columns}")
    found, relaunched = _followed(database)
    database.executemany("INSERT INTO flaky VALUES (?)", relaunched)
    database.executemany(
        "INSERT INTO red VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (each.first_job, period, each.template, each.length, each.last_job, each.is_over,
             each.repair_s)
            for period, each in found
        ),
    )  # fmt: skip
    database.execute(MIXED)


def _followed(database: sqlite3.Connection) -> tuple[list[tuple[int, Red]], list[tuple[int]]]:
    """Return the streaks with their periods, and the failures that a relaunch made good."""
    found: list[tuple[int, Red]] = []
    relaunched: list[tuple[int]] = []
    under_way: dict[tuple[int, Any], Red] = {}
    for job, period, template, bad, is_relaunch, finished in database.execute(JUDGED):
        red = under_way.get((period, template))
        if bad and red:
            red.length += 1
            red.last_job = job
        elif bad:
            red = under_way[period, template] = Red(template, job, job, finished)
            found.append((period, red))
        elif red:
            del under_way[period, template]
            red.is_over = True
            if red.broken is not None and finished is not None:
                red.repair_s = round(max(finished - red.broken, 0.0), 6)
            if is_relaunch:
                relaunched.append((red.last_job,))
    return found, relaunched


def streaks(database: sqlite3.Connection, period: int) -> list[Red]:
    """Return the red streaks of a period."""
    rows = database.execute(
        "SELECT template, first, last, length, is_over FROM red WHERE period = ?", (period,)
    )
    return [
        Red(template, first, last, length=length, is_over=bool(is_over))
        for template, first, last, length, is_over in rows
    ]
