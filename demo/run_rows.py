"""The list of jobs, of which the bulk ones exist only while somebody looks at them."""

from __future__ import annotations

from abc import abstractmethod
from array import array
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, overload

from demo.bulk_jobs import Figures
from demo.runs import Run

if TYPE_CHECKING:
    from demo.history import Runs
    from demo.queries import Order
    from demo.row_tests import Predicate

# Orders in which all bulk jobs come before all others.
BY_AGE = frozenset({"id", "created", "pk"})
AnyRun = Run | Figures


class Rows(Sequence[AnyRun]):
    """Rows by their places, and any slice of them; `at` says which one is where."""

    @abstractmethod
    def at(self, index: int) -> AnyRun:
        """Return the row of that place."""

    @overload
    def __getitem__(self, index: int) -> AnyRun: ...
    @overload
    def __getitem__(self, index: slice) -> list[AnyRun]: ...

    def __getitem__(self, index: int | slice) -> AnyRun | list[AnyRun]:
        if isinstance(index, slice):
            return [self.at(i) for i in range(*index.indices(len(self)))]
        return self.at(index)

    def __iter__(self) -> Iterator[AnyRun]:
        return (self.at(index) for index in range(len(self)))


class RunRows(Rows):
    """Bulk jobs by id, then kept runs, both oldest first; `key` names what was left out of them."""

    def __init__(self, runs: Runs, bulk: Sequence[int], kept: list[Run], key: str = "") -> None:
        self.runs, self.bulk, self.kept, self.key = runs, bulk, kept, key

    @classmethod
    def of(cls, runs: Runs, kinds: frozenset[str]) -> RunRows:
        """Return the runs of some kinds."""
        kept = [run for run in runs.kept.values() if run.kind in kinds]
        bulk = runs.bulk_ids if "job" in kinds else range(0)
        return cls(runs, bulk, kept, f"{len(bulk)}")

    def __len__(self) -> int:
        return len(self.bulk) + len(self.kept)

    def at(self, index: int) -> AnyRun:
        """Return the row of that place."""
        if index < len(self.bulk):
            return self.runs.bulk_jobs[self.bulk[index]]
        return self.kept[index - len(self.bulk)]

    def matching(self, tests: Sequence[Predicate], key: str) -> RunRows:
        """Return the rows that pass every test; what bulk jobs pass is remembered by `key`."""
        key = f"{self.key} {key}"  # what is left of other rows, or of another viewer's, differs
        columns = self.runs.columns
        bulk = columns.remembered(key, lambda: columns.matching(self.bulk, tests))
        kept = [run for run in self.kept if all(test(run) for test in tests)]
        return RunRows(self.runs, bulk, kept, key)

    def in_order(self, orders: Sequence[Order], asked: str) -> Sequence[AnyRun]:
        """Return the rows in that order, which is `asked` for by these words."""
        if asked.lstrip("-") in BY_AGE:
            key = orders[0].key
            kept = sorted(self.kept, key=lambda run: (key(run), run.id))
            rows = RunRows(self.runs, self.bulk, kept, self.key)
            return Backwards(rows) if asked.startswith("-") else rows
        columns, kept = self.runs.columns, sorted(self.kept, key=lambda run: run.id)
        if not self.bulk:
            for order in reversed(orders):
                kept.sort(key=order.key, reverse=order.backwards)
            return RunRows(self.runs, range(0), kept)

        def ordered() -> Sequence[int]:
            ids = [*self.bulk, *(run.id for run in kept)]
            for order in reversed(orders):
                columns.sort(ids, order)
            return array("I", ids)

        # Those that are kept may change, and stand anywhere among the others.
        now = [(run.id, *(order.key(run) for order in orders)) for run in kept]
        return InOrder(self.runs, columns.remembered(f"{self.key} {asked} {now}", ordered))


class Backwards(Rows):
    """Rows from the last to the first; those without a time come first, as in PostgreSQL."""

    def __init__(self, rows: RunRows) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, index: int) -> AnyRun:
        """Return the row of that place."""
        return self.rows[len(self.rows) - 1 - index]


class InOrder(Rows):
    """Rows by a list of their ids."""

    def __init__(self, runs: Runs, ids: Sequence[int]) -> None:
        self.runs, self.ids = runs, ids

    def __len__(self) -> int:
        return len(self.ids)

    def at(self, index: int) -> AnyRun:
        """Return the row of that place."""
        run_id = self.ids[index]
        return self.runs.kept.get(run_id) or self.runs.bulk_jobs[run_id]
