"""Gathering what is known of a run at its end: what we have, and what AWX may still tell."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import run_summary
from job_output import Log
from launch_plan import LaunchPlan
from monitor import Finished
from utils.attempts import Attempts
from utils.errors import AppError, ExitCode
from utils.flow import Timeline
from utils.following.board import Board
from utils.following.usual_duration import usual_duration_s
from utils.jobs import Launched
from utils.journal import Journal
from utils.notifying import endings, excerpt
from utils.notifying.facts import AttemptFacts, Facts, FailureFacts, JobFacts, clean
from utils.record import Record
from utils.signing_in.who import User
from utils.waiting import DELETED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from config import Settings
    from utils.awx_client import Client
    from utils.following.followed_job import FollowedJob
    from utils.results import Results

# Of jobs that were watched together, the worst is told first.
FROM_BAD_TO_GOOD = ("failed", "error", DELETED, "canceled")
FAILED = "failed,error"
# Of many commands to go on with, a message names these.
STEPS = 5


def gather(
    client: Client, settings: Settings, done: Results, each_done: Sequence[Results], *,
    exit_code: ExitCode, reason: str = "", subject: str = "",
) -> dict[str, object]:  # fmt: skip
    """Return the fields of `Facts` that are known without AWX, but for those of the event.

    `subject` is what it was about, where that was no template.
    """
    jobs = sorted(filter(None, map(_job, each_done)), key=_badness)
    plan, user, journal = done.get(LaunchPlan), done.get(User), done.get(Journal)
    worst = next((each for each in each_done if jobs and _id(each) == jobs[0].id), done)
    steps = [step for each in each_done for step in run_summary.next_steps(each, exit_code)]
    return {
        "awx": client.host,
        "template": clean(plan.template_name) if plan else subject or _asked_for(settings),
        "reason": clean(reason) or _reason(done, worst),
        "job": jobs[0] if jobs else None,
        "jobs": tuple(jobs),
        "failures": tuple(_failures(board.jobs) if (board := done.get(Board)) else ()),
        "attempts": tuple(_attempts(done)),
        "user": user.username if user else "",
        "ran_on": os.uname().nodename,
        "run_id": journal.run_id if journal else "",
        "next": tuple(dict.fromkeys(steps))[:STEPS],
        "excerpt": excerpt.read(_output(worst)),
    }


def _asked_for(settings: Settings) -> str:
    asked = clean(settings.template)
    return f"template {asked}" if asked.isdecimal() else asked


def _id(done: Results) -> int:
    launched = done.get(Launched)
    return launched.job_id if launched else 0


def _badness(job: JobFacts) -> int:
    order = [*FROM_BAD_TO_GOOD, job.status]
    return order.index(job.status)


def _job(done: Results) -> JobFacts | None:
    launched, finished = done.get(Launched), done.get(Finished)
    if not launched:
        return None
    row: Mapping[str, object] = finished.job.fields if finished else {}
    by, elapsed = row.get("launched_by"), row.get("elapsed")
    return JobFacts(
        id=launched.job_id,
        name=clean(row.get("name")) or clean(launched.name) or launched.kind.replace("_", " "),
        kind=clean(launched.kind),
        page=launched.page,
        status=clean(finished.status) if finished else "not at its end",
        explanation=clean(row.get("job_explanation")),
        hosts=_counts(row.get("host_status_counts")),
        started=_time(row, "started"),
        finished=_time(row, "finished"),
        elapsed_s=float(elapsed) if isinstance(elapsed, int | float) else None,
        limit=clean(row.get("limit")),
        launched_by=clean(by.get("name")) if isinstance(by, dict) else "",
        launch_type=clean(row.get("launch_type")),
    )


def _counts(found: object) -> dict[str, int]:
    if not isinstance(found, dict):
        return {}
    return {clean(state): count for state, count in found.items() if type(count) is int}


def _time(row: Mapping[str, object], key: str) -> datetime | None:
    try:
        return Record(row, "").time(key)
    except AppError:
        return None


def _reason(done: Results, worst: Results) -> str:
    """Return what the step that ended the run said; of a job's own end AWX tells elsewhere."""
    if finished := worst.get(Finished):
        return "the job was deleted in AWX" if finished.status == DELETED else ""
    timeline = done.get(Timeline)
    failed = [each for each in (timeline.passed if timeline else ()) if each.state != "ok"]
    return clean(failed[-1].text) if failed else ""


def _failures(jobs: Iterable[FollowedJob]) -> Iterator[FailureFacts]:
    """Yield what failed in those jobs and in those that they have started."""
    for job in jobs:
        label = job.job.label if job.is_step or job.name else ""
        for each in job.failures:
            host, task, message = map(clean, (each.host, each.task, each.message))
            yield FailureFacts(host, task, message, each.unreachable, clean(label))
        yield from _failures(job.steps.values())


def _attempts(done: Results) -> Iterator[AttemptFacts]:
    attempts = done.get(Attempts)
    for each in attempts.ended if attempts else ():
        yield AttemptFacts(each.job_id, clean(each.status), each.page, each.failed_hosts)


def _output(done: Results) -> Path | None:
    """Return where the job's output is, as far as it came."""
    launched, journal, log = done.get(Launched), done.get(Journal), done.get(Log)
    finished = done.get(Finished)
    if log:
        return log.path
    if finished and finished.log_file:
        return finished.log_file
    return journal.part(launched.job_id) if launched and journal else None


def usual_s(client: Client, done: Results) -> float | None:
    """Return how long such a job takes as a rule, in seconds; None where nobody knows."""
    finished = done.get(Finished)
    return (usual_duration_s(client, finished.job) if finished else 0.0) or None


def recovery(client: Client, done: Results) -> dict[str, object]:
    """Return since when the job's template failed and how often, empty where it had not.

    `GET /api/v2/jobs/` (or `workflow_jobs/`) for the jobs of the template before the first attempt
    of this run, but for canceled ones. Raises AppError.
    """
    launched, finished, attempts = done.get(Launched), done.get(Finished), done.get(Attempts)
    template = finished.job.maybe_integer("unified_job_template") if finished else None
    if not launched or template is None:
        return {}
    first = min([launched.job_id, *(each.job_id for each in (attempts.ended if attempts else ()))])
    collection = f"{launched.kind}s/"
    before: dict[str, str | int] = {"unified_job_template": template, "id__lt": first}
    last = client.glance(
        collection, **before, status__in=f"successful,{FAILED}", order_by="-id", page_size=1,
        count_disabled=1,
    ).records("results")  # fmt: skip
    if not last or last[0].text("status") == "successful":
        return {}
    good = client.glance(
        collection, **before, status="successful", order_by="-id", page_size=1, count_disabled=1
    ).records("results")
    after: dict[str, str | int] = {"id__gt": good[0].integer("id")} if good else {}
    bad = client.glance(
        collection, **before, **after, status__in=FAILED, order_by="id", page_size=1
    )
    rows = bad.records("results")
    since = (rows[0].time("finished") or rows[0].time("created")) if rows else None
    return {"failing_since": since, "failed_before": max(bad.integer("count"), 1)}


def first_recovery(client: Client, each_done: Sequence[Results]) -> dict[str, object]:
    """Return what `recovery` does of the first of these jobs that is one; of several, which."""
    for each in each_done:
        if found := recovery(client, each):
            job = _job(each)
            return {**found, "recovered": job.label if job and len(each_done) > 1 else ""}
    return {}


def event_of(done: Sequence[Results], exit_code: ExitCode) -> str:
    """Return what kind of end it was: failure, success (which may be a recovery), or skip."""
    if exit_code != ExitCode.OK:
        return endings.FAILURE
    if not any(Finished in each for each in done):
        return endings.SKIP
    return endings.SUCCESS


def facts(event: str, exit_code: ExitCode, known: Mapping[str, object]) -> Facts:
    """Return all that a message can tell of that end."""
    words = endings.ending(event, exit_code)
    return Facts(event, words.word, int(exit_code), words.meaning, **known)  # type: ignore[arg-type]  # made by `gather`
