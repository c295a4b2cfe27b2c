"""The zone that a report counts its days and hours in."""

from __future__ import annotations

import time
from datetime import datetime, timezone, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY_S = 86400


class Zone:
    """A named zone, or this machine's own, with its changes of the clock."""

    def __init__(self, name: str = "") -> None:
        """Take an IANA name such as Europe/Berlin; raises ValueError for what is none."""
        self.info: tzinfo | None = None
        self.name = name or _local_name()
        if name.upper() == "UTC":
            self.info = timezone.utc
        elif name:
            try:
                self.info = ZoneInfo(name)
            except (OSError, ValueError, LookupError):
                raise ValueError("takes a zone such as Europe/Berlin or UTC") from None

    def at(self, moment: float) -> datetime:
        """Return seconds since the epoch as a time of this zone."""
        return datetime.fromtimestamp(moment, timezone.utc).astimezone(self.info)

    def offset(self, moment: float) -> int:
        """Return by how many seconds the zone's clock is ahead of UTC at that moment."""
        ahead = self.at(moment).utcoffset()
        return int(ahead.total_seconds()) if ahead else 0

    def stretches(self, since: float, until: float) -> Iterator[tuple[int, int]]:
        """Yield until when (seconds since the epoch) the clock is how far ahead of UTC, in order.

        The last one has no end that matters.
        """
        moment, ahead = int(since), self.offset(since)
        while moment < until:
            later = moment + DAY_S
            if self.offset(later) != ahead:
                later = self._change(moment, later)
                yield later, ahead
                ahead = self.offset(later)
            moment = later
        yield int(until) + DAY_S, ahead

    def _change(self, low: int, high: int) -> int:
        """Return the first second after `low` at which the clock is not as it was at `low`."""
        ahead = self.offset(low)
        while high - low > 1:
            middle = (low + high) // 2
            if self.offset(middle) == ahead:
                low = middle
            else:
                high = middle
        return high


def _local_name() -> str:
    """Return what this machine's own zone is called: `CET/CEST`, or `UTC`."""
    return "/".join(dict.fromkeys(time.tzname if time.daylight else time.tzname[:1]))
