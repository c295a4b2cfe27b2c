"""AWX's words against values that several kinds of rows have: names, and the ids of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.aliases import Json

LONGEST_NAME = 512
# What is no text is an empty one to AWX, which it finds out no sooner than at its other rules.
BARE: tuple[Json, ...] = (None, [], {})


def wrong_id(value: Json) -> str:
    """Return what AWX says of an id that nothing has."""
    if isinstance(value, int) or str(value).isdecimal():
        return f'Invalid pk "{value}" - object does not exist.'
    return f"Incorrect type. Expected pk value, received {type(value).__name__}."


def wrong_name(value: Json) -> str:
    """Return what AWX says against a name, nothing where it takes it."""
    if value in BARE:
        return "This field cannot be blank."
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return "Not a valid string."
    if not str(value).strip():
        return "This field may not be blank."
    if len(str(value)) > LONGEST_NAME:
        return f"Ensure this field has no more than {LONGEST_NAME} characters."
    return ""
