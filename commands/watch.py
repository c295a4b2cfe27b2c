"""`watch JOB...`: follow jobs that anyone started, running or finished."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from utils.notifying.notice import prepare
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
    notice = prepare(call.settings)
    try:
        with session(call.settings, RUNNING_S) as (client, asked, done):
            try:
                end = _follow(call, client, asked, done)
            except (AppError, Interrupted) as error:
                if notice:
                    subject = f"job {', '.join(call.arguments)}"
                    notice.gather(
                        client, asked, done, error.exit_code, reason=str(error), subject=subject
                    )
                raise
            if notice:
                notice.gather(
                    client, asked, done, end.exit_code, each_done=end.each_done, reason=end.reason
                )
    except (AppError, Interrupted):
        if notice:
            notice.send()
        raise
    if notice:
        done.add(notice.send())
    if call.settings.output == "json" and all(Finished in each for each in end.each_done):
        json_output.write_anyway(write, _document(done, end.each_done))
    return end.exit_code


@dataclass(frozen=True)
class _End:
    """How following ended, with the results of each job."""

    exit_code: ExitCode
    each_done: Sequence[Results]
    reason: str = ""


def _follow(call: Call, client: Client, asked: Settings, done: Results) -> _End:
    with signals.deadline(asked.timeout):
        done.add(auth.obtain(client, asked, done))
        jobs = find_jobs(client, call.arguments)
        settings = replace(asked, timeout=signals.left_s())
    if len(jobs) > 1:
        return _follow_all(client, settings, done, jobs)
    done.add(jobs[0])
    return _follow_one(call.flow, client, settings, done)


def _follow_one(flow: Sequence[Step], client: Client, settings: Settings, done: Results) -> _End:
    """Follow the job in `done` by the flow's own steps, and return what its end means."""
    steps = [step for step in flow if step.name in STEPS]
    exit_code = runner.carry_out(steps, client, settings, done)
    run_summary.tell(done, exit_code)
    return _End(exit_code, [done])


def _document(done: Results, each_done: Sequence[Results]) -> dict[str, object]:
    documents = [run_summary.job_document(each) for each in each_done]
    found = documents[0] if len(documents) == 1 else {"jobs": documents}
    return {**found, "notifications": run_summary.notifications(done)}


def _follow_all(
    client: Client, settings: Settings, done: Results, jobs: Sequence[Launched]
) -> _End:
    """Follow several jobs together; return the worst of their ends."""
    each_done = [_results(job) for job in jobs]
    try:
        with signals.deadline(settings.timeout), live_view(settings, done):
            ends = monitor.follow(client, settings, done, jobs)
    except (AppError, Interrupted) as error:
        log.error("%s", error)
        for each in each_done:
            run_summary.tell_job(each, error.exit_code)
        return _End(error.exit_code, each_done, str(error))
    for each, finished in zip(each_done, ends, strict=True):
        each.add(finished)
        _save(client, settings, each)
        run_summary.tell_job(each, finished.exit_code)
    exit_code = max((each.exit_code for each in ends), key=FROM_GOOD_TO_BAD.index)
    log.info("exit code %d", exit_code)
    return _End(exit_code, each_done)


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
