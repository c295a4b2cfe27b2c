"""Points in time as people write them: a date, a time, or how long ago."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, timezone, tzinfo

_AGO = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)([smhdwy])", re.ASCII)
# The units of other durations, and those in which only the past is told.
_UNITS = {
    "s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1),
    "d": timedelta(days=1), "w": timedelta(weeks=1), "y": timedelta(days=365.25),
}  # fmt: skip
_DATE = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
# How many days ago their midnight was.
_DAYS = {"today": 0, "yesterday": 1}
_TAKES = (
    "takes a duration such as 7d or 12h (s, m, h, d, w, y), today, yesterday, or a date such as "
    "2026-01-31 or 2026-01-31T18:30"
)


def moment(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """Return the time that a text means: `7d` before now, a day (its beginning), or a time.

    A day is `today`, `yesterday` or a date. What says no zone itself is meant in `zone`, or in that
    of this machine. The time has a zone, as `now` must. Raises ValueError with what is taken.
    """
    text = text.strip()
    try:
        if ago := _AGO.fullmatch(text):
            found = now - float(ago[1]) * _UNITS[ago[2]]
        elif text in _DAYS:
            day = now.astimezone(zone).date() - timedelta(days=_DAYS[text])
            return _in_zone(datetime.combine(day, time()), zone)
        else:
            found = _in_zone(_read(text), zone)
        # One at the very ends of the calendar is none in every zone.
        found.astimezone(timezone.utc)
    except (ValueError, OverflowError, OSError):
        raise ValueError(_TAKES) from None
    if found == now:
        raise ValueError(_TAKES)
    return found


def _read(text: str) -> datetime:
    """Read a date or a time as every Python does: the one of 3.10 takes less than later ones."""
    date = _DATE.fullmatch(text)
    if not date or (date[4] and not date[2]):
        raise ValueError(text)
    day, clock, fraction, zone = date.groups()
    offset = {"Z": "+00:00"}.get((zone or "").upper(), zone or "")
    if len(offset) == len("+0200"):
        offset = f"{offset[:3]}:{offset[3:]}"
    elif len(offset) == len("+02"):
        offset += ":00"
    clock = clock or "00:00"
    clock += ":00" if len(clock) == len("00:00") else ""
    return datetime.fromisoformat(f"{day}T{clock}.{(fraction or '').ljust(6, '0')}{offset}")


def _in_zone(found: datetime, zone: tzinfo | None) -> datetime:
    if found.tzinfo:
        return found
    return found.replace(tzinfo=zone) if zone else found.astimezone()
