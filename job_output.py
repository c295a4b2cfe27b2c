"""Step 9, stdout: the whole output of the job, in a file."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from launch import Launched
from monitor import Finished
from utils import job_text, logger, output
from utils.errors import Unreachable
from utils.files import replacing
from utils.waiting import until_events_stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
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

    A workflow's file holds the outputs of its jobs one after another; they are shown from there,
    since they could not be shown as they came.
    """
    job = done[Launched]
    path = Path(settings.log_dir) / "jobs" / f"{job.job_id}.txt"
    copies = [path, Path(settings.save_log)] if settings.save_log else [path]
    links = list(stdout_links(client, done[Finished].job))
    for attempt in range(1, ATTEMPTS + 1):
        try:
            log = Log(path, _save(copies, [text(client, link) for link in links]))
        except Unreachable as error:
            if attempt == ATTEMPTS:
                raise
            logger.get("output").info("%s; starting again", error)
        else:
            break
    if job.kind == "workflow_job" and settings.output == "text":
        _show(path)
    return log


def stdout_links(client: Client, job: Record) -> Iterator[str]:
    """Return where the output of a job is, or those of the jobs of a workflow."""
    related = job.maybe_record("related")
    if link := related.maybe_text("stdout"):
        yield client.path_of(link)
    elif nodes := related.maybe_text("workflow_nodes"):
        jobs = [row.maybe_record("related") for row in client.walk(client.path_of(nodes))]
        for node in jobs:
            if link := node.maybe_text("job"):
                path = client.path_of(link)
                # A workflow ends before its last jobs' output is stored.
                child = until_events_stored(client, path, client.get(path))
                yield from stdout_links(client, child)


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


def _save(paths: list[Path], parts: Iterable[Iterator[bytes]]) -> int:
    size = 0
    with ExitStack() as stack:
        files: list[IO[bytes]] = [stack.enter_context(replacing(path)) for path in paths]
        for part in parts:
            for chunk in part:
                size += len(chunk)
                for file in files:
                    file.write(chunk)
    return size
