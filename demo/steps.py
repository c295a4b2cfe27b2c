"""The steps of a running workflow: which of them run and which are left out, as AWX decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.model import NodeSpec
    from demo.runs import Run


@dataclass
class Node:
    """One step of a running workflow, and the run it has started, if any."""

    id: int
    spec: NodeSpec
    job: Run | None = None
    skipped: bool = False
    lost: bool = False  # its run was deleted after the workflow's end, which it still decides
    not_before: float = 0.0

    @property
    def shown(self) -> Run | None:
        """Return the run, unless it was deleted."""
        return None if self.lost else self.job

    @property
    def is_open(self) -> bool:
        """Return whether the step may still start a run."""
        return self.job is None and not self.skipped

    @property
    def is_over(self) -> bool:
        """Return whether the step is left out or its run has ended."""
        return self.skipped or (self.job is not None and not self.job.active)

    def leads_to(self, other: Node) -> bool:
        """Return whether the step has ended in a way that another one follows."""
        if self.job is None or self.job.active:
            return False
        spec = self.spec
        chosen = spec.failure if self.job.failed else spec.success
        return other.spec.identifier in (*chosen, *spec.always)


def parents(nodes: Sequence[Node], node: Node) -> list[Node]:
    """Return the steps that a step may follow."""
    name = node.spec.identifier
    return [
        other
        for other in nodes
        if name in (*other.spec.success, *other.spec.failure, *other.spec.always)
    ]


def children(nodes: Sequence[Node], names: Sequence[str]) -> list[int]:
    """Return the ids of the steps of these names."""
    return [node.id for node in nodes if node.spec.identifier in names]


def is_left_out(node: Node, above: Sequence[Node]) -> bool:
    """Return whether it is certain that no path leads to a step that has not started.

    One path is enough, and it is taken once all steps before have ended; a step whose parents
    must converge is left out as soon as one of them has gone another way, though AWX overlooks
    a parent that was canceled or ended in an error.
    """
    if not above:
        return False
    if node.spec.all_parents_must_converge:
        return any(p.skipped or (_counts(p) and not p.leads_to(node)) for p in above)
    return all(p.is_over for p in above) and not any(p.leads_to(node) for p in above)


def _counts(parent: Node) -> bool:
    return parent.job is not None and parent.job.status in {"successful", "failed"}


def is_unhandled(node: Node) -> bool:
    """Return whether a step failed and nothing follows a failure of it."""
    failed = node.job is not None and not node.job.active and node.job.failed
    return failed and not (node.spec.failure or node.spec.always)
