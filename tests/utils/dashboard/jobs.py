"""Made-up jobs: office hours and nights, weekdays and weekends, good days and bad ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

ZONE = timezone(timedelta(hours=1), "Europe/Vienna")
NAMES = (
    "Deploy web", "Patch operating systems", "Rotate certificates", "Back up databases",
    "Provision virtual machines", "Restart application servers", "Renew DNS records",
    "Compliance scan", "Sync users from LDAP", "Clean up temporary files",
    "Failover drill", "Deploy mobile API",
)  # fmt: skip
# Task, kind and what the module said, as the most usual failures read.
TROUBLE = (
    ("Restart the service", "task", "Unable to start service httpd: Job for httpd.service failed"),
    ("Gathering Facts", "unreachable", "Failed to connect to the host via ssh: timed out"),
    ("Install packages", "task", "No package matching 'openssl-3.2.1' found available"),
    ("Wait for the port", "timed out", "Timeout when waiting for 10.0.4.17:8443"),
    ("", "project sync", "Previous Task Failed: project_update"),
    ("", "AWX", "The running ansible process received a shutdown signal."),
)


@dataclass(frozen=True)
class Job:
    """What a report would want to know of one job."""

    job_id: int
    template: int
    created: datetime
    status: str
    duration_s: float
    waiting_s: float
    trouble: tuple[str, str, str]
    host: str

    @property
    def is_bad(self) -> bool:
        return self.status in {"failed", "error"}


def made_up_jobs(
    rng: random.Random, first: date, days: int, templates: int, per_day: float, bad: float
) -> Iterator[Job]:
    """Yield the jobs of so many days from `first` on, oldest first."""
    number = 4000
    for day in (first + timedelta(each) for each in range(days)):
        is_weekend = day.weekday() >= 5
        rough = 2.6 if rng.random() < 0.08 else 1.0
        count = max(0, round(rng.gauss(per_day * (0.3 if is_weekend else 1.25), per_day / 9)))
        for minute in sorted(_minute(rng) for _ in range(count)):
            number += rng.randint(1, 4)
            template = min(int(rng.expovariate(3.2 / templates)), templates - 1)
            worse = 2.4 if template % 5 == 1 else 0.7
            yield Job(
                number, template, datetime.combine(day, time(minute // 60, minute % 60), ZONE),
                _status(rng, bad * rough * worse),
                rng.lognormvariate(4.4 + template % 4 * 0.35, 0.55) * (1.3 if rough > 1 else 1),
                rng.expovariate(1 / (3 + 20 * (minute // 60 in {2, 3}))),
                rng.choices(TROUBLE, (34, 25, 14, 11, 9, 7))[0],
                f"{rng.choice(('web', 'db', 'app', 'edge'))}{rng.randint(1, 9):02}.example.com",
            )  # fmt: skip


def _minute(rng: random.Random) -> int:
    """Return a minute of the day: office hours, and what runs by night."""
    hour = rng.gauss(11.5, 3.0) if rng.random() < 0.72 else rng.choice((2, 2, 3, 22))
    return int(min(max(hour, 0), 23.9) * 60 + rng.random())


def _status(rng: random.Random, bad: float) -> str:
    if rng.random() < bad:
        return "error" if rng.random() < 0.13 else "failed"
    return "canceled" if rng.random() < 0.025 else "successful"
