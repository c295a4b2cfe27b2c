"""What keeps a run from starting: another run, or too little capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.run_kinds import AdHocCommand, Job, ProjectUpdate
from demo.run_workflows import WorkflowJob

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from demo.runs import Run

NO_CAPACITY = "This job is not ready to start because there is not enough available capacity."
CONTROL_IMPACT = 1  # what each run costs the node that controls it
FORKS = 5  # of a run that asks for none


def of(run: Run, active: Sequence[Run], capacity: int, moment: float) -> str:
    """Return what is in a run's way, in AWX's words; empty when it can start.

    `active` are the runs that wait or run at the moment, oldest first, `capacity` is what the
    only instance has, 0 when it is disabled.
    """
    blocker = blocked_by(run, active)
    blocker = blocker or next((dep for dep in run.dependencies if moment < dep.ended), None)
    if blocker is not None:
        return f"waiting for {blocker.kind.replace('_', '')}-{blocker.id} to finish"
    if isinstance(run, WorkflowJob) or fits(run, active, capacity):
        return ""
    return NO_CAPACITY


def blocked_by(run: Run, active: Sequence[Run]) -> Run | None:
    """Return the oldest run that may not go on beside this one."""
    if isinstance(run, ProjectUpdate):
        return _first(active, lambda r: isinstance(r, ProjectUpdate) and r.project is run.project)
    if isinstance(run, AdHocCommand):
        return _changes_inventory(run, active)
    if isinstance(run, Job):
        return _blocks_job(run, active)
    if isinstance(run, WorkflowJob) and not run.allow_simultaneous:
        template = run.template
        same = (WorkflowJob, Job) if run.is_sliced else (WorkflowJob,)
        return _first(active, lambda r: isinstance(r, same) and r.template is template)
    return None


def _blocks_job(job: Job, active: Sequence[Run]) -> Run | None:
    update = _first(active, lambda r: isinstance(r, ProjectUpdate) and r.project is job.project)
    blocker = update or _changes_inventory(job, active)
    if blocker or job.allow_simultaneous:
        return blocker
    return _first(active, lambda r: isinstance(r, Job) and r.template is job.template)


def _changes_inventory(run: Job | AdHocCommand, active: Sequence[Run]) -> Run | None:
    """Return the ad hoc command on the run's inventory, which AWX takes for an update of it."""
    inventory = run.inventory
    return _first(active, lambda r: isinstance(r, AdHocCommand) and r.inventory is inventory)


def _first(active: Sequence[Run], test: Callable[[Run], bool]) -> Run | None:
    return next((run for run in active if test(run)), None)


def impact(run: Run) -> int:
    """Return how much capacity a run needs, that of its control not included."""
    if isinstance(run, ProjectUpdate):
        return 1
    if isinstance(run, AdHocCommand):
        return min(run.inventory.total_hosts, FORKS) + 1
    if not isinstance(run, Job):
        return 0
    forks = run.prompts.forks or FORKS
    hosts = run.inventory.total_hosts if run.inventory else forks
    if run.slice_count > 1:
        hosts = (hosts + run.slice_count - run.slice_number) // run.slice_count
    return min(hosts, forks) + 1


def consumed(active: Sequence[Run]) -> int:
    """Return how much capacity runs use, that of their control included."""
    return sum(impact(run) + CONTROL_IMPACT for run in active if not isinstance(run, WorkflowJob))


def fits(run: Run, active: Sequence[Run], capacity: int) -> bool:
    """Return whether the instance has room: an idle one takes a job of any size."""
    left = max(0, capacity - consumed(active))
    if left >= impact(run) + CONTROL_IMPACT:
        return True
    is_idle = all(isinstance(other, WorkflowJob) for other in active)
    return is_idle and left >= CONTROL_IMPACT and not isinstance(run, ProjectUpdate)
