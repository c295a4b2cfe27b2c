"""What the order of a template's jobs tells: red streaks, repairs, flaky failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

# Judged jobs, with how many successes their template had up to each: all jobs of a streak have
# that number in common, and the success that ends it has one more.
JUDGED = """
CREATE TEMP TABLE judged AS SELECT
    period, template, id, bad, finished, inventory, revision,
    sum(good) OVER so_far AS successes, lead(is_relaunch AND good) OVER so_far AS passes_then
FROM run WHERE good OR bad
WINDOW so_far AS (PARTITION BY period, template ORDER BY id)
"""
# `repair_s` is null where no success has ended it.
RED = """
CREATE TEMP TABLE red AS
WITH failures AS (
    SELECT period, template, successes, count(*) AS length, min(id) AS first, max(id) AS last
    FROM judged WHERE bad GROUP BY 1, 2, 3
), green AS (SELECT period, template, successes, finished FROM judged WHERE NOT bad)
SELECT failures.period, failures.template, length, first, last,
    green.successes IS NOT NULL AS is_over,
    round(max(green.finished - broken.finished, 0), 6) AS repair_s
FROM failures
JOIN run AS broken ON broken.period = failures.period
    AND broken.template = failures.template AND broken.id = first
LEFT JOIN green ON green.period = failures.period
    AND green.template = failures.template AND green.successes = failures.successes + 1
"""
# Without a revision nothing is known of what was run.
FLAKY = """
CREATE TEMP TABLE flaky AS
WITH passed AS (
    SELECT DISTINCT period, template, inventory, revision
    FROM judged WHERE NOT bad AND revision <> ''
)
SELECT judged.period, judged.template, judged.id FROM judged
LEFT JOIN passed ON passed.period = judged.period AND passed.template = judged.template
    AND passed.revision = judged.revision AND passed.inventory IS judged.inventory
WHERE bad AND (passed.revision IS NOT NULL OR passes_then)
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
    for table, making in (("judged", JUDGED), ("flaky", FLAKY), ("red", RED)):
        database.execute(f"DROP TABLE IF EXISTS temp.{table}")
        database.execute(making)


def streaks(database: sqlite3.Connection, period: int) -> list[Red]:
    """Return the red streaks of a period."""
    rows = database.execute(
        "SELECT template, length, first, last, is_over FROM red WHERE period = ?", (period,)
    )
    return [
        Red(template, length, first, last, bool(is_over))
        for template, length, first, last, is_over in rows
    ]
