"""What notification templates are attached to, and for which events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.errors import UsageError
from utils.notification_templates.rows import EVENTS as AT
from utils.record import Record
from utils.settings.notification_templates import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from utils.awx_client import Client
    from utils.resources import Resource

# What AWX attaches them to; only these two have approvals, in their workflows.
RESOURCES = ("of_template", "of_workflow", "of_project", "of_organization")
WITH_APPROVALS = frozenset({"of_workflow", "of_organization"})
# As AWX's paths have it.
PATHS = {"approval": "approvals"}


def events_of(setting: str) -> tuple[str, ...]:
    """Return the events that AWX knows of such a resource."""
    return EVENTS if setting in WITH_APPROVALS else EVENTS[:-1]


def check_events(events: Iterable[str], setting: str, source: str) -> None:
    """Raise UsageError for events that such a resource has not."""
    if strange := [each for each in events if each not in events_of(setting)]:
        raise UsageError(
            f"{source}: only workflows and organizations have {strange[0]}; this has "
            f"{', '.join(events_of(setting))}"
        )


def path(resource: Resource, event: str) -> str:
    """Return the path of what is attached to a resource for an event."""
    return f"{resource.path}notification_templates_{PATHS.get(event, event)}/"


def attached(client: Client, resource: Resource) -> list[Record]:
    """Return the notification templates of a resource, each once, with the events it is sent at."""
    rows: dict[int, Record] = {}
    events: dict[int, list[str]] = {}
    for event in events_of(resource.kind.setting):
        for row in client.walk(path(resource, event)):
            rows[row.integer("id")] = row
            events.setdefault(row.integer("id"), []).append(event)
    return [Record({**rows[key].fields, AT: events[key]}, rows[key].origin) for key in sorted(rows)]


def change(
    client: Client, template_id: int, resource: Resource, events: Sequence[str], *, attach: bool
) -> list[str]:
    """Attach a notification template to a resource for events, or detach it; return those changed.

    AWX is only asked to change what is not so already (`POST .../notification_templates_error/`).
    """
    changed = []
    body: dict[str, object] = {"id": template_id}
    if not attach:
        body["disassociate"] = True
    for event in events:
        where = path(resource, event)
        is_there = bool(client.get(where, id=template_id).records("results"))
        if is_there is not attach:
            client.post(where, body, is_repeatable=True)
            changed.append(event)
    return changed
