"""Past jobs by the hundred thousand: each is a pure function of its id, made when looked at."""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from demo.playbooks import SURE
from demo.run_life import CANCEL_S, WAITING_S
from demo.seed_people import OPERATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.model import JobTemplate, User

DAY_S = 86400.0
A_DAY = 288
# How the jobs of a day spread over its hours (UTC): nightly ones at two, most at work.
BY_HOUR = (4, 4, 24, 8, 4, 4, 6, 12) + (20,) * 9 + (14, 10, 8, 6, 6, 4, 4)
# No bulk job takes longer from its creation to its end.
LONGEST_S = 3600.0
_BITS = (1 << 64) - 1

# awx/main/tasks/jobs.py, awx/main/dispatch/reaper.py and ansible-runner say so.
OF_FAILURES = (
    "Job terminated due to timeout",
    (
        "Task was marked as running but was not present in the job queue, "
        "so it has been marked as failed."
    ),
)
OF_ERRORS = (
    (
        "Failed to JSON parse a line from worker stream. Error: Expecting value: line 1 column 1 "
        "(char 0) Line with invalid JSON data: b''"
    ),
    "Job terminated due to error",
    "Job could not start because no Execution Environment could be found.",
)
USUAL_S = {"migration": 240.0, "big": 40.0, "unreachable": 12.0, "flaky": 25.0, "health": 9.0}


class Kind(NamedTuple):
    """What many bulk jobs have in common: all that their rows differ in, but for figures."""

    template: JobTemplate
    user: User | None  # None for a schedule
    launch_type: str
    outcome: str
    explanation: str
    has_run: bool


class Figures(NamedTuple):
    """One bulk job: its kind, and what is its own; times in seconds since the epoch."""

    id: int
    kind: Kind
    created: float
    wait_s: float  # infinite for one that was canceled before it started
    duration_s: float
    revision: str

    @property
    def starts(self) -> float:
        """When it started."""
        return self.created + self.wait_s + WAITING_S

    @property
    def started(self) -> float | None:
        """When it started, None if it never did."""
        return self.starts if self.kind.has_run else None

    @property
    def cancel_at(self) -> float | None:
        """When somebody canceled it."""
        if self.kind.outcome != "canceled":
            return None
        if not self.kind.has_run:
            return self.created + self.duration_s
        return self.starts + max(0.1, self.duration_s - CANCEL_S)

    @property
    def canceled_on(self) -> float | None:
        """The same, as AWX names it."""
        return self.cancel_at

    @property
    def finished(self) -> float:
        """When it ended."""
        cancel_at = self.cancel_at
        if cancel_at is None:
            return self.starts + self.duration_s
        return cancel_at + (CANCEL_S if self.kind.has_run else 0.02)

    @property
    def elapsed(self) -> float:
        """For how many seconds it ran."""
        return round(self.finished - self.starts, 3) if self.kind.has_run else 0.0

    @property
    def modified(self) -> float:
        """When its row was last changed."""
        return self.starts if self.kind.has_run else self.created + 0.00001


def _mixed(number: int) -> int:
    """Return 64 bits that look random and depend on the number only."""
    number = (number + 1) * 0x9E3779B97F4A7C15 & _BITS
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9 & _BITS
    number = (number ^ number >> 27) * 0x94D049BB133111EB & _BITS
    return number ^ number >> 31


def _times_of_day() -> list[float]:
    """Return when the jobs of a day are created, in seconds since midnight."""
    total, sums = sum(BY_HOUR), [0.0]
    for weight in BY_HOUR:
        sums.append(sums[-1] + weight / total)
    times = []
    for number in range(A_DAY):
        share = (number + 0.5) / A_DAY
        hour = bisect_left(sums, share) - 1
        inside = (share - sums[hour]) / (sums[hour + 1] - sums[hour])
        times.append((hour + inside) * 3600.0)
    return times


TIMES = _times_of_day()


class BulkJobs:
    """The bulk jobs: `count` of them from the id `first` on, the last one before the time `end`."""

    def __init__(
        self,
        templates: Sequence[JobTemplate],
        users: Sequence[User],
        *,
        first: int,
        count: int,
        end: float,
    ) -> None:
        self.templates, self.users, self.first, self.count = templates, users, first, count
        self._midnight = end // DAY_S * DAY_S

    @property
    def ids(self) -> range:
        """Their ids."""
        return range(self.first, self.first + self.count)

    def created(self, job_id: int) -> float:
        """Return when a job was created: later ones have higher ids."""
        days, number = divmod(self.first + self.count - 1 - job_id, A_DAY)
        at = TIMES[A_DAY - 1 - number]
        # Never more than what lies between two of them, even in the busiest hour.
        return self._midnight - (days + 1) * DAY_S + at + (job_id * 7919 % 60_000_000) / 1e6

    def first_created_from(self, moment: float) -> int:
        """Return the id of the first job that was created then or later."""
        return self.first + bisect_left(self.ids, moment, key=self.created)

    def __getitem__(self, job_id: int) -> Figures:
        """Return a job."""
        dice, kind, created = _mixed(job_id), self.kind(job_id), self.created(job_id)
        return Figures(
            job_id,
            kind,
            created,
            _wait_s(created, dice) if kind.has_run else math.inf,
            _duration_s(kind.template, dice),
            self._revision(kind.template, created),
        )

    def kind(self, job_id: int) -> Kind:
        """Return a job's kind; every second one may be another try of a failed one before it."""
        dice = _mixed(job_id)
        template, outcome = self._draw(dice)
        launch_type, user = self._launched(template, dice)
        if job_id % 2 and job_id > self.first:
            before, failed = self._draw(_mixed(job_id - 1))
            if failed == "failed" and dice % 5:
                template, launch_type, user = before, "relaunch", self.users[0]
                is_lasting = before.behaviour in SURE or dice >> 8 & 7 == 0
                outcome = "failed" if is_lasting else "successful"
        has_run = not (outcome == "canceled" and dice >> 12 & 3 == 0)
        explanation = _explanation(outcome, dice)
        return Kind(template, user, launch_type, outcome, explanation, has_run)

    def _draw(self, dice: int) -> tuple[JobTemplate, str]:
        """Return a template, and how a job of it ended: about nine in ten well."""
        template = self.templates[dice % len(self.templates)]
        if template.behaviour in SURE:
            return template, "error" if template.behaviour == "broken worker" else "failed"
        draw = (dice >> 16 & 1023) / 1024
        bad = 0.12 if template.behaviour == "flaky" else 0.035
        if draw < bad:
            return template, "failed"
        outcome = "canceled" if draw < bad + 0.015 else "error" if draw < bad + 0.02 else ""
        return template, outcome or "successful"

    def _launched(self, template: JobTemplate, dice: int) -> tuple[str, User | None]:
        draw = (dice >> 26 & 1023) / 1024
        if draw < 0.4:
            return "scheduled", None
        may = draw > 0.8 and template.id in OPERATED
        return "manual", self.users[1] if may else self.users[0]

    @staticmethod
    def _revision(template: JobTemplate, created: float) -> str:
        """Return the project's commit, which changes every few days."""
        project = template.project
        if not project.scm_type:
            return ""
        return _commit(int(created // DAY_S + project.id * 3) // 4 * 1000 + project.id)


@lru_cache(maxsize=1024)
def _commit(number: int) -> str:
    return "".join(f"{_mixed(number * 3 + part):016x}" for part in range(3))[:40]


def _explanation(outcome: str, dice: int) -> str:
    number = dice >> 36 & 255
    if outcome == "error":
        return OF_ERRORS[number % len(OF_ERRORS)]
    if outcome == "failed" and number < 12:
        return OF_FAILURES[number % len(OF_FAILURES)]
    return ""


def _wait_s(created: float, dice: int) -> float:
    """Return for how long a job waited: longer while many are at work, and a few very long."""
    draw = (dice >> 44 & 1023) / 1024
    busy = BY_HOUR[int(created % DAY_S // 3600)] / 20
    longest = 900.0 if dice >> 54 & 127 == 0 else 40.0
    return round(0.3 + longest * busy * busy * draw**3, 3)


def _duration_s(template: JobTemplate, dice: int) -> float:
    draw = (dice >> 34 & 1023) / 1024
    stretch = 3.5 if dice >> 57 & 63 == 0 else 1.0
    return round(USUAL_S.get(template.behaviour, 6.0) * stretch * (0.85 + 0.5 * draw), 3)
