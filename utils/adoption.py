"""A launch whose answer was lost: finding the job that it may have made, and no other."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
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
MOMENT_S = 2.0
# So long AWX may work on a request; then its own server ends it.
LAUNCHED_WITHIN = timedelta(seconds=120)
# The clocks of AWX's nodes may differ by that much, and its Date header has whole seconds.
CLOCKS_DIFFER = timedelta(seconds=2)
MOST = 50
# What another run may be doing while its own job is not known yet.
IN_FLIGHT = frozenset({"launching", "unknown"})


@dataclass(frozen=True)
class Sought:
    """What a job looks like that is about to be launched, noted before the request is sent.

    `where` is the query for its list, `after_id` the newest job there before, `since` AWX's own
    time then and `until` that until when it was looked for (ISO 8601), `marker` the value of the
    variable MARKER, empty without one.
    """

    path: str
    where: Mapping[str, str | int]
    launch_type: str
    after_id: int = 0
    since: str = ""
    until: str = ""
    user_id: int | None = None
    marker: str = ""
    hint: str = ""

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


@dataclass(frozen=True)
class Newest:
    """The newest job of a template, as AWX told of it by the way.

    `since` is AWX's own time then (ISO 8601), `at_s` that of the client's clock.
    """

    job_id: int
    since: str
    at_s: float

    @classmethod
    def told_with(cls, template: Record, client: Client) -> Newest | None:
        """Return what a template that was read just now tells of it; None where it does not."""
        try:
            summary = template.maybe_record("summary_fields")
            if "recent_jobs" not in summary or not client.server_time:
                return None
            ids = [row.integer("id") for row in summary.records("recent_jobs")]
        except BadAnswer:
            return None
        return cls(max(ids, default=0), client.server_time.isoformat(), client.clock())


def look_before(
    client: Client,
    where: Mapping[str, str | int],
    launch_type: str,
    *,
    path: str = "unified_jobs/",
    user_id: int | None = None,
    marker: str = "",
    hint: str = "",
    known: Newest | None = None,
) -> Sought:
    """Note the newest job there is (`GET /api/v2/unified_jobs/?unified_job_template=N`).

    What is `known` of it since a moment ago need not be asked for again.
    """
    if known and client.clock() - known.at_s <= MOMENT_S:
        return Sought(
            path, where, launch_type, known.job_id, known.since,
            user_id=user_id, marker=marker, hint=hint,
        )  # fmt: skip
    newest = client.get(path, **where, order_by="-id", page_size=1, count_disabled=1)
    ids = [row.integer("id") for row in newest.records("results")]
    now = client.server_time
    return Sought(
        path, where, launch_type, max(ids, default=0), now.isoformat() if now else "",
        user_id=user_id, marker=marker, hint=hint,
    )  # fmt: skip


def again(client: Client, sought: Sought) -> Sought:
    """Note what is there now, before a request that was not sent is sent again."""
    return look_before(
        client, sought.where, sought.launch_type,
        path=sought.path, user_id=sought.user_id, marker=sought.marker, hint=sought.hint,
    )  # fmt: skip


def find(client: Client, sought: Sought, journal: Journal, reason: str) -> Launched:
    """Return the job of a launch whose answer was lost; `reason` says how that was.

    Raises UnknownOutcome where none appears, and where it is not sure which one is ours.
    """
    log.warning("no answer to the launch (%s): looking for its job", reason)
    found = _found(client, sought, journal)
    if len(found.rows) == 1 and not found.has_rival:
        job = describe(client, found.rows[0])
        log.warning("job %d is the one that was launched: going on with it", job.job_id)
        return job
    pages = ", ".join(describe(client, row).page for row in found.rows)
    seen = f"it may be one of these: {pages}" if pages else "no new job is to be seen"
    raise UnknownOutcome(
        f"the launch was sent and its outcome is unknown ({reason}); {seen}. Before launching "
        f"again, look: {sought.hint}"
    )


@dataclass(frozen=True)
class _Found:
    """What may be the job, and whether another run may have launched the same."""

    rows: list[Record]
    has_rival: bool


def _found(client: Client, sought: Sought, journal: Journal) -> _Found:
    """Return what may be the job, as soon as that is sure enough."""
    found = _look(client, sought, journal)
    began = client.clock()
    while True:
        waited_s = client.clock() - began
        if found.rows and (sought.marker or waited_s >= SETTLED_S):
            return found
        if waited_s >= GRACE_S:
            return found
        with let_through():
            client.sleep(PAUSE_S)
        found = _look(client, sought, journal)


def _look(client: Client, sought: Sought, journal: Journal) -> _Found:
    # What other runs do is read first: one that gets its job meanwhile is still taken for a rival.
    others = (
        []
        if sought.marker
        else [each for each in journal.others() if each.get("awx") == client.host]
    )
    filters = {**sought.where, "launch_type": sought.launch_type, "id__gt": sought.after_id}
    if sought.user_id is not None:
        filters["created_by"] = sought.user_id
    rows = client.get(sought.path, **filters, order_by="id", page_size=MOST).records("results")
    if sought.marker:
        return _Found([row for row in rows if _marker_of(row) == sought.marker], has_rival=False)
    taken = {each.get("job") for each in others}
    rows = [row for row in rows if _is_in_time(row, sought) and row.integer("id") not in taken]
    return _Found(rows, has_rival=any(_is_rival(each, sought) for each in others))


def _marker_of(row: Record) -> object:
    try:
        variables = json.loads(row.maybe_text("extra_vars") or "{}")
    except (BadAnswer, ValueError, RecursionError):
        return None
    return variables.get(MARKER) if isinstance(variables, dict) else None


def _is_in_time(row: Record, sought: Sought) -> bool:
    """Tell whether a job is not younger than any that this launch can have made."""
    created, until = row.time("created"), _time(sought.until)
    if not until and (since := _time(sought.since)):
        until = since + LAUNCHED_WITHIN
    return not created or not until or created <= until + CLOCKS_DIFFER


def _is_rival(other: Mapping[str, Any], sought: Sought) -> bool:
    """Tell whether another run on this machine may have launched the same at that time."""
    theirs = other.get("sought")
    if other.get("state") not in IN_FLIGHT or not isinstance(theirs, dict):
        return False
    if theirs.get("where") != dict(sought.where) or theirs.get("marker"):
        return False
    since, their_since = _time(sought.since), _time(theirs.get("since"))
    return not since or not their_since or abs(since - their_since) <= LAUNCHED_WITHIN


def _time(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None
