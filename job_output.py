"""Step 9, stdout: the whole output of the job, in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from typing import TYPE_CHECKING

from monitor import Finished, log_path
from utils import job_text, logger, output
from utils.errors import Unreachable, UsageError
from utils.files import replacing
from utils.jobs import Launched, describe
from utils.waiting import until_events_stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results

ATTEMPTS = 3
CHUNK_BYTES = 64 * 1024


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

    A workflow's file holds the outputs of its jobs one after another; they are shown from there,
    since they could not be shown as they came.
    """
    job, finished = done[Launched], done[Finished]
    path = log_path(settings, job)
    log = Log(path, path.stat().st_size) if finished.log_file else None
    log = log or _download(client, path, list(stdout_paths(client, job)))
    if settings.save_log:
        _copy(path, Path(settings.save_log))
    if job.kind == "workflow_job" and settings.output == "text":
        _show(path)
    return log


def _download(client: Client, path: Path, links: list[str]) -> Log:
    """Download, from the start where that is cut off."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with replacing(path) as file:
                for link in links:
                    file.writelines(text(client, link))
            return Log(path, path.stat().st_size)
        except Unreachable as error:
            if attempt == ATTEMPTS:
                raise
            logger.get("output").info("%s; starting again", error)
    raise AssertionError("the last attempt returns or raises")


def _copy(path: Path, place: Path) -> None:
    """Copy the log where it was asked for; it is saved already, so trouble is only told."""
    try:
        with path.open("rb") as source, replacing(place) as file:
            copyfileobj(source, file)
    except UsageError as error:
        logger.get("output").warning("%s", error)


def stdout_paths(client: Client, job: Launched) -> Iterator[str]:
    """Return where the output of a job is, or those of the jobs of a workflow."""
    if job.kind != "workflow_job":
        yield f"{job.path}stdout/"
        return
    for node in list(client.walk(f"{job.path}workflow_nodes/")):
        if spawned := node.maybe_record("related").maybe_text("job"):
            path = client.path_of(spawned)
            # A workflow ends before its last jobs' output is stored.
            child = until_events_stored(client, path, client.get(path))
            yield from stdout_paths(client, describe(client, child))


def text(client: Client, link: str, *, colours: bool = False) -> Iterator[bytes]:
    """Stream what Ansible printed (`GET .../stdout/?format=ansi_download`, COPY escapes undone).

    The other formats answer with a sentence in place of an output above 1 MiB.
    """
    chunks = job_text.without_copy_escapes(client.download(link, format="ansi_download"))
    return chunks if colours else job_text.without_colours(chunks)


def _show(path: Path) -> None:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            output.live(chunk)
