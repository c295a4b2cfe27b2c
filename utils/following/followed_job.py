"""One job that is followed: where it is now, its output in order, and what of it is missing.

AWX pushes at most 30 events a second, out of order, the last ones perhaps after the final status;
its store has all of them, up to two seconds later. So push carries and REST completes, and where
nothing is pushed, REST does all of it. The output is whole when the counters are contiguous up to
`final_counter`, or when AWX says that all events are stored.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import BadAnswer, NotFound, Refused
from utils.following.event_reader import EventReader
from utils.following.line_filter import all_text
from utils.following.news import News
from utils.following.tally import Tally
from utils.following.transcript import Transcript
from utils.following.usual_duration import usual_duration_s
from utils.following.waiting_reason import WaitingReason
from utils.jobs import WITHOUT_OUTPUT
from utils.record import Record
from utils.waiting import DELETED, FINAL_STATUSES, STORED_WITHIN_S, WAITING_STATUSES, events_stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from utils.awx_client import Client
    from utils.failures import Failure
    from utils.following.nodes import Node
    from utils.following.transcript import Line
    from utils.jobs import Launched

log = logger.get("follow")


# A hole in what is pushed mostly fills by itself. Where the store has nothing of it yet either,
# each further question waits twice as long.
HOLE_S, LONGEST_HOLE_S = 0.5, 4.0
LAST_WORDS_S = 0.2
SOON_S, SLOWLY_S = 2.0, 1.0
# A 404 may be that of a proxy.
MISSED_S = 1.0
# What is more comes out of the store only.
PUSHED_A_SECOND = 30
# After that long without a word, AWX is asked whether there was nothing to say.
SILENCE_S = 15.0
COUNTS = "host_status_counts"


class FollowedJob:
    """A job of any kind, fed with news by its follower, reading for itself what they leave out.

    `show` gets its text, event by event, or what `select` makes of it, from the event after the
    counter `after` on. It is over (`is_over`) when it has come to its end and
    its output was taken; `is_whole` says whether all of that came, `is_lost` that it was deleted
    in AWX. `detail` is AWX's last word about it. `name` tells it from others that are followed
    with it.
    """

    def __init__(
        self,
        client: Client,
        job: Launched,
        show: Callable[[bytes], None],
        *,
        name: str = "",
        select: Callable[[Line], bytes] = all_text,
        after: int = 0,
        is_step: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.job = job
        self.name = name
        self.is_step = is_step
        self.status = ""
        # Whether AWX said that, or it was only concluded from its output.
        self.is_status_told = False
        self.detail: Record | None = None
        self.is_over = False
        self.is_whole = False
        self.is_lost = False
        self.tally = Tally()
        # The jobs that it has started, which only a workflow does, and the nodes that it has.
        self.steps: dict[int, FollowedJob] = {}
        self.nodes: list[Node] = []
        # What is known of why it failed, once it has ended.
        self.failures: list[Failure] = []
        self.expected_s: float | None = None
        self._started = clock()
        self.show = show
        self.select = select
        self.client = client
        self.clock = clock
        self._transcript = Transcript(self._show_line, clock, after=after)
        self._reader = EventReader.of(client, job)
        self.waiting = WaitingReason(client, job, clock)
        self._final_counter: int | None = None
        self._is_fresh = False
        self._prints_much = False
        self._missed_at: float | None = None
        self._hole_s = HOLE_S
        self._last_news = self._last_read = self._ended = clock()

    def __str__(self) -> str:
        return f"job {self.job.job_id}" + (f" ({self.name})" if self.name else "")

    @property
    def is_final(self) -> bool:
        """Whether it has come to its end; some of its output may still be to come."""
        return self.status in FINAL_STATUSES or self.is_lost

    @property
    def is_waiting(self) -> bool:
        """Whether it has not begun."""
        return not self.status or self.status in WAITING_STATUSES

    @property
    def running_s(self) -> float:
        """Seconds since it began to run, or for which it ran; 0 while it waits."""
        if self.is_waiting:
            return 0.0
        return (self._ended if self.is_final else self.clock()) - self._started

    @property
    def waited_s(self) -> float:
        """Seconds since it is followed, 0 once it runs."""
        return self.clock() - self._started if self.is_waiting else 0.0

    @property
    def seems_over(self) -> bool:
        """Whether its last play has ended, so that its status is about to change."""
        return self.tally.is_at_end

    @property
    def patience_s(self) -> float:
        """How long to wait for news before it wants to be tended again."""
        if self._missed_at is not None:
            return MISSED_S
        if self.is_final:
            return LAST_WORDS_S / 2 if self._prints_much else LAST_WORDS_S
        if self._transcript.has_hole:
            return max(self._hole_due_in_s, 0.0)
        quiet_s = max(SILENCE_S - self.silent_s, 0.0)
        return min(quiet_s, self.waiting.next_in_s) if self.is_waiting else quiet_s

    def note_question(self) -> None:
        """Note that AWX was asked about it just now."""
        self._last_news = self.clock()

    @property
    def silent_s(self) -> float:
        """How long nothing was heard of it."""
        return self.clock() - self._last_news

    def usual_s(self) -> float:
        """Return how long such a job takes as a rule, 0 if that is not known; asked for once."""
        if self.expected_s is None and self.detail:
            self.expected_s = usual_duration_s(self.client, self.detail)
        return self.expected_s or 0.0

    @property
    def state(self) -> tuple[str, int]:
        """What changes when anything happens to it."""
        return self.status, self._transcript.last

    def take(self, news: News) -> bool:
        """Take news in; tell whether it got on."""
        progress = self._transcript.take(news.events)
        self.is_status_told |= bool(news.status)
        # What prints has begun, even if nobody said so.
        status = news.status or ("running" if news.events and self.is_waiting else "")
        if news.final_counter is not None:
            self._final_counter = news.final_counter
        # A late message must not take a job back from its end.
        if status and status != self.status and not self.is_final:
            if self.is_waiting:
                self._started = self.clock()
            self.status = status
            self._ended = self.clock()
            log.info("%s is %s", self, self.status)
            progress = True
        if progress or news.events:
            self._last_news = self.clock()
        if not self._transcript.has_hole:
            self._hole_s = HOLE_S
        if news.is_hint:
            self.look()
        return progress or bool(news.events)

    def look(self) -> None:
        """Ask for its details (`GET /api/v2/jobs/N/`)."""
        try:
            self.take_details(self.client.get(self.job.path))
            self._missed_at = None
        except NotFound as error:
            self._miss(error)
        except Refused as error:
            self._hide(error)

    def take_details(self, detail: Record) -> None:
        """Take in what AWX says of it: where it is, and how long it is running."""
        if detail.integer("id") != self.job.job_id:
            raise BadAnswer(f"{detail.origin}: AWX tells of job {detail.integer('id')} instead")
        self.detail = detail
        self.take(News(self.job.job_id, status=detail.text("status")))
        self._is_fresh = self.is_final
        # One that was running already when it was found is older than our looking at it.
        elapsed_s = detail.fields.get("elapsed")
        if isinstance(elapsed_s, int | float) and not self.is_waiting:
            self._started = (self._ended if self.is_final else self.clock()) - elapsed_s

    def read(self) -> bool:
        """Take all that is stored after what was shown; tell whether it got on."""
        if not self._reader or self.is_waiting:
            return False
        self._last_read = self.clock()
        before, more = self._transcript.last, True
        try:
            while more:
                last = self._transcript.last
                events, more = self._reader.after(last)
                self.take(News(self.job.job_id, events))
                # Where nothing fits on, all behind is the same hole.
                more = more and self._transcript.last > last
        except NotFound:
            self.look()
        except Refused as error:
            self._hide(error)
        return self._transcript.last > before

    def tend(self, *, pushed: bool) -> None:
        """Do what is due: fill holes, come to the end, say what it waits for."""
        if self._missed_at is not None:
            self._look_again(self._missed_at)
        elif self.is_final:
            self._end(pushed=pushed)
        elif self.is_waiting:
            self._wait_on()
        elif self._hole_due_in_s <= 0:
            self._hole_s = HOLE_S if self.read() else min(self._hole_s * 2, LONGEST_HOLE_S)

    @property
    def host_counts(self) -> object:
        """How many hosts are in each of AWX's states, as AWX or the recap says; None if neither."""
        counts = self.detail.fields.get(COUNTS) if self.detail else None
        return self.tally.recap if counts is None else counts

    def conclude(self) -> Record:
        """Return the last details of a job that is over, or what is known where it was deleted.

        AWX counts the hosts after it has stored the recap, so they may be counted out of that here.
        """
        if not self.is_lost and (not self.detail or self.detail.text("status") != self.status):
            self.look()
        if self.detail and self.detail.text("status") == self.status:
            fields = self.detail.fields
            if COUNTS in fields and fields[COUNTS] != self.host_counts:
                return Record({**fields, COUNTS: self.host_counts}, self.detail.origin)
            return self.detail
        known = {"id": self.job.job_id, "type": self.job.kind, "status": self.status}
        return Record(known, self.job.path)

    def _look_again(self, missed_at: float) -> None:
        if self.clock() - missed_at >= MISSED_S:
            self.look()

    def _wait_on(self) -> None:
        if self.waiting.next_in_s <= 0:
            self.look()
            if self.is_waiting and self.detail:
                self.waiting.tell(str(self), self.detail)

    @property
    def _hole_due_in_s(self) -> float:
        """Seconds until a hole is to be asked for; infinite without one."""
        if not self._transcript.has_hole:
            return math.inf
        since_read_s = self.clock() - self._last_read
        return max(HOLE_S - self._transcript.hole_age_s, self._hole_s - since_read_s)

    def _show_line(self, line: Line) -> None:
        self.tally.take(line)
        if text := self.select(line):
            self.show(text)

    def _end(self, *, pushed: bool) -> None:
        """Take what comes after the end, once more; it is over when no more is to be expected."""
        if self.is_step and not self._reader:
            self._close()
        if not self._has_all() and not self.is_over:
            if pushed and not self._is_time_to_ask():
                return
            is_first, self._is_fresh = self._is_fresh, False
            # What it said when it told of the end will do for once.
            if self._final_counter is None and not is_first:
                self.look()
            stored = self._is_stored()
            if stored or is_first or pushed:
                self.read()
            if not self.is_over and not stored and not self._has_all():
                if self.clock() - self._ended <= STORED_WITHIN_S:
                    return
                log.warning("AWX does not say that all output of %s is stored", self)
                self.read()
        if not self.is_over:
            self._close()

    def _is_time_to_ask(self) -> bool:
        """Tell whether what is missing will hardly be pushed any more."""
        now = self.clock()
        is_much = (self._final_counter or 0) - self._transcript.last > PUSHED_A_SECOND
        self._prints_much |= is_much
        # A few last lines may still be pushed; of a job that prints more, they are stored only.
        pause_s = LAST_WORDS_S / 2 if self._prints_much else 2 * LAST_WORDS_S
        # One whose last word does not come is not asked for it several times a second for long.
        pause_s = pause_s if now - self._ended < SOON_S else SLOWLY_S
        if self._last_read > self._ended and now - self._last_read < pause_s:
            return False
        return is_much or now - self._last_news >= LAST_WORDS_S

    def _has_all(self) -> bool:
        if self._final_counter is not None and self._transcript.last >= self._final_counter:
            self.is_whole = True
        return self.is_whole

    def _is_stored(self) -> bool:
        """Tell whether AWX says of the job's end that all was stored."""
        return bool(
            self.detail and events_stored(self.detail) and self.detail.text("status") == self.status
        )

    def _close(self) -> None:
        # A job whose events were cleaned away may have its output all the same.
        complete = self._transcript.last > 0 and not self._transcript.has_hole
        self.is_whole |= (complete and self._is_stored()) or self.job.kind in WITHOUT_OUTPUT
        while self._transcript.has_hole:
            self._transcript.show_over_holes()
            self.read()
        if missing := self._transcript.missing:
            log.warning("%d event(s) of %s never came", missing, self)
        self.is_over = True

    def _miss(self, error: NotFound) -> None:
        """Believe that it was deleted when AWX says so twice, with some time in between."""
        if self._missed_at is None:
            self._missed_at = self.clock()
        elif self.clock() - self._missed_at >= MISSED_S:
            self._lose(error)

    def _hide(self, error: Refused) -> None:
        """Do without the output of a workflow's job that is not shown to this user."""
        if not self.is_step:
            raise error
        if self._reader:
            log.warning("the output of %s is not shown to this user: %s", self, error)
        self._reader = None
        self.is_over |= self.is_final

    def _lose(self, error: NotFound) -> None:
        """Let go of a job that was deleted: how it ended may be known, its output is not."""
        if not self.is_final:
            self.status = DELETED
        if not self.is_lost:
            log.warning("%s is not there any more, the rest of its output is lost: %s", self, error)
        self.detail = self._missed_at = None
        self.is_lost = self.is_over = True
