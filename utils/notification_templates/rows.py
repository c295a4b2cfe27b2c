"""Notification templates as rows of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.csv_cells import harmless
from utils.list_writers import CYAN, GREEN, RED, Columns
from utils.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from utils.awx_client import Client
    from utils.record import Record

# Of the types whose receivers are in plain sight the field that has them, as AWX's source has it.
RECEIVERS = {
    "email": "recipients", "irc": "targets", "slack": "channels", "twilio": "to_numbers",
    "awssns": "sns_topic_arn",
}  # fmt: skip
# The address of these may be a secret as a whole, as a webhook's often is: only its host is shown.
ADDRESSES = {
    "webhook": "url", "grafana": "grafana_url", "mattermost": "mattermost_url",
    "rocketchat": "rocketchat_url",
}  # fmt: skip
# What a row gets where it is attached to something: at which events.
EVENTS = "attached_at"
NAMES = ("id", "name", "type", "to", "organization", "last")
CSV_NAMES = ("id", "name", "type", "to", "organization", "last_status", "last_sent", EVENTS)


def columns(*, is_attached: bool) -> Columns[Record]:
    """Return how notification templates are shown; attached ones with their events."""
    return Columns(
        (*NAMES, "at") if is_attached else NAMES,
        _cells,
        lambda row: row.fields,
        CSV_NAMES if is_attached else CSV_NAMES[:-1],
        _csv_cells,
        gives_way="to",
        colours={
            ("last", "failed"): RED, ("last", "successful"): GREEN, ("last", "pending"): CYAN
        },
    )  # fmt: skip


def _cells(row: Record, none: str) -> Sequence[str]:
    status, _ = _last(row)
    made = [
        str(row.integer("id")),
        printable(row.text("name")),
        printable(row.text("notification_type")),
        printable(receivers(row)) or none,
        printable(_organization(row)) or none,
        status or none,
    ]
    return [*made, ", ".join(row.texts(EVENTS))] if EVENTS in row.fields else made


def _csv_cells(client: Client, row: Record) -> Sequence[object]:
    del client
    status, when = _last(row)
    texts = (row.text("name"), row.text("notification_type"), receivers(row), _organization(row))
    made = [row.integer("id"), *map(harmless, texts), status or None, when or None]
    return [*made, " ".join(row.texts(EVENTS))] if EVENTS in row.fields else made


def receivers(row: Record) -> str:
    """Return whom a notification template sends to, of an address only the host."""
    kind = row.text("notification_type")
    found = row.maybe_record("notification_configuration").fields
    if kind in ADDRESSES:
        return _host(str(found.get(ADDRESSES[kind]) or ""))
    to = found.get(RECEIVERS.get(kind, ""), "")
    return ", ".join(map(str, to)) if isinstance(to, list) else str(to)


def _host(address: str) -> str:
    from urllib.parse import urlsplit  # noqa: PLC0415  # only for these

    try:
        return urlsplit(address).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _organization(row: Record) -> str:
    return row.maybe_record("summary_fields").maybe_record("organization").maybe_text("name")


def _last(row: Record) -> tuple[str, str]:
    """Return the status of what was sent last, and when it was made, as AWX writes it."""
    for sent in row.maybe_record("summary_fields").records("recent_notifications"):
        return sent.text("status"), sent.maybe_text("created")
    return "", ""
