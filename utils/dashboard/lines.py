"""The lines of the dashboard's tables: templates, groups, failures, and what failed how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.dashboard.sparkline import Sparkline, sparkline
from utils.statistics import words
from utils.statistics.words import Change, change, percent, seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from utils.statistics.figures import FailedJob, Report, Share, Summary, Template

# How many hosts of a failure are named.
MOST_HOSTS = 5


@dataclass(frozen=True)
class SummaryLine:
    """What a template's and a group's line share; `share` is the success rate for its bar."""

    name: str
    full_name: str
    runs: str
    bad: int
    rate: str
    interval: str
    share: float
    change: Change | None
    p50: str
    p95: str
    waiting: str
    flakiness: str


@dataclass(frozen=True)
class TemplateLine:
    """A template; `url` is empty where there is nothing to follow."""

    summary: SummaryLine
    url: str
    sparkline: Sparkline
    red_now: int
    longest_streak: int


@dataclass(frozen=True)
class ShareLine:
    """A kind of failure, a host or a task; `share` is of the most frequent one."""

    name: str
    full_name: str
    jobs: int
    share: float
    last_job: int
    message: str


@dataclass(frozen=True)
class FailureLine:
    """A failed job."""

    job_id: int
    url: str
    template: str
    status: str
    finished: str
    iso: str
    kind: str
    reason: str
    hosts: tuple[str, ...]
    more_hosts: int


def templates(report: Report) -> tuple[TemplateLine, ...]:
    """Return the lines of the table of templates."""
    return tuple(_template(each, report) for each in report.templates)


def _template(template: Template, report: Report) -> TemplateLine:
    return TemplateLine(
        summary_line(template.name, template.summary, template.before),
        words.link(template.url),
        sparkline(template.days, report.since.date(), len(report.days)),
        template.red_now,
        template.longest_streak,
    )


def groups(report: Report) -> tuple[SummaryLine, ...]:
    """Return the lines of the `--by` table; none by template, which have a table of their own."""
    if report.by == "template":
        return ()
    return tuple(summary_line(each.label, each.summary, each.before) for each in report.groups)


def summary_line(name: str, now: Summary, before: Summary | None) -> SummaryLine:
    """Return the figures of one line as texts."""
    interval = now.counts.interval
    return SummaryLine(
        words.short(name),
        words.name(name),
        words.number(now.counts.runs),
        now.counts.bad,
        percent(now.counts.rate),
        f"{percent(interval[0])} to {percent(interval[1])}" if interval else "",
        now.counts.rate or 0.0,
        change(now.counts.rate, before.counts.rate, "points", "up") if before else None,
        seconds(now.duration.p50),
        seconds(now.duration.p95),
        seconds(now.waiting.p50),
        percent(now.flakiness),
    )


def shares(rows: Sequence[Share]) -> tuple[ShareLine, ...]:
    """Return the lines of a table of what failed how often."""
    most = max((row.jobs for row in rows), default=0) or 1
    return tuple(
        ShareLine(
            words.short(row.name, 80), words.name(row.name), row.jobs, row.jobs / most,
            row.last_job, words.short(row.message, 160) if row.message.strip() else "",
        )
        for row in rows
    )  # fmt: skip


def failures(jobs: Sequence[FailedJob]) -> tuple[FailureLine, ...]:
    """Return the lines of the latest failures."""
    return tuple(
        FailureLine(
            job.job_id, words.link(job.url), words.short(job.template), words.name(job.status),
            words.moment(job.finished), job.finished.isoformat(timespec="seconds"),
            words.short(job.kind, 60), words.short(job.reason, 400) if job.reason.strip() else "",
            tuple(words.short(host, 80) for host in job.hosts[:MOST_HOSTS]),
            max(job.host_count, len(job.hosts)) - len(job.hosts[:MOST_HOSTS]),
        )
        for job in jobs
    )  # fmt: skip
