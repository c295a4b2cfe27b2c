"""`launch`: start a job and print its id."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import launch_plan
import run_summary
from commands.watch import follow_to_end
from monitor import Finished
from utils import json_output, output
from utils.errors import ExitCode, UsageError
from utils.flow import walk
from utils.jobs import Launched
from utils.journal import Journal
from utils.session import session
from utils.signals import Interrupted
from utils.trouble import RUNNING_S

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.command_line import Call
    from utils.results import Results

NEEDED = ("ping", "token", "launch")


def run(call: Call) -> ExitCode:
    """Launch without checks and sync; with `--watch`, follow the job and exit as it ends."""
    launch_plan.require(call.settings)
    if call.settings.save_log and not call.settings.watch:
        raise UsageError(f"{call.settings.source('save_log')} needs --watch: nothing is saved else")
    write = json_output.writer(call.settings)
    with session(call.settings, RUNNING_S) as (client, settings, done):
        done.add(Journal(Path(settings.log_dir)))
        try:
            walk([step for step in call.flow if step.name in NEEDED], client, settings, done)
        except Interrupted as error:
            # A signal is held back while the launch is under way, and the job is there then.
            run_summary.tell(done, error.exit_code)
            raise
        return hand_over(call, client, settings, done, write)


def hand_over(
    call: Call, client: Client, settings: Settings, done: Results, write: json_output.Write
) -> ExitCode:
    """Follow the job that was launched to its end, or print its id and let it go."""
    job = done[Launched]
    if settings.watch:
        exit_code = follow_to_end(call.flow, client, settings, done, write)
        done[Journal].close(exit_code, ended=Finished in done)
        return exit_code
    done[Journal].try_note(state="left to itself", exit_code=int(ExitCode.OK))
    if settings.output == "json":
        write({"id": job.job_id, "type": job.kind, "page": job.page})
    else:
        output.result(f"{job.job_id}\n")
    return ExitCode.OK
