"""`watch JOB...`: follow jobs that anyone started, running or finished."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import auth
import job_output
import monitor
import run_summary
import runner
from monitor import Finished
from utils import json_output, logger, signals
from utils.errors import AppError, ExitCode, UsageError
from utils.jobs import check_id, find_jobs
from utils.live_view import live_view
from utils.results import Results
from utils.session import session
from utils.signals import Interrupted
from utils.trouble import RUNNING_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Settings
    from utils.awx_client import Client
    from utils.command_line import Call
    from utils.flow import Step
    from utils.jobs import Launched
    from utils.json_output import Write

log = logger.get("watch")

STEPS = ("monitor", "stdout")
# Of several jobs, the worst end is that of the command.
FROM_GOOD_TO_BAD = (ExitCode.OK, ExitCode.CANCELED, ExitCode.JOB_FAILED, ExitCode.BAD_ANSWER)


def run(call: Call) -> ExitCode:
    """Print the jobs' output as it appears, save it whole, and exit by their statuses."""
    for text in call.arguments:
        check_id(text)
    if call.settings.save_log and len(call.arguments) > 1:
        raise UsageError(f"{call.settings.source('save_log')} takes the output of one job")
    write = json_output.writer(call.settings)
    with session(call.settings, RUNNING_S) as (client, asked, done):
        with signals.deadline(asked.timeout):
            done.add(auth.obtain(client, asked, done))
            jobs = find_jobs(client, call.arguments)
            settings = replace(asked, timeout=signals.left_s())
        if len(jobs) > 1:
            return _follow_all(client, settings, done, jobs, write)
        done.add(jobs[0])
        return follow_to_end(call.flow, client, settings, done, write)


def follow_to_end(
    flow: Sequence[Step], client: Client, settings: Settings, done: Results, write: Write
) -> ExitCode:
    """Follow the job in `done` by the flow's own steps, and return what its end means."""
    steps = [step for step in flow if step.name in STEPS]
    exit_code = runner.carry_out(steps, client, settings, done)
    run_summary.tell(done, exit_code)
    if Finished not in done:
        return exit_code
    if settings.output == "json":
        json_output.write_anyway(write, run_summary.job_document(done))
    return exit_code


def _follow_all(
    client: Client, settings: Settings, done: Results, jobs: Sequence[Launched], write: Write
) -> ExitCode:
    """Follow several jobs together; return the worst of their ends."""
    each_done = [_results(job) for job in jobs]
    try:
        with signals.deadline(settings.timeout), live_view(settings, done):
            ends = monitor.follow(client, settings, done, jobs)
    except (AppError, Interrupted) as error:
        log.error("%s", error)
        for each in each_done:
            run_summary.tell_job(each, error.exit_code)
        return error.exit_code
    for each, finished in zip(each_done, ends, strict=True):
        each.add(finished)
        _save(client, settings, each)
        run_summary.tell_job(each, finished.exit_code)
    if settings.output == "json":
        documents = [run_summary.job_document(each) for each in each_done]
        json_output.write_anyway(write, {"jobs": documents})
    exit_code = max((each.exit_code for each in ends), key=FROM_GOOD_TO_BAD.index)
    log.info("exit code %d", exit_code)
    return exit_code


def _results(job: Launched) -> Results:
    results = Results()
    results.add(job)
    return results


def _save(client: Client, settings: Settings, done: Results) -> None:
    """Save a job's output; how the jobs ended does not hang on it."""
    try:
        done.add(job_output.save(client, settings, done))
    except AppError as error:
        log.warning("the output is not saved: %s", error)
