"""What AWX says against the fields of a notification template, before its configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.notification_types import FIELDS
from demo.wrong_values import wrong_id, wrong_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from demo.aliases import Json

# The events that may have words of their own.
WORDED = ("started", "success", "error", "workflow_approval")
LISTED = "'started', 'success', 'error', or 'workflow_approval'"


def wrong_fields(given: dict[str, Json], organizations: Collection[int]) -> dict[str, Any]:
    """Return what is wrong by the fields' names; `organizations` has the ids of those there are."""
    wrong: dict[str, Any] = {
        name: ["This field is required."]
        for name in ("name", "organization", "notification_type")
        if name not in given
    }
    if "name" in given and (text := wrong_name(given["name"])):
        wrong["name"] = [text]
    kind, organization = given.get("notification_type"), given.get("organization")
    if "notification_type" in given and kind not in FIELDS:
        wrong["notification_type"] = [f'"{"" if kind is None else kind}" is not a valid choice.']
    if organization is not None and organization not in organizations:
        wrong["organization"] = [wrong_id(organization)]
    if "notification_configuration" in given and given["notification_configuration"] is None:
        wrong["notification_configuration"] = ["This field may not be null."]
    if found := _wrong_messages(given.get("messages")):
        wrong["messages"] = found
    return wrong


def _wrong_messages(given: Json) -> list[str]:
    """Return what AWX says against words of one's own, by the events that they are for."""
    if given is None:
        return []
    if not isinstance(given, dict):
        return [f"Expected dict for 'messages' field, found {type(given)}"]
    others = [
        f"Event '{name}' invalid, must be one of {LISTED}" for name in given if name not in WORDED
    ]
    return others + [
        f"Expected dict for event '{name}', found {type(words)}"
        for name, words in given.items()
        if name in WORDED and not isinstance(words, dict | None)
    ]
