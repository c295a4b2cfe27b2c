"""How long jobs have been running: as AWX says it, and by our clock from there on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from utils.following.followed_job import FollowedJob
    from utils.record import Record


class Stopwatch:
    """Tells the elapsed time of jobs in seconds; one that began before it was seen is known."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[Record | None, float]] = {}
        self._last: dict[int, float] = {}

    def elapsed_s(self, job: FollowedJob, now: float) -> float | None:
        """Return how long a job runs at `now`, or took; None for one that has not begun."""
        job_id, told = job.job.job_id, _told(job)
        if job.is_final:
            return _elapsed(told) if told else self._last.get(job_id)
        if job.is_waiting:
            return None
        before, began = self._seen.get(job_id, (None, now))
        if told is not before:
            began = now - (_elapsed(told) if told else 0.0)
        self._seen[job_id] = told, began
        self._last[job_id] = now - began
        return now - began


def _told(job: FollowedJob) -> Record | None:
    """Return AWX's last word, if it is about how the job is now."""
    detail = job.detail
    return detail if detail and detail.fields.get("status") == job.status else None


def _elapsed(detail: Record) -> float:
    elapsed = detail.fields.get("elapsed")
    return float(elapsed) if isinstance(elapsed, int | float) else 0.0
