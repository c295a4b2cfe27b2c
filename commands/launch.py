"""`launch`: start a job and print its id."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import launch_plan
from utils import json_output, logger, output, signals
from utils.command_line import TALKING
from utils.errors import AppError, ExitCode, NotNeeded, UsageError
from utils.flow import walk
from utils.jobs import Launched
from utils.journal import Journal
from utils.session import session
from utils.signals import Interrupted
from utils.trouble import RUNNING_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from utils.command_line import Call
    from utils.flow import Step

log = logger.get("launch")

STARTING, FOLLOWING = ("ping", "token", "launch"), ("monitor", "stdout")


def run(call: Call) -> ExitCode:
    """Launch without checks and sync; with `--watch`, follow the job and exit as it ends."""
    launch_plan.require(call.settings)
    return start_and_leave(call, [step for step in call.flow if step.name in STARTING], "launch")


def start_and_leave(call: Call, steps: Sequence[Step], command: str) -> ExitCode:
    """Start a job by these steps and print its id, or follow it with `--watch`."""
    settings, journal = call.settings, Journal(Path(call.settings.log_dir))
    noted = {"state": "started", "command": command, **settings.given(TALKING)}
    if settings.watch:
        import runner  # noqa: PLC0415  # what starts a job and leaves it need not load all of this

        following = [step for step in call.flow if step.name in FOLLOWING]
        return runner.go_on(settings, [*steps, *following], journal, **noted)
    for name in ("save_log", "retries"):
        if getattr(settings, name):
            raise UsageError(
                f"{settings.source(name)} needs --watch: the job is left to itself else"
            )
    for name in ("notify_on", "notify_template"):
        settings.require_with(name, "watch")
    write = json_output.writer(settings)
    with session(settings, max(settings.timeout, RUNNING_S)) as (client, _, done):
        done.add(journal)
        journal.note(awx=client.host, **noted)
        try:
            with signals.deadline(settings.timeout):
                walk(steps, client, settings, done)
        except (AppError, Interrupted) as error:
            # A signal is held back while the launch is under way, and the job is there then.
            if Launched in done:
                import run_summary  # noqa: PLC0415  # nor this

                run_summary.tell(done, error.exit_code)
                log.info("exit code %d", error.exit_code)
            journal.close(error.exit_code, is_over=False)
            if isinstance(error, NotNeeded) and settings.output == "json":
                json_output.write_anyway(write, dict.fromkeys(("id", "type", "page")))
            raise
        job = done[Launched]
        journal.close(ExitCode.OK, is_over=True)
    if settings.output == "json":
        json_output.write_surely(write, {"id": job.job_id, "type": job.kind, "page": job.page})
    else:
        output.result(f"{job.job_id}\n")
    return ExitCode.OK
