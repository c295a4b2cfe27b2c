"""What filters ask of a row, and which of its fields they look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from demo.aliases import AnyRow, Json


def _contains(have: Json, want: Json) -> bool:
    return str(want) in str(have)


LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda have, want: bool(have == want),
    "iexact": lambda have, want: str(have).lower() == str(want).lower(),
    "contains": _contains,
    "icontains": lambda have, want: str(want).lower() in str(have).lower(),
    "startswith": lambda have, want: str(have).startswith(str(want)),
    "istartswith": lambda have, want: str(have).lower().startswith(str(want).lower()),
    "endswith": lambda have, want: str(have).endswith(str(want)),
    "iendswith": lambda have, want: str(have).lower().endswith(str(want).lower()),
    "regex": lambda have, want: re.search(str(want), str(have)) is not None,
    "iregex": lambda have, want: re.search(str(want), str(have), re.IGNORECASE) is not None,
    "gt": lambda have, want: have is not None and bool(have > want),
    "gte": lambda have, want: have is not None and bool(have >= want),
    "lt": lambda have, want: have is not None and bool(have < want),
    "lte": lambda have, want: have is not None and bool(have <= want),
    "in": lambda have, want: have in want,
    "isnull": lambda have, want: (have is None) == want,
}


@dataclass(frozen=True)
class Test:
    """What one filter asks of a row: a field, perhaps of something it is related to."""

    path: list[str]
    kind: str
    lookup: str
    wanted: Any
    negate: bool

    @property
    def fields(self) -> frozenset[str]:
        """The fields of the row itself that it looks at."""
        return frozenset(self.path[:1])

    def __call__(self, row: AnyRow) -> bool:
        """Tell whether a row fits."""
        for part in self.path:
            row = getattr(row, part, None)
            if row is None:
                break
        if self.kind == "rel":
            row = getattr(row, "id", None)
        return LOOKUPS[self.lookup](row, self.wanted) != self.negate


@dataclass(frozen=True)
class Either:
    """Several tests of which one is to hold."""

    tests: Sequence[Predicate]

    @property
    def fields(self) -> frozenset[str]:
        """The fields that any of them looks at."""
        return frozenset[str]().union(*(test.fields for test in self.tests))

    def __call__(self, row: AnyRow) -> bool:
        """Tell whether a row fits."""
        return any(test(row) for test in self.tests)


@dataclass(frozen=True)
class Search:
    """A text that one of some fields is to hold."""

    searched: tuple[str, ...]
    text: str

    @property
    def fields(self) -> frozenset[str]:
        """The fields that it looks at."""
        return frozenset(self.searched)

    def __call__(self, row: AnyRow) -> bool:
        """Tell whether a row fits."""
        return any(self.text in str(getattr(row, name, "")).lower() for name in self.searched)


@dataclass(frozen=True)
class Check:
    """Any other test of a row, and the fields that it looks at."""

    test: Callable[[Any], bool]
    fields: frozenset[str]

    def __call__(self, row: AnyRow) -> bool:
        """Tell whether a row fits."""
        return self.test(row)


Predicate = Test | Either | Search | Check
