"""Step 9, stdout: the whole output of the job, in a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import Finished, log_path
from utils import job_text, logger
from utils.errors import Refused, Unreachable, UsageError
from utils.files import replacing
from utils.following.board import Board
from utils.following.nodes import started
from utils.jobs import WITHOUT_OUTPUT, Launched
from utils.waiting import FINAL_STATUSES, STORED_WITHIN_S, until_events_stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results

ATTEMPTS = 3
STORED_WITHIN = timedelta(seconds=STORED_WITHIN_S)


@dataclass(frozen=True)
class Log:
    """The saved output of a job."""

    path: Path
    size_bytes: int

    def __str__(self) -> str:
        return f"{self.path} ({self.size_bytes:,} bytes)"


def save(client: Client, settings: Settings, done: Results) -> Log:
    """Save what the job printed, without colours, to `logs/jobs/<job>.txt` and `--save-log`.

    What came whole while the job was followed is there already; else it is downloaded.
    """
    job, finished = done[Launched], done[Finished]
    path = log_path(settings, job)
    log = Log(path, path.stat().st_size) if finished.log_file else None
    log = log or _download(client, path, job, done.once(Board, Board))
    if settings.save_log:
        _copy(path, Path(settings.save_log))
    return log


def _download(client: Client, path: Path, job: Launched, board: Board) -> Log:
    """Download, from the start where that is cut off."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with replacing(path) as file:
                file.writelines(counted(text(client, job), board))
            return Log(path, path.stat().st_size)
        except Unreachable as error:
            if attempt == ATTEMPTS:
                raise
            logger.get("output").info("%s; starting again", error)
    raise AssertionError("the last attempt returns or raises")


def counted(chunks: Iterable[bytes], board: Board) -> Iterator[bytes]:
    """Pass a download on, and say on the board how much of it came; 0 when it is over."""
    board.downloaded_bytes = 0
    try:
        for chunk in chunks:
            board.downloaded_bytes += len(chunk)
            yield chunk
    finally:
        board.downloaded_bytes = 0


def _copy(path: Path, place: Path) -> None:
    """Copy the log where it was asked for; it is saved already, so trouble is only told."""
    from shutil import copyfileobj  # noqa: PLC0415  # slow, and seldom asked for

    try:
        with path.open("rb") as source, replacing(place) as file:
            copyfileobj(source, file)
        logger.get("output").info("saved: %s", place)
    except UsageError as error:
        logger.get("output").warning("%s", error)


def settle(client: Client, job: Launched) -> None:
    """Wait until a job that ended just now has all its output stored; say that one goes on."""
    detail = client.get(job.path)
    status, finished = detail.text("status"), detail.time("finished")
    if status not in FINAL_STATUSES:
        logger.get("output").info("%s is %s: more will come", job.label, status)
    elif finished and (client.server_time or finished) - finished < STORED_WITHIN:
        until_events_stored(client, job.path, detail)


def text(client: Client, job: Launched, *, colours: bool = False) -> Iterator[bytes]:
    """Stream what Ansible printed (`GET .../stdout/?format=ansi_download`, COPY escapes undone).

    The other formats answer with a sentence in place of an output above 1 MiB. A workflow's is that
    of its jobs one after another, each line with its job's name.
    """
    if job.kind == "workflow_job":
        for step in started(client, job):
            yield from _text_of_step(client, step, colours=colours)
    elif job.kind not in WITHOUT_OUTPUT:
        link = f"{job.path}stdout/"
        chunks = job_text.without_copy_escapes(client.download(link, format="ansi_download"))
        yield from chunks if colours else job_text.without_colours(chunks)


def _text_of_step(client: Client, step: Launched, *, colours: bool) -> Iterator[bytes]:
    chunks = text(client, step, colours=colours)
    if step.kind in WITHOUT_OUTPUT:
        yield from chunks
        return
    try:
        # A workflow ends before its last jobs' output is stored.
        settle(client, step)
        for lines in job_text.whole_lines(chunks):
            if lines:
                yield job_text.prefixed(lines, step.label)
    except Refused as error:
        logger.get("output").warning("the output of %s is not shown: %s", step.label, error)
