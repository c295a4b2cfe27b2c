"""Step 8, monitor: follow the job to its end, showing what it prints as it appears."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import auth
from utils import failures, job_text, logger, output, signals
from utils.errors import ExitCode
from utils.following import approval
from utils.following.board import Board
from utils.jobs import Launched
from utils.journal import Journal
from utils.waiting import DELETED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from config import Settings
    from utils.awx_client import Client
    from utils.following.followed_job import FollowedJob
    from utils.job_log import JobLog
    from utils.record import Record
    from utils.results import Results

log = logger.get("monitor")

LONGEST_S = 1e9
# What AWX calls them, and what everybody else does.
HOST_STATES = {"failures": "failed", "dark": "unreachable"}
EXIT_CODES = {
    "successful": ExitCode.OK,
    "canceled": ExitCode.CANCELED,
    DELETED: ExitCode.BAD_ANSWER,
}


@dataclass(frozen=True)
class Finished:
    """A job that has come to its end, as AWX describes it.

    `log_file` has its output, where all of it came while it was followed.
    """

    job: Record
    log_file: Path | None = None

    @property
    def status(self) -> str:
        """One of AWX's final statuses: successful, failed, error, canceled; or deleted."""
        return self.job.text("status")

    @property
    def exit_code(self) -> ExitCode:
        """What this end means for our caller."""
        return EXIT_CODES.get(self.status, ExitCode.JOB_FAILED)

    def __str__(self) -> str:
        # Nothing here is worth an error: how the job ended is known.
        text, fields = self.status, self.job.fields
        if isinstance(elapsed := fields.get("elapsed"), int | float) and elapsed < LONGEST_S:
            text += f" after {elapsed:.1f} s"
        if isinstance(counts := fields.get("host_status_counts"), dict) and counts:
            words = (
                f"{number} {HOST_STATES.get(state, state)}" for state, number in counts.items()
            )
            text += f", hosts: {', '.join(words)}"
        reason = " ".join(str(fields.get("job_explanation") or "").split())
        return f"{text}: {reason}" if reason else text


def monitor(client: Client, settings: Settings, done: Results) -> Finished:
    """Follow the launched job to its end, saving its output as it comes, and showing it."""
    job, journal = done[Launched], done.get(Journal)
    part = journal.part(job.job_id) if journal else None
    shown = list(journal["shown"] or []) if journal else []
    if part and job.job_id in shown:
        _show_no_more(log_path(settings, job), part)

    def all_shown() -> None:
        if journal and job.job_id not in shown:
            journal.try_note(shown=[*shown, job.job_id])

    (ended,) = follow(client, settings, done, [job], part, on_shown=all_shown)
    return ended


def _show_no_more(path: Path, part: Path) -> None:
    """Let a log whose text was all shown count as that."""
    from shutil import copyfile  # noqa: PLC0415  # slow, and only for what is gone on with

    with suppress(OSError):
        part.touch(mode=0o600)
        copyfile(path, part)


def follow(
    client: Client,
    settings: Settings,
    done: Results,
    jobs: Sequence[Launched],
    part: Path | None = None,
    *,
    on_shown: Callable[[], None] = lambda: None,
) -> list[Finished]:
    """Follow jobs together to their ends; each line of several begins with its job's name.

    Nothing is shown where a JSON document is wanted. The logs are written as the output comes; each
    is there whole or not at all. `part` is where that of the only job is until it is whole, and
    `on_shown` is called when it is: before the log gets its place, since a process that is killed
    between the two must not show it again.
    """
    # What starts a job and leaves it alone need not load all of this.
    from utils.following.follower import Follower  # noqa: PLC0415
    from utils.following.workflow import followed, prefixed  # noqa: PLC0415
    from utils.job_log import JobLog  # noqa: PLC0415

    show = None if settings.output == "json" else shown(settings)
    board = done.once(Board, Board)
    with ExitStack() as stack:
        logs = []
        for job in jobs:
            to = prefixed(show, job.label) if show and len(jobs) > 1 else show
            in_order = job.kind != "workflow_job"
            log = JobLog(log_path(settings, job), to, part, in_order=in_order)
            logs.append(stack.enter_context(log))
        board.jobs = [
            followed(client, job, log, name=job.name if len(jobs) > 1 else "")
            for job, log in zip(jobs, logs, strict=True)
        ]
        try:
            follower = Follower(
                client, board.jobs, wants_usual=board.is_shown,
                on_long=lambda left_s: auth.warn_if_it_ends(client, done, left_s),
            )  # fmt: skip
            follower.follow()
        finally:
            with signals.held():
                if all(map(_is_complete, board.jobs)):
                    on_shown()
                kept = [_keep(job, log) for job, log in zip(board.jobs, logs, strict=True)]
        ended = [Finished(job.conclude(), path) for job, path in zip(board.jobs, kept, strict=True)]
    for each in board.jobs:
        _tell_failures(client, each)
        _warn_of_nothing_done(each)
    return ended


def _is_complete(job: FollowedJob) -> bool:
    """Tell whether all that there will ever be of a job's output was shown."""
    return job.is_whole or job.is_lost


def _keep(job: FollowedJob, log: JobLog) -> Path | None:
    """Put a log in its place where it is complete; else it is to be downloaded."""
    if _is_complete(job):
        return log.keep(is_whole=job.is_whole)
    if job.is_over:
        log.discard()
    return None


def _tell_failures(client: Client, job: FollowedJob) -> None:
    """Say what failed where, for a workflow in each of its jobs."""
    for step in job.steps.values():
        _tell_failures(client, step)
    if job.job.kind == approval.KIND:
        approval.tell_outcome(client, job.job, job.status)
    elif EXIT_CODES.get(job.status, ExitCode.JOB_FAILED) is ExitCode.JOB_FAILED:
        job.failures = failures.of_job(client, job.job)
        failures.tell(job.failures, job.name and job.job.label)


def _warn_of_nothing_done(job: FollowedJob) -> None:
    """Say of what ended well without a task on any host, for a workflow of each of its jobs."""
    for step in job.steps.values():
        _warn_of_nothing_done(step)
    # Who only runs it by its exit code would take that for done.
    if job.job.kind == "job" and job.status == "successful" and job.host_counts == {}:
        which = f"{job.job.label}: " if job.name else ""
        log.warning("%sno task ran on any host: do its limit and tags match anything?", which)


def log_path(settings: Settings, job: Launched) -> Path:
    """Return where the output of a job is saved."""
    return Path(settings.log_dir) / "jobs" / f"{job.job_id}.txt"


def shown(settings: Settings) -> Callable[[bytes], None]:
    """Return how a job's text goes to standard output: colours only where they are seen."""
    if settings.colors_on_stdout:
        return output.live
    return lambda text: output.live(job_text.plain(text))
