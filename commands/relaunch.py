"""`relaunch JOB`: start a job again, on the hosts that failed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import relaunching
from commands.launch import start_and_leave
from utils.flow import Step
from utils.jobs import check_id

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.command_line import Call
    from utils.errors import ExitCode
    from utils.jobs import Launched
    from utils.results import Results


def run(call: Call) -> ExitCode:
    """Relaunch (`POST /api/v2/jobs/N/relaunch/`) and print the new job's id, or follow it."""
    (job_id,) = call.arguments
    check_id(job_id)
    token = [step for step in call.flow if step.name == "token"]
    again = Step("relaunch", partial(_relaunch, job_id))
    return start_and_leave(call, [*token, again], "relaunch")


def _relaunch(job_id: str, client: Client, settings: Settings, done: Results) -> Launched:
    hosts = settings.relaunch_hosts if settings.asked("relaunch_hosts") else ""
    return relaunching.relaunch(client, done, job_id, hosts=hosts)
