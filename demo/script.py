"""A run's script: what Ansible prints and when, in seconds from the start of the run."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 80
COLOURS = {"ok": "0;32", "changed": "0;33", "skipped": "0;36", "failed": "0;31", "dark": "1;31"}
DISPLAY = {
    "verbose": "Verbose",
    "playbook_on_start": "Playbook Started",
    "playbook_on_stats": "Playbook Complete",
    "runner_on_start": "Host Started",
    "runner_on_ok": "Host OK",
    "runner_on_failed": "Host Failed",
    "runner_on_skipped": "Host Skipped",
    "runner_on_unreachable": "Host Unreachable",
    "runner_item_on_ok": "Item OK",
    "error": "Error",
}
LEVELS = {"playbook_on_play_start": 1, "playbook_on_task_start": 2, "playbook_on_stats": 1}


@dataclass
class Event:
    """One event of a run; `offset` is in seconds from the start of the run."""

    offset: float
    event: str
    stdout: str = ""
    play: str = ""
    task: str = ""
    host: str = ""
    failed: bool = False
    changed: bool = False
    start_line: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    parent: str = ""
    key: str = ""

    @property
    def end_line(self) -> int:
        """Return the number of the line after this event's text."""
        return self.start_line + (self.stdout.count("\n") + 1 if self.stdout else 0)

    @property
    def level(self) -> int:
        """Return the depth of the event: 0 playbook, 1 play, 2 task, 3 host."""
        if self.event.startswith("runner"):
            return 3
        return LEVELS.get(self.event, 0)

    @property
    def display(self) -> str:
        """Return the words that AWX shows for the event."""
        if self.event == "playbook_on_play_start":
            return f"Play Started ({self.play})"
        if self.event == "playbook_on_task_start":
            return f"Task Started ({self.task})"
        return DISPLAY[self.event]


@lru_cache(maxsize=4096)
def event_uuid(key: str) -> str:
    """Return a stable uuid for a name, the same in every run of the program."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, key))


@dataclass
class Script:
    """A whole run: its events in order of counter, how long it takes and how it ends."""

    events: Sequence[Event]
    duration: float
    status: str = "successful"
    explanation: str = ""
    traceback: str = ""
    # host name -> outcome -> count, as the last event has it; empty when there was none
    stats: dict[str, dict[str, int]] = field(default_factory=dict)
    has_stats: bool = True

    def until(self, offset: float) -> Sequence[Event]:
        """Return the events that have happened `offset` seconds after the start."""
        if not self.events or offset >= self.events[-1].offset:
            return self.events
        low, high = 0, len(self.events)
        while low < high:
            middle = (low + high) // 2
            if self.events[middle].offset <= offset:
                low = middle + 1
            else:
                high = middle
        return self.events[:low]


def banner(kind: str, name: str) -> str:
    """Return the line of stars that Ansible prints before a play or a task."""
    title = f"{kind} [{name}] " if name else f"{kind} "
    return "\r\n" + title.ljust(WIDTH, "*")


def paint(text: str, outcome: str) -> str:
    """Return the text in the colour of an outcome, line by line as Ansible does it."""
    code = COLOURS[outcome]
    return "\r\n".join(f"\x1b[{code}m{line}\x1b[0m" for line in text.split("\r\n"))
