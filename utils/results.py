"""What the steps of a run found, looked up by type."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from utils import logger
from utils.errors import ReadOnly

if TYPE_CHECKING:
    from collections.abc import Callable

    from utils.errors import AppError

T = TypeVar("T")

log = logger.get("flow")


class Results(ExitStack):
    """Results by their type: `done[Launched].job_id` is an int to the type checker too.

    As a context, it gives back at its end what was taken (`callback`), on every way out.
    """

    def __init__(self) -> None:
        super().__init__()
        self._by_type: dict[type, object] = {}

    def add(self, result: object) -> None:
        """Keep a result; a later one of the same type replaces it."""
        self._by_type[type(result)] = result

    def remove(self, kind: type) -> None:
        """Let go of the result of that type, if there is one."""
        self._by_type.pop(kind, None)

    def __getitem__(self, kind: type[T]) -> T:
        result = self._by_type[kind]
        assert isinstance(result, kind)  # noqa: S101  # add() keyed it by its own type
        return result

    def __contains__(self, kind: type) -> bool:
        return kind in self._by_type

    def get(self, kind: type[T]) -> T | None:
        """Return the result of that type, or None if no step got that far."""
        return self[kind] if kind in self._by_type else None

    def once(self, kind: type[T], make: Callable[[], T]) -> T:
        """Return the result of that type, making and keeping it at the first call."""
        if kind not in self._by_type:
            self._by_type[kind] = make()
        return self[kind]


@dataclass(frozen=True)
class EmbeddedAwx:
    """That the AWX of this command is the embedded one, of which nothing is left at its end."""


@dataclass(frozen=True)
class Skipped:
    """A step that was not needed, or that this user may not do."""

    reason: str

    @classmethod
    def because_of(cls, what: str, error: AppError) -> Skipped:
        """Return a step that AWX refuses to this user, though he may launch; say why.

        It is so each time, and whoever starts the run can do nothing about it: no warning.
        Raises the error again where he may not, since it is the token that may only read.
        """
        if isinstance(error, ReadOnly):
            raise error
        log.info("%s not checked: %s", what, error)
        return cls("not shown to this user")

    def __str__(self) -> str:
        return f"skipped: {self.reason}"
