"""`report`: how jobs went in a period, as text, JSON, CSV or a page."""

from __future__ import annotations

import shutil
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import auth
from utils import job_filters, json_output, logger, output, reporting
from utils.errors import ExitCode, PreflightFailed, UsageError
from utils.find import find, find_template
from utils.job_store.fetching import KeptList
from utils.live import terminal
from utils.printable import printable
from utils.session import session
from utils.settings.reporting import FILES
from utils.statistics.report import Wanted
from utils.statistics.runs import Period
from utils.statistics.words import percent
from utils.statistics.zone import Zone

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.command_line import Call
    from utils.record import Record
    from utils.statistics.figures import Report

log = logger.get("report")

# In a file or a pipe no message is cut; a terminal has the room that it has.
WIDE = 100_000


def run(call: Call) -> ExitCode:
    """Show the report in the form that was asked for; docs/report.md has what the figures mean.

    Exits with 1 where the success rate is below `--fail-under`.
    """
    asked = call.settings
    _check_forms(asked)
    write = json_output.writer(asked)
    zone = _zone(asked)
    _period(asked, zone, time.time())
    if asked.refresh and not asked.store:
        raise UsageError(f"{asked.source('refresh')} does nothing with {asked.source('store')}")
    with session(asked) as (client, settings, done):
        user = auth.obtain(client, settings, done)
        jobs, filters = _jobs(client, settings)
        now = reporting.now_of(client)
        period = _period(settings, zone, now)
        wanted = Wanted(jobs, period, zone, settings.by, settings.slo, filters)
        report = reporting.current(client, settings, user.username, wanted, now)
    _show(asked, report, write)
    return _verdict(asked, report)


def _zone(settings: Settings) -> Zone:
    try:
        return Zone(settings.tz)
    except ValueError as error:
        raise UsageError(f"{settings.source('tz')} is {settings.tz!r}: it {error}") from None


def _period(settings: Settings, zone: Zone, now: float) -> Period:
    """Return the period that is asked for; nothing of it is yet to come, nor before the epoch."""
    asked = job_filters.period(settings, datetime.fromtimestamp(now, timezone.utc), zone.info)
    since, until = (max(each.timestamp(), 0.0) if each else None for each in asked)
    if until is None or until > now:
        until = reporting.end_of(now)
    since = until - reporting.USUAL_S if since is None else since
    return Period(since, until)


def _jobs(client: Client, settings: Settings) -> tuple[KeptList, tuple[str, ...]]:
    if not settings.only_template:
        return KeptList(), ()
    found = _template(client, settings.only_template)
    return KeptList(found.integer("id")), (f"template {printable(found.text('name'))}",)


def _template(client: Client, wanted: str) -> Record:
    try:
        return find(client, "job_templates", wanted, "job template")
    except PreflightFailed:
        # What is no template of any kind is told by this.
        workflow = find_template(client, wanted)
    name, number = workflow.text("name"), workflow.integer("id")
    raise PreflightFailed(
        f"{name!r} ({number}) is a workflow, and a report counts jobs of job templates; "
        f"history --template {number} lists its runs"
    )


def _check_forms(settings: Settings) -> None:
    """Raise UsageError where two forms would be written to the same place."""
    files = {name: getattr(settings, name) for name in FILES if getattr(settings, name)}
    if len(files) == len(FILES) and len({Path(each).resolve() for each in files.values()}) == 1:
        both = " and ".join(settings.source(name) for name in files)
        raise UsageError(f"{both} are the same file: {settings.html}")
    for name, path in files.items():
        if path == "-" and settings.output == "json":
            json = settings.source("output" if settings.asked("output") else "jq")
            source = settings.source(name)
            raise UsageError(f"{source} - and {json} do not go together: both are standard output")


def _show(settings: Settings, report: Report, write: json_output.Write) -> None:
    if settings.html:
        reporting.write_page(report, settings.html)
    if settings.csv:
        from utils.statistics.table import as_csv  # noqa: PLC0415  # only where it is asked for

        reporting.save(as_csv(report), settings.csv)
    if settings.output == "json":
        from utils.statistics.document import document  # noqa: PLC0415  # likewise

        write(document(report))
    elif not (settings.html or settings.csv):
        from utils.statistics.text import as_text  # noqa: PLC0415  # imports rich

        page = as_text(
            report,
            width=shutil.get_terminal_size().columns if output.is_terminal() else WIDE,
            colors=settings.colors_on_stdout,
            signs=terminal.has_signs(settings, sys.stdout),
        )
        output.result(page)


def _verdict(settings: Settings, report: Report) -> ExitCode:
    least, rate = settings.fail_under, report.total.counts.rate
    if least is None:
        return ExitCode.OK
    source = settings.source("fail_under")
    if rate is None:
        log.warning("%s %g: no job has ended in this period", source, least * 100)
        return ExitCode.OK
    if rate < least:
        told = f"{percent(rate, 2)} of the jobs were successful, canceled ones not counted"
        log.error("%s: %s is %g%%", told, source, least * 100)
        return ExitCode.JOB_FAILED
    return ExitCode.OK
