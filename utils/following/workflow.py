"""A workflow that is followed: its nodes, and the jobs that they have started."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from utils import job_text
from utils.errors import NotFound, Refused
from utils.following import nodes
from utils.following.followed_job import HOLE_S, SLOWLY_S, FollowedJob
from utils.following.line_filter import all_text
from utils.following.news import News

if TYPE_CHECKING:
    from collections.abc import Callable

    from utils.awx_client import Client
    from utils.following.transcript import Line
    from utils.jobs import Launched
    from utils.record import Record


class FollowedWorkflow(FollowedJob):
    """A workflow job or a sliced job: its text is that of its jobs, each line with their name."""

    # When its nodes were asked for, and whether they may be other ones by now.
    _looked = -math.inf
    _is_stale = True

    @property
    def patience_s(self) -> float:
        """How long to wait for news before it wants to be tended again."""
        return min(HOLE_S, super().patience_s) if self._is_stale else super().patience_s

    def take(self, news: News) -> bool:
        """Take news in; tell whether it got on."""
        progress = super().take(news)
        self._is_stale |= progress
        return progress

    def expect_more(self) -> None:
        """Note that it has started jobs that are not known yet, or may have."""
        self._is_stale = True

    def new_steps(self) -> list[FollowedJob]:
        """Return the jobs that it has started since the last time; ask for them if need be."""
        now = self.clock()
        if not self._is_stale or self.is_over or self.is_waiting or now - self._looked < HOLE_S:
            return []
        self._is_stale, self._looked = False, now
        try:
            rows = list(nodes.rows(self.client, self.job))
        except NotFound:
            self.look()
            return []
        except Refused as error:
            self._hide(error)
            return []
        self.nodes = [nodes.node_of(row) for row in rows]
        found = [step for row in rows if (step := self._step(row))]
        self.steps |= {step.job.job_id: step for step in found}
        named = {node.job_id: node for node in self.nodes if node.job_id}
        for job_id, step in self.steps.items():
            if job_id in named:
                step.take(News(job_id, status=named[job_id].status))
            elif not step.is_final:
                step.look()  # it was deleted, most likely
        return found

    def _step(self, row: Record) -> FollowedJob | None:
        job = nodes.job_of(self.client, row)
        if not job or job.job_id in self.steps:
            return None
        show = self.show if job.kind == "workflow_job" else prefixed(self.show, job.label)
        return followed(
            self.client, job, show,
            name=job.name, select=self.select, is_step=True, clock=self.clock,
        )  # fmt: skip

    def _end(self, *, pushed: bool) -> None:
        """Be over when all of its jobs are."""
        del pushed
        if all(step.is_over for step in self.steps.values()) and not self._is_stale:
            # What is missing was told; a download would have no more, and another order.
            self.is_whole = self.is_over = True
        elif any(not step.is_final for step in self.steps.values()):
            self._is_stale |= self.clock() - self._looked >= SLOWLY_S


def followed(
    client: Client,
    job: Launched,
    show: Callable[[bytes], None],
    *,
    name: str = "",
    select: Callable[[Line], bytes] = all_text,
    after: int = 0,
    is_step: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> FollowedJob:
    """Return a job of whatever kind, to be followed."""
    kind = FollowedWorkflow if job.kind == "workflow_job" else FollowedJob
    return kind(
        client, job, show,
        name=name, select=select, after=after, is_step=is_step, clock=clock,
    )  # fmt: skip


def prefixed(show: Callable[[bytes], None], name: str) -> Callable[[bytes], None]:
    """Return a `show` that puts a name before each line."""
    return lambda text: show(job_text.prefixed(text, name))
