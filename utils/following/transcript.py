"""A job's output put in order: its events come late, out of order, and some of them twice."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils import job_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from utils.record import Record

HELD_AT_MOST_BYTES = 8_000_000
RECAP = "playbook_on_stats"
# AWX's states of hosts, from good to bad.
RECAP_STATES = ("skipped", "ok", "changed", "failures", "dark")


@dataclass(frozen=True)
class Line:
    """What an event adds: its text, between which lines of the output it stands, what it tells."""

    counter: int
    text: bytes
    start_line: object = None
    end_line: object = None
    event: str = ""
    task: str = ""
    host: str = ""
    changed: bool = False
    ignored: bool = False
    uuid: str = ""
    parent: str = ""
    recap: Mapping[str, int] | None = None

    @classmethod
    def of(cls, event: Record) -> Line:
        """Return the line of an event as AWX pushes or lists it."""
        fields = event.fields
        data = fields.get("event_data")
        data = data if isinstance(data, dict) else {}
        return cls(
            event.integer("counter"),
            job_text.of_event(event.maybe_text("stdout")),
            fields.get("start_line"),
            fields.get("end_line"),
            str(fields.get("event") or ""),
            str(fields.get("task") or ""),
            str(data.get("host") or ""),
            fields.get("changed") is True,
            data.get("ignore_errors") is True,
            str(fields.get("uuid") or ""),
            str(fields.get("parent_uuid") or ""),
            _counts(data) if fields.get("event") == RECAP else None,
        )


def _counts(data: dict[str, object]) -> dict[str, int] | None:
    """Return how many hosts a recap has in each state, each in its last, as AWX counts them.

    None where it tells of no state at all: one without hosts has each of them, without hosts.
    """
    if not data.keys() & set(RECAP_STATES):
        return None
    states: dict[object, str] = {}
    for state in RECAP_STATES:
        hosts = data.get(state)
        states |= dict.fromkeys(hosts if isinstance(hosts, dict) else (), state)
    return dict(Counter(states.values()))


class Transcript:
    """Shows each event once, in order of counter, as soon as all before it was shown.

    Some events have no output, and AWX pushes none of those: an event that starts at the line
    where the last one ended follows it, whatever counters are between them.
    What comes behind a hole is held, up to a bound; beyond it is dropped, since it can be asked
    for again. It begins after the counter `after`; `clock` is in seconds.
    """

    def __init__(
        self,
        show: Callable[[Line], None],
        clock: Callable[[], float] = time.monotonic,
        *,
        after: int = 0,
    ) -> None:
        self.last = after
        self.missing = 0
        self._end_line: object = 0
        self._show = show
        self._clock = clock
        self._held: dict[int, Line] = {}
        self._held_bytes = 0
        self._dropped = False
        self._hole_since = 0.0

    def take(self, events: Iterable[Record]) -> bool:
        """Take events as they come; tell whether there was anything to show."""
        before = self.last
        for event in events:
            line = Line.of(event)
            if line.counter <= self.last:
                continue
            if self._follows(line):
                self._show_one(line)
                self._show_held()
            else:
                self._hold(line)
        return self.last > before

    @property
    def has_hole(self) -> bool:
        """Whether something came that cannot be shown yet."""
        return bool(self._held) or self._dropped

    @property
    def hole_age_s(self) -> float:
        """How long the present hole is there; 0 without one."""
        return self._clock() - self._hole_since if self.has_hole else 0.0

    def show_over_holes(self) -> None:
        """Show what was held, for want of what should stand before it, and count that."""
        for counter in sorted(self._held):
            self.missing += counter - self.last - 1
            self._show_one(self._held[counter])
        self._held.clear()
        self._held_bytes = 0
        self._dropped = False

    def _follows(self, line: Line) -> bool:
        return line.counter == self.last + 1 or bool(
            line.text and line.start_line == self._end_line
        )

    def _hold(self, line: Line) -> None:
        if not self.has_hole:
            self._hole_since = self._clock()
        if line.counter in self._held:
            return
        if self._held_bytes + len(line.text) > HELD_AT_MOST_BYTES:
            self._dropped = True
            return
        self._held[line.counter] = line
        self._held_bytes += len(line.text)

    def _show_held(self) -> None:
        """Show what was held up to the next hole, and let go of what a line has bridged."""
        for counter in sorted(self._held):
            line = self._held[counter]
            if counter > self.last:
                if not self._follows(line):
                    break
                self._show_one(line)
            del self._held[counter]
            self._held_bytes -= len(line.text)
            self._hole_since = self._clock()
        if not self._held:
            self._dropped = False

    def _show_one(self, line: Line) -> None:
        self.last = line.counter
        if line.end_line is not None:
            self._end_line = line.end_line
        self._show(line)
