"""Runs that consist of other runs, and the approvals they wait for."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from demo import steps
from demo.model import JobTemplate
from demo.run_kinds import Prompts
from demo.runs import Run
from demo.script import Script

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.aliases import Passed
    from demo.model import ApprovalTemplate, Organization, User, WorkflowTemplate
    from demo.steps import Node
    from demo.world import World

UNHANDLED = "No error handling paths found, marking workflow as failed"


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
    def limit(self) -> str | None:
        """Return the host pattern of a sliced job; a workflow's jobs have their own."""
        if not isinstance(self.template, JobTemplate):
            return None
        return self.template.limit if self.prompts.limit is None else self.prompts.limit

    @property
    def workflow_job_template(self) -> WorkflowTemplate | None:
        """Return the workflow's template; a sliced job has none."""
        return None if isinstance(self.template, JobTemplate) else self.template

    @property
    def job_template(self) -> JobTemplate | None:
        """Return the template of a sliced job."""
        return self.template if isinstance(self.template, JobTemplate) else None

    @property
    def organization(self) -> Organization:
        """Return the template's organization."""
        return self.template.organization

    @cached_property
    def script(self) -> Script:
        """Return nothing: a workflow job prints nothing of its own."""
        return Script([], 0.0, has_stats=False)

    @property
    def starts(self) -> float:
        """Return when it starts: no node is needed for it, so it never turns waiting."""
        return self.released

    @property
    def allow_simultaneous(self) -> bool:
        """Return whether other runs of the template may go on beside this one."""
        return self.template.allow_simultaneous

    def node_id(self, run: Run) -> int | None:
        """Return the id of the step that has started a run."""
        return next((node.id for node in self.nodes if node.job is run), None)

    def advance(self) -> None:
        """Start each step whose time has come; called before every request."""
        now = self.world.now()
        if self.was_canceled or now < self.starts:
            return
        for node in self.nodes:  # a step comes after the steps that it follows
            if node.is_open and self._decide(node):
                self.world.scheduler.changed()
            if isinstance(node.job, WorkflowJob) and node.job.active:
                node.job.advance()

    def _decide(self, node: Node) -> bool:
        """Start a step or leave it out, if either is certain by now."""
        parents = steps.parents(self.nodes, node)
        if steps.is_left_out(node, parents):
            node.skipped = True
            return True
        if all(parent.is_over for parent in parents):
            ends = [parent.job.ended for parent in parents if parent.job]
            node.job = self.spawn(self, node, max([self.starts, node.not_before, *ends]))
            return True
        return False

    def lose(self, run: Run) -> None:
        """Forget the run of a step, which has been deleted."""
        node = next(node for node in self.nodes if node.job is run)
        if self.active:
            node.job, node.not_before = None, self.world.now()
        else:
            node.lost = True

    def let_go(self) -> None:
        """Let the runs of the steps go on without the workflow, which is being deleted."""
        for node in self.nodes:
            if node.job is not None:
                node.job.workflow = None

    @property
    def natural_end(self) -> float:
        """Return when the last step ends, infinite while a step is to come."""
        if any(node.is_open for node in self.nodes):
            return math.inf
        ends = [node.job.ended for node in self.nodes if node.job]
        return max(ends, default=self.starts) + 0.1 / self.pace

    @property
    def final_status(self) -> str:
        """Return failed if a step failed that no other step makes up for."""
        return "failed" if any(steps.is_unhandled(node) for node in self.nodes) else "successful"

    @property
    def job_explanation(self) -> str:
        """Return why it waits, or that a failure was not made up for."""
        if self.status == "failed":
            return UNHANDLED
        return super().job_explanation

    @property
    def ended(self) -> float:
        """Return when the workflow ends: when canceled, not before its running steps."""
        if self.cancel_at is None:
            return self.natural_end
        ends = [node.job.ended for node in self.nodes if node.job]
        return min(self.natural_end, max([self.cancel_at, *ends]) + 0.05 / self.pace)

    def cancel(self) -> None:
        """Cancel the workflow and the steps that run; the steps to come will not."""
        super().cancel()
        for node in self.nodes:
            if node.job is None:
                node.skipped = True
            elif node.job.active:
                node.job.cancel()


class WorkflowApproval(Run):
    """A step that waits for a yes or a no."""

    kind: ClassVar[str] = "workflow_approval"
    model: ClassVar[str] = "WorkflowApproval"
    template: ApprovalTemplate
    answered_at: float | None = None
    answered_by: User | None = None
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
    def expires(self) -> float:
        """Return when it fails for want of an answer, infinite when it waits for ever."""
        timeout = self.template.timeout
        return self.created + timeout / self.pace if timeout else math.inf

    @property
    def natural_end(self) -> float:
        """Return when somebody answered, or when it expires."""
        return self.expires if self.answered_at is None else self.answered_at

    @property
    def ended(self) -> float:
        """Return when it is over: a cancel ends it at once, as nothing runs."""
        return min(self.natural_end, math.inf if self.cancel_at is None else self.cancel_at)

    @property
    def timed_out(self) -> bool:
        """Return whether it has failed for want of an answer."""
        return self.answered_at is None and not self.was_canceled and not self.active

    @property
    def job_explanation(self) -> str:
        """Return that it has expired, if it has."""
        if not self.timed_out:
            return ""
        seconds = self.template.timeout
        return f"The approval node {self.name} ({self.id}) has expired after {seconds} seconds."

    @property
    def status(self) -> str:
        """Return pending until answered."""
        if self.was_canceled:
            return "canceled"
        return "pending" if self.active else self.final_status

    @property
    def final_status(self) -> str:
        """Return successful for a yes."""
        return "successful" if self.approved else "failed"

    def answer(self, user: User, *, approved: bool) -> None:
        """Note the answer and who gave it."""
        self.answered_at, self.answered_by = self.world.now(), user
        self.approved = approved
        self.world.scheduler.changed()
