"""The report: all figures of a period, out of the store."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from utils.statistics import failing, runs, streaks
from utils.statistics.figures import Day, Hour, Report, Slo, Streak
from utils.statistics.groups import Groups, day_of, grouped, label, listed
from utils.statistics.runs import BEFORE, NOW
from utils.statistics.templates import templates

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from utils.job_store.fetching import KeptList
    from utils.statistics.figures import Retries, Summary
    from utils.statistics.runs import Period
    from utils.statistics.streaks import Red
    from utils.statistics.zone import Zone

BUSIEST = 3
# AWX's times have so many seconds at least between them.
MOMENT_S = 1e-6
# Weekdays count from Monday; the epoch began on a Thursday.
HOURS = """
SELECT (hour / 24 + 3) % 7, hour % 24, count(*), sum(bad) FROM run WHERE period = ? GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Wanted:
    """What a report is to be of: `slo` is a share, `filters` tell people what `jobs` leaves out."""

    jobs: KeptList
    period: Period
    zone: Zone
    by: str = "template"
    slo: float | None = None
    filters: tuple[str, ...] = ()


@dataclass(frozen=True)
class About:
    """Where a report comes from; `page` makes the address of a page of that AWX's."""

    awx: str
    version: str
    username: str
    generated: float
    page: Callable[[str], str]
    retries: Retries


def draw_up(database: sqlite3.Connection, wanted: Wanted, about: About) -> Report:
    """Return all figures of what the store has; docs/report.md defines them."""
    zone, period = wanted.zone, wanted.period
    runs.gather(database, wanted.jobs, period, zone)
    streaks.prepare(database)
    names = {(kind, key): name for kind, key, name, _ in database.execute("SELECT * FROM names")}
    called = partial(_called, names=names)
    kinds = list(dict.fromkeys(("template", "day", wanted.by)))
    every = {found.by: found for found in grouped(database, kinds)}
    total = every[""].of(NOW, 0)
    reds = streaks.streaks(database, NOW)
    hours = _hours(database)
    days = _days(period, zone)
    return Report(
        awx=about.awx, username=about.username, awx_version=about.version,
        generated=zone.at(about.generated), zone=zone.name,
        since=zone.at(period.since), until=zone.at(period.until),
        since_before=zone.at(period.since_before), filters=wanted.filters,
        total=total, before=every[""].of(BEFORE, 0),
        streak=_longest(database, reds, zone, called),
        slo=_slo(wanted.slo, total), by=wanted.by,
        groups=tuple(listed(every[wanted.by], names, days)),
        templates=templates(database, every["template"], reds, called, about.page),
        days=tuple(_by_day(every["day"], days)), hours=hours,
        busiest=_busiest(hours),
        kinds=failing.kinds(database), failing_hosts=failing.hosts(database),
        failing_tasks=failing.tasks(database, called),
        failures=failing.newest(database, zone, called, about.page),
        explained=failing.explained(database), retries=about.retries,
    )  # fmt: skip


def _called(template: object, names: Mapping[tuple[str, int], str]) -> str:
    return label("template", template, names)


def _slo(target: float | None, total: Summary) -> Slo | None:
    if target is None:
        return None
    # Of ten jobs, 90% let exactly one fail, which floats make a bit less than one.
    allowed = round((1 - target) * total.counts.judged, 9)
    return Slo(target, allowed, total.counts.bad)


def _days(period: Period, zone: Zone) -> tuple[int, int]:
    """Return the first and the last day of the period, counted from the epoch."""
    first, last = zone.at(period.since).date(), zone.at(period.until - MOMENT_S).date()
    return (first - day_of(0)).days, (last - day_of(0)).days


def _by_day(groups: Groups, days: tuple[int, int]) -> list[Day]:
    found = []
    for number in range(days[0], days[1] + 1):
        summary = groups.of(NOW, number)
        found.append(Day(day_of(number), summary.counts, summary.duration))
    return found


def _hours(database: sqlite3.Connection) -> tuple[Hour, ...]:
    rows = database.execute(HOURS, (NOW,))
    found = {(weekday, hour): (number, bad) for weekday, hour, number, bad in rows}
    return tuple(
        Hour(weekday, hour, *found.get((weekday, hour), (0, 0)))
        for weekday in range(7)
        for hour in range(24)
    )


def _busiest(hours: tuple[Hour, ...]) -> tuple[Hour, ...]:
    busy = (each for each in hours if each.runs)
    return tuple(sorted(busy, key=lambda each: -each.runs)[:BUSIEST])


def _longest(
    database: sqlite3.Connection, reds: list[Red], zone: Zone, called: Callable[[object], str]
) -> Streak | None:
    if not reds:
        return None
    red = max(reds, key=lambda each: (each.length, each.first_job))
    (created,) = database.execute(
        "SELECT created FROM jobs WHERE id = ?", (red.first_job,)
    ).fetchone()
    return Streak(
        called(red.template), red.length, red.first_job, red.last_job, zone.at(created), red.is_over
    )
