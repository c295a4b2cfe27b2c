"""Runs that consist of other runs, and the approvals they wait for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from demo.model import JobTemplate
from demo.run_kinds import Prompts
from demo.runs import Run
from demo.script import Script

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.aliases import Passed
    from demo.model import ApprovalTemplate, NodeSpec, Organization, User, WorkflowTemplate
    from demo.world import World


@dataclass
class Node:
    """One step of a running workflow, and the run it has started, if any."""

    id: int
    spec: NodeSpec
    job: Run | None = None
    skipped: bool = False


class WorkflowJob(Run):
    """A workflow under way, or a sliced job: a run that consists of other runs."""

    kind: ClassVar[str] = "workflow_job"
    model: ClassVar[str] = "WorkflowJob"
    template: WorkflowTemplate | JobTemplate

    def __init__(
        self,
        world: World,
        run_id: int,
        template: WorkflowTemplate | JobTemplate,
        user: User | None,
        **more: Passed,
    ) -> None:
        self.nodes: list[Node] = more.pop("nodes")
        self.prompts: Prompts = more.pop("prompts", None) or Prompts()
        self.spawn: Callable[[WorkflowJob, Node, float], Run] = more.pop("spawn")
        super().__init__(world, run_id, template, user, **more)

    @property
    def is_sliced(self) -> bool:
        """Return whether this is a job template's sliced launch."""
        return isinstance(self.template, JobTemplate)

    @property
    def organization(self) -> Organization:
        """Return the template's organization."""
        return self.template.organization

    @cached_property
    def script(self) -> Script:
        """Return nothing: a workflow job prints nothing of its own."""
        return Script([], 0.0, has_stats=False)

    def node_id(self, run: Run) -> int | None:
        """Return the id of the step that has started a run."""
        return next((node.id for node in self.nodes if node.job is run), None)

    def _parents(self, node: Node) -> list[Node]:
        return [other for other in self.nodes if other.spec.identifier in node.spec.after]

    def advance(self) -> None:
        """Start each step whose time has come; called before every request."""
        now = self.world.now()
        if self.was_canceled:
            return
        for node in self.nodes:
            parents = self._parents(node)
            if (
                node.job
                or node.skipped
                or now < self.starts
                or not all(self._over(p) for p in parents)
            ):
                continue
            if any(p.skipped or (p.job and p.job.failed) for p in parents):
                node.skipped = True
                continue
            begun = max([self.starts, *(p.job.ended for p in parents if p.job)])
            node.job = self.spawn(self, node, begun)

    @staticmethod
    def _over(node: Node) -> bool:
        return node.skipped or (node.job is not None and not node.job.active)

    @property
    def natural_end(self) -> float:
        """Return when the last step ends, infinite while a step is to come."""
        if any(node.job is None and not node.skipped for node in self.nodes):
            return math.inf
        ends = [node.job.ended for node in self.nodes if node.job]
        return max(ends, default=self.starts) + 0.1 / self.pace

    @property
    def final_status(self) -> str:
        """Return failed if a step failed."""
        return (
            "failed" if any(node.job and node.job.failed for node in self.nodes) else "successful"
        )

    @property
    def ended(self) -> float:
        """Return when the workflow ends: when canceled, not before its running steps."""
        if self.cancel_at is None:
            return self.natural_end
        steps = [node.job.ended for node in self.nodes if node.job]
        return min(self.natural_end, max([self.cancel_at, *steps]) + 0.05 / self.pace)

    def cancel(self) -> None:
        """Cancel the workflow and the steps that run."""
        super().cancel()
        for node in self.nodes:
            if node.job and node.job.active:
                node.job.cancel()


class WorkflowApproval(Run):
    """A step that waits for a yes or a no."""

    kind: ClassVar[str] = "workflow_approval"
    model: ClassVar[str] = "WorkflowApproval"
    template: ApprovalTemplate
    answered_at: float | None = None
    approved: bool = False

    @cached_property
    def script(self) -> Script:
        """Return nothing: an approval prints nothing."""
        return Script([], 0.0, has_stats=False)

    @property
    def released(self) -> float:
        """Return the time of creation: an approval waits for nothing but an answer."""
        return self.created

    starts = released

    @property
    def natural_end(self) -> float:
        """Return when somebody answered."""
        return math.inf if self.answered_at is None else self.answered_at

    @property
    def status(self) -> str:
        """Return pending until answered."""
        if self.was_canceled:
            return "canceled"
        return "pending" if self.answered_at is None else self.final_status

    @property
    def final_status(self) -> str:
        """Return successful for a yes."""
        return "successful" if self.approved else "failed"

    def answer(self, *, approved: bool) -> None:
        """Note the answer."""
        self.answered_at, self.approved = self.world.now(), approved
