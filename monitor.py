"""Step 8, monitor: follow the job to its end, showing what it prints as it appears."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from launch import Launched
from utils import job_text, logger, output
from utils.errors import ExitCode
from utils.waiting import FINAL_STATUSES, Pauses, events_stored, until_events_stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("monitor")

EVENTS_AT_ONCE = 100
EXIT_CODES = {"successful": ExitCode.OK, "canceled": ExitCode.CANCELED}


@dataclass(frozen=True)
class Finished:
    """A job that has come to its end, as AWX describes it."""

    job: Record

    @property
    def status(self) -> str:
        """One of AWX's final statuses: successful, failed, error, canceled."""
        return self.job.text("status")

    @property
    def exit_code(self) -> ExitCode:
        """What this end means for our caller."""
        return EXIT_CODES.get(self.status, ExitCode.JOB_FAILED)

    def __str__(self) -> str:
        text = f"{self.status} after {self.job.number('elapsed'):.1f} s"
        counts = self.job.maybe_record("host_status_counts").items()
        if hosts := ", ".join(f"{number} {state}" for state, number in counts):
            text += f", hosts: {hosts}"
        reason = " ".join(self.job.maybe_text("job_explanation").split())
        return f"{text}: {reason}" if reason else text


def monitor(client: Client, settings: Settings, done: Results) -> Finished:
    """Follow the launched job, printing its output unless a JSON document is wanted."""
    return follow(client, done[Launched], None if settings.output == "json" else shown(settings))


def shown(settings: Settings) -> Callable[[bytes], None]:
    """Return how a job's text goes to standard output: colours only where they are seen."""
    if settings.colors_on_stdout:
        return output.live
    return lambda text: output.live(b"".join(job_text.without_colours([text])))


def follow(
    client: Client,
    job: Launched,
    show: Callable[[bytes], None] | None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Finished:
    """Follow a job of any kind until it is over and all it printed was shown.

    Its details are asked for only while no new event comes, since both would cost a request.
    """
    pauses = Pauses(sleep)
    status = ""
    events: _Events | None = None
    while status not in FINAL_STATUSES:
        if status:
            pauses.wait()
        if events and events.show_new():
            pauses.reset()
            continue
        detail = client.get(job.path)
        if detail.text("status") != status:
            status = detail.text("status")
            log.info("job %d is %s", job.job_id, status)
            pauses.reset()
        if events is None and show:
            events = _Events.of(client, detail, show)
    # Also where nothing is shown: the saved log is made from what is stored.
    show_new = events.show_new if events else lambda: False
    detail = until_events_stored(client, job.path, detail, sleep, clock=clock, each_time=show_new)
    if not events_stored(detail):
        log.warning("AWX does not say that all output of job %d is stored", job.job_id)
    if events and (missing := events.show_over_holes()):
        lacking = "%d event(s) of job %d never came; the saved log may have them"
        log.warning(lacking, missing, job.job_id)
    return Finished(detail)


class _Events:
    """A cursor over a job's events that moves over contiguous counters only.

    The counter of a later event says nothing about an earlier one, so what comes behind a hole is
    asked for again when the hole is filled.
    """

    def __init__(self, client: Client, path: str, show: Callable[[bytes], None]) -> None:
        self._client = client
        self._path = path
        self._show = show
        self._last = 0
        self._hole = False

    @classmethod
    def of(cls, client: Client, job: Record, show: Callable[[bytes], None]) -> _Events | None:
        """Return the events of a job; a workflow has none of its own."""
        related = job.maybe_record("related")
        link = related.maybe_text("job_events") or related.maybe_text("events")
        return cls(client, client.path_of(link), show) if link else None

    def show_new(self) -> bool:
        """Show all that is there without a hole; tell whether there was any."""
        before = self._last
        while self._show_batch(over_holes=False) == EVENTS_AT_ONCE:
            pass
        return self._last > before

    def show_over_holes(self) -> int:
        """Show what came behind a hole; return how many events are missing."""
        missing = 0
        while self._hole:
            before = self._last
            count = self._show_batch(over_holes=True)
            missing += self._last - before - count
            self._hole = count == EVENTS_AT_ONCE
        return missing

    def _show_batch(self, *, over_holes: bool) -> int:
        """Show the next events, and return how many that were."""
        rows = self._client.get(
            self._path,
            counter__gt=self._last,
            order_by="counter",
            no_truncate=1,
            # In place of page_size: AWX does not count the events then.
            limit=EVENTS_AT_ONCE,
        ).records("results")
        count = 0
        for row in rows:
            counter = row.integer("counter")
            self._hole = counter > self._last + 1
            if self._hole and not over_holes:
                break
            self._last = counter
            count += 1
            if text := job_text.of_event(row.maybe_text("stdout")):
                self._show(text)
        return count
