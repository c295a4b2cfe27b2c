"""Points in time as people write them: a date, a time, or how long ago."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from utils.values import duration_s


def moment(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """Return the time."""
    try:
        if re.fullmatch(r"[\d.]+[smhd]", text):
            return now - timedelta(seconds=duration_s(text))
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (ValueError, OverflowError):
        raise ValueError(
            "takes a duration such as 7d or 12h, or a date such as 2026-01-31"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=zone) if zone else found.astimezone()
