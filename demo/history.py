"""Past runs: sixty days of plausible history, and any number of older jobs made on the fly."""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from demo.bulk_jobs import DAY_S, BulkJobs, Figures
from demo.columns import Columns
from demo.model_schedules import Schedule
from demo.playbooks import SURE, Scene, broken_worker, failing, script_for
from demo.run_kinds import Job, ProjectUpdate, matching
from demo.run_life import CANCEL_S
from demo.runs import Run
from demo.seed_people import OPERATED
from demo.seed_schedules import ABOVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.aliases import Passed
    from demo.model import JobTemplate, Project, User
    from demo.script import Script
    from demo.world import World

DAYS = 60
FIRST_ID = 9  # so that the oldest past job is the jobs/9/ of the flow document


class Past(Run):
    """A run that ended before this program started: its times are given."""

    duration_s: float
    outcome: str

    def set_past(self, duration_s: float, outcome: str) -> None:
        """Say how long the run took, in seconds, and how it ended."""
        self.duration_s, self.outcome = duration_s, outcome
        if outcome == "canceled":
            self._cancel_at = self.starts + max(0.1, duration_s - CANCEL_S)

    @property
    def pace(self) -> float:
        """Return the script's seconds per second of this run."""
        return 1.0

    def lag(self, seconds: float) -> float:
        """Return no lag: everything is stored long since."""
        return 0.0 * seconds

    @property
    def released(self) -> float:
        """Return when the run left the queue."""
        return self.created + 0.3

    @property
    def natural_end(self) -> float:
        """Return when the run ended, or would have if it had not been canceled."""
        return self.starts + self.duration_s * (3 if self.outcome == "canceled" else 1)

    @property
    def final_status(self) -> str:
        """Return how the run ended."""
        return self.outcome


class PastJob(Past, Job):
    """A job that ended before this program started."""

    @property
    def schedule(self) -> Schedule | None:
        """Return what started the run if nobody did, unless it is removed."""
        if self.launch_type != "scheduled":
            return None
        found = self.world.tables[Schedule].get(ABOVE + self.template.id)
        return found if isinstance(found, Schedule) else None

    @cached_property
    def script(self) -> Script:
        """Return what the job printed, which fits how it ended."""
        hosts = matching(self.inventory.hosts, self.limit) if self.inventory else []
        names = [host.name for host in hosts[:50]]
        scene = Scene(self.id, self.playbook, names, {}, relaunched=self.outcome == "successful")
        behaviour = self.template.behaviour
        if self.outcome == "failed" and behaviour not in SURE | {"flaky"} and names:
            return failing(scene)
        return broken_worker(scene) if self.outcome == "error" else script_for(behaviour, scene)


class BulkJob(PastJob):
    """One of the jobs that exist only while somebody looks at them."""

    def __init__(self, world: World, figures: Figures) -> None:
        kind = figures.kind
        super().__init__(
            world, figures.id, kind.template, kind.user, created=figures.created,
            launch_type=kind.launch_type,
        )  # fmt: skip
        self.figures = figures
        self.set_past(figures.duration_s, kind.outcome)
        if not kind.has_run:
            self._cancel_at = figures.cancel_at

    @property
    def released(self) -> float:
        """Return when the run left the queue; a canceled one may never have."""
        return self.created + self.figures.wait_s

    @property
    def revision(self) -> str:
        """Return the commit of the project at that time."""
        return self.figures.revision

    @property
    def job_explanation(self) -> str:
        """Return why the run ended badly, as far as AWX knows."""
        return self.figures.kind.explanation


class PastUpdate(Past, ProjectUpdate):
    """A project update that ended before this program started."""


def usual_duration(template: JobTemplate, dice: random.Random) -> float:
    """Return a plausible duration in seconds for a run of the template."""
    usual = {"migration": 60.0, "big": 2.5, "unreachable": 12.0}.get(template.behaviour, 3.0)
    return round(usual * dice.uniform(0.96, 1.08), 3)


def usual_outcome(template: JobTemplate, dice: random.Random) -> str:
    """Return how a past run of the template ended: about nine in ten well."""
    if template.behaviour in SURE:
        return "error" if template.behaviour == "broken worker" else "failed"
    draw = dice.random()
    if draw < 0.96:
        return "successful"
    return "failed" if draw < 0.98 else "canceled" if draw < 0.995 else "error"


class Runs(Mapping[int, Run]):
    """Every unified job by id: the bulk ones are made when asked for and not kept."""

    def __init__(
        self, world: World, templates: list[JobTemplate], users: list[User], bulk: int
    ) -> None:
        self.world, self.templates, self.users, self.bulk = world, templates, users, bulk
        self.kept: dict[int, Run] = {}
        self.next_id = FIRST_ID + bulk
        self.gone: set[int] = set()  # bulk jobs that were deleted
        end = world.born - DAYS * DAY_S
        self.bulk_jobs = BulkJobs(templates, users, first=FIRST_ID, count=bulk, end=end)
        self.columns = Columns(self)
        self._bulk_job = lru_cache(maxsize=2048)(self._make_bulk_job)

    def __len__(self) -> int:
        return self.bulk + len(self.kept) - len(self.gone)

    def __iter__(self) -> Iterator[int]:
        yield from self.bulk_ids
        yield from self.kept

    def __getitem__(self, run_id: int) -> Run:
        if FIRST_ID <= run_id < FIRST_ID + self.bulk and run_id not in self.gone:
            return self._bulk_job(run_id)
        return self.kept[run_id]

    @cached_property
    def bulk_ids(self) -> Sequence[int]:
        """Return the ids of the bulk jobs in their order."""
        ids = self.bulk_jobs.ids
        return array("I", (each for each in ids if each not in self.gone)) if self.gone else ids

    def remove(self, run: Run) -> None:
        """Delete a run."""
        if self.kept.pop(run.id, None) is None:
            self.gone.add(run.id)
            self.columns.forget()
            self.__dict__.pop("bulk_ids", None)

    def new_id(self) -> int:
        """Return an id that comes after every other."""
        self.next_id += 1
        return self.next_id - 1

    def _make_bulk_job(self, run_id: int) -> Run:
        return BulkJob(self.world, self.bulk_jobs[run_id])

    def _past(
        self, template: JobTemplate, created: float, dice: random.Random, run_id: int
    ) -> PastJob:
        user = self.users[dice.random() < 0.3 and template.id in OPERATED]
        kind = "scheduled" if dice.random() < 0.4 else "manual"
        who = None if kind == "scheduled" else user
        job = PastJob(self.world, run_id, template, who, created=created, launch_type=kind)
        job.set_past(usual_duration(template, dice), usual_outcome(template, dice))
        return job

    def fill(self, projects: list[Project]) -> None:
        """Make the last sixty days: some runs a day of the templates, and the projects' updates."""
        dice = random.Random(24)
        start = self.world.born - DAYS * DAY_S
        for day in range(DAYS):
            times = sorted(dice.uniform(day, day + 1) for _ in range(dice.randint(6, 12)))
            for when in times:
                template = dice.choice(self.templates)
                run_id = self.new_id()
                created = min(start + when * DAY_S, self.world.born - 600.0)
                self.kept[run_id] = self._past(template, created, dice, run_id)
        for offset, project in enumerate(projects):
            run_id = self.new_id()
            update = PastUpdate(
                self.world, run_id, project, self.users[0], created=self.world.born - 300 + offset
            )
            update.set_past(1.5, "failed" if project.behaviour == "broken" else "successful")
            self.kept[run_id] = update

    def add(self, run: Run) -> None:
        """Keep a run, and start it when nothing is in its way."""
        self.kept[run.id] = run
        self.world.scheduler.add(run)

    def recent(self, **wanted: Passed) -> Iterator[Run]:
        """Yield kept runs, newest first, whose attributes are the very objects wanted."""
        for run in reversed(list(self.kept.values())):
            if all(getattr(run, name, None) is value for name, value in wanted.items()):
                yield run
