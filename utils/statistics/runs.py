"""The jobs of a report and of the period before, as a table that all its figures are sums of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from utils.job_store.fetching import KeptList
    from utils.statistics.zone import Zone

NOW, BEFORE = 0, 1


@dataclass(frozen=True)
class Period:
    """Seconds since the epoch: the report is of [since, until), with as long a time before it."""

    since: float
    until: float

    @property
    def since_before(self) -> float:
        """Where the period before begins; there was no AWX before the epoch."""
        return max(self.since - (self.until - self.since), 0.0)


# `template` is the id, the name where the template is deleted. `elapsed` is there for judged jobs
# that were started, `waiting` for all that were. Hours are the zone's own, counted from the epoch.
TABLE = """
CREATE TEMP TABLE run (
    id INTEGER PRIMARY KEY, period INTEGER, template, status TEXT, good INTEGER, bad INTEGER,
    elapsed REAL, waiting REAL, hour INTEGER, finished REAL, inventory INTEGER, project INTEGER,
    organization INTEGER, launcher TEXT, is_relaunch INTEGER, revision TEXT
)
"""
# Looking at all jobs in their order is quicker than sorting those that an index finds.
FILL = """
INSERT INTO run SELECT
    id, created < :since, coalesce(template, name), status,
    status = 'successful', status IN ('failed', 'error'),
    CASE WHEN started IS NOT NULL AND status IN ('successful', 'failed', 'error') THEN elapsed END,
    round(max(started - created, 0), 6), CAST((created + {offset}) / 3600 AS INTEGER),
    finished, inventory, project, organization, launcher, launch_type = 'relaunch', revision
FROM jobs NOT INDEXED WHERE created >= :before AND created < :until AND {condition} ORDER BY id
"""


def gather(database: sqlite3.Connection, jobs: KeptList, period: Period, zone: Zone) -> None:
    """Make the temporary table `run` of the store's jobs of both periods."""
    *changes, (_, last) = zone.stretches(period.since_before, period.until)
    cases = "".join(f" WHEN created < {int(when)} THEN {int(ahead)}" for when, ahead in changes)
    offset = f"CASE{cases} ELSE {int(last)} END" if cases else str(int(last))
    database.execute("DROP TABLE IF EXISTS temp.run")
    database.execute(TABLE)
    database.execute(
        FILL.format(offset=offset, condition=jobs.condition),
        {"before": period.since_before, "since": period.since, "until": period.until},
    )
