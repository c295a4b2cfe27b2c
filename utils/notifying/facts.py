"""What is known of a run at its end: the variables of the templates of messages."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from utils.errors import ExitCode
from utils.live.words import duration
from utils.notifying.endings import RECOVERY
from utils.notifying.excerpt import Excerpt
from utils.statistics.words import name, plural

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# Of many, a message names these.
FAILURES, JOBS = 10, 20
# A job that differs from the usual by less than a share of it, or a second, took as long.
AS_USUAL, AS_USUAL_S = 0.25, 1.0
# What AWX calls them, and what everybody else does.
HOST_STATES = {"failures": "failed", "dark": "unreachable"}


@dataclass(frozen=True)
class JobFacts:
    """A job. `hosts` has how many hosts are in which state; times have a zone, None if unknown."""

    id: int
    name: str
    kind: str
    page: str
    status: str
    explanation: str = ""
    hosts: Mapping[str, int] = field(default_factory=dict)
    started: datetime | None = None
    finished: datetime | None = None
    elapsed_s: float | None = None
    limit: str = ""
    launched_by: str = ""
    launch_type: str = ""

    @property
    def label(self) -> str:
        """What tells it from other jobs."""
        return f"{self.name} (job {self.id})"

    @property
    def failed_hosts(self) -> int:
        """How many hosts failed or were unreachable."""
        return sum(self.hosts.get(each, 0) for each in HOST_STATES)

    @property
    def told_hosts(self) -> str:
        """How many hosts are in which state, as `1 failed, 2 ok`; the bad ones first."""
        bad_first = sorted(self.hosts, key=lambda state: state not in HOST_STATES)
        return ", ".join(f"{self.hosts[each]} {HOST_STATES.get(each, each)}" for each in bad_first)


@dataclass(frozen=True)
class FailureFacts:
    """What failed on a host; `job` says in which one, where there are several."""

    host: str
    task: str
    message: str
    unreachable: bool
    job: str = ""

    @property
    def where(self) -> str:
        """The host, and the task where it got to one."""
        where = self.host if self.unreachable else f"{self.host}, task {self.task!r}"
        return f"{self.job}: {where}" if self.job else where


@dataclass(frozen=True)
class AttemptFacts:
    """A job of the run that has ended, where `--retries` allowed several."""

    id: int
    status: str
    page: str
    failed_hosts: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """All that a message can tell. What is not known is empty or None.

    `job` is the last attempt, or the worst of several that were watched, which are in `jobs`.
    """

    event: str
    word: str
    exit_code: int
    meaning: str
    awx: str
    template: str = ""
    reason: str = ""
    job: JobFacts | None = None
    jobs: tuple[JobFacts, ...] = ()
    failures: tuple[FailureFacts, ...] = ()
    attempts: tuple[AttemptFacts, ...] = ()
    usual_s: float | None = None
    failing_since: datetime | None = None
    failed_before: int = 0
    recovered: str = ""
    user: str = ""
    ran_on: str = ""
    run_id: str = ""
    next: tuple[str, ...] = ()
    excerpt: Excerpt = field(default_factory=Excerpt)

    @property
    def is_good(self) -> bool:
        """Whether there is nothing to look after."""
        return self.exit_code == ExitCode.OK

    @property
    def title(self) -> str:
        """The headline: `FAILED: Deploy web (job 123) on 2 of 3 hosts`."""
        if len(self.jobs) > 1:
            bad = sum(each.status != "successful" for each in self.jobs)
            return f"{self.word}: {bad} of {plural(len(self.jobs), 'job')}" if bad else (
                f"{self.word}: {plural(len(self.jobs), 'job')}"
            )  # fmt: skip
        job = self.job
        if not job:
            return f"{self.word}: {self.template or 'a run'}: {self.meaning}"
        title = f"{self.word}: {job.label}"
        if job.failed_hosts:
            title += f" on {job.failed_hosts} of {plural(sum(job.hosts.values()), 'host')}"
        return title

    @property
    def why(self) -> str:
        """What ended it, in a line; empty where the headline says it all."""
        explained = self.job.explanation if self.job else ""
        if self.event == RECOVERY:
            since = f" since {when(self.failing_since)}" if self.failing_since else ""
            which = self.recovered or "It"
            return f"{which} had failed{since} ({plural(self.failed_before, 'job')})."
        return self.reason or explained

    @property
    def duration(self) -> str:
        """How long the job took, beside what is usual: `2 min 03 s, usually 42 s`."""
        if not self.job or self.job.elapsed_s is None:
            return ""
        text = duration(self.job.elapsed_s)
        if not self.usual_s:
            return text
        if abs(self.job.elapsed_s - self.usual_s) < max(AS_USUAL * self.usual_s, AS_USUAL_S):
            return f"{text}, as usual"
        return f"{text}, usually {duration(self.usual_s)}"

    @property
    def launched(self) -> str:
        """Who launched the job, and how: `admin, manual`."""
        job = self.job
        found = (job.launched_by, job.launch_type) if job else (self.user,)
        return ", ".join(filter(None, found))

    @property
    def told_exit_code(self) -> str:
        """The exit code and what it means."""
        return f"{self.exit_code}: {self.meaning}"

    def cut(self) -> Facts:
        """Return them with as many failures and jobs as a message names."""
        return replace(self, failures=self.failures[:FAILURES], jobs=self.jobs[:JOBS])


def when(moment: datetime | None) -> str:
    """Return a time as people here say it: `2026-01-31 18:30 CET`; empty for none."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}" if moment else ""


def clean(text: object) -> str:
    """Return a text out of AWX as one line; empty for what is none."""
    return name(text) if isinstance(text, str) and text.strip() else ""
