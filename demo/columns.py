"""Filtering and sorting bulk jobs without making them: by arithmetic, by kind, by figures."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from demo.bulk_jobs import LONGEST_S
from demo.row_tests import Test

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from demo.bulk_jobs import Kind
    from demo.history import Runs
    from demo.queries import Order
    from demo.row_tests import Predicate
    from demo.runs import Run

# Fields in which jobs of one kind differ.
FIGURES = frozenset({"id", "created", "modified", "started", "finished", "canceled_on", "elapsed"})
# Those that rise with the id, if not quite.
ORDERED = frozenset({"id", "created", "finished"})
REMEMBERED = 16
BOUNDS = frozenset({"gt", "gte", "lt", "lte"})


class Columns:
    """What is asked of many bulk jobs at once; results are remembered."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._codes: array[int] | None = None
        self._examples: list[Run] = []
        self._known: dict[str, Sequence[int]] = {}

    def forget(self) -> None:
        """Forget what was remembered, since there are fewer jobs now."""
        self._known.clear()

    def remembered(self, key: str, make: Callable[[], Sequence[int]]) -> Sequence[int]:
        """Return what was made for that key before, or make it."""
        if key not in self._known:
            while len(self._known) >= REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[key] = make()
        return self._known[key]

    def matching(self, ids: Sequence[int], tests: Iterable[Predicate]) -> Sequence[int]:
        """Return those of the ids whose jobs pass every test, in the same order."""
        by_order, by_kind, by_figures = [], [], []
        for test in tests:
            if not test.fields & FIGURES or _is_of_start(test):
                by_kind.append(test)
            elif isinstance(test, Test) and test.path[0] in ORDERED:
                by_order.append(test)
            else:
                by_figures.append(test)
        for ordered in by_order:
            ids = self._passing(ids, ordered)
        if by_kind:
            ids = self._of_kinds(ids, by_kind)
        for test in by_figures:
            ids = self._tested(ids, test)
        return ids

    def sort(self, ids: list[int], order: Order) -> None:
        """Sort ids of bulk jobs and of others in place; what is equal stays as it is."""
        jobs, kept = self._runs.bulk_jobs, self._runs.kept
        keys: dict[int, Any]
        if order.field in FIGURES:
            keys = {i: order.key(kept[i] if i in kept else jobs[i]) for i in ids}
        else:
            codes, first = self._all_codes(), jobs.first
            of_kinds = [order.key(example) for example in self._examples]
            keys = {i: order.key(kept[i]) if i in kept else of_kinds[codes[i - first]] for i in ids}
        ids.sort(key=keys.__getitem__, reverse=order.backwards)

    def _of_kinds(self, ids: Sequence[int], tests: Sequence[Predicate]) -> Sequence[int]:
        codes, first = self._all_codes(), self._runs.bulk_jobs.first
        fits = [all(test(example) for test in tests) for example in self._examples]
        return array("I", (i for i in ids if fits[codes[i - first]]))

    def _all_codes(self) -> array[int]:
        """Return the number of each job's kind, and have an example of each."""
        if self._codes is None:
            jobs = self._runs.bulk_jobs
            numbers: dict[Kind, int] = {}
            self._codes = array("H")
            for job_id in jobs.ids:
                kind = jobs.kind(job_id)
                number = numbers.setdefault(kind, len(numbers))
                if number == len(self._examples):
                    self._examples.append(self._runs[job_id])
                self._codes.append(number)
        return self._codes

    def _passing(self, ids: Sequence[int], test: Test) -> Sequence[int]:
        """Return those that pass a test of a figure, looking at few where order tells the rest."""
        jobs, field = self._runs.bulk_jobs, test.path[0]
        if field == "id" and test.lookup in {"exact", "in"} and not test.negate:
            wanted = test.wanted if test.lookup == "in" else [test.wanted]
            return array("I", (i for i in sorted({*wanted} - {None}) if _has(ids, i)))
        if test.lookup not in BOUNDS or test.negate or test.wanted is None:
            return self._tested(ids, test)
        wants_more = test.lookup.startswith("g")
        if field in {"id", "created"}:
            at = bisect_left(ids, True, key=lambda i: test(jobs[i]) is wants_more)
            return ids[at:] if wants_more else ids[:at]
        low = bisect_left(ids, jobs.first_created_from(test.wanted - LONGEST_S))
        high = bisect_left(ids, jobs.first_created_from(test.wanted))
        near = self._tested(ids[low:high], test)
        return array("I", [*near, *ids[high:]] if wants_more else [*ids[:low], *near])

    def _tested(self, ids: Sequence[int], test: Predicate) -> Sequence[int]:
        # Only what looks at both figures and the rest needs all of a job.
        rows = self._runs.bulk_jobs if test.fields <= FIGURES else self._runs
        return array("I", (i for i in ids if test(rows[i])))


def _is_of_start(test: Predicate) -> bool:
    """Tell whether it is asked only whether a job has started, which its kind says."""
    return isinstance(test, Test) and test.path == ["started"] and test.lookup == "isnull"


def _has(ids: Sequence[int], job_id: int) -> bool:
    at = bisect_left(ids, job_id)
    return at < len(ids) and ids[at] == job_id
