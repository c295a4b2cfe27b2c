"""`watch JOB`: follow a job that anyone started, running or finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

import auth
import run_summary
from monitor import Finished
from utils import json_output
from utils.errors import AppError, ExitCode
from utils.flow import walk
from utils.jobs import check_id, find_job
from utils.live_view import live_view
from utils.session import session
from utils.signals import Interrupted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Settings
    from utils.awx_client import Client
    from utils.command_line import Call
    from utils.flow import Step
    from utils.json_output import Write
    from utils.results import Results

STEPS = ("monitor", "stdout")


def run(call: Call) -> ExitCode:
    """Print the job's output as it appears, save it whole, and exit by its status."""
    check_id(call.argument)
    write = json_output.writer(call.settings)
    with session(call.settings) as (client, settings, done):
        done.add(auth.obtain(client, settings, done))
        done.add(find_job(client, call.argument))
        return follow_to_end(call.flow, client, settings, done, write)


def follow_to_end(
    flow: Sequence[Step], client: Client, settings: Settings, done: Results, write: Write
) -> ExitCode:
    """Follow the job in `done` by the flow's own steps, and return what its end means."""
    try:
        with live_view(settings, done):
            walk([step for step in flow if step.name in STEPS], client, settings, done)
    except (AppError, Interrupted) as error:
        run_summary.tell(done, error.exit_code)
        raise
    exit_code = done[Finished].exit_code
    run_summary.tell(done, exit_code)
    if settings.output == "json":
        json_output.write_anyway(write, run_summary.job_document(done))
    return exit_code
