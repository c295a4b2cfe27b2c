"""What the order of a template's jobs tells: red streaks, repairs, flaky failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

TABLES = (
    "CREATE TEMP TABLE flaky (id INTEGER PRIMARY KEY)",
    # By its first job.
    """CREATE TEMP TABLE red (
        first INTEGER PRIMARY KEY, period, template, length, last, is_over, repair_s
    )""",
)
# Judged jobs beside the next one of their template, and with how many successes there were so far:
# all jobs of a streak have that number in common.
JUDGED = """
CREATE TEMP TABLE judged AS SELECT
    period, template, id, bad, finished,
    sum(good) OVER so_far AS successes,
    lag(bad, 1, 0) OVER so_far AS was_bad,
    lead(good) OVER so_far AS then_good,
    lead(good AND is_relaunch) OVER so_far AS then_passed,
    lead(finished) OVER so_far AS then_finished
FROM run WHERE good OR bad
WINDOW so_far AS (PARTITION BY period, template ORDER BY id)
"""
# `repair_s` is null where no success has ended it.
RED = """
INSERT INTO red SELECT
    min(id), period, template, count(*), max(id), max(then_good) IS 1,
    round(max(max(CASE WHEN then_good THEN then_finished END)
        - max(CASE WHEN NOT was_bad THEN finished END), 0), 6)
FROM judged WHERE bad GROUP BY period, template, successes
"""
# Without a revision nothing is known of what was run.
FLAKY = """
INSERT INTO flaky
WITH passed AS (
    SELECT DISTINCT period, template, inventory, revision FROM run WHERE good AND revision <> ''
)
SELECT id FROM run JOIN passed USING (period, template, revision)
WHERE bad AND passed.inventory IS run.inventory
UNION SELECT id FROM judged WHERE bad AND then_passed
"""


@dataclass(frozen=True)
class Red:
    """A streak of a template's failures, and whether a success has come after it."""

    template: Any
    length: int
    first_job: int
    last_job: int
    is_over: bool


def prepare(database: sqlite3.Connection) -> None:
    """Make the temporary tables `judged`, `flaky` and `red` out of `run`."""
    for table in ("judged", "flaky", "red"):
        database.execute(f"DROP TABLE IF EXISTS temp.{table}")
    for statement in (*TABLES, JUDGED, RED, FLAKY):
        database.execute(statement)


def streaks(database: sqlite3.Connection, period: int) -> list[Red]:
    """Return the red streaks of a period."""
    rows = database.execute(
        "SELECT template, length, first, last, is_over FROM red WHERE period = ?", (period,)
    )
    return [
        Red(template, length, first, last, bool(is_over))
        for template, length, first, last, is_over in rows
    ]
