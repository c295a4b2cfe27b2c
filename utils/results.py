"""What the steps of a run found, looked up by type."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from utils import logger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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

    def __getitem__(self, kind: type[T]) -> T:
        result = self._by_type[kind]
        assert isinstance(result, kind)  # noqa: S101  # add() keyed it by its own type
        return result

    def get(self, kind: type[T]) -> T | None:
        """Return the result of that type, or None if no step got that far."""
        return self[kind] if kind in self._by_type else None

    def once(self, kind: type[T], make: Callable[[], T]) -> T:
        """Return the result of that type, making and keeping it at the first call."""
        if kind not in self._by_type:
            self._by_type[kind] = make()
        return self[kind]

    def __iter__(self) -> Iterator[object]:
        return iter(self._by_type.values())


@dataclass(frozen=True)
class Skipped(Generic[T]):
    """A step that was not needed or not possible, with the reason; `of` is what it would find."""

    of: type[T]
    reason: str

    @classmethod
    def because_of(cls, kind: type[T], error: Exception) -> Skipped[T]:
        """Return a step that this user may not do, and that AWX does not need him to; warn."""
        log.warning("%s not checked: %s", kind.__name__.lower(), error)
        return cls(kind, str(error))

    def __str__(self) -> str:
        return f"skipped: {self.reason}"
