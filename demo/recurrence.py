"""When a recurrence rule falls due, by the same library and with the same quirks as AWX.

After awx/main/models/schedules.py of 24.6.1. Times are seconds since the epoch.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from dateutil.parser import parserinfo
from dateutil.rrule import HOURLY, MINUTELY, rruleset, rrulestr
from dateutil.tz import UTC, datetime_exists
from dateutil.zoneinfo import get_zonefile_instance

Zone: TypeAlias = Any  # dateutil's, which has its file's name

UTC_NAMES = dict.fromkeys(parserinfo().UTCZONE, UTC)
FAST_FORWARD_DAYS = 7
PREVIEWED = 10
LOOKED_AT = 20  # of which those that the clock leaves out are dropped


class Rule(NamedTuple):
    """What AWX looks at of one RRULE of a set."""

    start: datetime
    frequency: int
    times: int | None
    until: datetime | None

    @property
    def zone(self) -> Zone:
        """Return the zone that the rule is of."""
        return self.start.tzinfo


def _rules(found: Any) -> list[Rule]:  # noqa: ANN401 - the library has no words for its parts
    return [
        Rule(each._dtstart, each._freq, each._count, each._until)  # noqa: SLF001 - as AWX does
        for each in found._rrule  # noqa: SLF001 - likewise
    ]


def ruleset(text: str, now: float) -> rruleset:
    """Return the rules of a text; raises ValueError, AttributeError and others where it has none.

    Rules by the hour or minute that began long ago begin at the same time of day a week ago, as
    AWX has it: those that do not divide a day get out of step by that.
    """
    text = with_utc_until(text)
    found = _parsed(text)
    if any(rule.zone is None for rule in _rules(found)):
        raise ValueError("A valid TZID must be provided (e.g., America/New_York)")
    earliest = next(iter(found), None)
    moment = _moment(now)
    if earliest is None or (moment - earliest).days <= FAST_FORWARD_DAYS:
        return found
    if any(each.frequency in {HOURLY, MINUTELY} and not each.times for each in _rules(found)):
        day = (moment - timedelta(days=FAST_FORWARD_DAYS)).strftime("%Y%m%d")
        return _parsed(re.sub(r"(DTSTART[^:]*):[^T]+T", rf"\1:{day}T", text))
    return found


def _parsed(text: str) -> rruleset:
    made = rrulestr(text, forceset=True, tzinfos=UTC_NAMES)
    assert isinstance(made, rruleset)  # noqa: S101 - it is told to make one
    return made


def with_utc_until(text: str) -> str:
    """Return a rule whose every UNTIL is in UTC: one without a zone is of that of DTSTART."""
    words = text.split()
    start = next((word for word in words if word.upper().startswith("DTSTART")), "")
    for number, word in enumerate(words):
        if "until=" not in word.lower():
            continue
        found = re.search(r"UNTIL=([0-9]+T[0-9]+)(Z?)", word)
        if found is None:
            raise AttributeError("'NoneType' object has no attribute 'group'")
        if found[2]:
            continue
        once = _rules(_parsed(f"{start} RRULE:FREQ=DAILY;INTERVAL=1;COUNT=1"))[0]
        local = datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=once.zone)
        utc = local.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        words[number] = word.replace(found[0], f"UNTIL={utc}")
    return " ".join(words)


def next_after(rules: rruleset, now: float) -> float | None:
    """Return when the rules fall due next; a time that the clock leaves out is passed over once."""
    found = rules.after(_moment(now))
    if found is not None and not datetime_exists(found):
        found = rules.after(found)
    return found.timestamp() if found is not None else None


def first(rules: rruleset) -> float | None:
    """Return when the rules fall due first."""
    found = next(iter(rules), None)
    return found.timestamp() if found is not None else None


def last(rules: rruleset) -> float | None:
    """Return when the rules fall due last, None where they go on or never do."""
    if not all(rule.until or rule.times for rule in _rules(rules)):
        return None
    found = list(rules)[-1:]
    return found[0].timestamp() if found else None


def preview(rules: rruleset, now: float) -> list[datetime]:
    """Return the next ten times in the rules' own zone, without those that the clock leaves out."""
    coming = rules.xafter(_moment(now), count=LOOKED_AT)
    return [each for each in coming if datetime_exists(each)][:PREVIEWED]


def zone_of(rules: rruleset) -> str:
    """Return the name of the rules' zone."""
    zone = _rules(rules)[0].zone
    if zone is UTC:
        return "UTC"
    file = getattr(zone, "_filename", None) or ""
    return next((name for name in _longest_first() if file.endswith(name)), "")


def until_of(rules: rruleset) -> str:
    """Return the first UNTIL as a time of the rules' zone, empty where there is none."""
    for rule in _rules(rules):
        if rule.until:
            return rule.until.astimezone(rule.zone).replace(tzinfo=None).isoformat()
    return ""


@cache
def _longest_first() -> list[str]:
    return sorted(zones(), key=len, reverse=True)


@cache
def zones() -> list[str]:
    """Return the names of all zones."""
    return sorted(get_zonefile_instance().zones)


@cache
def links() -> dict[str, str]:
    """Return the zones that are other names of others."""
    zones: dict[str, Zone] = get_zonefile_instance().zones
    files = {name: str(zone._filename) for name, zone in zones.items()}  # noqa: SLF001 - as AWX
    return {name: file for name, file in files.items() if name != file}


def _moment(now: float) -> datetime:
    return datetime.fromtimestamp(now, timezone.utc)
