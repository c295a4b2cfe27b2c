"""Following jobs to their ends: AWX pushes what happens to them, or is asked, in one loop for all.

What is pushed and what is read both end up in the same `FollowedJob`, which puts it in order, shows
it and knows when it is over. So the loop only has to know where the next news come from.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import BadAnswer
from utils.following.followed_job import SILENCE_S
from utils.following.news import News
from utils.following.polling import Pace
from utils.following.push import Push, PushLost
from utils.following.workflow import FollowedWorkflow
from utils.jobs import IDS_IN_A_REQUEST
from utils.waiting import FINAL_STATUSES, WAITING_STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from utils.awx_client import Client
    from utils.following.followed_job import FollowedJob

log = logger.get("follow")

REOPEN_FIRST_S, REOPEN_LAST_S = 1.0, 60.0
# What is refused will hardly be had soon, unlike what was cut off.
REFUSED_S = 300.0
# Between looks at jobs that are over, for the last of their output.
LAST_PAUSE_S = 0.3
# So soon a job that begins is heard of.
HEARD_S = 0.6
# Of so many looks near the expected end, one is also at the output.
NEAR_END_READ = 4
# Shorter jobs are over before anything could be done about how long they take.
LONG_S = 300.0


class Follower:
    """Jobs that are followed together, and where news of them come from at the moment.

    How long each takes as a rule is asked for where somebody wants to know (`wants_usual`), and
    where nothing is pushed. `on_caught_up` is called when all that was there at the start is shown,
    `on_long` once when the jobs run for five minutes, with what tells the seconds that they usually
    have left then.
    """

    def __init__(
        self,
        client: Client,
        jobs: Sequence[FollowedJob],
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        use_push: bool = True,
        wants_usual: bool = False,
        on_caught_up: Callable[[], None] = lambda: None,
        on_long: Callable[[Callable[[], float]], None] = lambda _: None,
    ) -> None:
        self._client = client
        self._asked_for = list(jobs)
        # A job may be asked for and be the step of a workflow that is, too.
        self._jobs = list(jobs)
        self._sleep = sleep
        self._clock = clock
        self._use_push = use_push
        self._push: Push | None = None
        self._wants_usual = wants_usual
        self._on_caught_up = on_caught_up
        self._on_long: Callable[[Callable[[], float]], None] | None = on_long
        self._pace = Pace(self._age_s, self._usual_s)
        self._looks_only = 0
        self._reopen_at = clock()
        self._reopen_pause_s = REOPEN_FIRST_S

    def follow(self) -> None:
        """Return when all jobs are over, each with its last details and its output taken."""
        try:
            self._start()
            self._on_caught_up()
            if self._wants_usual:
                self._usual_s()
            while unfinished := self._unfinished():
                self._wait(unfinished)
                self._tend()
                self._tell_of_length()
        finally:
            if self._push:
                self._push.close()

    def _tell_of_length(self) -> None:
        if self._on_long and (age_s := self._age_s()) >= LONG_S:
            self._on_long(lambda: max(0.0, self._usual_s() - age_s))
            self._on_long = None

    def _start(self) -> None:
        self._open_push()
        # After the subscription, so that no change falls between the two.
        if self._wants_usual or not self._is_heard_of():
            self._look_at(self._asked_for)
        for job in self._asked_for:
            job.read()
        self._tend()

    def _is_heard_of(self) -> bool:
        """Tell whether AWX says by itself where the job is, as it does of one that begins.

        By its output alone it could be over already: the last of that comes after the end.
        """
        job = self._asked_for[0]
        if len(self._asked_for) > 1 or job.job.status not in WAITING_STATUSES:
            return False
        until = self._clock() + HEARD_S
        while self._push and not job.is_status_told and (left_s := until - self._clock()) > 0:
            self._wait_for_push(left_s)
        return job.is_status_told

    def _usual_s(self) -> float:
        return max(each.usual_s() for each in self._asked_for)

    def _age_s(self) -> float:
        return max(each.running_s for each in self._asked_for)

    def _unfinished(self) -> list[FollowedJob]:
        return [each for each in self._jobs if not each.is_over]

    def _of_id(self, job_id: int | None) -> list[FollowedJob]:
        return [each for each in self._jobs if each.job.job_id == job_id]

    def _tend(self) -> None:
        """Let each job do what is due, and take in the jobs that workflows have started."""
        for job in self._unfinished():
            if isinstance(job, FollowedWorkflow):
                self._take_in(job.new_steps())
            job.tend(pushed=self._push is not None)

    def _subscribe(self, push: Push) -> None:
        push.subscribe(each.job for each in self._unfinished())

    def _take_in(self, steps: Sequence[FollowedJob]) -> None:
        self._jobs += steps
        if steps and self._push:
            try:
                self._subscribe(self._push)
            except PushLost as error:
                self._lose_push(str(error))
        for step in steps:
            step.read()

    def _wait(self, unfinished: Iterable[FollowedJob]) -> None:
        """Wait for news and hand them on; return without any where a job wants to be tended."""
        if self._push is None and self._use_push and self._clock() >= self._reopen_at:
            self._reopen()
        if not self._push:
            self._poll()
            return
        if silent := [each for each in unfinished if each.silent_s >= SILENCE_S]:
            self._question_silence(silent)
        self._wait_for_push(min(each.patience_s for each in unfinished))

    def _wait_for_push(self, seconds: float) -> None:
        if not self._push:
            return
        try:
            if news := self._push.wait(seconds):
                self._hand_on(news)
        except (PushLost, BadAnswer) as error:
            self._lose_push(str(error))

    def _hand_on(self, news: News) -> None:
        known = self._of_id(news.job_id)
        for job in known:
            job.take(news)
        for workflow in self._of_id(news.workflow_id):
            if not known and isinstance(workflow, FollowedWorkflow):
                workflow.expect_more()

    def _poll(self) -> None:
        """Look at all jobs after a pause: at their output first, since it tells that they go on."""
        running = self._running()
        self._sleep(self._pace.pause_s() if running else LAST_PAUSE_S)
        before = self._states()
        # When they may end at any moment, that is what most of the questions are for.
        self._looks_only = (self._looks_only + 1) % NEAR_END_READ if self._pace.is_near_end else 0
        if not self._looks_only:
            self._read_all(self._unfinished())
        running = self._running()
        if len(running) > 1:
            self._look_at(running)
        elif running and (self._looks_only or self._may_be_over(running[0], before)):
            running[0].look()
        if before != self._states():
            self._pace.hurry()

    def _running(self) -> list[FollowedJob]:
        return [each for each in self._asked_for if not each.is_final]

    @staticmethod
    def _may_be_over(job: FollowedJob, before: Mapping[int, tuple[str, int]]) -> bool:
        """Tell whether its output leaves that open; while more of it comes, it goes on."""
        return job.seems_over or before[job.job.job_id] == job.state

    def _states(self) -> dict[int, tuple[str, int]]:
        return {each.job.job_id: each.state for each in self._jobs}

    @staticmethod
    def _read_all(jobs: Iterable[FollowedJob]) -> None:
        for job in jobs:
            if isinstance(job, FollowedWorkflow):
                job.expect_more()
            elif not job.is_final:
                job.read()

    def _look_at(self, jobs: Sequence[FollowedJob]) -> None:
        """Ask where the jobs are now: one for its details, several by a list."""
        if len(jobs) == 1:
            jobs[0].look()
            return
        for start in range(0, len(jobs), IDS_IN_A_REQUEST):
            some = {each.job.job_id: each for each in jobs[start : start + IDS_IN_A_REQUEST]}
            ids = ",".join(map(str, some))
            rows = self._client.get("unified_jobs/", id__in=ids, page_size=IDS_IN_A_REQUEST)
            for row in rows.records("results"):
                job = some.pop(row.integer("id"), None)
                if job:
                    job.take(News(job.job.job_id, status=row.text("status")))
            # What is not in the list was deleted.
            for lost in some.values():
                lost.look()

    def _question_silence(self, silent: Sequence[FollowedJob]) -> None:
        """Ask about jobs that were not heard of for long: perhaps there was nothing to say."""
        before = self._states()
        self._read_all(silent)
        self._look_at([each for each in silent if not each.is_final and not each.is_step])
        for job in silent:
            job.note_question()
        if before != self._states():
            self._lose_push("it is silent")

    def _open_push(self) -> None:
        if not self._use_push or all(
            each.job.status in FINAL_STATUSES for each in self._unfinished()
        ):
            return
        try:
            self._push = Push(self._client)
            self._subscribe(self._push)
        except PushLost as error:
            self._reopen_pause_s = REFUSED_S
            self._lose_push(str(error))

    def _reopen(self) -> None:
        self._open_push()
        if self._push:
            log.debug("the websocket is open again")
            self._look_at(self._running())
            self._read_all(self._unfinished())

    def _lose_push(self, reason: str) -> None:
        log.debug("no news are pushed (%s): polling", reason)
        if self._push:
            self._push.close()
            self._push = None
        self._reopen_at = self._clock() + self._reopen_pause_s
        self._reopen_pause_s = min(self._reopen_pause_s * 2, REOPEN_LAST_S)
