"""The refusals of the API, each with its status and body."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.aliases import Json


class Refused(Exception):
    """An answer other than success; `body` is what goes out as JSON."""

    def __init__(self, status: int, body: Json, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body, self.headers = status, body, headers or {}


def detail(status: int, text: str) -> Refused:
    """Return a refusal of the usual form."""
    return Refused(status, {"detail": text})


def forbidden() -> Refused:
    """Return the 403 for what the user may not see or do."""
    return detail(403, "You do not have permission to perform this action.")


def missing(model: str) -> Refused:
    """Return the 404 for a row that does not exist."""
    return detail(404, f"No {model} matches the given query.")


def not_allowed(method: str) -> Refused:
    """Return the 405."""
    return detail(405, f'Method "{method}" not allowed.')
