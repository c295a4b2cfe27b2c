"""The notification templates of the demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.model_notifications import NotificationTemplate
from demo.notification_types import completed

if TYPE_CHECKING:
    from demo.model import Entity, Organization


def notification_templates(default: Organization, failing: Entity) -> list[NotificationTemplate]:
    """Return a webhook, which `failing` sends where it fails, and a channel in Slack."""
    webhook = NotificationTemplate(
        id=1,
        name="Webhook",
        description="What the failing template sends",
        organization=default,
        notification_type="webhook",
        configuration=completed("webhook", {"url": "http://127.0.0.1:8070/hook", "headers": {}}),
    )
    webhook.attached["error"].append(failing)
    slack = NotificationTemplate(
        id=2,
        name="Slack",
        organization=default,
        notification_type="slack",
        configuration={"token": "xoxb-demo", "channels": ["#operations"], "hex_color": ""},
    )
    return [webhook, slack]
