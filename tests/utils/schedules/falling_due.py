"""When rules fall due in AWX, by what stands for it here."""

from __future__ import annotations

from datetime import datetime, timezone

from demo import recurrence

# A Sunday, 16:20:30 in Berlin.
NOW = datetime(2026, 11, 22, 15, 20, 30, tzinfo=timezone.utc)
BERLIN = "DTSTART;TZID=Europe/Berlin"


def due(text: str, now: datetime, count: int) -> list[datetime]:
    """Return the next times as AWX has them at a moment, by the clock on the wall."""
    rules = recurrence.ruleset(text, now.timestamp())
    return [each.replace(tzinfo=None) for each in rules.xafter(now, count=count)]
