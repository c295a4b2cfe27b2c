"""Schedules as they are listed: which of them, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timezone
from typing import TYPE_CHECKING

from utils import logger
from utils.awx_client.several import several
from utils.csv_cells import harmless
from utils.errors import PreflightFailed, UsageError
from utils.find import find, find_template
from utils.list_writers import RED, YELLOW, Columns
from utils.printable import printable
from utils.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from config import Settings
    from utils.awx_client import Client
    from utils.awx_client.params import Params

log = logger.get("schedule")

COLUMNS = ("id", "name", "runs", "enabled", "next run", "last result", "made by")
CSV_COLUMNS = (
    "id", "name", "runs", "target", "target_id", "enabled", "next_run", "last_result", "made_by",
    "timezone", "rrule",
)  # fmt: skip
# The kinds of what they run, by what AWX calls the jobs of it.
KINDS = {
    "job": "template", "workflow_job": "workflow", "project_update": "project",
    "inventory_update": "inventory source", "system_job": "clean-up",
}  # fmt: skip
SYSTEM = "system_job"


def rows(client: Client, settings: Settings) -> list[Record]:
    """Return the schedules that the settings mean, by their ids (`GET /api/v2/schedules/`)."""
    if settings.only_enabled and settings.only_disabled:
        first, second = settings.source("only_enabled"), settings.source("only_disabled")
        raise UsageError(f"{first} and {second} do not go together")
    params: Params = {}
    if settings.only_enabled or settings.only_disabled:
        params["enabled"] = "true" if settings.only_enabled else "false"
    if settings.made_by:
        params["created_by__username"] = settings.made_by
    ids = targets(client, settings)
    if ids:
        params["unified_job_template__in"] = ",".join(map(str, ids))
    found = client.walk("schedules/", newest_first=False, at_most=None, **params)
    return [row for row in found if settings.with_system or ids or not is_system(row)]


def targets(client: Client, settings: Settings) -> list[int]:
    """Return the ids of the template and the project that are named, looked up by their names."""
    ids = []
    if settings.of_template:
        ids.append(find_template(client, settings.of_template).integer("id"))
    if settings.of_project:
        project = find(client, "projects", settings.of_project, "project")
        ids.append(project.integer("id"))
    return ids


def is_system(row: Record) -> bool:
    """Tell whether a schedule is one of AWX's own clean-ups."""
    return target_of(row).maybe_text("unified_job_type") == SYSTEM


def target_of(row: Record) -> Record:
    """Return the short form of what a schedule runs."""
    return row.maybe_record("summary_fields").maybe_record("unified_job_template")


def told_target(row: Record) -> str:
    """Return what a schedule runs, in words."""
    target = target_of(row)
    kind = target.maybe_text("unified_job_type")
    return f"{KINDS.get(kind, kind)} {printable(target.maybe_text('name'))}".strip()


def named(client: Client, names: tuple[str, ...], *, may_be_gone: bool = False) -> list[Record]:
    """Return the schedules of those ids or names, each once."""
    found = {}
    for name in names:
        try:
            row = find(client, "schedules", name, "schedule")
        except PreflightFailed as error:
            if not may_be_gone or not name.isdecimal():
                raise
            log.info("%s: nothing to remove", error)
            continue
        found[row.integer("id")] = row
    return list(found.values())


@dataclass(frozen=True)
class Listed:
    """A schedule, and the status of its last job, empty where there is none or nobody asks."""

    row: Record
    result: str = ""


def listed(client: Client, found: Sequence[Record], *, with_results: bool) -> Iterator[Listed]:
    """Yield schedules as they are listed; AWX has to be asked for the last job of each."""
    if not with_results:
        yield from map(Listed, found)
        return
    for row, result in zip(found, last_results(client, found), strict=True):
        yield Listed(row, result)


def columns(zone: tzinfo | None) -> Columns[Listed]:
    """Return how schedules are shown, their times by the clock of a zone (None: this machine's)."""
    return Columns(
        COLUMNS,
        lambda each, none: _cells(each, none, zone),
        lambda each: each.row.fields,
        CSV_COLUMNS,
        lambda _, each: _csv_cells(each),
        gives_way="runs",
        numbers=("id",),
        colours={("last result", "failed"): RED, ("last result", "error"): RED,
                 ("enabled", "no"): YELLOW},
    )  # fmt: skip


def _cells(each: Listed, none: str, zone: tzinfo | None) -> Sequence[str]:
    row = each.row
    return (
        str(row.integer("id")), printable(row.text("name")), told_target(row),
        "yes" if row.flag("enabled") else "no", told_next(row, zone) or none,
        printable(each.result) or none, _maker(row) or none,
    )  # fmt: skip


def told_next(row: Record, zone: tzinfo | None) -> str:
    """Return when a schedule falls due next, by the clock of a zone (None: this machine's)."""
    coming = row.time("next_run")
    return f"{coming.astimezone(zone):%a %Y-%m-%d %H:%M %Z}" if coming else ""


def _csv_cells(each: Listed) -> Sequence[object]:
    row = each.row
    target, coming = target_of(row), row.time("next_run")
    kind = target.maybe_text("unified_job_type")
    return (
        row.integer("id"), harmless(row.text("name")), KINDS.get(kind, kind),
        harmless(target.maybe_text("name")), target.maybe_integer("id"),
        str(row.flag("enabled")).lower(),
        coming.astimezone(timezone.utc).isoformat() if coming else None,
        each.result or None, harmless(_maker(row)), row.maybe_text("timezone"), row.text("rrule"),
    )  # fmt: skip


def _maker(row: Record) -> str:
    made_by = row.maybe_record("summary_fields").maybe_record("created_by")
    return printable(made_by.maybe_text("username"))


def last_results(client: Client, found: Sequence[Record]) -> Iterator[str]:
    """Yield the status of each schedule's last job (`GET /schedules/N/jobs/`), empty for none."""
    params: Params = {"order_by": "-id", "page_size": 1}
    wanted = [(f"schedules/{row.integer('id')}/jobs/", params) for row in found]
    for answer in several(client, wanted):
        jobs = answer.records("results") if isinstance(answer, Record) else []
        yield jobs[0].text("status") if jobs else ""
