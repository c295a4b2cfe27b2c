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
from utils import logger, signals
from utils.conclusion import Conclusion
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
    is_one = len(call.arguments) == 1
    with (
        Conclusion(call.settings) as conclusion,
        session(call.settings, RUNNING_S) as (client, asked, done),
    ):
        end = _end(call, client, asked, done)
        conclusion.begin(done, lambda: _document(done, end, is_one=is_one))
        if not end.error:
            end.tell()
        if conclusion.notice:
            conclusion.notice.gather(
                client, asked, done, end.exit_code, each_done=end.each_done, reason=end.reason,
                subject=f"job {', '.join(call.arguments)}" if end.error else "",
            )  # fmt: skip
        conclusion.write_unless_due()
    if end.error:
        raise end.error
    log.info("exit code %d", end.exit_code)
    return end.exit_code


@dataclass(frozen=True)
class _End:
    """How following ended, with the results of each job; `error` is what nobody was told yet."""

    exit_code: ExitCode
    each_done: Sequence[Results]
    reason: str = ""
    error: AppError | Interrupted | None = None

    def code_of(self, done: Results) -> ExitCode:
        """Return the exit code of one job: its own where it came to its end beside others."""
        finished = done.get(Finished)
        return finished.exit_code if finished and len(self.each_done) > 1 else self.exit_code

    def tell(self) -> None:
        """Say how each job ended."""
        for each in self.each_done:
            run_summary.tell_job(each, self.code_of(each))


def _end(call: Call, client: Client, settings: Settings, done: Results) -> _End:
    try:
        return _follow(call, client, settings, done)
    except UsageError:
        raise
    except (AppError, Interrupted) as error:
        return _End(error.exit_code, [], str(error), error)


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
    return _End(runner.carry_out(steps, client, settings, done), [done])


def _document(done: Results, end: _End, *, is_one: bool) -> dict[str, object]:
    """Return what is known: of a job, or of several, also where it ended early."""
    if is_one:
        found = run_summary.job_document(done, end.exit_code)
    else:
        jobs = [run_summary.job_document(each, end.code_of(each)) for each in end.each_done]
        found = {"jobs": jobs, "exit_code": int(end.exit_code)}
    return {**found, "notifications": run_summary.notifications(done)}


def _follow_all(
    client: Client, settings: Settings, done: Results, jobs: Sequence[Launched]
) -> _End:
    """Follow several jobs together; return the worst of their ends."""
    each_done = [_results(job) for job in jobs]
    try:
        with signals.deadline(settings.timeout), live_view(settings, done):
            ends = monitor.follow(client, settings, done, jobs)
        for each, finished in zip(each_done, ends, strict=True):
            each.add(finished)
        for each in each_done:
            _save(client, settings, each)
    except (AppError, Interrupted) as error:
        log.error("%s", error)
        return _End(error.exit_code, each_done, str(error))
    exit_code = max((each.exit_code for each in ends), key=FROM_GOOD_TO_BAD.index)
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
