"""The list of jobs, of which the bulk ones exist only while somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from demo.history import Runs
    from demo.runs import Run

TIMES = frozenset({"id", "created", "started", "finished", "pk"})
CACHED = 16


class RunRows(Sequence["Run"]):
    """Bulk jobs by id, then kept runs; both oldest first."""

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

    @overload
    def __getitem__(self, index: int) -> Run: ...
    @overload
    def __getitem__(self, index: slice) -> list[Run]: ...

    def __getitem__(self, index: int | slice) -> Run | list[Run]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index < len(self.bulk):
            return self.runs[self.bulk[index]]
        return self.kept[index - len(self.bulk)]

    def __iter__(self) -> Iterator[Run]:
        for run_id in self.bulk:
            yield self.runs[run_id]
        yield from self.kept

    def matching(self, tests: list[Callable[[Any], bool]], key: str) -> RunRows:
        """Return the rows that pass every test; what bulk jobs pass is remembered by `key`."""
        known = self.runs.matched
        key = f"{self.key} {key}"  # what is left of other rows, or of another viewer's, differs
        if key not in known:
            while len(known) >= CACHED:
                known.pop(next(iter(known)))
            known[key] = [i for i in self.bulk if all(t(self.runs[i]) for t in tests)]
        kept = [run for run in self.kept if all(test(run) for test in tests)]
        return RunRows(self.runs, known[key], kept, key)

    def in_order(self, order: str) -> Sequence[Run] | None:
        """Return the rows in an order by time or id, None for any other order."""
        name = order.lstrip("-")
        if name not in TIMES:
            return None
        field = "id" if name == "pk" else name
        dated = [run for run in self.kept if getattr(run, field) is not None]
        undated = [run for run in self.kept if getattr(run, field) is None]
        dated.sort(key=lambda run: (getattr(run, field), run.id))
        rows = RunRows(self.runs, self.bulk, [*dated, *undated], self.key)
        return Backwards(rows) if order.startswith("-") else rows


class Backwards(Sequence["Run"]):
    """Rows from the last to the first; those without a time come first, as in PostgreSQL."""

    def __init__(self, rows: RunRows) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Run: ...
    @overload
    def __getitem__(self, index: slice) -> list[Run]: ...

    def __getitem__(self, index: int | slice) -> Run | list[Run]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return self.rows[len(self.rows) - 1 - index]
