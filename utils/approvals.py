"""Approvals that workflows wait for: found, shown, and answered."""

from __future__ import annotations

import shlex
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from utils import logger
from utils.csv_cells import harmless
from utils.errors import AppError, BadAnswer, NotFound, Refused, UsageError
from utils.jobs import describe
from utils.list_writers import YELLOW, Columns
from utils.live.words import duration
from utils.printable import printable
from utils.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from utils.awx_client import Client

log = logger.get("approval")

PATH = "workflow_approvals/"
# By the status that the answer gives an approval.
OUTCOMES = {"successful": "approved", "failed": "denied", "canceled": "canceled"}
APPROVE, DENY = "approve", "deny"
STATUS_BY = {APPROVE: "successful", DENY: "failed"}
CSV_NAMES = (
    "id", "name", "workflow", "workflow_job_id", "launched_by", "since", "until", "may_answer",
    "url",
)  # fmt: skip


def waiting(client: Client) -> Iterator[Record]:
    """Return what waits for an answer (`GET /api/v2/workflow_approvals/?status=pending`)."""
    return client.walk(PATH, status="pending")


def find(client: Client, text: str) -> Record:
    """Return the approval of that id, or the only one that the workflow job of that id waits for.

    Where that one was answered and nothing waits, it is meant still: to be told so. Raises NotFound
    where there is neither, and UsageError where several could be meant.
    """
    try:
        return client.get(f"{PATH}{text}/")
    except NotFound:
        found = list(client.walk(PATH, unified_job_node__workflow_job=text))
    if not found:
        raise NotFound(
            f"AWX has no approval {text}, and no workflow job {text} with one, or it is not shown "
            "to this user; see: python main.py approval list"
        )
    meant = [row for row in found if not outcome_of(row)] or found
    if len(meant) > 1:
        each = ", ".join(f"{row.integer('id')} ({printable(row.text('name'))})" for row in meant)
        waits = "has had" if outcome_of(meant[0]) else "waits for"
        raise UsageError(f"workflow job {text} {waits} several approvals, name one: {each}")
    return meant[0]


def answer(client: Client, row: Record, verb: str) -> Record:
    """Approve or deny (`POST /api/v2/workflow_approvals/N/approve/`); return what it is then.

    Raises BadAnswer where it was answered otherwise meanwhile, or is over.
    """
    path = f"{PATH}{row.integer('id')}/"
    try:
        client.post(f"{path}{verb}/")
    except AppError:
        now = _looked_at(client, path)
        if not outcome_of(now):
            raise
        check(now, verb)
        return now
    try:
        return client.get(path)
    except AppError as error:
        log.warning("AWX has taken the answer; what is told of it is not read back: %s", error)
        return Record({**row.fields, "status": STATUS_BY[verb]}, row.origin)


def _looked_at(client: Client, path: str) -> Record:
    """Return what became of an answer that was lost, or given by somebody who was quicker."""
    try:
        return client.get(path)
    except AppError:
        log.error("whether it is answered is not known: see python main.py approval list")
        raise


def check(row: Record, verb: str) -> None:
    """Raise BadAnswer for an approval that has another answer, or is over without one."""
    outcome = outcome_of(row)
    wanted = OUTCOMES[STATUS_BY[verb]]
    if outcome not in {"", wanted}:
        raise BadAnswer(f"{told(row)} is {outcome}{by(row)}: it cannot be {wanted} now")


def refuse_others(row: Record, username: str) -> None:
    """Raise Refused where AWX says that this user may not answer, before anybody is asked."""
    if row.flag("can_approve_or_deny", default=True):
        return
    template = row.maybe_record("summary_fields").maybe_record("workflow_job_template")
    workflow = template.maybe_integer("id") or "ID"
    raise Refused(
        f"{told(row)} is not {username}'s to answer: that takes the approval role (python main.py "
        f"access grant --user {shlex.quote(username)} --role approval --workflow {workflow})"
    )


def outcome_of(row: Record) -> str:
    """Return how an approval ended, empty while it waits."""
    if row.flag("timed_out", default=False):
        return "timed out"
    return OUTCOMES.get(row.text("status"), "")


def by(row: Record) -> str:
    """Return who answered, as the end of a sentence."""
    who = row.maybe_record("summary_fields").maybe_record("approved_or_denied_by")
    name = printable(who.maybe_text("username"))
    return f" by {name}" if name else ""


def told(row: Record) -> str:
    """Return an approval in words."""
    workflow = workflow_of(row)
    of = (
        f" of {printable(workflow.text('name'))} {workflow.integer('id')}"
        if "id" in workflow
        else ""
    )
    return f"approval {row.integer('id')} ({printable(row.text('name'))}){of}"


def workflow_of(row: Record) -> Record:
    """Return the short form of the workflow job that an approval is of."""
    return row.maybe_record("summary_fields").maybe_record("source_workflow_job")


def launcher(row: Record) -> str:
    """Return who launched the workflow."""
    return row.maybe_record("launched_by").maybe_text("name")


def columns(now: datetime) -> Columns[Record]:
    """Return how approvals that wait are shown at a moment."""
    return Columns(
        ("id", "approval", "workflow", "job", "launched by", "waiting", "left", "yours"),
        lambda row, none: _cells(row, none, now),
        lambda row: row.fields,
        CSV_NAMES,
        _csv_cells,
        gives_way="workflow",
        numbers=("id", "job", "waiting", "left"),
        colours={("yours", "yes"): YELLOW},
    )


def _cells(row: Record, none: str, now: datetime) -> Sequence[str]:
    workflow, created = workflow_of(row), row.time("created")
    until = row.time("approval_expiration")
    return (
        str(row.integer("id")),
        printable(row.text("name")),
        printable(workflow.maybe_text("name")) or none,
        str(workflow.maybe_integer("id") or none),
        printable(launcher(row)) or none,
        duration(max(0.0, (now - created).total_seconds())) if created else none,
        duration(max(0.0, (until - now).total_seconds())) if until else none,
        "yes" if row.flag("can_approve_or_deny", default=False) else "no",
    )


def _csv_cells(client: Client, row: Record) -> Sequence[object]:
    workflow = workflow_of(row)
    return (
        row.integer("id"),
        harmless(row.text("name")),
        harmless(workflow.maybe_text("name")),
        workflow.maybe_integer("id"),
        harmless(launcher(row)),
        *(_utc(row.time(key)) for key in ("created", "approval_expiration")),
        row.flag("can_approve_or_deny", default=False),
        describe(client, row).page,
    )


def _utc(time: datetime | None) -> str | None:
    return f"{time.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}" if time else None
