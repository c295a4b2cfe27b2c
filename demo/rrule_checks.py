"""What AWX says against the text of a recurrence rule, after its SchedulePreviewSerializer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from demo import recurrence
from demo.wrong_values import BARE

if TYPE_CHECKING:
    from demo.aliases import Json

MOST = 999
NOTHING = "rrule parsing failed validation: A DTSTART field needs to be in the rrule"


def problems(value: Json, now: float) -> list[str]:
    """Return AWX's words against a rule, none where it takes it."""
    if value in BARE:
        return [*_of_whole(""), NOTHING]
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ["Not a valid string."]
    text = str(value).strip()
    if not text:
        return ["This field may not be blank."]
    for name in ("exdate", "rdate"):
        if f"{name}:" in text.lower():
            return [f"{name.upper()} not allowed in rrule."]
    found = _of_whole(text)
    for rule in re.findall(r"RULE:\S*", text):
        found += _of_rule(rule)
    try:
        recurrence.ruleset(text, now)
    except Exception as error:  # noqa: BLE001 - whatever the library says, AWX hands it on
        found.append(f"rrule parsing failed validation: {error}")
    return found


def _of_whole(text: str) -> list[str]:
    found = []
    starts = re.findall(r"DTSTART(?:;[^:]+)?:[0-9]+T[0-9]+Z?", text)
    if not starts:
        form = "DTSTART:YYYYMMDDTHHMMSSZ"
        found.append(f"Valid DTSTART required in rrule. Value should start with: {form}")
    if re.search(r"DTSTART:[0-9]+T[0-9]+ ", text):
        forms = "Specify ;TZINFO= or YYYYMMDDTHHMMSSZZ."
        found.append(f"DTSTART cannot be a naive datetime.  {forms}")
    if len(starts) > 1:
        found.append("Multiple DTSTART is not supported.")
    if "rrule:" not in text.lower():
        found.append("One or more rule required in rrule.")
    return found


def _of_rule(rule: str) -> list[str]:
    found = []
    if "interval" not in rule.lower():
        found.append(f"INTERVAL required in rrule: {rule}")
    elif "secondly" in rule.lower():
        found.append(f"SECONDLY is not supported: {rule}")
    if re.search(r"BYDAY[:=][0-9]+[a-zA-Z]{2}", rule):
        found.append(f"BYDAY with numeric prefix not supported: {rule}")
    if "COUNT" in rule and "UNTIL" in rule:
        found.append(f"RRULE may not contain both COUNT and UNTIL: {rule}")
    count = re.search(r"COUNT=([0-9]+)", rule)
    if count and int(count[1]) > MOST:
        found.append(f"COUNT > 999 is unsupported: {rule}")
    return found
