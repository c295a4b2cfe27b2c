"""What to do where jobs of the same template are under way: launch, wait, skip the run, or fail.

It is a look, not a lock: two that look at the same moment both launch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import launch_plan
from utils import logger
from utils.errors import AppError, ExitCode, NotNeeded, PreflightFailed
from utils.jobs import Launched, describe
from utils.journal import Journal
from utils.printable import printable
from utils.waiting import WAITING_STATUSES, Pauses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config import Settings
    from launch_plan import LaunchPlan
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("overlap")

UNDER_WAY = ",".join((*sorted(WAITING_STATUSES), "running"))
NAMED_AT_MOST = 5


@dataclass(frozen=True)
class Overlap:
    """That it was looked for, and the ids of the jobs that were waited for."""

    waited_for: tuple[int, ...]


@dataclass(frozen=True)
class _Active:
    """A job that is under way, and who launched it."""

    job: Launched
    launched_by: str

    def __str__(self) -> str:
        by = f", launched by {self.launched_by}" if self.launched_by else ""
        return f"{self.job} ({self.job.status}{by})"


def settle(client: Client, settings: Settings, done: Results) -> None:
    """Look for jobs of the plan's template that are under way, and do as `--if-running` says.

    `GET /api/v2/unified_jobs/?unified_job_template=N&status__in=...`, the first time it is called
    in a run, and no request at all for `launch`. Raises NotNeeded for `skip`, PreflightFailed for
    `fail`.
    """
    if settings.if_running == "launch":
        return
    plan = launch_plan.of_run(client, settings, done)
    try:
        done.once(Overlap, lambda: _settle(client, settings, done, plan))
    except AppError as error:
        error.step = "overlap"
        raise


def _settle(client: Client, settings: Settings, done: Results, plan: LaunchPlan) -> Overlap:
    def look() -> dict[int, _Active]:
        return _under_way(client, plan, same_limit=settings.same_limit)

    found = look()
    if not found:
        return Overlap(())
    if settings.if_running == "wait":
        return Overlap(_wait(plan, found, look, Pauses(client.sleep)))
    source = f"{settings.source('if_running')} is {settings.if_running}"
    text = f"{plan} is under way, nothing is launched ({source}): {_listed(found)}"
    if settings.if_running == "fail":
        raise PreflightFailed(text)
    done[Journal].try_note(state="skipped", exit_code=int(ExitCode.OK))
    raise NotNeeded(text)


def _under_way(client: Client, plan: LaunchPlan, *, same_limit: bool) -> dict[int, _Active]:
    """Return the template's jobs by id, whoever launched them; a sliced one's slices, too."""
    rows = client.walk("unified_jobs/", unified_job_template=plan.template_id, status__in=UNDER_WAY)
    return {
        row.integer("id"): _Active(describe(client, row), _launched_by(row))
        for row in rows
        if not same_limit or row.maybe_text("limit").strip() == plan.limit.strip()
    }


def _launched_by(row: Record) -> str:
    return printable(row.maybe_record("launched_by").maybe_text("name"))


def _listed(found: Mapping[int, _Active]) -> str:
    named = list(map(str, found.values()))[:NAMED_AT_MOST]
    more = len(found) - len(named)
    return "; ".join([*named, f"and {more} more"] if more else named)


def _wait(
    plan: LaunchPlan,
    found: dict[int, _Active],
    look: Callable[[], dict[int, _Active]],
    pauses: Pauses,
) -> tuple[int, ...]:
    """Wait until none is under way, also of those that begin meanwhile; return all their ids."""
    log.info("%s is under way, waiting for it to end: %s", plan, _listed(found))
    seen = dict(found)
    while found:
        pauses.wait()
        before, found = found, look()
        if _tell_changes(before, found):
            pauses.reset()
        seen |= found
    log.info("%s is not under way any more", plan)
    return tuple(seen)


def _tell_changes(before: Mapping[int, _Active], now: Mapping[int, _Active]) -> bool:
    """Say what has changed; tell whether anything has."""
    for job_id in before.keys() - now.keys():
        log.info("job %d is over", job_id)
    for job_id, active in now.items():
        if job_id not in before:
            log.info("waiting also for %s", active)
        elif active.job.status != before[job_id].job.status:
            log.info("job %d is %s", job_id, active.job.status)
    return {each: active.job.status for each, active in before.items()} != {
        each: active.job.status for each, active in now.items()
    }
