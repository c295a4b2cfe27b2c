"""A launch whose answer was lost: finding the job that it may have made, and no other."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from utils import logger
from utils.errors import BadAnswer, UnknownOutcome
from utils.jobs import Launched, describe
from utils.signals import let_through

if TYPE_CHECKING:
    from collections.abc import Mapping

    from utils.awx_client import Client
    from utils.journal import Journal
    from utils.record import Record

log = logger.get("launch")

# The variable that carries the run's id, where the template asks for variables: no play uses it.
MARKER = "automation_api_run_id"
# After AWX answers again: until when a job may still appear, and, where it has no marker, until
# when one of somebody else's may.
GRACE_S, SETTLED_S, PAUSE_S = 10.0, 3.0, 1.0
# The clocks of AWX's nodes may differ by that much, and its Date header has whole seconds.
CLOCKS_DIFFER = timedelta(seconds=2)
MOST = 50
# What another run may be doing while its own job is not known yet.
IN_FLIGHT = frozenset({"launching", "unknown"})


@dataclass(frozen=True)
class Sought:
    """What a job looks like that is about to be launched, noted before the request is sent.

    `where` is the query for its list, `after_id` the newest job there before, `since` AWX's own
    time then (ISO 8601), `marker` the value of the variable MARKER, empty without one.
    """

    path: str
    where: Mapping[str, str | int]
    launch_type: str
    after_id: int = 0
    since: str = ""
    user_id: int | None = None
    marker: str = ""
    hint: str = field(default="", compare=False)

    @classmethod
    def from_journal(cls, entry: object) -> Sought:
        """Return what was noted; raises UnknownOutcome for what makes no sense."""
        try:
            return cls(**entry)  # type: ignore[arg-type]  # the next line is for what does not fit
        except TypeError:
            raise UnknownOutcome(f"the journal does not say what was launched: {entry}") from None

    def noted(self) -> dict[str, Any]:
        """Return it as the journal takes it."""
        return asdict(self)


def look_before(
    client: Client,
    where: Mapping[str, str | int],
    launch_type: str,
    *,
    path: str = "unified_jobs/",
    user_id: int | None = None,
    marker: str = "",
    hint: str = "",
) -> Sought:
    """Note the newest job there is (`GET /api/v2/unified_jobs/?unified_job_template=N`)."""
    newest = client.get(path, **where, order_by="-id", page_size=1, count_disabled=1)
    ids = [row.integer("id") for row in newest.records("results")]
    now = client.server_time
    return Sought(
        path, where, launch_type, max(ids, default=0), now.isoformat() if now else "", user_id,
        marker, hint,
    )  # fmt: skip


def find(client: Client, sought: Sought, journal: Journal, reason: str) -> Launched:
    """Return the job of a launch whose answer was lost; `reason` says how that was.

    Raises UnknownOutcome where none appears, and where it is not sure which one is ours.
    """
    log.warning("no answer to the launch (%s): looking for its job", reason)
    rows = _found(client, sought, journal)
    if len(rows) == 1 and (sought.marker or not _has_rival(sought, journal)):
        job = describe(client, rows[0])
        log.warning("job %d is the one that was launched: going on with it", job.job_id)
        return job
    pages = ", ".join(describe(client, row).page for row in rows)
    seen = f"it may be one of these: {pages}" if pages else "no new job is to be seen"
    raise UnknownOutcome(
        f"the launch was sent and its outcome is unknown ({reason}); {seen}. Before launching "
        f"again, look: {sought.hint}"
    )


def _found(client: Client, sought: Sought, journal: Journal) -> list[Record]:
    """Return what may be the job, as soon as that is sure enough."""
    rows = _look(client, sought, journal)
    began = client.clock()
    while True:
        waited_s = client.clock() - began
        if rows and (sought.marker or waited_s >= SETTLED_S):
            return rows
        if waited_s >= GRACE_S:
            return rows
        with let_through():
            client.sleep(PAUSE_S)
        rows = _look(client, sought, journal)


def _look(client: Client, sought: Sought, journal: Journal) -> list[Record]:
    filters = {**sought.where, "launch_type": sought.launch_type, "id__gt": sought.after_id}
    if sought.user_id is not None:
        filters["created_by"] = sought.user_id
    rows = client.get(sought.path, **filters, order_by="id", page_size=MOST).records("results")
    if sought.marker:
        return [row for row in rows if _marker_of(row) == sought.marker]
    taken = {other.get("job") for other in journal.others() if other.get("awx") == client.host}
    return [row for row in rows if _is_young(row, sought) and row.integer("id") not in taken]


def _marker_of(row: Record) -> object:
    try:
        variables = json.loads(row.maybe_text("extra_vars") or "{}")
    except (BadAnswer, ValueError, RecursionError):
        return None
    return variables.get(MARKER) if isinstance(variables, dict) else None


def _is_young(row: Record, sought: Sought) -> bool:
    created = row.time("created")
    if not sought.since or not created:
        return True
    return created >= datetime.fromisoformat(sought.since) - CLOCKS_DIFFER


def _has_rival(sought: Sought, journal: Journal) -> bool:
    """Tell whether another run of this machine may have launched the only job to be seen."""
    return any(
        other.get("state") in IN_FLIGHT
        and isinstance(other.get("sought"), dict)
        and other["sought"].get("where") == dict(sought.where)
        and not other["sought"].get("marker")
        for other in journal.others()
    )
