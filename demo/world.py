"""The live state of the embedded AWX: tables, tokens, runs, and the clock they all follow."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from demo import due_schedules, model, poses, seed, seed_oauth, seed_people, seed_schedules
from demo.access_store import AccessStore
from demo.granting import Assignments
from demo.history import Runs
from demo.live import Live
from demo.model_oauth import Application
from demo.run_kinds import AdHocCommand, Job, ProjectUpdate, Prompts
from demo.run_workflows import WorkflowApproval, WorkflowJob
from demo.runs import Run
from demo.scheduler import Scheduler
from demo.stencils import Stencils
from demo.steps import Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from demo.aliases import Passed

T = TypeVar("T", bound=model.Entity)
R = TypeVar("R", bound=Run)


class World(AccessStore):
    """Everything this AWX knows. All times are seconds since the epoch."""

    def __init__(
        self,
        *,
        password: str = "password",  # noqa: S107 - the documented default of a demonstration
        jobs: int = 0,
        speed: float = 1.0,
        clock: Callable[[], float] = time.time,
        capacity: int = seed.CAPACITY,
        posing_as: str = poses.AWX.name,
        runs_schedules: bool = False,
        big: int = seed.BIG,
    ) -> None:
        super().__init__()
        self.pose = poses.POSES[posing_as]
        self.clock = clock
        self.speed = speed
        self.born = clock()
        self.late_events = True
        # Switched off, no run is ever said to have all its events stored.
        self.says_stored = True
        self.live = Live(self)
        self.requests: list[tuple[str, str, int]] = []
        self._moment: float | None = None
        self.tables = seed.tables(password, self.born, big)
        self.roles = Assignments(self.tables, self.now)
        seed_people.grant(self.tables, self.roles)
        if self.pose is poses.GATEWAY:
            default, admin = self.get(model.Organization, 1), self.get(model.User, 1)
            self.tables[Application][4] = seed_oauth.machine(default, admin)
        users = [self.get(model.User, 1), self.get(model.User, 2)]
        ran = [self.get(model.JobTemplate, row_id) for row_id in seed.WITH_HISTORY]
        for row in seed_schedules.schedules(ran, users[0], self.born):
            self.tables.setdefault(type(row), {})[row.id] = row
        self.last_schedule = seed_schedules.LAST
        # Else their times pass by: what launches by itself would be in the way of tests.
        self.runs_schedules = runs_schedules
        self.instance = self.get(model.Instance, 1)
        self.instance.size = capacity
        self.scheduler = Scheduler(self, self.instance)
        self.stencils = Stencils()
        self.jobs = Runs(self, ran, users, jobs)
        self.jobs.fill([p for p in self.all(model.Project) if p.scm_type])

    # The clock

    def now(self) -> float:
        """Return the time; during a request it stands still."""
        return self.clock() if self._moment is None else self._moment

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Hold the clock for one request and start what has become due."""
        self._moment = self.clock()
        try:
            due_schedules.look(self)
            for run in list(self.jobs.kept.values()):
                if isinstance(run, WorkflowJob) and run.workflow is None and run.active:
                    run.advance()
            yield
        finally:
            self._moment = None

    # Tables

    def all(self, kind: type[T]) -> list[T]:
        """Return the rows of a table."""
        return list(self.tables.get(kind, {}).values())  # type: ignore[arg-type]

    def get(self, kind: type[T], row_id: int) -> T:
        """Return a row, or raise KeyError."""
        return self.tables.get(kind, {})[row_id]  # type: ignore[return-value]

    def runs(self, kind: type[R]) -> list[R]:
        """Return the kept runs of one kind; bulk jobs are not among them."""
        return [run for run in self.jobs.kept.values() if isinstance(run, kind)]

    def purge(self, run_id: int) -> None:
        """Remove a run at once, whatever its state, as an administrator's clean-up does.

        The jobs of a workflow stay, and a workflow under way starts a lost step again.
        """
        run = self.jobs[run_id]
        if run.workflow is not None:
            run.workflow.lose(run)
        if isinstance(run, WorkflowJob):
            run.let_go()
        self.jobs.remove(run)
        self.scheduler.forget(run)

    # The instance that runs everything

    def set_capacity(self, capacity: int) -> None:
        """Give the only instance another capacity; 0 lets nothing start."""
        self.instance.size = capacity
        self.scheduler.resize()

    def enable_instance(self, *, enabled: bool) -> None:
        """Take the only instance out of service, or back; what runs on it goes on."""
        self.instance.enabled = enabled
        self.scheduler.resize()

    # Runs

    def update_project(
        self, project: model.Project, user: model.User | None, **more: Passed
    ) -> ProjectUpdate:
        """Start an update; AWX does not merge it with another one that waits or runs."""
        run = ProjectUpdate(self, self.jobs.new_id(), project, user, **more)
        self.jobs.add(run)
        return run

    def launch(
        self,
        template: model.JobTemplate,
        user: model.User | None,
        prompts: Prompts,
        launch_type: str = "manual",
        **more: Passed,
    ) -> Job | WorkflowJob:
        """Start a job, or the workflow job that a sliced template makes."""
        slices = prompts.job_slice_count or template.job_slice_count
        inventory = prompts.inventory or template.inventory
        slices = min(slices, inventory.total_hosts if inventory else 1)
        if slices > 1:
            more["launch_type"] = launch_type
            return self._launch_sliced(template, user, prompts, slices, **more)
        return self._job(template, user, prompts, launch_type=launch_type, **more)

    def _job(
        self, template: model.JobTemplate, user: model.User | None, prompts: Prompts, **more: Passed
    ) -> Job:
        job = Job(self, self.jobs.new_id(), template, user, prompts=prompts, **more)
        if template.project.scm_update_on_launch:
            job.dependencies = [self._update_before(job, user)]
        self.jobs.add(job)
        return job

    def _update_before(self, job: Job, user: model.User | None) -> ProjectUpdate:
        """Return the update that a job waits for: the one under way, or a new one."""
        updates = [run for run in self.runs(ProjectUpdate) if run.project is job.project]
        if updates and updates[-1].active:
            return updates[-1]
        when, kind = job.created, "dependency"
        return self.update_project(job.project, user, created=when, launch_type=kind)

    def _launch_sliced(
        self,
        template: model.JobTemplate,
        user: model.User | None,
        prompts: Prompts,
        slices: int,
        **more: Passed,
    ) -> WorkflowJob:
        def spawn(parent: WorkflowJob, node: Node, begun: float) -> Run:
            job = self._job(
                template,
                user,
                prompts,
                created=begun,
                launch_type="workflow",
                slice_number=parent.nodes.index(node) + 1,
                slice_count=slices,
            )
            job.workflow = parent
            return job

        specs = [model.NodeSpec(id=n, identifier="", template=template) for n in range(slices)]
        return self._workflow(template, user, prompts, specs, spawn, **more)

    def launch_workflow(
        self,
        template: model.WorkflowTemplate,
        user: model.User | None,
        prompts: Prompts,
        **more: Passed,
    ) -> WorkflowJob:
        """Start a workflow."""

        def spawn(parent: WorkflowJob, node: Node, begun: float) -> Run:
            run = self._step(node.spec.template, user, created=begun, launch_type="workflow")
            run.workflow = parent
            return run

        return self._workflow(template, user, prompts, list(template.nodes), spawn, **more)

    def _step(self, target: model.Entity, user: model.User | None, **more: Passed) -> Run:
        if isinstance(target, model.WorkflowTemplate):
            return self.launch_workflow(target, user, Prompts(), **more)
        if isinstance(target, model.Project):
            return self.update_project(target, user, **more)
        if isinstance(target, model.ApprovalTemplate):
            approval = WorkflowApproval(self, self.jobs.new_id(), target, user, **more)
            self.jobs.add(approval)
            return approval
        assert isinstance(target, model.JobTemplate)  # noqa: S101 - there are no others
        return self._job(target, user, Prompts(), **more)

    def _workflow(
        self,
        template: model.WorkflowTemplate | model.JobTemplate,
        user: model.User | None,
        prompts: Prompts,
        specs: list[model.NodeSpec],
        spawn: Callable[[WorkflowJob, Node, float], Run],
        **more: Passed,
    ) -> WorkflowJob:
        run_id = self.jobs.new_id()
        nodes = [Node(run_id * 100 + number, spec) for number, spec in enumerate(specs)]
        more |= {"nodes": nodes, "prompts": prompts, "spawn": spawn}
        run = WorkflowJob(self, run_id, template, user, **more)
        self.jobs.add(run)
        return run

    def ad_hoc(self, user: model.User, **what: Passed) -> AdHocCommand:
        """Start an ad hoc command on an inventory."""
        run = AdHocCommand(self, self.jobs.new_id(), user, **what)
        self.jobs.add(run)
        return run
