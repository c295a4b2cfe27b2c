"""A JSON object from AWX, read field by field with its type checked."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, TypeVar

from utils.errors import BadAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

T = TypeVar("T")

_NAMES = {str: "text", int: "a whole number", float: "a number", bool: "true or false",
          dict: "an object", list: "a list"}  # fmt: skip


class Record:
    """One JSON object and the request it answers, so that a bad field can say where it came from.

    Every reader raises `BadAnswer` for a field that is missing or of another type. The `maybe_`
    readers take a missing or null field as None.
    """

    def __init__(self, fields: Mapping[str, object], origin: str) -> None:
        self.fields = fields
        self.origin = origin

    def __contains__(self, key: str) -> bool:
        return self.fields.get(key) is not None

    def text(self, key: str) -> str:
        """Return a field that must be text."""
        return self._typed(key, str)

    def maybe_text(self, key: str) -> str:
        """Return a text field, or the empty string where it is null or absent."""
        return self.text(key) if key in self else ""

    def integer(self, key: str) -> int:
        """Return a field that must be a whole number."""
        return self._typed(key, int)

    def maybe_integer(self, key: str) -> int | None:
        """Return a whole number, or None where it is null or absent."""
        return self.integer(key) if key in self else None

    def number(self, key: str) -> float:
        """Return a field that must be a number."""
        if type(self.fields.get(key)) is int:
            return float(self.integer(key))
        return self._typed(key, float)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Return a field that must be true or false; `default` is for an absent one."""
        if default is not None and key not in self:
            return default
        return self._typed(key, bool)

    def time(self, key: str) -> datetime | None:
        """Return an ISO 8601 time with its zone, or None where AWX has none yet."""
        text = self.maybe_text(key)
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text.replace("Z", "+00:00"))
            found = found if found.tzinfo else found.replace(tzinfo=timezone.utc)
            # One at the very ends of the calendar has no local time.
            found.astimezone(timezone.utc)
            found.astimezone()
        except (ValueError, OverflowError, OSError):
            raise BadAnswer(f"{self.origin}: '{key}' is {text!r} and should be a time") from None
        return found

    def record(self, key: str) -> Record:
        """Return a field that must be an object."""
        return Record(self._typed(key, dict), self.origin)

    def maybe_record(self, key: str) -> Record:
        """Return an object, an empty one where it is null or absent."""
        return self.record(key) if key in self else Record({}, self.origin)

    def records(self, key: str) -> list[Record]:
        """Return a field that must be a list of objects; an absent one counts as empty."""
        return [self._item(key, item) for item in self._list(key)]

    def texts(self, key: str) -> list[str]:
        """Return a list as texts; an absent one counts as empty."""
        return [str(item) for item in self._list(key)]

    def items(self) -> Iterator[tuple[str, object]]:
        """Go through all fields as AWX sent them."""
        return iter(self.fields.items())

    def _list(self, key: str) -> list[object]:
        return self._typed(key, list) if key in self else []

    def _item(self, key: str, item: object) -> Record:
        if not isinstance(item, dict):
            raise BadAnswer(f"{self.origin}: '{key}' should hold objects, not {item!r:.60}")
        return Record(item, self.origin)

    def _typed(self, key: str, kind: type[T]) -> T:
        value = self.fields.get(key)
        # bool is an int to isinstance, and never meant where a number is due.
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        found = "is missing" if key not in self.fields else f"is {value!r:.60}"
        raise BadAnswer(f"{self.origin}: '{key}' {found} and should be {_NAMES[kind]}")
