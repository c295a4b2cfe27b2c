"""The attempts of a run: its jobs one after another, and the hosts that failed in each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.journal import Journal

# What tells which hosts passed; of a job that was canceled or broke nobody knows.
TELLING = frozenset({"successful", "failed"})


@dataclass(frozen=True)
class Attempt:
    """A job of the run that has come to its end."""

    job_id: int
    kind: str
    page: str
    status: str
    failed_hosts: tuple[str, ...] = ()

    @property
    def row(self) -> dict[str, object]:
        """Return it as the summary and the journal have it."""
        hosts = list(self.failed_hosts)
        return {"id": self.job_id, "type": self.kind, "page": self.page, "status": self.status,
                "failed_hosts": hosts}  # fmt: skip


@dataclass
class Attempts:
    """All attempts so far, in order."""

    ended: list[Attempt] = field(default_factory=list)

    @classmethod
    def from_journal(cls, journal: Journal | None) -> Attempts:
        """Return what a run that is gone on with has noted."""
        rows = (journal["attempts"] if journal else None) or []
        return cls(
            [
                Attempt(
                    row["id"], row["type"], row["page"], row["status"], tuple(row["failed_hosts"])
                )
                for row in rows
            ]
        )

    @property
    def rows(self) -> list[dict[str, object]]:
        """Return them as the summary and the journal have them."""
        return [each.row for each in self.ended]

    def add(self, attempt: Attempt) -> None:
        """Add one, once."""
        self.ended = [each for each in self.ended if each.job_id != attempt.job_id] + [attempt]

    @property
    def retried(self) -> int:
        """How many attempts there were after the first."""
        return max(len(self.ended) - 1, 0)

    def flaky(self) -> Iterator[tuple[str, int, int]]:
        """Yield each host that failed and then passed, with the jobs in which it did."""
        told: set[str] = set()
        for number, attempt in enumerate(self.ended):
            for later in self.ended[number + 1 :]:
                if later.status not in TELLING:
                    continue
                for host in sorted(set(attempt.failed_hosts) - set(later.failed_hosts) - told):
                    told.add(host)
                    yield host, attempt.job_id, later.job_id
