"""`logs JOB`: the output of a job, all of it or what was chosen of it."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import auth
import job_output
from utils import job_text, logger, output
from utils.errors import ExitCode, UsageError
from utils.files import replacing
from utils.following.board import Board
from utils.following.follower import Follower
from utils.following.line_filter import LineFilter
from utils.following.stored_text import Tail, counter_before, last_lines, stored_text
from utils.following.workflow import followed
from utils.jobs import WITHOUT_OUTPUT, check_id, find_job
from utils.live_view import live_view
from utils.session import session
from utils.trouble import ASKING_S, RUNNING_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from config import Settings
    from utils.awx_client import Client
    from utils.command_line import Call
    from utils.jobs import Launched
    from utils.results import Results

    Write = Callable[[bytes], object]

log = logger.get("logs")

PLAIN_FORMATS = frozenset({"txt", "ansi"})
COLOURED_FORMATS = frozenset({"ansi", "html"})


def run(call: Call) -> ExitCode:
    """Print the output as text, with colours, as a web page or as JSON; or save it."""
    (job_id,) = call.arguments
    check_id(job_id)
    if call.settings.follow and call.settings.format not in PLAIN_FORMATS:
        source = call.settings.source("format")
        raise UsageError(f"{source} {call.settings.format} is made of a whole log: no --follow")
    patience_s = RUNNING_S if call.settings.follow else ASKING_S
    with session(call.settings, patience_s) as (client, settings, done), ExitStack() as stack:
        auth.obtain(client, settings, done)
        job = find_job(client, job_id)
        exit_code = ExitCode.OK
        write: Write = _print
        if settings.save:
            stack.enter_context(live_view(settings, done))
            write = stack.enter_context(replacing(Path(settings.save))).write
        try:
            pass_on = _follow if settings.follow else _show
            exit_code = pass_on(client, settings, job, done, write)
        except _ReaderGoneError:
            log.debug("nobody reads standard output any more")
    if call.settings.save:
        log.info("saved: %s", call.settings.save)
    return exit_code


class _ReaderGoneError(Exception):
    """Nobody reads what is printed: `| head` has seen enough."""


def _print(data: bytes) -> None:
    output.result(data)
    if output.is_unread():
        raise _ReaderGoneError


def _text(client: Client, settings: Settings, job: Launched) -> Iterator[bytes]:
    """Return the text that was asked for: the download, or out of the events what it lacks."""
    colours = settings.format in COLOURED_FORMATS
    select, count = _filter(settings), settings.tail
    if select.passes_all and (count is None or job.kind == "workflow_job"):
        chunks = job_output.text(client, job, colours=colours)
    else:
        after = counter_before(client, job, count) if count is not None and select.passes_all else 0
        stored = stored_text(client, job, select, after=after)
        chunks = stored if colours else map(job_text.plain, stored)
    return chunks if count is None else last_lines(_lines(chunks), count)


def _show(
    client: Client, settings: Settings, job: Launched, done: Results, write: Write
) -> ExitCode:
    """Write what there is."""
    if job.kind not in WITHOUT_OUTPUT:
        job_output.settle(client, job)
    chunks = job_output.counted(_text(client, settings, job), done.once(Board, Board))
    for chunk in FORMATS[settings.format](_noted(chunks, settings, job), job):
        write(chunk)
    return ExitCode.OK


def _follow(
    client: Client, settings: Settings, job: Launched, _done: Results, write: Write
) -> ExitCode:
    """Write what there is and what comes, until the job is over."""
    select, count = _filter(settings), settings.tail
    clean = bytes if settings.format in COLOURED_FORMATS else job_text.plain
    after = counter_before(client, job, count) if count is not None and select.passes_all else 0
    tail = Tail(sys.maxsize if count is None else count, lambda text: write(clean(text)))
    if count is None:
        tail.begin()
    one = followed(client, job, tail, select=select, after=after)
    Follower(client, [one], on_caught_up=tail.begin).follow()
    return ExitCode.BAD_ANSWER if one.is_lost else ExitCode.OK


def _noted(chunks: Iterable[bytes], settings: Settings, job: Launched) -> Iterator[bytes]:
    """Pass a text on; say so where there is nothing of what was asked for: a slip, perhaps."""
    is_empty = True
    for chunk in chunks:
        is_empty = is_empty and not chunk
        yield chunk
    if is_empty:
        chosen = " that was chosen" if not _filter(settings).passes_all else ""
        log.warning("%s has no output%s", job.label, chosen)


def _filter(settings: Settings) -> LineFilter:
    return LineFilter(settings.only_host, settings.task, failed=settings.failed)


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
