"""The zone by whose clock a schedule goes: named, or this machine's own."""

from __future__ import annotations

from datetime import datetime, timezone
from time import time
from typing import TYPE_CHECKING

from utils.errors import BadAnswer, UsageError
from utils.schedules import rule

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client

HALF_A_YEAR_S = 182 * 86400.0


class Zones:
    """The zones that AWX knows (`GET /api/v2/schedules/zoneinfo/`), asked for once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: frozenset[str] | None = None

    def check(self, name: str, source: str) -> None:
        """Raise UsageError where AWX does not know a zone."""
        if name == "UTC":
            return
        if self._known is None:
            try:
                found = self._client.get("schedules/zoneinfo/").texts("zones")
            except BadAnswer:
                # An AWX of another age has another list: the preview of the rule is to tell.
                found = []
            self._known = frozenset(found)
        if self._known and name not in self._known:
            raise UsageError(f"{source}: AWX knows no zone {name!r}{rule.meant(name, self._known)}")


def chosen(settings: Settings) -> tuple[str, str]:
    """Return the name of the zone to take, and where it comes from.

    Raises UsageError where this machine's own has no name.
    """
    if settings.tz:
        name = "UTC" if settings.tz.upper() == "UTC" else settings.tz
        return name, settings.source("tz")
    import tzlocal  # noqa: PLC0415  # only where none is named

    try:
        name = tzlocal.get_localzone_name() or ""
    except (LookupError, ValueError, OSError):
        name = ""
    if not name or name == "local" or not _is_ours(name):
        raise UsageError("what zone this machine is in is not known: pass --tz, as Europe/Berlin")
    return ("UTC" if name in {"UTC", "Etc/UTC"} else str(name)), "this machine's zone"


def _is_ours(name: str) -> bool:
    """Tell whether this machine's clock goes as that zone's, in winter as in summer.

    What TZ says without being the name of a zone is a clock, too, and no name is found for it.
    """
    try:
        zone = rule.zone_of(name)
    except ValueError:
        return False
    moments = [datetime.fromtimestamp(time() + each, timezone.utc) for each in (0, HALF_A_YEAR_S)]
    return all(
        each.astimezone().utcoffset() == each.astimezone(zone).utcoffset() for each in moments
    )
