"""How jobs ended, and what share of them ended well; docs/report.md defines each figure."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The standard normal's 97.5th percentile: the interval holds the true rate 19 times out of 20.
Z = 1.959963984540054
ENDS = frozenset({"successful", "failed", "error", "canceled"})


@dataclass(frozen=True)
class Counts:
    """How many jobs there were, by how they ended; `unfinished` ones have not."""

    successful: int = 0
    failed: int = 0
    error: int = 0
    canceled: int = 0
    unfinished: int = 0

    @classmethod
    def of(cls, numbers: Mapping[str, int]) -> Counts:
        """Return the counts of jobs by AWX's statuses: what is no end of a job is unfinished."""
        ends = {status: number for status, number in numbers.items() if status in ENDS}
        return cls(**ends, unfinished=sum(numbers.values()) - sum(ends.values()))

    @property
    def runs(self) -> int:
        """All of them."""
        return self.successful + self.bad + self.canceled + self.unfinished

    @property
    def bad(self) -> int:
        """Those that failed, or that AWX could not run (`error`)."""
        return self.failed + self.error

    @property
    def judged(self) -> int:
        """Those that the success rate is of: canceled ones tell nothing about the playbook."""
        return self.successful + self.bad

    @property
    def rate(self) -> float | None:
        """The success rate."""
        return self.successful / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's interval (95%) of the success rate: wide where it is of few jobs."""
        if not self.judged:
            return None
        n, rate = self.judged, self.successful / self.judged
        middle = (rate + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z / (1 + Z * Z / n) * sqrt(rate * (1 - rate) / n + Z * Z / (4 * n * n))
        # At 0 and 1 the ends are exactly those, but for the rounding of floats.
        return (
            max(0.0, middle - half) if rate else 0.0,
            min(1.0, middle + half) if rate < 1 else 1.0,
        )
