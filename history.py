"""Step 10, history: how the last runs of the template went."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import launch_plan
from utils import logger
from utils.printable import printable
from utils.results import Skipped
from utils.statistics.counts import Counts
from utils.statistics.words import seconds
from utils.table import aligned

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("history")

COLUMNS = ("job", "template", "status", "started", "duration", "by")
NUMBERS = frozenset({"duration"})


@dataclass(frozen=True)
class History:
    """The last jobs of a template, newest first."""

    jobs: tuple[Record, ...]

    @property
    def success_rate(self) -> float | None:
        """Share of the successful ones, as in a report: of those that succeeded or failed."""
        return Counts.of(Counter(job.text("status") for job in self.jobs)).rate

    def __str__(self) -> str:
        rate = self.success_rate
        share = "" if rate is None else f", success rate {rate:.0%}"
        return f"last {len(self.jobs)} run(s){share}"


def recent(client: Client, settings: Settings, done: Results) -> History | Skipped:
    """Look at the last `--history` jobs of the plan's template and show them."""
    if not settings.history:
        return Skipped("--history 0")
    plan = launch_plan.of_run(client, settings, done)
    size = min(settings.history, 200)
    jobs = "workflow_jobs/" if plan.is_workflow else "jobs/"
    template = {plan.template_type: plan.template_id}
    rows = client.walk(
        jobs, newest_first=True, at_most=settings.history, page_size=size, **template
    )
    found = History(tuple(rows))
    for line in aligned(COLUMNS, [cells(job) for job in found.jobs], NUMBERS):
        log.info("%s", line)
    return found


def cells(job: Record, none: str = "-") -> tuple[str, ...]:
    """Return what a person wants to know of a job, in the order of `COLUMNS`; local times.

    `none` stands where AWX knows nothing.
    """
    started = job.time("started")
    return (
        str(job.integer("id")),
        printable(job.text("name")),
        printable(job.text("status")),
        f"{started.astimezone():%Y-%m-%d %H:%M:%S %Z}" if started else none,
        seconds(job.number("elapsed")) if "elapsed" in job else none,
        printable(
            job.maybe_record("launched_by").maybe_text("name") or job.maybe_text("launch_type")
        ),
    )
