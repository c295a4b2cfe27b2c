"""`relaunch JOB`: start a job again, on the hosts that failed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import auth
import launch
from commands.launch import hand_over
from utils import json_output
from utils.errors import ExitCode, PreflightFailed
from utils.jobs import Launched, check_id, find_job
from utils.journal import Journal
from utils.session import session
from utils.trouble import RUNNING_S
from utils.waiting import FINAL_STATUSES, until_events_stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from utils.awx_client import Client
    from utils.command_line import Call

# Which hosts failed may be known a moment later than the last event.
STATS_S = 2.0
KINDS = frozenset({"job", "workflow_job", "ad_hoc_command"})


def run(call: Call) -> ExitCode:
    """Relaunch (`POST /api/v2/jobs/N/relaunch/`) and print the new job's id, or follow it."""
    (job_id,) = call.arguments
    check_id(job_id)
    write = json_output.writer(call.settings)
    with session(call.settings, RUNNING_S) as (client, settings, done):
        journal = Journal(Path(settings.log_dir))
        done.add(journal)
        done.add(auth.obtain(client, settings, done))
        before = find_job(client, job_id)
        body = _body(client, settings, before)
        journal.note(awx=client.host, relaunch_of=before.job_id, state="launching")
        hint = f"{client.url('unified_jobs/?order_by=-id')}, for one relaunched from {job_id}"
        launch.send(client, f"{before.path}relaunch/", body, done, hint)
        return hand_over(call, client, settings, done, write)


def _body(client: Client, settings: Settings, job: Launched) -> dict[str, object]:
    """Return what to send; raises PreflightFailed for what AWX would refuse, or do otherwise."""
    if job.kind not in KINDS:
        raise PreflightFailed(f"AWX relaunches no {job.kind.replace('_', ' ')}")
    if job.status not in FINAL_STATUSES:
        raise PreflightFailed(f"job {job.job_id} is {job.status}: relaunch it when it is over")
    if job.kind != "job":
        if settings.asked("relaunch_hosts") and settings.relaunch_hosts == "failed":
            what = job.kind.replace("_", " ")
            raise PreflightFailed(f"AWX relaunches a {what} on all its hosts: pass --hosts all")
        return {}
    if settings.relaunch_hosts == "failed":
        _check_failed_hosts(client, job)
    return {"hosts": settings.relaunch_hosts}


def _check_failed_hosts(
    client: Client, job: Launched, sleep: Callable[[float], None] = time.sleep
) -> None:
    # Which hosts failed is known once the last events are stored, a moment after the end.
    until_events_stored(client, job.path, client.get(job.path))
    counts = client.get(f"{job.path}relaunch/").maybe_record("retry_counts")
    if counts.maybe_integer("failed") is None:
        sleep(STATS_S)
        counts = client.get(f"{job.path}relaunch/").maybe_record("retry_counts")
    failed = counts.maybe_integer("failed")
    if failed is None:
        raise PreflightFailed(
            f"AWX does not know which hosts failed in job {job.job_id} (it did not get to its "
            "recap): pass --hosts all"
        )
    if failed == 0:
        raise PreflightFailed(f"no host failed in job {job.job_id}: pass --hosts all")
