"""Letting AWX send a test by one of its notification templates, and waiting for the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.waiting import Pauses

if TYPE_CHECKING:
    from utils.awx_client import Client
    from utils.record import Record

PENDING = "pending"


def send(client: Client, template_id: int) -> Record:
    """Let AWX send a test, and return the notification when it is known how that went.

    `POST /api/v2/notification_templates/N/test/` answers at once, with the id of a notification
    whose status is then asked for.
    """
    made = client.post(f"notification_templates/{template_id}/test/")
    path = f"notifications/{made.integer('notification')}/"
    pauses = Pauses(client.sleep)
    while True:
        found = client.get(path)
        if found.text("status") != PENDING:
            return found
        pauses.wait()
