"""Following one job to its end: what is pushed as it comes, what is stored where that has holes.

AWX pushes at most 30 events a second, out of order, the last ones perhaps after the final status;
its store has all of them, up to two seconds later. So push carries and REST completes, and where
nothing is pushed, REST does all of it. The output is whole when the counters are contiguous up to
`final_counter`, or when AWX says that all events are stored.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from utils import logger
from utils.event_reader import EventReader
from utils.polling import Pace
from utils.push import News, Push, PushLost
from utils.waiting import FINAL_STATUSES, STORED_WITHIN_S, events_stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from utils.awx_client import Client
    from utils.jobs import Launched
    from utils.record import Record
    from utils.transcript import Transcript

log = logger.get("follow")

# A hole in what is pushed mostly fills by itself.
HOLE_S = 0.5
# After that long without a word, AWX is asked whether there was nothing to say.
SILENCE_S = 15.0
LAST_WORDS_S = 0.2
REOPEN_FIRST_S, REOPEN_LAST_S = 1.0, 60.0
WAITING = frozenset({"new", "pending", "waiting"})


class Follower:
    """One job, its transcript, and where news of it come from at the moment."""

    def __init__(
        self,
        client: Client,
        job: Launched,
        transcript: Transcript,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        use_push: bool = True,
    ) -> None:
        self._client = client
        self._job = job
        self._transcript = transcript
        self._sleep = sleep
        self._clock = clock
        self._use_push = use_push
        self._push: Push | None = None
        self._reader: EventReader | None = None
        self._status = ""
        self._final_counter: int | None = None
        self._pace = Pace(clock)
        self._last_news = self._last_read = clock()
        self._reopen_at = clock()
        self._reopen_pause_s = REOPEN_FIRST_S
        self.is_whole = False

    def follow(self) -> Record:
        """Return the job as AWX describes it when it is over and all its output was taken."""
        try:
            detail = self._start()
            while self._status not in FINAL_STATUSES:
                self._take(self._news())
            return self._finish(detail)
        finally:
            if self._push:
                self._push.close()

    def _start(self) -> Record:
        if self._job.status not in FINAL_STATUSES:
            self._open_push()
        # After the subscription, so that no change falls between the two.
        detail = self._look()
        self._reader = EventReader.of(self._client, self._job)
        if self._status not in WAITING:
            self._read()
        return detail

    def _look(self) -> Record:
        """Ask for the job's details, and take its status from them."""
        detail = self._client.get(self._job.path)
        self._take(News(status=detail.text("status")))
        return detail

    def _take(self, news: News) -> bool:
        """Take news in; tell whether there were any."""
        progress = self._transcript.take(news.events)
        if news.final_counter is not None:
            self._final_counter = news.final_counter
        # A late message must not take a job back from its end.
        if news.status and news.status != self._status and self._status not in FINAL_STATUSES:
            self._status = news.status
            log.info("job %d is %s", self._job.job_id, self._status)
            progress = True
        if progress or news.events:
            self._last_news = self._clock()
            self._pace.hurry()
        return bool(news)

    def _news(self) -> News:
        if self._push is None and self._use_push and self._clock() >= self._reopen_at:
            self._reopen()
        return self._pushed() if self._push else self._polled()

    def _pushed(self) -> News:
        hole_s, silent_s = self._transcript.hole_age_s, self._clock() - self._last_news
        if hole_s > HOLE_S and self._clock() - self._last_read > HOLE_S:
            self._read()
        if silent_s > SILENCE_S:
            self._question_silence()
        patience_s = HOLE_S if self._transcript.has_hole else SILENCE_S
        return self._wait_for_push(patience_s)

    def _wait_for_push(self, seconds: float) -> News:
        if not self._push:
            return News()
        try:
            return self._push.wait(seconds)
        except PushLost as error:
            self._lose_push(str(error))
            return News()

    def _polled(self) -> News:
        self._sleep(self._pace.pause_s())
        if self._status in WAITING or not self._read():
            self._look()
        return News()

    def _read(self) -> bool:
        """Take all that is stored after what was shown; tell whether there was anything."""
        if not self._reader:
            return False
        self._last_read = self._clock()
        before, more = self._transcript.last, True
        while more:
            last = self._transcript.last
            events, more = self._reader.after(last)
            self._take(News(events=events))
            # Where nothing fits on, all behind is the same hole.
            more = more and self._transcript.last > last
        return self._transcript.last > before

    def _question_silence(self) -> None:
        before = self._status, self._transcript.last
        self._look()
        self._read()
        self._last_news = self._clock()
        if before != (self._status, self._transcript.last):
            self._lose_push("it is silent")

    def _open_push(self) -> None:
        if not self._use_push:
            return
        try:
            self._push = Push(self._client, self._job.job_id, self._job.kind)
        except PushLost as error:
            # What is refused will hardly be had in a moment, unlike what was cut off.
            self._reopen_pause_s = REOPEN_LAST_S
            self._lose_push(str(error))

    def _reopen(self) -> None:
        self._open_push()
        if self._push:
            log.debug("the websocket is open again")
            self._look()
            self._read()

    def _lose_push(self, reason: str) -> None:
        log.debug("no news are pushed (%s): polling", reason)
        if self._push:
            self._push.close()
            self._push = None
        self._reopen_at = self._clock() + self._reopen_pause_s
        self._reopen_pause_s = min(self._reopen_pause_s * 2, REOPEN_LAST_S)

    def _finish(self, detail: Record) -> Record:
        """Take what comes after the end, and return the job's last details."""
        ended = self._clock()
        while self._reader and not self._has_all():
            if self._push and self._take(self._wait_for_push(LAST_WORDS_S)):
                continue
            if self._final_counter is None:
                detail = self._client.get(self._job.path)
            self._read()
            if events_stored(detail) and detail.text("status") == self._status:
                # A job whose events were cleaned away may have its output all the same.
                self.is_whole = self._transcript.last > 0 and not self._transcript.has_hole
                break
            if self._clock() - ended > STORED_WITHIN_S:
                log.warning(
                    "AWX does not say that all output of job %d is stored", self._job.job_id
                )
                break
            if not self._push:
                self._sleep(self._pace.pause_s())
        while self._transcript.has_hole:
            self._transcript.show_over_holes()
            self._read()
        if missing := self._transcript.missing:
            log.warning("%d event(s) of job %d never came", missing, self._job.job_id)
        is_last = detail.text("status") == self._status
        return detail if is_last else self._client.get(self._job.path)

    def _has_all(self) -> bool:
        if self._final_counter is not None and self._transcript.last >= self._final_counter:
            self.is_whole = True
        return self.is_whole
