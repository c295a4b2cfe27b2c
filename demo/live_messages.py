"""What AWX's websocket says of a run: its statuses, its events and their number."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from demo.rows_events import KINDS, EventView, event_data
from demo.text import iso, iso_offset

if TYPE_CHECKING:
    from demo.runs import Run
    from demo.script import Event

    Message = dict[str, Any]

RATE = 30  # messages
WINDOW_S = 1.0
ALWAYS = frozenset({"playbook_on_play_start", "playbook_on_task_start", "playbook_on_stats"})
# project updates run where the controllers are, workflow jobs and approvals nowhere
PLACES = {"job": "default", "ad_hoc_command": "default", "project_update": "controlplane"}
WITH_URL = frozenset({"job", "ad_hoc_command"})


class Limit:
    """AWX's limit on the events that one run sends; the others are stored, but never sent.

    An event passes while fewer than 30 have passed, when the 30th last one did so over a second
    ago, or when the last one did so over a thirtieth of a second ago. The starts of plays and
    tasks and the recap always pass, an event without output never does, unless it is the first.
    Times are in seconds of the run's script.
    """

    def __init__(self) -> None:
        self._passed: deque[float] = deque(maxlen=RATE)

    def passes(self, event: Event) -> bool:
        """Return whether the event, which is the next one of its run, is sent."""
        passes = not self._passed or event.event in ALWAYS or self._has_room(event)
        if passes:
            self._passed.append(event.offset)
        return passes

    def _has_room(self, event: Event) -> bool:
        if not event.stdout:
            return False
        first, last = self._passed[0], self._passed[-1]
        return (
            event.offset - first > WINDOW_S
            or RATE * (event.offset - last) > WINDOW_S
            or len(self._passed) < RATE
        )


def status(run: Run, name: str, *, finished: bool) -> Message:
    """Return the message of the group jobs-status_changed; `finished` adds the time of the end."""
    made: Message = {"unified_job_id": run.id, "status": name}
    if name == "running":
        made["instance_group_name"] = PLACES.get(run.kind)
    elif finished:
        made["finished"] = iso(run.ended)
    made["type"] = run.kind
    if run.workflow is not None:
        made |= {"workflow_job_id": run.workflow.id, "workflow_node_id": run.workflow.node_id(run)}
    if run.kind == "project_update":
        made["project_id"] = run.template.id
    made["group_name"] = "jobs"
    if run.unified_job_template is not None:
        made["unified_job_template_id"] = run.unified_job_template.id
    return made


def workflow_status(of_jobs: Message) -> Message:
    """Return what the followers of the workflow get of a step's status message."""
    template = of_jobs["unified_job_template_id"]  # the step's own: AWX names it so
    return of_jobs | {"group_name": "workflow_events", "workflow_job_template_id": template}


def summary(run: Run, counter: int) -> Message:
    """Return the message of the group jobs-summary: how many events the run has."""
    return {"group_name": "jobs", "unified_job_id": run.id, "final_counter": counter}


def event_group(run: Run) -> str:
    """Return the name of the group that gets the run's events, without its id."""
    return f"{KINDS[run.kind]}s" if run.kind in KINDS else ""


def event(run: Run, index: int) -> Message:
    """Return one event of a run with its whole text."""
    row = EventView(run, index)
    source, group, is_job = row.source, event_group(run), run.kind == "job"
    in_play = run.kind != "ad_hoc_command"
    created = iso_offset(row.created)
    return {
        "id": row.id,
        run.kind: run.id,
        "created": created,
        "modified": created,
        "group_name": group,
        "url": f"/api/v2/{group}/{row.id}" if run.kind in WITH_URL else "",
        "stdout": source.stdout,
        "counter": row.counter,
        "uuid": row.uuid,
        "parent_uuid": row.parent_uuid if is_job else "",
        "start_line": source.start_line,
        "end_line": source.end_line,
        "event": source.event,
        "event_data": event_data(row),
        # a task's start turns failed in the database only, once the recap is there
        "failed": source.failed and source.event not in ALWAYS - {"playbook_on_stats"},
        "changed": source.changed,
        "event_level": source.level if in_play else "",
        "play": source.play if in_play else "",
        "role": "",
        "task": source.task if in_play else "",
    }
