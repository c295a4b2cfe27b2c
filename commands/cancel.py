"""`cancel JOB`: cancel a job and wait until it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import auth
from utils import logger
from utils.asking import confirm
from utils.errors import BadAnswer, ExitCode
from utils.jobs import check_id, find_job
from utils.session import session
from utils.waiting import FINAL_STATUSES, until_final

if TYPE_CHECKING:
    from utils.command_line import Call

log = logger.get("cancel")


def run(call: Call) -> ExitCode:
    """Ask on a terminal, cancel (`POST .../cancel/`), and wait for the final status.

    Raises BadAnswer where the job was over before it could be canceled.
    """
    (job_id,) = call.arguments
    check_id(job_id)
    with session(call.settings) as (client, settings, done):
        auth.obtain(client, settings, done)
        job = find_job(client, job_id)
        status = client.get(job.path).text("status")
        if status in FINAL_STATUSES:
            raise BadAnswer(f"job {job.job_id} is over ({status}): there is nothing to cancel")
        if not settings.yes:
            confirm(f"Cancel {job.kind.replace('_', ' ')} {job.job_id}?", "not canceled")
        client.post(f"{job.path}cancel/")
        end = until_final(
            client, job.path, lambda each: log.info("job %d is %s", job.job_id, each.text("status"))
        )
    if end.text("status") != "canceled":
        raise BadAnswer(f"job {job.job_id} ended {end.text('status')} before it could be canceled")
    return ExitCode.OK
