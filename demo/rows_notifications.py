"""Rows of notification templates and of notifications, and what `OPTIONS` says of the former."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from demo import rows_common as common
from demo.model_notifications import Notification, NotificationTemplate
from demo.notification_types import FIELDS, NAMES
from demo.text import iso

if TYPE_CHECKING:
    from demo.aliases import Json
    from demo.rows_common import Frame, Row

RECENT = 5
ENCRYPTED = "$encrypted$"
NO_MESSAGES = dict.fromkeys(("error", "started", "success", "workflow_approval"))
STRUCTURED = frozenset({"webhook", "pagerduty", "awssns"})
WITHOUT_SUBJECT = frozenset({"webhook", "awssns"})
WITH_BODY = STRUCTURED | {"email"}


def notification_template(frame: Frame, row: NotificationTemplate, *, detail: bool = False) -> Row:
    """Return a notification template, its secrets masked."""
    made = common.head(frame, row, "notification_template", "notification_templates")
    links, people = common.authors(frame, row)
    by_name = (row.name, row.organization.name)
    made["related"] = {
        **(common.named(frame, "notification_templates", *by_name) if detail else {}),
        **links,
        **frame.below("notification_templates", row.id, "test", "notifications", "copy"),
        "organization": frame.url("organizations", row.organization.id),
    }
    made["summary_fields"] = {
        "organization": common.short(row.organization),
        **people,
        "user_capabilities": common.may(frame, row, "edit", "delete", "copy"),
        "recent_notifications": [
            {"id": n.id, "status": n.status, "created": iso(n.created), "error": n.error}
            for n in sent_by(frame, row)[: -RECENT - 1 : -1]
        ],
    }
    return made | {
        "organization": row.organization.id,
        "notification_type": row.notification_type,
        "notification_configuration": _masked(row),
        "messages": row.messages or NO_MESSAGES,
    }


def sent_by(frame: Frame, row: NotificationTemplate) -> list[Notification]:
    """Return the notifications of a template, oldest first."""
    return [n for n in frame.world.all(Notification) if n.notification_template is row]


def _masked(row: NotificationTemplate) -> dict[str, Any]:
    fields = FIELDS[row.notification_type]
    secrets = {name for name, field in fields.items() if field["type"] == "password"}
    return {
        name: ENCRYPTED if name in secrets and value else value
        for name, value in row.configuration.items()
    }


def notification(frame: Frame, row: Notification, *, detail: bool = False) -> Row:
    """Return a notification; `detail` changes nothing here."""
    del detail
    template, kind = row.notification_template, row.notification_type
    made = common.head(frame, row, "notification", "notifications")
    del made["name"], made["description"]
    made["related"] = {"notification_template": frame.url("notification_templates", template.id)}
    made["summary_fields"] = {"notification_template": common.short(template)}
    made |= {
        "notification_template": template.id,
        "error": row.error,
        "status": row.status,
        "notifications_sent": row.notifications_sent,
        "notification_type": kind,
        "recipients": row.recipients,
    }
    if kind not in WITHOUT_SUBJECT:
        made["subject"] = row.subject
    if kind in WITH_BODY:
        made["body"] = _body(kind, row.body)
    return made


def _body(kind: str, body: Json) -> Json:
    if kind not in STRUCTURED:
        return body
    if isinstance(body, dict):
        return body.get("body", body)
    try:
        found = json.loads(body)
    except ValueError:
        return body
    return found if isinstance(found, dict) else body


def template_fields() -> dict[str, Any]:
    """Return what `OPTIONS` says of the fields that a new notification template takes."""
    text = {"type": "string", "hidden": False, "filterable": True}
    return {
        "name": {**text, "required": True, "label": "Name", "max_length": 512},
        "description": {**text, "required": False, "label": "Description", "default": ""},
        "organization": {
            "type": "id", "required": False, "hidden": False, "label": "Organization",
            "filterable": True,
        },
        "notification_type": {
            "type": "choice", "required": True, "hidden": False, "label": "Notification type",
            "filterable": True, "choices": [list(item) for item in NAMES.items()],
        },
        "notification_configuration": {
            "type": "json", "required": False, "hidden": False,
            "label": "Notification configuration", "filterable": True, "default": {}, **FIELDS,
        },
        "messages": {
            "type": "json", "required": False, "hidden": False, "label": "Messages",
            "filterable": True, "default": NO_MESSAGES,
        },
    }  # fmt: skip
