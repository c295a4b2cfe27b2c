"""Step 8, monitor: follow the job to its end, showing what it prints as it appears."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from utils import failures, job_text, logger, output
from utils.errors import ExitCode, UsageError
from utils.files import replacing
from utils.follower import Follower
from utils.jobs import Launched
from utils.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("monitor")

LONGEST_S = 1e9
EXIT_CODES = {"successful": ExitCode.OK, "canceled": ExitCode.CANCELED}


@dataclass(frozen=True)
class Finished:
    """A job that has come to its end, as AWX describes it.

    `log_file` has its output, where all of it came while it was followed.
    """

    job: Record
    log_file: Path | None = None

    @property
    def status(self) -> str:
        """One of AWX's final statuses: successful, failed, error, canceled."""
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
            text += ", hosts: " + ", ".join(f"{number} {state}" for state, number in counts.items())
        reason = " ".join(str(fields.get("job_explanation") or "").split())
        return f"{text}: {reason}" if reason else text


def monitor(client: Client, settings: Settings, done: Results) -> Finished:
    """Follow the launched job to its end, saving its output as it comes, and showing it.

    Nothing is shown where a JSON document is wanted.
    """
    job = done[Launched]
    show = None if settings.output == "json" else shown(settings)
    path = log_path(settings, job)
    ended = _follow(client, job, show, path)
    if ended.exit_code is ExitCode.JOB_FAILED:
        failures.tell(failures.of_job(client, job))
    return ended


def _follow(
    client: Client, job: Launched, show: Callable[[bytes], None] | None, path: Path
) -> Finished:
    """Follow, with the log written as the output comes; it is there whole or not at all."""
    finished: Finished | None = None
    try:
        with replacing(path) as file:
            take = Tee(file, show)
            follower = Follower(client, job, Transcript(take))
            finished = Finished(follower.follow())
            _check_whole(follower, take)
        return Finished(finished.job, path)
    except _NotWholeError:
        log.debug("the log of job %d is not whole, it is downloaded", job.job_id)
    except UsageError as error:
        # The job runs: a log that cannot be written does not end the following.
        log.warning("%s", error)
    return finished or Finished(Follower(client, job, Transcript(show or _nowhere)).follow())


class _NotWholeError(Exception):
    """What came while following is not all of the output, and must not be left as if it were."""


def _check_whole(follower: Follower, take: Tee) -> None:
    if take.failed or not follower.is_whole:
        raise _NotWholeError


def _nowhere(_text: bytes) -> None:
    """Show nothing."""


def log_path(settings: Settings, job: Launched) -> Path:
    """Return where the output of a job is saved."""
    return Path(settings.log_dir) / "jobs" / f"{job.job_id}.txt"


def shown(settings: Settings) -> Callable[[bytes], None]:
    """Return how a job's text goes to standard output: colours only where they are seen."""
    if settings.colors_on_stdout:
        return output.live
    return lambda text: output.live(job_text.plain(text))


class Tee:
    """Writes the text of events to the log, without colours, and shows it."""

    def __init__(self, file: IO[bytes], show: Callable[[bytes], None] | None) -> None:
        self._file = file
        self._show = show
        self.failed = False

    def __call__(self, text: bytes) -> None:
        """Take the text of one event; a full disk does not end the following."""
        if self._show:
            self._show(text)
        if not self.failed:
            try:
                self._file.write(job_text.plain(text))
            except OSError as error:
                self.failed = True
                log.warning("cannot save the output: %s", error.strerror)
