"""Choosing lines of a job's output by host, task and failure."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from utils.following.transcript import Line

HEADINGS = frozenset({"playbook_on_task_start", "playbook_on_handler_task_start"})
FAILURES = frozenset(
    {"runner_on_failed", "runner_on_async_failed", "runner_on_unreachable", "runner_item_on_failed"}
)


def all_text(line: Line) -> bytes:
    """Choose everything."""
    return line.text


class LineFilter:
    """Passes what was printed of some hosts, of some tasks, or of failures; each under its task.

    The empty line that parts a task from the one before it is dropped where nothing is before it.
    Hosts and tasks are patterns as of a shell, whatever the case of their letters. What the
    playbook ignores is no failure. Without anything to choose by, all passes.
    """

    def __init__(
        self, hosts: Sequence[str] = (), tasks: Sequence[str] = (), *, failed: bool = False
    ) -> None:
        self._hosts = [each.casefold() for each in hosts]
        self._tasks = [each.casefold() for each in tasks]
        self._failed = failed
        self._headings: dict[str, bytes] = {}
        self._is_first = True

    @property
    def passes_all(self) -> bool:
        """Whether there is nothing to choose by."""
        return not (self._hosts or self._tasks or self._failed)

    def __call__(self, line: Line) -> bytes:
        """Return the text of a line that was chosen, after its task's heading if that is new."""
        if self.passes_all:
            return line.text
        if line.event in HEADINGS:
            self._headings[line.uuid] = line.text
        if not line.text or not self._chooses(line):
            return b""
        text = line.text
        if line.event in HEADINGS:
            self._headings.pop(line.uuid)
        else:
            text = self._headings.pop(line.parent, b"") + text
        if self._is_first:
            self._is_first = False
            text = text.removeprefix(b"\n")
        return text

    def _chooses(self, line: Line) -> bool:
        if self._failed and (line.event not in FAILURES or line.ignored):
            return False
        return _fits(line.host, self._hosts) and _fits(line.task, self._tasks)


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatchcase(name.casefold(), each) for each in patterns)
