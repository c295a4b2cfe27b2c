"""Writes the script of a playbook run, event by event, the way Ansible prints it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from demo.script import COLOURS, Event, Script, banner, event_uuid, paint

if TYPE_CHECKING:
    from demo.aliases import Passed

COUNTED = ("ok", "changed", "dark", "failures", "skipped", "rescued", "ignored")


class Tape:
    """Collects events; `at` is the time of the next one, in seconds from the start."""

    def __init__(self, seed: str, playbook: str, *, ssh_key: bool = True, job_id: int = 0) -> None:
        self.seed = seed
        self.playbook = playbook
        self.at = 0.3
        self.events: list[Event] = []
        self.stats: dict[str, dict[str, int]] = {}
        self._line = 0
        self._play = self._task = self._module = ""
        if ssh_key:
            self.verbose(f"Identity added: /runner/artifacts/{job_id}/ssh_key_data (deploy)")

    def add(self, event: str, stdout: str = "", **fields: Passed) -> None:
        """Append an event at the current time."""
        made = Event(self.at, event, stdout, start_line=self._line, **fields)
        made.key = made.key or f"{self.seed}/{len(self.events)}"
        self._line = made.end_line
        self.events.append(made)

    def verbose(self, text: str) -> None:
        """Append a line that belongs to no task."""
        self.add("verbose", text)

    def start(self) -> None:
        """Append the start of the playbook, which prints nothing."""
        self.add("playbook_on_start", key=f"{self.seed}/playbook", data=self._data())

    def play(self, name: str, pattern: str = "all") -> None:
        """Append the start of a play."""
        self._play, self._task = name, ""
        data = self._data() | {"name": name, "pattern": pattern, "play_pattern": pattern}
        self.add(
            "playbook_on_play_start",
            banner("PLAY", name),
            play=name,
            data=data,
            key=f"{self.seed}/play/{name}",
            parent=f"{self.seed}/playbook",
        )

    def task(self, name: str, module: str = "ansible.builtin.command") -> None:
        """Append the start of a task."""
        self._task, self._module = name, module
        self.add(
            "playbook_on_task_start",
            banner("TASK", name),
            play=self._play,
            task=name,
            data=self._data() | {"name": name, "is_conditional": False},
            key=f"{self.seed}/task/{self._play}/{name}",
            parent=f"{self.seed}/play/{self._play}",
        )

    def begin(self, host: str) -> None:
        """Append the event of a host that starts the task; it prints nothing."""
        self._host_event("runner_on_start", "", host, self._data() | {"host": host})

    def result(self, host: str, outcome: str, res: dict[str, Any] | None = None) -> None:
        """Append a host's result; outcome is ok, changed, skipped, failed or dark."""
        res = {"changed": outcome == "changed", **(res or {})}
        names = {"failed": "failed", "dark": "unreachable", "skipped": "skipped"}
        event = f"runner_on_{names.get(outcome, 'ok')}"
        text = paint(self._result_text(host, outcome, res), outcome)
        data = self._data() | {"host": host, "remote_addr": host, "res": res}
        data |= {"duration": 0.41, "event_loop": None}
        self._count(host, {"failed": "failures", "changed": "ok"}.get(outcome, outcome))
        if outcome == "changed":
            self._count(host, "changed")
        failed = outcome in {"failed", "dark"}
        self._host_event(event, text, host, data, failed=failed, changed=outcome == "changed")
        if failed:
            for earlier in reversed(self.events):
                if earlier.event == "playbook_on_task_start":
                    earlier.failed = True
                    break

    def item(self, host: str, text: str, outcome: str = "changed") -> None:
        """Append the result of one item of a loop."""
        data = self._data() | {"host": host, "remote_addr": host, "res": {"changed": True}}
        line = paint(f"{outcome}: [{host}] => (item={text})", outcome)
        self._host_event("runner_item_on_ok", line, host, data, changed=outcome == "changed")

    def finish(self, duration: float | None = None, status: str = "") -> Script:
        """Append the recap and return the script; the status follows from the results."""
        self.recap()
        failed = any(row.get("failures") or row.get("dark") for row in self.stats.values())
        ending = status or ("failed" if failed else "successful")
        return Script(self.events, duration or self.at + 0.2, ending, stats=self.stats)

    def recap(self) -> None:
        """Append the last event: the recap with the count of outcomes by host."""
        lines = ["\r\n" + "PLAY RECAP ".ljust(80, "*")]
        lines += [self._recap_line(host, row) for host, row in sorted(self.stats.items())]
        data = self._data()
        for name in COUNTED:
            data[name] = {h: row[name] for h, row in self.stats.items() if row.get(name)}
        data |= {"processed": dict.fromkeys(self.stats, 1), "artifact_data": {}}
        self.add(
            "playbook_on_stats",
            "\r\n".join(lines),
            data=data,
            parent=f"{self.seed}/playbook",
            failed=bool(data["failures"] or data["dark"]),
            changed=bool(data["changed"]),
        )

    def _recap_line(self, host: str, row: dict[str, int]) -> str:
        def cell(label: str, name: str, colour: str) -> str:
            text = f"{label}={row.get(name, 0)}"
            if not row.get(name):
                return text.ljust(len(label) + 5)
            return f"\x1b[{COLOURS[colour]}m{text.ljust(len(label) + 5)}\x1b[0m"

        bad = row.get("failures") or row.get("dark")
        colour = "failed" if bad else "changed" if row.get("changed") else "ok"
        cells = [
            cell("ok", "ok", "ok"),
            cell("changed", "changed", "changed"),
            cell("unreachable", "dark", "dark"),
            cell("failed", "failures", "failed"),
            cell("skipped", "skipped", "skipped"),
            cell("rescued", "rescued", "ok"),
            cell("ignored", "ignored", "ok"),
        ]
        name = f"\x1b[{COLOURS[colour]}m{host}\x1b[0m" + " " * max(0, 26 - len(host))
        return f"{name} : " + " ".join(cells)

    def _result_text(self, host: str, outcome: str, res: dict[str, Any]) -> str:
        if outcome == "failed":
            return f"fatal: [{host}]: FAILED! => {json.dumps(res, ensure_ascii=False)}"
        if outcome == "dark":
            return f"fatal: [{host}]: UNREACHABLE! => {json.dumps(res, ensure_ascii=False)}"
        if outcome == "skipped":
            return f"skipping: [{host}]"
        if "msg" in res:
            shown = json.dumps({"msg": res["msg"]}, indent=4, ensure_ascii=False)
            return f"{outcome}: [{host}] => {shown}".replace("\n", "\r\n")
        if "diff" in res:
            return f"{res['diff']}\r\n{outcome}: [{host}]"
        return f"{outcome}: [{host}]"

    def _count(self, host: str, name: str) -> None:
        row = self.stats.setdefault(host, {})
        row[name] = row.get(name, 0) + 1

    def _host_event(
        self,
        event: str,
        stdout: str,
        host: str,
        data: dict[str, Any],
        *,
        failed: bool = False,
        changed: bool = False,
    ) -> None:
        self.add(
            event,
            stdout,
            play=self._play,
            task=self._task,
            host=host,
            failed=failed,
            changed=changed,
            data=data,
            parent=f"{self.seed}/task/{self._play}/{self._task}",
        )

    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "playbook": self.playbook,
            "playbook_uuid": event_uuid(f"{self.seed}/playbook"),
            "guid": event_uuid(self.seed).replace("-", ""),
        }
        if self._play:
            data |= {"play": self._play, "play_uuid": event_uuid(f"{self.seed}/play/{self._play}")}
            data["play_pattern"] = "all"
        if self._task:
            data |= {
                "task": self._task,
                "task_uuid": event_uuid(f"{self.seed}/task/{self._play}/{self._task}"),
                "task_action": self._module,
                "resolved_action": self._module,
                "task_args": "",
                "task_path": f"/runner/project/{self.playbook}:6",
            }
        return data
