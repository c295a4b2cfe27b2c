"""The nodes of a workflow job, and the jobs that they have started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.jobs import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.awx_client import Client
    from utils.jobs import Launched
    from utils.record import Record


@dataclass(frozen=True)
class Node:
    """A step of a workflow.

    `job_id` and `status` are those of the job it has started, if it has. One that `is_skipped` is
    on a way that the workflow did not take.
    """

    name: str
    job_id: int | None = None
    status: str = ""
    is_skipped: bool = False


def started(client: Client, workflow: Launched) -> Iterator[Launched]:
    """Go through the jobs that a workflow has started, in the order of its nodes."""
    return filter(None, [job_of(client, row) for row in rows(client, workflow)])


def rows(client: Client, workflow: Launched) -> Iterator[Record]:
    """Go through the nodes as AWX lists them (`GET /api/v2/workflow_jobs/N/workflow_nodes/`)."""
    return client.walk(f"{workflow.path}workflow_nodes/")


def job_of(client: Client, row: Record) -> Launched | None:
    """Return the job that a node has started, None before it has."""
    job = row.maybe_record("summary_fields").maybe_record("job")
    return describe(client, job) if "id" in job else None


def node_of(row: Record) -> Node:
    """Return what is to be known of a node."""
    summary = row.maybe_record("summary_fields")
    job = summary.maybe_record("job")
    template = summary.maybe_record("unified_job_template")
    return Node(
        job.maybe_text("name") or template.maybe_text("name") or row.maybe_text("identifier"),
        job.maybe_integer("id"),
        job.maybe_text("status"),
        row.flag("do_not_run", default=False),
    )
