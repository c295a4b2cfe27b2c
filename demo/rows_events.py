"""Rows of events and host summaries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from demo import rows_common as common
from demo.model import Host, JobTemplate
from demo.rows_inventory import EVENT_BLOCK
from demo.rows_run_parts import COLLECTIONS
from demo.script import event_uuid
from demo.text import iso, iso_offset

if TYPE_CHECKING:
    from demo.rows_common import Frame, Row
    from demo.runs import Run
    from demo.script import Event

SHOWN_BYTES = 1024
KINDS = {
    "job": "job_event",
    "project_update": "project_update_event",
    "ad_hoc_command": "ad_hoc_command_event",
}


class EventView:
    """A stored event of a run, with its fields under the names that filters use."""

    def __init__(self, run: Run, index: int, event: Event | None = None) -> None:
        self.run, self.index = run, index
        self.source = event or run.script.events[index]
        self.id = run.id * EVENT_BLOCK + run.event_ids[index]
        self.counter = index + 1
        self.event = self.source.event
        self.host_name = self.source.host
        self.play, self.task = self.source.play, self.source.task
        self.failed, self.changed = self.source.failed, self.source.changed
        self.stdout = self.source.stdout
        self.start_line, self.end_line = self.source.start_line, self.source.end_line
        self.uuid = event_uuid(self.source.key)
        self.parent_uuid = event_uuid(self.source.parent) if self.source.parent else ""
        self.created = run.starts + self.source.offset / run.pace
        self.verbosity, self.role = 0, ""
        self.playbook = str(self.source.data.get("playbook", ""))

    @property
    def host(self) -> Host | None:
        """Return the host of the inventory that the event is of."""
        return find_host(self.run, self.source.host) if self.source.host else None

    @property
    def event_data(self) -> str:
        """Return what Ansible said of the event as text, in which filters search."""
        return json.dumps(self.source.data)


def job_summary(run: Run) -> Row:
    """Return the short form of a job in its events and host summaries."""
    made: dict[str, Any] = {**run.summary(), "elapsed": run.elapsed, "type": run.kind}
    if isinstance(run.template, JobTemplate):
        made["job_template_id"] = run.template.id
        made["job_template_name"] = run.template.name
    return made


def find_host(run: Run, name: str) -> Host | None:
    """Return the host of the run's inventory with this name."""
    inventory = getattr(run, "inventory", None)
    return next((h for h in inventory.hosts if h.name == name), None) if inventory else None


def event(frame: Frame, row: EventView, *, truncate: bool = True) -> Row:
    """Return an event; its text is cut at about a kilobyte unless told otherwise."""
    run, source = row.run, row.source
    kind = KINDS[run.kind]
    host = find_host(run, source.host) if source.host and run.kind != "project_update" else None
    links = {run.kind: frame.url(COLLECTIONS[run.kind], run.id)}
    shorts: Row = {}
    if host:
        links["host"] = frame.url("hosts", host.id)
        shorts["host"] = common.short(host)
    text = source.stdout
    if truncate and len(text) > SHOWN_BYTES:
        text = text[: SHOWN_BYTES - 1] + "\u2026"
    made: Row = {
        "id": row.id,
        "type": kind,
        "url": "" if kind == "project_update_event" else frame.url(kind + "s", row.id),
        "related": links,
        "summary_fields": shorts,
        "created": iso(row.created),
        "modified": iso(max(row.created, run.stored_at(row.index, source))),
        run.kind: run.id,
        "event": source.event,
        "counter": row.counter,
        "event_display": source.display,
        "event_data": event_data(row),
        "failed": source.failed,
        "changed": source.changed,
        "uuid": row.uuid,
        "host_name": source.host,
        "stdout": text,
        "start_line": source.start_line,
        "end_line": source.end_line,
        "verbosity": 0,
    }
    if run.kind == "ad_hoc_command":
        return made | {"host": host.id if host else None}
    made |= {
        "event_level": source.level,
        "playbook": row.playbook,
        "play": source.play,
        "task": source.task,
        "role": "",
    }
    if run.kind == "project_update":
        shorts["project_update"] = run.summary()
        shorts["role"] = {}
        return made
    shorts |= {"job": job_summary(run), "role": {}}
    links["children"] = frame.url("job_events", row.id, "children")
    return made | {"host": host.id if host else None, "parent_uuid": row.parent_uuid}


def event_data(row: EventView) -> Row:
    """Return what Ansible said of the event."""
    if not row.source.data:
        return {}
    moment = {"start": iso_offset(row.created - 0.3), "end": iso_offset(row.created)}
    timed = moment if "res" in row.source.data else {}
    return {**row.source.data, **timed, "uuid": row.uuid}


class SummaryView:
    """What a job did on one host, under the names that filters use."""

    def __init__(self, run: Run, index: int, host_name: str, counts: dict[str, int]) -> None:
        self.run, self.host_name, self.counts = run, host_name, counts
        self.id = run.id * EVENT_BLOCK + index
        self.host = find_host(run, host_name)
        self.created = run.ended
        self.failed = bool(counts.get("failures") or counts.get("dark"))
        for name in ("changed", "dark", "failures", "ok", "skipped", "ignored", "rescued"):
            setattr(self, name, counts.get(name, 0))


def host_summary(frame: Frame, row: SummaryView) -> Row:
    """Return the summary of a job on one host."""
    links = {"job": frame.url("jobs", row.run.id)}
    shorts: Row = {"job": job_summary(row.run)}
    if row.host:
        links["host"] = frame.url("hosts", row.host.id)
        shorts["host"] = common.short(row.host)
    counts = {
        name: row.counts.get(name, 0)
        for name in ("changed", "dark", "failures", "ok", "skipped", "ignored", "rescued")
    }
    return {
        "id": row.id,
        "type": "job_host_summary",
        "url": frame.url("job_host_summaries", row.id),
        "related": links,
        "summary_fields": shorts,
        "created": iso(row.created),
        "modified": iso(row.created),
        "job": row.run.id,
        "host": row.host.id if row.host else None,
        "constructed_host": None,
        "host_name": row.host_name,
        "processed": 1,
        "failed": row.failed,
        **counts,
    }
