"""A job as the cells of a CSV file."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING

from utils.csv_cells import harmless
from utils.jobs import describe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from utils.awx_client import Client
    from utils.record import Record

COLUMNS = (
    "id", "name", "status", "job_template_id", "inventory", "project", "organization",
    "launched_by", "launch_type", "created", "started", "finished", "elapsed_s", "waiting_s",
    "revision", "explanation", "url",
)  # fmt: skip


def cells(client: Client, job: Record) -> Sequence[object]:
    """Return a job's cells in the order of `COLUMNS`, harmless for a spreadsheet.

    Times are ISO 8601 in UTC; what AWX does not know is None. Raises BadAnswer for a row that AWX
    would not send.
    """
    created, started = job.time("created"), job.time("started")
    is_workflow = job.maybe_text("type") == "workflow_job"
    template = "workflow_job_template" if is_workflow else "job_template"
    waiting = (started - created).total_seconds() if started and created else None
    return (
        job.integer("id"),
        harmless(job.maybe_text("name")),
        harmless(job.text("status")),
        job.maybe_integer(template),
        *(harmless(_name(job, key)) for key in ("inventory", "project", "organization")),
        harmless(job.maybe_record("launched_by").maybe_text("name")),
        harmless(job.maybe_text("launch_type")),
        _utc(created),
        _utc(started),
        _utc(job.time("finished")),
        job.fields.get("elapsed"),
        None if waiting is None else round(waiting, 3),
        harmless(job.maybe_text("scm_revision")),
        harmless(job.maybe_text("job_explanation")),
        describe(client, job).page,
    )


def _name(job: Record, key: str) -> str:
    return job.maybe_record("summary_fields").maybe_record(key).maybe_text("name")


def _utc(time: datetime | None) -> str | None:
    if not time:
        return None
    return time.astimezone(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")
