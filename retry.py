"""Following a job to its end, and starting it again where it failed and `--retries` allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import job_output
import monitor
import run_summary
from monitor import Finished
from relaunching import relaunch
from utils import failures, json_output, logger
from utils.attempts import Attempt, Attempts
from utils.errors import AppError, UnknownOutcome
from utils.jobs import Launched
from utils.journal import Journal

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results

log = logger.get("retry")

# So that runs which failed together do not all come back together.
JITTER = 0.1


def require(settings: Settings) -> None:
    """Raise UsageError for flags that do nothing, and where `--retry-if` is no jq expression."""
    for name in ("retry_delay", "retry_backoff", "retry_on", "retry_hosts", "retry_if"):
        settings.require_with(name, "retries")
    settings.require_with("on_timeout", "timeout")
    if settings.retry_if:
        json_output.compiled(settings.retry_if, settings.source("retry_if"))


def follow(client: Client, settings: Settings, done: Results) -> Finished:
    """Follow the launched job to its end, and again where it failed and `--retries` allow it.

    The last attempt is the result. Raises UnknownOutcome where it is not known whether there is
    another one.
    """
    attempts = done.once(Attempts, lambda: Attempts.from_journal(done.get(Journal)))
    while True:
        finished = monitor.monitor(client, settings, done)
        done.add(finished)
        if not settings.retries:
            return finished
        _note(client, attempts, done)
        if not _is_due(client, settings, attempts, done):
            _tell_flaky(attempts)
            return finished
        try:
            _again(client, settings, attempts, done)
        except UnknownOutcome:
            raise
        except AppError as error:
            log.error("no other attempt: %s", error)
            return finished


def _note(client: Client, attempts: Attempts, done: Results) -> None:
    job, finished = done[Launched], done[Finished]
    failed = failures.failed_hosts(client, job) if finished.status == "failed" else ()
    attempts.add(Attempt(job.job_id, job.kind, job.page, finished.status, tuple(sorted(failed))))
    if journal := done.get(Journal):
        journal.try_note(attempts=attempts.rows)


def _is_due(client: Client, settings: Settings, attempts: Attempts, done: Results) -> bool:
    finished = done[Finished]
    if finished.status not in settings.retry_on or attempts.retried >= settings.retries:
        return False
    if not settings.retry_if:
        return True
    condition = json_output.compiled(settings.retry_if, settings.source("retry_if"))
    document = run_summary.document(client, done, finished.exit_code)
    try:
        found = condition(document)
        # As with `jq --exit-status`: the last result counts, and none is none.
        return bool(found) and found[-1] is not None and found[-1] is not False
    except ValueError as error:
        log.error("%s: %s: no other attempt", settings.source("retry_if"), error)
        return False


def _again(client: Client, settings: Settings, attempts: Attempts, done: Results) -> None:
    """Save what this attempt printed, wait, and start the next."""
    job = done[Launched]
    try:
        job_output.save(client, settings, done)
    except AppError as error:
        log.warning("the output of job %d is not saved: %s", job.job_id, error)
    import random  # noqa: PLC0415  # only where it failed

    spread = 1 + random.uniform(-JITTER, JITTER)  # noqa: S311  # nothing secret hangs on it
    pause_s = settings.retry_delay * settings.retry_backoff**attempts.retried * spread
    log.warning(
        "job %d %s: attempt %d of %d in %.0f s",
        job.job_id, done[Finished], attempts.retried + 2, settings.retries + 1, pause_s,
    )  # fmt: skip
    client.sleep(pause_s)
    finished = done[Finished]
    # From now on it is another job that is under way, or none.
    done.remove(Finished)
    done.remove(Launched)
    try:
        relaunch(client, done, str(job.job_id), hosts=settings.retry_hosts, or_all=True)
    except UnknownOutcome:
        raise
    except AppError:
        done.add(job)
        done.add(finished)
        raise


def _tell_flaky(attempts: Attempts) -> None:
    for host, failed_in, passed_in in attempts.flaky():
        log.warning("flaky: %s failed in job %d and passed in job %d", host, failed_in, passed_in)
