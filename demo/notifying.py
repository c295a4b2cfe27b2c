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
NOT_SENT = "The embedded AWX sends webhooks only."


def send(row: Notification) -> None:
    """Send a notification in the background; it says itself how that went."""
    threading.Thread(target=_try, args=[row], daemon=True).start()


def _try(row: Notification) -> None:
    try:
        row.error = _post(row) if row.notification_type == "webhook" else NOT_SENT
    except (OSError, ValueError, HTTPException) as error:
        row.error = str(error) or type(error).__name__
    row.notifications_sent = 0 if row.error else 1
    row.status = "failed" if row.error else "successful"


def _post(row: Notification) -> str:
    """Send a webhook; return what AWX says of an answer that is none of success."""
    with_ = row.notification_template.configuration
    at = urlsplit(with_["url"])
    headers = {"Content-Type": "application/json", "User-Agent": "AWX 24.6.1", **with_["headers"]}
    if with_["username"] or with_["password"]:
        word = base64.b64encode(f"{with_['username']}:{with_['password']}".encode()).decode()
        headers["Authorization"] = f"Basic {word}"
    body = row.body if isinstance(row.body, str) else json.dumps(row.body)
    kind = HTTPSConnection if at.scheme == "https" else HTTPConnection
    connection = kind(at.netloc.rpartition("@")[2], timeout=LONGEST_S)
    try:
        path = f"{at.path or '/'}{'?' if at.query else ''}{at.query}"
        connection.request(with_["http_method"].upper(), path, body.encode(), headers)
        status = connection.getresponse().status
    finally:
        connection.close()
    return f"Error sending webhook notification: {status}" if status >= 300 else ""
