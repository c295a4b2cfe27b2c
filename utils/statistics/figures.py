"""The figures of a report, as every way to show them reads them; docs/report.md defines each.

Times are in the report's zone, durations are seconds as floats. A share is from 0 to 1, and None
where there is nothing to have a share of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from utils.statistics.counts import Counts


@dataclass(frozen=True)
class Spread:
    """Percentiles (nearest rank) of seconds; None where there are none."""

    count: int = 0
    p50: float | None = None
    p90: float | None = None
    p95: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class Streak:
    """Jobs of one template that failed one after the other, canceled ones not counted."""

    template: str
    length: int
    first_job: int
    last_job: int
    began: datetime
    # False where no successful job has come after it yet.
    is_over: bool


@dataclass(frozen=True)
class Summary:
    """What can be said of any set of jobs."""

    counts: Counts
    duration: Spread
    waiting: Spread
    # Mean time from a streak's first failure to the next success, and of how many streaks.
    repair_s: float | None = None
    repairs: int = 0
    # Failed jobs on a revision that also succeeded, or that passed when they were relaunched.
    flaky: int = 0

    @property
    def flakiness(self) -> float | None:
        """Share of the judged jobs that failed for no reason in the revision."""
        return self.flaky / self.counts.judged if self.counts.judged else None


@dataclass(frozen=True)
class Group:
    """One value of what `--by` groups by: `label` for people, `key` AWX's id where it has one."""

    label: str
    key: int | None
    summary: Summary
    # The same of the period before; None for groups by time.
    before: Summary | None = None


@dataclass(frozen=True)
class TemplateDay:
    """How the jobs of a template went on one day."""

    day: date
    successful: int
    bad: int


@dataclass(frozen=True)
class Template:
    """A template's line of the dashboard; `url` leads to it in AWX, empty where it is deleted."""

    name: str
    template_id: int | None
    url: str
    summary: Summary
    before: Summary
    # Days with jobs only, oldest first.
    days: tuple[TemplateDay, ...]
    longest_streak: int
    # How many of its last judged jobs failed one after the other, up to now.
    red_now: int


@dataclass(frozen=True)
class Day:
    """One day of the period, also one without jobs."""

    day: date
    counts: Counts
    duration: Spread


@dataclass(frozen=True)
class Hour:
    """An hour of the week, all weeks together: Monday is weekday 0."""

    weekday: int
    hour: int
    runs: int
    bad: int


@dataclass(frozen=True)
class Share:
    """How often something was it: a kind of failure, a host, a task."""

    name: str
    jobs: int
    # The newest job that it was in.
    last_job: int
    # A task's or a host's last message; for a kind, empty.
    message: str = ""


@dataclass(frozen=True)
class FailedJob:
    """A job that failed, and why as far as AWX was asked; `url` is its output in AWX."""

    job_id: int
    template: str
    status: str
    finished: datetime
    kind: str
    reason: str
    hosts: tuple[str, ...]
    # How many hosts failed, where not all are named.
    host_count: int
    url: str


@dataclass(frozen=True)
class Retries:
    """What this program's own runs in this folder of logs did about failures."""

    runs: int = 0
    retried: int = 0
    # Jobs that were started again, and runs that ended well thanks to it.
    relaunches: int = 0
    rescued: int = 0


@dataclass(frozen=True)
class Slo:
    """A target for the success rate, and how much of its error budget is spent."""

    target: float
    # How many of the judged jobs may fail, and how many did.
    allowed: float
    bad: int

    @property
    def is_met(self) -> bool:
        """Whether no more failed than may."""
        return self.bad <= self.allowed

    @property
    def spent(self) -> float | None:
        """Share of the budget that is spent, above 1 where it is not met."""
        return self.bad / self.allowed if self.allowed else None


@dataclass(frozen=True)
class Report:
    """Everything that a report shows, of the jobs created in [since, until)."""

    awx: str
    username: str
    awx_version: str
    generated: datetime
    zone: str
    since: datetime
    until: datetime
    # The period before is as long, and ends where this one begins.
    since_before: datetime
    # The filters that hold, as texts such as `template Deploy web`; none for all jobs.
    filters: tuple[str, ...]
    total: Summary
    before: Summary
    streak: Streak | None
    slo: Slo | None
    by: str
    groups: tuple[Group, ...]
    templates: tuple[Template, ...]
    days: tuple[Day, ...]
    # All 168, Monday 0 h first.
    hours: tuple[Hour, ...]
    busiest: tuple[Hour, ...]
    kinds: tuple[Share, ...]
    failing_hosts: tuple[Share, ...]
    failing_tasks: tuple[Share, ...]
    failures: tuple[FailedJob, ...]
    # Of how many of the failed jobs AWX was asked why; older ones are left out beyond a bound.
    explained: int
    retries: Retries
