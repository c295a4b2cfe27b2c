"""The text that AWX keeps of when something runs: DTSTART, RRULEs and EXRULEs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timezone, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from utils.schedules.parts import is_begun_anew, loses_step, parts_of

if TYPE_CHECKING:
    from collections.abc import Collection

_START = re.compile(r"DTSTART(?:;TZID=([^:]+))?:(\d{8}T\d{6})(Z?)")
_UNTIL = re.compile(r"UNTIL=(\d{8}T\d{6})(Z?)")
_NEVER_ON = re.compile(r"INTERVAL=0+(;|$)", re.IGNORECASE)
_STAMP = "%Y%m%dT%H%M%S"
# What AWX says no to, and what takes its place.
_NOT_TAKEN = {
    "EXDATE": "AWX takes no EXDATE: pass the date with --except",
    "RDATE": "AWX takes no RDATE: give further RRULEs",
}


@dataclass(frozen=True)
class Rule:
    """When something runs: from `start` on, by the clock on the wall of a zone (naive).

    `rules` and `exceptions` are RRULEs and EXRULEs without their names. `step_min` is by how many
    minutes the start could be moved, and all fell due as before; 0 where it was given.
    """

    start: datetime
    zone: str
    rules: tuple[str, ...]
    exceptions: tuple[str, ...] = ()
    step_min: int = 0

    def __str__(self) -> str:
        words = [f"RRULE:{rule}" for rule in self.rules]
        words += [f"EXRULE:{rule}" for rule in self.exceptions]
        stamp = _stamp(self.start)
        begin = f"DTSTART:{stamp}Z" if self.zone == "UTC" else f"DTSTART;TZID={self.zone}:{stamp}"
        return " ".join([begin, *words])

    def as_before(self, old: Rule) -> Rule:
        """Return the old rule where this one differs from it in nothing but a start not given."""
        if not self.step_min or replace(self, start=old.start, step_min=0) != old:
            return self
        apart_s = abs((self.start - old.start).total_seconds())
        is_in_step = apart_s % (self.step_min * 60) == 0
        return old if is_in_step and old.start <= self.start else self

    @property
    def is_counted(self) -> bool:
        """Whether it ends after so many times."""
        return all("COUNT" in parts_of(each) for each in self.rules)

    @property
    def drifts(self) -> bool:
        """Whether AWX does not keep it in step, since it begins such rules anew from a week ago."""
        every = (*self.rules, *self.exceptions)
        return is_begun_anew(self.rules) and any(loses_step(parts_of(each)) for each in every)


def parse(text: str) -> Rule:
    """Read the text of a rule as AWX keeps it; raises ValueError, to be read after "it"."""
    begins: list[re.Match[str] | None] = []
    rules: list[str] = []
    exceptions: list[str] = []
    for word in text.split():
        name, colon, value = word.partition(":")
        kind = name.upper().partition(";")[0]
        if kind == "DTSTART":
            begins.append(_START.fullmatch(word))
        elif kind in _NOT_TAKEN:
            raise ValueError(f"has {kind}: {_NOT_TAKEN[kind]}")
        elif colon and kind in {"RRULE", "EXRULE"}:
            (rules if kind == "RRULE" else exceptions).append(value)
        else:
            raise ValueError(f"has {word!r:.60}, which is neither DTSTART, RRULE nor EXRULE")
    begin = begins[0] if len(begins) == 1 else None
    if begin is None or not (begin[1] or begin[3]) or not rules:
        raise ValueError("should be such as DTSTART;TZID=ZONE:20260131T080000 RRULE:FREQ=...")
    name = begin[1] or "UTC"
    zone = zone_of(name)
    start = _on_wall(begin[2])
    made = [tuple(as_taken(each, zone) for each in found) for found in (rules, exceptions)]
    return Rule(start, name, made[0], made[1])


def as_taken(rule: str, zone: tzinfo) -> str:
    """Return a rule as AWX takes it, its UNTIL in UTC: one without Z is of the zone.

    Raises ValueError, to be read after "it".
    """
    if _NEVER_ON.search(rule):
        raise ValueError("has INTERVAL=0, by which AWX would reckon without an end")
    found = _UNTIL.search(rule)
    if not found or found[2]:
        return rule
    until = _on_wall(found[1]).replace(tzinfo=zone)
    return rule.replace(found[0], f"UNTIL={in_utc(until)}")


def _on_wall(text: str) -> datetime:
    try:
        return datetime.strptime(text, _STAMP)  # noqa: DTZ007  # a clock on the wall
    except ValueError:
        raise ValueError(f"has {text}, which is no time such as 20260131T080000") from None


def _stamp(moment: datetime) -> str:
    # Early years are written with fewer figures by some C libraries.
    return f"{moment.year:04}{moment:%m%dT%H%M%S}"


def in_utc(moment: datetime) -> str:
    """Return a moment as an UNTIL has it; raises ValueError, to be read after "it"."""
    try:
        return f"{_stamp(moment.astimezone(timezone.utc))}Z"
    except OverflowError:
        raise ValueError(f"is too far off: {moment:%Y-%m-%d %H:%M}") from None


def zone_of(name: str) -> tzinfo:
    """Return a zone by its name; raises ValueError, to be read after "it"."""
    try:
        return timezone.utc if name == "UTC" else ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        hint = meant(name, available_timezones())
        raise ValueError(f"is no zone such as Europe/Berlin or UTC{hint}") from None


def meant(name: str, known: Collection[str]) -> str:
    """Return a question about the zone that was meant, empty where none is near."""
    from difflib import get_close_matches  # noqa: PLC0415  # only for a slip

    close = [each for each in sorted(known) if each.lower().endswith(f"/{name.lower()}")]
    close = close or get_close_matches(name, known, n=1)
    return f": is {close[0]} meant?" if close else ""
