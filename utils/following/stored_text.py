"""What a job has printed so far, out of its stored events: chosen lines of it, or the last ones."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from utils import job_text
from utils.following.event_reader import EventReader
from utils.following.nodes import started
from utils.following.transcript import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from utils.awx_client import Client
    from utils.jobs import Launched

MOST_EVENTS = 200


def stored_text(
    client: Client, job: Launched, select: Callable[[Line], bytes], *, after: int = 0
) -> Iterator[bytes]:
    """Go through the text that `select` makes of each event after the counter `after`.

    A workflow's is that of its jobs one after another, each line with its job's name.
    """
    if job.kind == "workflow_job":
        for step in started(client, job):
            for text in stored_text(client, step, select):
                is_named = step.kind == "workflow_job"
                yield text if is_named else job_text.prefixed(text, step.label)
    reader = EventReader.of(client, job)
    counter, more = after, reader is not None
    while reader and more:
        events, more = reader.after(counter)
        for event in events:
            line = Line.of(event)
            counter = line.counter
            if text := select(line):
                yield text


def counter_before(client: Client, job: Launched, count: int) -> int:
    """Return the counter of the event after which the last lines begin, 0 for the first one.

    There are at least `count` lines after it, and one in any case, if there are that many at all;
    read from the end, so that a long output costs no more than a short one.
    """
    reader = EventReader.of(client, job)
    counter: int | None = None
    lines, count = 0, max(count, 1)
    while reader and lines < count:
        rows = reader.before(counter, min(count - lines, MOST_EVENTS))
        for row in rows:
            line = Line.of(row)
            counter, lines = line.counter, lines + line.text.count(b"\n")
            if lines >= count:
                break
        if not rows:
            return 0
    return counter - 1 if counter else 0


def last_lines(chunks: Iterable[bytes], count: int) -> Iterator[bytes]:
    """Return the last lines of a text."""
    return iter(
        deque((line for lines in chunks for line in lines.splitlines(keepends=True)), count)
    )


class Tail:
    """Passes only the last lines of what is there at first, and all that comes after it."""

    def __init__(self, count: int, write: Callable[[bytes], object]) -> None:
        self._held: deque[bytes] | None = deque(maxlen=count)
        self._write = write

    def __call__(self, text: bytes) -> None:
        """Take whole lines."""
        if self._held is None:
            self._write(text)
        else:
            self._held.extend(text.splitlines(keepends=True))

    def begin(self) -> None:
        """Pass what was held back, and everything from now on."""
        for line in self._held or ():
            self._write(line)
        self._held = None
