"""Why a job has not begun, in words: AWX itself says so after half a minute, and not all of it.

The rules are those of AWX 24.6.1's scheduler: a job waits for updates of its project and inventory,
for an earlier job of its template unless that allows several at a time, and for capacity.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import AppError
from utils.following import approval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from utils.awx_client import Client
    from utils.jobs import Launched
    from utils.record import Record

log = logger.get("waiting")

# Most jobs begin within that time, and nobody wants to hear of those.
FIRST_S = 5.0
LONGEST_S = 60.0
ACTIVE = "pending,waiting,running"
MOST_ROWS = 100
# What holds up jobs of any template, where they have this in common.
SHARED = {
    "project_update": ("project", ", which it needs"),
    "inventory_update": ("inventory", ", which it needs"),
    "ad_hoc_command": ("inventory", " on the same inventory"),
}
AWX_NAMES_A_JOB = re.compile(r"(\w+)-(\d+)")


class WaitingReason:
    """Tells why a job waits: after some seconds, and again whenever that changes."""

    def __init__(self, client: Client, job: Launched, clock: Callable[[], float]) -> None:
        self._client = client
        self._job = job
        self._clock = clock
        # Nobody comes to approve something without being told.
        self._pause_s = 0.0 if job.kind == approval.KIND else FIRST_S
        self._next = clock() + self._pause_s
        self.text = ""

    @property
    def next_in_s(self) -> float:
        """Seconds until it wants to look again."""
        return max(self._next - self._clock(), 0.0)

    def tell(self, name: str, detail: Record) -> None:
        """Look for the reason, and say it if it is a new one; `detail` is AWX's word on the job."""
        self._pause_s = min(max(self._pause_s * 2, FIRST_S), LONGEST_S)
        self._next = self._clock() + self._pause_s
        try:
            text = reason(self._client, self._job, detail)
        except AppError as error:
            log.debug("why %s waits is not known: %s", name, error)
            return
        if text != self.text:
            self.text = text
            log.info("%s waits: %s", name, text)


def reason(client: Client, job: Launched, detail: Record) -> str:
    """Return what a job waits for (`GET /api/v2/unified_jobs/?status__in=...`)."""
    if job.kind == approval.KIND:
        return approval.needed(client, detail)
    if detail.text("status") == "waiting":
        return f"{detail.maybe_text('execution_node') or 'an instance'} has not started it yet"
    active = client.glance(
        "unified_jobs/", status__in=ACTIVE, order_by="id", page_size=MOST_ROWS
    ).records("results")
    others = [row for row in active if row.integer("id") != job.job_id]
    words = detail.maybe_text("job_explanation").rstrip(".")
    text = _as_awx_says(words, others) if words else _blocked(detail, others)
    if not text or "capacity" in words:
        text = "; ".join(filter(None, (text, _capacity(client))))
    return (text or "AWX has not taken it up yet") + _queue(job, others)


def _as_awx_says(words: str, others: Sequence[Record]) -> str:
    """Return AWX's own words, with the job that they name by its id called by its name."""
    named = AWX_NAMES_A_JOB.search(words)
    blocker = [row for row in others if named and row.integer("id") == int(named[2])]
    return f"AWX says: {words}" + "".join(f" ({_described(row)})" for row in blocker)


def _blocked(detail: Record, others: Iterable[Record]) -> str:
    for row in others:
        if why := _why_it_blocks(detail, row):
            return f"{_described(row)}{why}"
    return ""


def _why_it_blocks(detail: Record, row: Record) -> str:
    """Return what is to be said of a job that must end before this one, else nothing."""
    kind = row.text("type")
    if kind in SHARED:
        key, words = SHARED[kind]
        return words if _same(key, detail, row) else ""
    earlier = row.integer("id") < detail.integer("id")
    if kind != detail.text("type") or not earlier:
        return ""
    if kind == "system_job":
        return ", and management jobs run one at a time"
    alone = not detail.flag("allow_simultaneous", default=True)
    if alone and _same("unified_job_template", detail, row):
        return ", and the template does not allow several at a time"
    return ""


def _same(key: str, one: Record, other: Record) -> bool:
    return key in one and one.fields[key] == other.fields.get(key)


def _described(row: Record) -> str:
    kind = row.text("type").replace("_", " ")
    return f"{kind} {row.integer('id')} ({row.text('name')}) is {row.text('status')}"


def _capacity(client: Client) -> str:
    """Return which instance groups have nothing left to run it in, where none has."""
    groups = client.glance("instance_groups/").records("results")
    own = [row for row in groups if not row.flag("is_container_group", default=False)]
    if not own or any(_free(row) > 0 for row in own):
        return ""
    return "no capacity: " + ", ".join(
        f"instance group {row.text('name')} uses {row.number('consumed_capacity'):.0f} of "
        f"{row.number('capacity'):.0f}"
        for row in own
    )


def _free(row: Record) -> float:
    return row.number("capacity") - row.number("consumed_capacity")


def _queue(job: Launched, others: Iterable[Record]) -> str:
    """Return how many jobs wait that came before it."""
    ahead = sum(
        row.text("status") == "pending"
        and row.integer("id") < job.job_id
        and row.text("type") not in {approval.KIND, "workflow_job"}
        for row in others
    )
    return f"; {ahead} other(s) wait before it" if ahead else ""
