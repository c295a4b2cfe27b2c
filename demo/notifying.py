"""Sending what a notification template is to send: webhooks over real HTTP, nothing else."""

from __future__ import annotations

import base64
import json
import threading
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from demo.model_notifications import Notification

LONGEST_S = 10.0
AGENT = "AWX 24.6.1 (open)"
TRIES = 5
FOLLOWED = frozenset({301, 307})
SENT, REFUSED = range(200, 299), 400
NOT_SENT = "The embedded AWX sends webhooks only."


def send(row: Notification) -> None:
    """Send a notification in the background; it says itself how that went."""
    threading.Thread(target=_try, args=[row], daemon=True).start()


def _try(row: Notification) -> None:
    status = 0
    if row.notification_type == "webhook":
        try:
            status = _post(row)
        except (OSError, ValueError, HTTPException) as error:
            row.error = str(error) or type(error).__name__
        if status >= REFUSED:
            row.error = f"Error sending webhook notification: {status}"
    else:
        row.error = NOT_SENT
    # Any other redirect is neither sent nor failed.
    row.notifications_sent = int(status in SENT)
    row.status = "failed" if row.error else "successful"


def _post(row: Notification) -> int:
    """Send a webhook, and return the status of the answer; two kinds of redirects are followed."""
    address = row.notification_template.configuration["url"]
    for _ in range(TRIES):
        status, other = _try_at(address, row)
        if status not in FOLLOWED:
            return status
        if not other:
            raise ValueError("Webhook notification received redirect to a blank URL from None.")
        address = other
    raise ValueError(
        f"Webhook notification max number of retries [{TRIES}] exceeded. Failed to send webhook "
        f"notification to {address}"
    )


def _try_at(address: str, row: Notification) -> tuple[int, str | None]:
    with_ = row.notification_template.configuration
    at = urlsplit(address)
    headers = {"Content-Type": "application/json", "User-Agent": AGENT, **with_["headers"]}
    if with_["username"] or with_["password"]:
        word = base64.b64encode(f"{with_['username']}:{with_['password']}".encode()).decode()
        headers["Authorization"] = f"Basic {word}"
    body = row.body if isinstance(row.body, str) else json.dumps(row.body)
    kind = HTTPSConnection if at.scheme == "https" else HTTPConnection
    connection = kind(at.netloc.rpartition("@")[2], timeout=LONGEST_S)
    try:
        path = f"{at.path or '/'}{'?' if at.query else ''}{at.query}"
        connection.request(with_["http_method"].upper(), path, body.encode(), headers)
        answer = connection.getresponse()
    finally:
        connection.close()
    return answer.status, answer.getheader("Location")
