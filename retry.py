"""Starting a job again where it failed: by hand (`relaunch`), and as `--retries` allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import launch
from auth import User
from utils import adoption, logger
from utils.errors import PreflightFailed
from utils.jobs import find_job
from utils.journal import Journal
from utils.waiting import FINAL_STATUSES, until_events_stored

if TYPE_CHECKING:
    from utils.awx_client import Client
    from utils.jobs import Launched
    from utils.record import Record
    from utils.results import Results

log = logger.get("retry")

# Which hosts failed may be known a moment later than the last event.
STATS_S = 2.0
KINDS = frozenset({"job", "workflow_job", "ad_hoc_command"})


def relaunch(client: Client, done: Results, job_id: str, *, hosts: str = "") -> Launched:
    """Start a job again (`POST /api/v2/jobs/N/relaunch/`), on `hosts`: failed, all or as AWX can.

    Raises PreflightFailed for what AWX would refuse, or do otherwise.
    """
    before = find_job(client, job_id)
    _check(before, hosts)
    detail = client.get(before.path)
    body: dict[str, object] = {}
    if before.kind == "job":
        body = {"hosts": hosts or "failed"}
        if hosts != "all":
            _check_failed_hosts(client, before, detail)
    journal, user = done[Journal], done.get(User)
    journal.note(relaunch_of=before.job_id)
    template = detail.maybe_integer("unified_job_template")
    where: dict[str, str | int] = (
        {"unified_job_template": template} if template else {"name": detail.text("name")}
    )
    sought = adoption.look_before(
        client, where, "relaunch",
        user_id=user.id if user else None,
        hint=f"{client.url('unified_jobs/?order_by=-id')}, for one relaunched from {job_id}",
    )  # fmt: skip
    return launch.send(client, f"{before.path}relaunch/", body, done, sought)


def _check(job: Launched, hosts: str) -> None:
    what = job.kind.replace("_", " ")
    if job.kind not in KINDS:
        raise PreflightFailed(f"AWX relaunches no {what}")
    if job.status not in FINAL_STATUSES:
        raise PreflightFailed(f"job {job.job_id} is {job.status}: relaunch it when it is over")
    if job.kind != "job" and hosts == "failed":
        raise PreflightFailed(f"AWX relaunches a {what} on all its hosts: pass --hosts all")


def _check_failed_hosts(client: Client, job: Launched, detail: Record) -> None:
    # Which hosts failed is known once the last events are stored, a moment after the end.
    until_events_stored(client, job.path, detail, client.sleep, clock=client.clock)
    counts = client.get(f"{job.path}relaunch/").maybe_record("retry_counts")
    if counts.maybe_integer("failed") is None:
        client.sleep(STATS_S)
        counts = client.get(f"{job.path}relaunch/").maybe_record("retry_counts")
    failed = counts.maybe_integer("failed")
    if failed is None:
        raise PreflightFailed(
            f"AWX does not know which hosts failed in job {job.job_id} (it did not get to its "
            "recap): pass --hosts all"
        )
    if failed == 0:
        raise PreflightFailed(f"no host failed in job {job.job_id}: pass --hosts all")
