"""Starting a job again: `relaunch`, and the next attempt of `--retries`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import launch
from utils import adoption, logger
from utils.errors import PreflightFailed
from utils.jobs import find_job
from utils.journal import Journal
from utils.signing_in.who import User
from utils.waiting import FINAL_STATUSES, until_events_stored

if TYPE_CHECKING:
    from utils.awx_client import Client
    from utils.jobs import Launched
    from utils.record import Record
    from utils.results import Results

log = logger.get("relaunch")

# Which hosts failed may be known a moment later than the last event.
STATS_S = 2.0
KINDS = frozenset({"job", "workflow_job", "ad_hoc_command"})
# What AWX calls such a start, where that is not "relaunch".
LAUNCH_TYPES = {"ad_hoc_command": "manual"}


def relaunch(
    client: Client, done: Results, job_id: str, *, hosts: str = "", or_all: bool = False
) -> Launched:
    """Start a job again (`POST /api/v2/jobs/N/relaunch/`), on `hosts`: failed, all or as AWX can.

    Raises PreflightFailed for what AWX would refuse, or do otherwise; with `or_all` the job is
    started on all its hosts where AWX cannot do it on those that failed.
    """
    before = find_job(client, job_id)
    if or_all and before.kind != "job" and hosts == "failed":
        log.warning("AWX relaunches a %s whole, on all hosts", before.kind.replace("_", " "))
        hosts = ""
    _check(before, hosts)
    detail = client.get(before.path)
    body: dict[str, object] = {}
    if before.kind == "job":
        if hosts != "all" and (problem := _problem_of_failed_hosts(client, before, detail)):
            if not or_all:
                raise PreflightFailed(f"{problem}: pass --hosts all")
            log.warning("%s: trying again on all hosts", problem)
            hosts = "all"
        body = {"hosts": hosts or "failed"}
    journal, user = done[Journal], done.get(User)
    journal.remember(relaunch_of=before.job_id)
    template = detail.maybe_integer("unified_job_template")
    where: dict[str, str | int] = {"name": detail.text("name")}
    if template:
        where = {"unified_job_template": template}
    sought = adoption.look_before(
        client, where, LAUNCH_TYPES.get(before.kind, "relaunch"),
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


def _problem_of_failed_hosts(client: Client, job: Launched, detail: Record) -> str:
    """Return why AWX cannot start it on the hosts that failed; empty where it can."""
    # Which hosts failed is known once the last events are stored, a moment after the end.
    until_events_stored(client, job.path, detail, client.sleep, clock=client.clock)
    failed = _count_failed(client, job)
    if not failed:
        client.sleep(STATS_S)
        failed = _count_failed(client, job)
    return "" if failed else f"no host failed in job {job.job_id}, or it did not get to its recap"


def _count_failed(client: Client, job: Launched) -> int:
    counts = client.get(f"{job.path}relaunch/").maybe_record("retry_counts")
    return counts.maybe_integer("failed") or 0
