"""When something is to run: the settings of it as a rule of AWX's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING, TypeVar

from utils import logger
from utils.errors import UsageError
from utils.moments import moment
from utils.options import flag_name
from utils.schedules import exceptions, parts, patterns, reach, rule, zones
from utils.schedules.patterns import Pattern
from utils.schedules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from config import Settings
    from utils.schedules.zones import Zones

log = logger.get("schedule")

T = TypeVar("T")

WAYS = ("every", "cron", "rrule", "at")
_AHEAD = re.compile(r"\d{1,6}(?:\.\d{1,3})?[smhdwy]", re.ASCII)
# A setting that is there for all commands.
_OF_ENVIRONMENT = re.compile(r"[A-Z][A-Z_]+( in |$)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d|today", re.ASCII)
# A year and a day further, the calendar ends in some zones.
_YEARS = range(1970, 9999)
_TAKES_WHEN = "takes a day or a time such as 2026-12-31 or 2026-12-31T08:00, or 2h from now"


def is_asked(settings: Settings) -> bool:
    """Tell whether it is said when something is to run."""
    return any(settings.asked(name) for name in WAYS)


def is_meant(settings: Settings, name: str) -> bool:
    """Tell whether a setting was given for this schedule, not in the environment for all."""
    return settings.asked(name) and not _OF_ENVIRONMENT.match(settings.source(name))


def rule_of(settings: Settings, now: datetime, known: Zones | None = None) -> Rule:
    """Return the rule that `--every`, `--cron`, `--rrule` or `--at` and their like mean.

    `now` has a zone; `known` are the zones that AWX takes, where they are to be looked at: what may
    be meant otherwise is warned of then. Raises UsageError for what makes no sense, or what AWX
    cannot express.
    """
    way = way_of(settings)
    if way == "rrule" and settings.rrule.upper().startswith("DTSTART"):
        return _whole(settings, now, known)
    zone_name, source = zones.chosen(settings)
    zone = _read(rule.zone_of, source, zone_name)
    if known:
        known.check(zone_name, source)
    if settings.asked("end") and settings.count is not None:
        raise UsageError(
            f"{settings.source('end')} and {settings.source('count')} do not go together"
        )
    pattern = _pattern(settings, way)
    is_given = settings.asked("start")
    if not is_given and not pattern.step_min:
        what, again = settings.source(way), getattr(settings, way)
        raise UsageError(f"{what} {again} does not say from when on: pass {flag_name('start')}")
    begin = _moment(settings, "start", now, zone) if is_given else now.astimezone(zone)
    start = pattern.begins(begin.replace(tzinfo=None), is_given=is_given)
    end = _end(settings, now, zone, start)
    bodies = tuple(f"{body}{end}" for body in pattern.rules)
    if way == "rrule":
        bodies = _read(lambda _: tuple(rule.as_taken(each, zone) for each in bodies),
                       settings.source(way), settings.rrule)  # fmt: skip
    if settings.count is not None and len(bodies) > 1:
        raise UsageError(
            f"{settings.source('count')}: this takes several rules, each of which AWX would count "
            "for itself: pass --until"
        )
    made = Rule(start, zone_name, bodies, step_min=0 if is_given else pattern.step_min)
    return _with_exceptions(settings, made, zone, now, warns=bool(known))


def way_of(settings: Settings) -> str:
    """Return which of the settings says when; what is on the command line goes first.

    Raises UsageError where several do, or none.
    """
    first = settings.first_asked(*WAYS)
    if not first:
        raise UsageError("nothing says when: pass --every, --cron, --rrule or --at")
    on_line = settings.source(first).startswith("-")
    given = [
        name for name in WAYS
        if settings.asked(name) and settings.source(name).startswith("-") is on_line
    ]  # fmt: skip
    if given == ["every", "at"]:
        return "every"
    if len(given) > 1:
        listed = " and ".join(settings.source(name) for name in given)
        raise UsageError(f"{listed} do not go together: only --at goes with --every")
    return first


def is_narrowed(settings: Settings) -> bool:
    """Tell whether `--at` goes with `--every`: both are on the command line, or neither is."""
    if not settings.asked("at"):
        return False
    return len({settings.source(name).startswith("-") for name in ("every", "at")}) == 1


def _pattern(settings: Settings, way: str) -> Pattern:
    source, text = settings.source(way), getattr(settings, way)
    if way == "cron":
        return _read(patterns.of_cron, source, text)
    if way == "at":
        return patterns.of_times(_read(patterns.times, source, text))
    if way == "every":
        at = None
        if is_narrowed(settings):
            at = _read(patterns.times, settings.source("at"), settings.at)
        is_counted = settings.count is not None
        return _read(lambda text: patterns.of_every(text, at, is_counted=is_counted), source, text)
    bodies = tuple(text.split())
    if any(not body.upper().startswith("RRULE:") for body in bodies):
        raise UsageError(
            f"{source} is {text!r}: it takes RRULE:FREQ=..., or all of it from DTSTART on"
        )
    bodies = tuple(body.partition(":")[2] for body in bodies)
    return Pattern(bodies, step_min=1 if all(map(_begins_anywhere, bodies)) else 0)


def _begins_anywhere(body: str) -> bool:
    """Tell whether a rule falls due alike from whatever whole minute on."""
    found = parts.parts_of(body)
    return parts.is_fixed(found) and set(parts.clock_from_start(found)) <= {"BYSECOND"}


def _whole(settings: Settings, now: datetime, known: Zones | None) -> Rule:
    """Return the rule that is given with all its parts; only exceptions may come to it."""
    source = settings.source("rrule")
    made = _read(rule.parse, source, settings.rrule)
    for name in ("start", "end", "count", "tz"):
        if is_meant(settings, name):
            raise UsageError(f"{settings.source(name)} does nothing: {source} has it all")
    # Its zone is for AWX's preview to judge: AWX takes some that it does not list.
    return _with_exceptions(settings, made, rule.zone_of(made.zone), now, warns=bool(known))


def _with_exceptions(
    settings: Settings, made: Rule, zone: tzinfo, now: datetime, *, warns: bool
) -> Rule:
    source = settings.source("exceptions" if settings.exceptions else "rrule")
    found, due = list(made.exceptions), [reach.of(each, made.start) for each in made.rules]
    for text in settings.exceptions:
        more = _read(lambda each: exceptions.rules(each, made, zone, now), source, text)
        found += more
        left_out = [reach.of(each, made.start) for each in more]
        if warns and not any(each.meets(other) for each in left_out for other in due):
            log.warning("%s %s leaves out nothing: nothing falls due then", source, text)
    # AWX would look for a time that is left until the end of the calendar, for a minute and more.
    if found and reach.leaves_nothing(made.rules, found, made.start):
        raise UsageError(f"{source}: this leaves out everything, so it would never fall due")
    return replace(made, exceptions=tuple(dict.fromkeys(found)))


def _end(settings: Settings, now: datetime, zone: tzinfo, start: datetime) -> str:
    if settings.count is not None:
        return f";COUNT={settings.count}"
    if not settings.asked("end"):
        return ""
    until = _moment(settings, "end", now, zone)
    if _DAY.fullmatch(settings.end.strip()):
        until = datetime.combine(until.date(), time(23, 59, 59), zone)
    # One that began earlier may have been as the file says, and be over now.
    if settings.asked("start") and until.replace(tzinfo=None) < start:
        text = f"{settings.source('end')} {settings.end}"
        raise UsageError(f"{text} is before the first time, {start:%Y-%m-%d %H:%M}")
    return f";UNTIL={rule.in_utc(until)}"


def _moment(settings: Settings, name: str, now: datetime, zone: tzinfo) -> datetime:
    text = getattr(settings, name).strip()
    try:
        found = moment(text, now, zone)
        if _AHEAD.fullmatch(text):
            found = now + (now - found)
    except (ValueError, OverflowError):
        raise UsageError(f"{settings.source(name)} is {text!r}: it {_TAKES_WHEN}") from None
    if found.year not in _YEARS:
        raise UsageError(
            f"{settings.source(name)} is {text!r}: it takes the years {_YEARS[0]} to {_YEARS[-1]}"
        )
    return found.astimezone(zone).replace(microsecond=0)


def _read(read: Callable[[str], T], source: str, text: str) -> T:
    try:
        return read(text)
    except ValueError as error:
        given = f" is {text!r}" if text else ""
        raise UsageError(f"{source}{given}: it {error}") from None
