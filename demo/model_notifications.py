"""AWX's notification templates, and the messages that were sent by them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from demo.model import Entity
from demo.notification_types import RECIPIENTS

if TYPE_CHECKING:
    from demo.aliases import Json
    from demo.model import Organization

EVENTS = ("started", "success", "error", "approvals")


@dataclass(eq=False, kw_only=True)
class NotificationTemplate(Entity):
    """Where messages go, and by what; `attached` has the rows that it is attached to, by event."""

    organization: Organization
    notification_type: str
    configuration: dict[str, Any]
    messages: Json = None
    attached: dict[str, list[Entity]] = field(default_factory=lambda: {e: [] for e in EVENTS})

    @property
    def recipients(self) -> str:
        """Return whom its messages go to, as AWX writes it."""
        return str(self.configuration[RECIPIENTS[self.notification_type]])


@dataclass(eq=False, kw_only=True)
class Notification(Entity):
    """A message by a notification template."""

    notification_template: NotificationTemplate
    recipients: str
    subject: str
    body: Json
    status: str = "pending"
    error: str = ""
    notifications_sent: int = 0

    @property
    def notification_type(self) -> str:
        """Return what it is sent by."""
        return self.notification_template.notification_type
