"""`logs JOB`: the whole output of a job, however long."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import auth
import job_output
from utils import job_text, output
from utils.errors import ExitCode
from utils.files import replacing
from utils.following.board import Board
from utils.jobs import check_id, find_job
from utils.live_view import live_view
from utils.session import session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from utils.command_line import Call
    from utils.jobs import Launched


def run(call: Call) -> ExitCode:
    """Print the output as text, with colours, as a web page or as JSON; or save it."""
    (job_id,) = call.arguments
    check_id(job_id)
    with session(call.settings) as (client, settings, done), ExitStack() as stack:
        auth.obtain(client, settings, done)
        job = find_job(client, job_id)
        chunks = job_output.text(client, job, colours=settings.format in {"ansi", "html"})
        write: Callable[[bytes], object] = output.result
        if settings.save:
            stack.enter_context(live_view(settings, done))
            chunks = job_output.counted(chunks, done.once(Board, Board))
            write = stack.enter_context(replacing(Path(settings.save))).write
        for chunk in FORMATS[settings.format](chunks, job):
            write(chunk)
    return ExitCode.OK


def _as_is(chunks: Iterable[bytes], _job: Launched) -> Iterator[bytes]:
    yield from chunks


def _as_json(chunks: Iterable[bytes], job: Launched) -> Iterator[bytes]:
    """One object; its text is escaped piece by piece, so that a long one needs no memory."""
    head = json.dumps({"id": job.job_id, "type": job.kind})
    yield f'{head[:-1]}, "content": "'.encode()
    for line in _lines(chunks):
        yield json.dumps(line.decode(errors="replace"))[1:-1].encode()
    yield b'"}\n'


def _as_html(chunks: Iterable[bytes], job: Launched) -> Iterator[bytes]:
    """Make a page of its own, each line with its colours."""
    from utils.html_page import lines_as_html  # noqa: PLC0415  # imports rich

    title = f"{job.kind} {job.job_id}"
    return lines_as_html((line.decode(errors="replace") for line in _lines(chunks)), title)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a stream into lines, each with its newline."""
    for piece in job_text.whole_lines(chunks):
        *lines, last = piece.split(b"\n")
        yield from (line + b"\n" for line in lines)
        if last:
            yield last


FORMATS: dict[str, Callable[[Iterable[bytes], Launched], Iterator[bytes]]] = {
    "txt": _as_is,
    "ansi": _as_is,
    "json": _as_json,
    "html": _as_html,
}
