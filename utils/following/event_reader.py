"""A job's stored events, read by REST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.jobs import WITHOUT_OUTPUT

if TYPE_CHECKING:
    from utils.awx_client import Client
    from utils.jobs import Launched
    from utils.record import Record

FEWEST, MOST = 10, 500
WANTED_BYTES = 1_000_000


class EventReader:
    """Reads events after a counter (`.../job_events/?counter__gt=N&order_by=counter`).

    `size` adapts to the events, since an event may have a few bytes or half a megabyte, and comes
    with its text twice.
    """

    def __init__(self, client: Client, path: str) -> None:
        self._client = client
        self._path = path
        self.size = 100

    @classmethod
    def of(cls, client: Client, job: Launched) -> EventReader | None:
        """Return the reader for a job of any kind, or None where it has no events."""
        if job.kind in WITHOUT_OUTPUT:
            return None
        return cls(client, f"{job.path}{'job_events' if job.kind == 'job' else 'events'}/")

    def before(self, counter: int | None, most: int) -> list[Record]:
        """Return the last stored events, or those before a counter, the last one first."""
        bound = {} if counter is None else {"counter__lt": counter}
        rows = self._client.get(
            self._path, order_by="-counter", no_truncate=1, limit=most, **bound
        ).records("results")
        # Whoever goes on from there would go on for ever, if the bound were not heeded.
        return [row for row in rows if counter is None or row.integer("counter") < counter]

    def after(self, counter: int) -> tuple[list[Record], bool]:
        """Return the next stored events in order, and whether there may be more at once."""
        asked = self.size
        rows = self._client.get(
            self._path,
            counter__gt=counter,
            order_by="counter",
            no_truncate=1,
            # In place of page_size: AWX does not count the events then.
            limit=asked,
        ).records("results")
        if rows:
            average = sum(len(row.maybe_text("stdout")) for row in rows) / len(rows) + 500
            self.size = int(min(max(WANTED_BYTES / average, FEWEST), MOST))
        rows = [row for row in rows if row.integer("counter") > counter]
        return rows, len(rows) >= asked
