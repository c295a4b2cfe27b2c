"""Made-up reports: the figures of plausible jobs, from none at all to years of them."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import TYPE_CHECKING

from tests.utils.dashboard.jobs import NAMES, ZONE, Job, made_up_jobs
from utils.statistics.counts import Counts
from utils.statistics.figures import (
    Day,
    FailedJob,
    Group,
    Hour,
    Report,
    Retries,
    Share,
    Slo,
    Spread,
    Streak,
    Summary,
    Template,
    TemplateDay,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

AWX = "https://awx.example.com"
UNTIL = date(2026, 3, 1)


def made_up(
    days: int = 60,
    names: Sequence[str] = NAMES,
    *,
    per_day: float = 48.0,
    bad: float = 0.07,
    slo: float | None = 0.95,
    by: str = "organization",
    until: date = UNTIL,
    url: str = AWX,
) -> Report:
    """Return the report of that many days with about `per_day` jobs each, `bad` of them failed."""
    rng = random.Random(1)
    jobs = list(made_up_jobs(rng, until - timedelta(2 * days), 2 * days, len(names), per_day, bad))
    since = datetime.combine(until - timedelta(days), time(), ZONE)
    return of_jobs(jobs, since, days, names, slo=slo, by=by, url=url)


def of_jobs(
    jobs: Iterable[Job],
    since: datetime,
    days: int,
    names: Sequence[str],
    *,
    slo: float | None = None,
    by: str = "template",
    url: str = AWX,
) -> Report:
    """Return the report of some jobs; those from before `since` are the period before."""
    every = list(jobs)
    now = [job for job in every if job.created >= since]
    then = [job for job in every if job.created < since]
    dates = [since.date() + timedelta(number) for number in range(days)]
    by_day, before, after = _by(now, _day), _by(then, _template), _by(now, _template)
    failed = [job for job in reversed(now) if job.is_bad]
    hours = _hours(now)
    total = summary(now)
    return Report(
        awx=url, username="operator", awx_version="24.6.1",
        generated=since + timedelta(days, hours=6, minutes=12),
        zone="Europe/Vienna", since=since, until=since + timedelta(days),
        since_before=since - timedelta(days), filters=(), total=total, before=summary(then),
        streak=_longest(after, names),
        slo=Slo(slo, (1 - slo) * total.counts.judged, total.counts.bad) if slo else None,
        by=by,
        groups=_groups(now, then, by),
        templates=tuple(
            _template_line(number, name, after[number], before[number], url)
            for number, name in enumerate(names)
        ),
        days=tuple(Day(day, counts(by_day[day]), spread(_durations(by_day[day]))) for day in dates),
        hours=hours,
        busiest=_busiest(hours),
        kinds=_shares(failed, lambda job: job.trouble[1], with_message=False),
        failing_hosts=_shares(failed, lambda job: job.trouble[0] and job.host),
        failing_tasks=_shares(failed, lambda job: job.trouble[0]),
        failures=tuple(_failed(job, names, url) for job in failed[:20]),
        explained=min(len(failed), 200),
        retries=Retries(len(now) // 9, len(failed) // 4, len(failed) // 3, len(failed) // 6),
    )  # fmt: skip


def summary(jobs: Sequence[Job]) -> Summary:
    """Return what a report says of any jobs."""
    repairs = [1800.0 + 977.0 * (job.job_id % 7) for job in jobs if job.is_bad and job.job_id % 3]
    return Summary(
        counts(jobs),
        spread(_durations(jobs)),
        spread([job.waiting_s for job in jobs]),
        sum(repairs) / len(repairs) if repairs else None,
        len(repairs),
        sum(job.is_bad and job.job_id % 4 == 0 for job in jobs),
    )


def counts(jobs: Iterable[Job]) -> Counts:
    """Return how they ended."""
    return Counts(**Counter(job.status for job in jobs))


def spread(seconds: Sequence[float]) -> Spread:
    """Return the percentiles of some seconds, by nearest rank."""
    if not seconds:
        return Spread()
    ordered = sorted(seconds)
    p50, p90, p95 = (ordered[ceil(len(ordered) * share) - 1] for share in (0.5, 0.9, 0.95))
    return Spread(len(ordered), p50, p90, p95, ordered[-1])


def _durations(jobs: Iterable[Job]) -> list[float]:
    return [job.duration_s for job in jobs if job.status in {"successful", "failed", "error"}]


def _day(job: Job) -> date:
    return job.created.date()


def _template(job: Job) -> int:
    return job.template


def _by(jobs: Iterable[Job], key: Callable[[Job], date | int | str]) -> dict[object, list[Job]]:
    found: dict[object, list[Job]] = defaultdict(list)
    for job in jobs:
        found[key(job)].append(job)
    return found


def _hours(jobs: Iterable[Job]) -> tuple[Hour, ...]:
    found = _by(jobs, lambda job: job.created.weekday() * 24 + job.created.hour)
    return tuple(
        Hour(each // 24, each % 24, len(found[each]), sum(job.is_bad for job in found[each]))
        for each in range(168)
    )


def _busiest(hours: Iterable[Hour]) -> tuple[Hour, ...]:
    ordered = sorted(hours, key=lambda hour: -hour.runs)
    return tuple(hour for hour in ordered[:3] if hour.runs)


def _streaks(jobs: Sequence[Job]) -> Iterable[tuple[list[Job], bool]]:
    """Yield the bad jobs in a row, and whether a successful one followed."""
    row: list[Job] = []
    for job in jobs:
        if job.is_bad:
            row.append(job)
        elif job.status == "successful" and row:
            yield row, True
            row = []
    if row:
        yield row, False


def _longest(by_template: dict[object, list[Job]], names: Sequence[str]) -> Streak | None:
    found = [each for jobs in by_template.values() for each in _streaks(jobs)]
    if not found:
        return None
    row, is_over = max(found, key=lambda each: len(each[0]))
    first, last = row[0], row[-1]
    return Streak(
        names[first.template], len(row), first.job_id, last.job_id, first.created, is_over
    )


def _template_line(
    number: int, name: str, jobs: Sequence[Job], before: Sequence[Job], url: str
) -> Template:
    streaks = list(_streaks(jobs))
    days = ((day, counts(some)) for day, some in _by(jobs, _day).items() if isinstance(day, date))
    return Template(
        name, number + 9, f"{url}/#/templates/job_template/{number + 9}", summary(jobs),
        summary(before), tuple(TemplateDay(day, each.successful, each.bad) for day, each in days),
        max((len(row) for row, _ in streaks), default=0),
        len(streaks[-1][0]) if streaks and not streaks[-1][1] else 0,
    )  # fmt: skip


def _groups(now: Sequence[Job], then: Sequence[Job], by: str) -> tuple[Group, ...]:
    names = ("Platform", "Network", "Data", "Mobile")
    after, before = (_by(jobs, lambda job: job.template % 4) for jobs in (now, then))
    return tuple(
        Group(names[each], each + 1, summary(after[each]), summary(before[each]))
        for each in range(4)
        if after[each] and by != "template"
    )


def _shares(
    failed: Sequence[Job], key: Callable[[Job], str], *, with_message: bool = True
) -> tuple[Share, ...]:
    found = {name: jobs for name, jobs in _by(failed, key).items() if name}
    shares = (
        Share(str(name), len(jobs), jobs[0].job_id, jobs[0].trouble[2] * with_message)
        for name, jobs in found.items()
    )
    return tuple(sorted(shares, key=lambda share: -share.jobs)[:10])


def _failed(job: Job, names: Sequence[str], url: str) -> FailedJob:
    hosts = (job.host,) if job.trouble[0] else ()
    return FailedJob(
        job.job_id, names[job.template], job.status,
        job.created + timedelta(seconds=job.duration_s + job.waiting_s), job.trouble[1],
        job.trouble[2], hosts, len(hosts) and 1 + job.job_id % 3 * 2,
        f"{url}/#/jobs/playbook/{job.job_id}/output",
    )  # fmt: skip
