"""Starting a job again where it failed: as `--retries` allow, and by hand (`relaunch`)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import job_output
import launch
import monitor
import run_summary
from auth import User
from monitor import Finished
from utils import adoption, failures, json_output, logger
from utils.attempts import Attempt, Attempts
from utils.errors import AppError, PreflightFailed, UnknownOutcome
from utils.jobs import Launched, find_job
from utils.journal import Journal
from utils.waiting import FINAL_STATUSES, until_events_stored

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("retry")

# So that runs which failed together do not all come back together.
JITTER = 0.1
# Which hosts failed may be known a moment later than the last event.
STATS_S = 2.0
KINDS = frozenset({"job", "workflow_job", "ad_hoc_command"})


def require(settings: Settings) -> None:
    """Raise UsageError where the condition of `--retry-if` is no jq expression."""
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
        return all(each not in (None, False) for each in condition(document))
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
    spread = 1 + random.uniform(-JITTER, JITTER)  # noqa: S311  # nothing secret hangs on it
    pause_s = settings.retry_delay * settings.retry_backoff**attempts.retried * spread
    log.warning(
        "job %d %s: attempt %d of %d in %.0f s",
        job.job_id, done[Finished], attempts.retried + 2, settings.retries + 1, pause_s,
    )  # fmt: skip
    client.sleep(pause_s)
    finished = done[Finished]
    # The job that comes now has not come to its end.
    done.remove(Finished)
    try:
        relaunch(client, done, str(job.job_id), hosts=settings.retry_hosts, or_all=True)
    except UnknownOutcome:
        raise
    except AppError:
        done.add(finished)
        raise


def _tell_flaky(attempts: Attempts) -> None:
    for host, failed_in, passed_in in attempts.flaky():
        log.warning("flaky: %s failed in job %d and passed in job %d", host, failed_in, passed_in)


def relaunch(
    client: Client, done: Results, job_id: str, *, hosts: str = "", or_all: bool = False
) -> Launched:
    """Start a job again (`POST /api/v2/jobs/N/relaunch/`), on `hosts`: failed, all or as AWX can.

    Raises PreflightFailed for what AWX would refuse, or do otherwise; with `or_all` the job is
    started on all its hosts where AWX cannot do it on those that failed.
    """
    before = find_job(client, job_id)
    if or_all and before.kind != "job" and hosts == "failed":
        log.warning("AWX relaunches a %s whole, on all hosts", before.kind.replace("_", " "))
        hosts = ""
    _check(before, hosts)
    detail = client.get(before.path)
    body: dict[str, object] = {}
    if before.kind == "job":
        if hosts != "all" and (problem := _problem_of_failed_hosts(client, before, detail)):
            if not or_all:
                raise PreflightFailed(f"{problem}: pass --hosts all")
            log.warning("%s: trying again on all hosts", problem)
            hosts = "all"
        body = {"hosts": hosts or "failed"}
    journal, user = done[Journal], done.get(User)
    journal.note(relaunch_of=before.job_id)
    template = detail.maybe_integer("unified_job_template")
    where: dict[str, str | int] = {"name": detail.text("name")}
    if template:
        where = {"unified_job_template": template}
    sought = adoption.look_before(
        client, where, "relaunch",
        user_id=user.id if user else None,
        hint=f"{client.url('unified_jobs/?order_by=-id')}, for one relaunched from {job_id}",
    )  # fmt: skip
    return launch.send(client, f"{before.path}relaunch/", body, done, sought)


def _check(job: Launched, hosts: str) -> None:
    what = job.kind.replace("_", " ")
    if job.kind not in KINDS:
        raise PreflightFailed(f"AWX relaunches no {what}")
    if job.status not in FINAL_STATUSES:
        raise PreflightFailed(f"job {job.job_id} is {job.status}: relaunch it when it is over")
    if job.kind != "job" and hosts == "failed":
        raise PreflightFailed(f"AWX relaunches a {what} on all its hosts: pass --hosts all")


def _problem_of_failed_hosts(client: Client, job: Launched, detail: Record) -> str:
    """Return why AWX cannot start it on the hosts that failed; empty where it can."""
    # Which hosts failed is known once the last events are stored, a moment after the end.
    until_events_stored(client, job.path, detail, client.sleep, clock=client.clock)
    counts = client.get(f"{job.path}relaunch/").maybe_record("retry_counts")
    if counts.maybe_integer("failed") is None:
        client.sleep(STATS_S)
        counts = client.get(f"{job.path}relaunch/").maybe_record("retry_counts")
    failed = counts.maybe_integer("failed")
    if failed is None:
        return (
            f"AWX does not know which hosts failed in job {job.job_id} (it did not get to its "
            "recap)"
        )
    return "" if failed else f"no host failed in job {job.job_id}"
