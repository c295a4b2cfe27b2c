"""How the hosts of a running job fare, and which task it is at, out of its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.following.transcript import RECAP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from utils.following.transcript import Line

# From good to bad: a host counts as the worst that happened to it.
STATES = ("ok", "changed", "failed", "unreachable")
BAD = {"runner_on_failed": "failed", "runner_on_unreachable": "unreachable"}


class Tally:
    """The running task, and the number of hosts in each state; a rescued one counts as failed.

    `is_at_end` tells that the last play has ended, `recap` how many hosts Ansible's own recap has
    in each of AWX's states, None before it came.
    """

    def __init__(self) -> None:
        self.task = ""
        self.is_at_end = False
        self.recap: Mapping[str, int] | None = None
        self.hosts = dict.fromkeys(STATES, 0)
        self._state_of: dict[str, str] = {}

    def take(self, line: Line) -> None:
        """Count what an event says of its host."""
        if line.event == "playbook_on_task_start":
            self.task = line.task
        if line.event == RECAP:
            self.is_at_end, self.recap = True, line.recap
        if not line.host or not line.event.startswith("runner_on_"):
            return
        state = "changed" if line.changed else "ok"
        if not line.ignored:
            state = BAD.get(line.event, state)
        before = self._state_of.get(line.host)
        if before is None or STATES.index(state) > STATES.index(before):
            self._state_of[line.host] = state
            self.hosts[state] += 1
            if before:
                self.hosts[before] -= 1
