"""What becomes of the job of a run that is told to stop: canceled, or left and found again."""

from __future__ import annotations

import signal
import sys
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from job_output import Log
from monitor import Finished
from utils import logger, signals
from utils.errors import AppError, BadAnswer, ExitCode
from utils.flow import walk
from utils.jobs import Launched
from utils.journal import Journal
from utils.signals import Interrupted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Settings
    from utils.awx_client import Client
    from utils.flow import Step
    from utils.results import Results

log = logger.get("main")

# AWX takes two to five seconds to cancel a job; what takes longer than this may take for ever.
CANCELED_WITHIN_S = 60.0


def wind_up(
    error: Interrupted, steps: Sequence[Step], client: Client, settings: Settings, done: Results
) -> ExitCode:
    """Cancel the job of this run or leave it, as the settings say; return the exit code.

    A canceled one is followed to its end and its log is saved. A second signal leaves it at once.
    A job that came to its own end although the time was over has the exit code of that end.
    """
    log.error("%s", error)
    job = done.get(Launched)
    if not job or Journal not in done or Log in done:
        return _code(error, done)
    is_over = Finished in done
    names = {"stdout"} if is_over else {"monitor", "stdout"}
    left = [step for step in steps if step.name in names]
    try:
        if not is_over and not _wants_cancel(error, settings, job):
            return error.exit_code
        with signals.deadline(CANCELED_WITHIN_S):
            if not is_over:
                _cancel(client, job)
            # Who wants it to end wants no other attempt.
            settings = replace(settings, retries=0)
            walk(left, client, settings, done, announce=False)
    except Interrupted as second:
        if second.number == signal.SIGALRM:
            log.error("job %d is not canceled yet: not waiting for it any longer", job.job_id)
        else:
            log.error("%s again: leaving at once", second)
        client.hurry()
    except AppError as trouble:
        log.error("%s", trouble)
    return _code(error, done)


def _code(error: Interrupted, done: Results) -> ExitCode:
    finished = done.get(Finished)
    if error.number == signal.SIGALRM and finished and finished.status != "canceled":
        return finished.exit_code
    return error.exit_code


def _wants_cancel(error: Interrupted, settings: Settings, job: Launched) -> bool:
    if error.number == signal.SIGALRM:
        return settings.on_timeout == "cancel"
    # A connection that broke, or a window that was closed, is no wish to end the job.
    if error.number == signal.SIGHUP or settings.on_interrupt == "leave":
        return False
    if error.number == signal.SIGINT and not settings.asked("on_interrupt") and has_somebody():
        return _ask(job)
    return True


def has_somebody() -> bool:
    """Tell whether somebody sits at a terminal, reads what is said and can answer."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def _ask(job: Launched) -> bool:
    while (answer := _answer(job)) not in {"", "y", "yes", "n", "no"}:
        log.info("y cancels it, n leaves it")
    return answer in {"", "y", "yes"}


def _answer(job: Launched) -> str:
    """Ask a person; the end of the input stands for no."""
    sys.stderr.write(f"{job.label} is under way in AWX. Cancel it? [Y/n] ")
    sys.stderr.flush()
    try:
        answer = sys.stdin.readline()
    except OSError:
        answer = ""
    return answer.strip().lower() if answer else "no"


def _cancel(client: Client, job: Launched) -> None:
    """Ask AWX to cancel (`POST .../cancel/`); one that is over needs none."""
    log.info("canceling %s", job)
    try:
        client.post(f"{job.path}cancel/", is_repeatable=True)
    except BadAnswer as error:
        if error.status != HTTPStatus.METHOD_NOT_ALLOWED:
            raise
        log.info("%s is over already", job.label)
