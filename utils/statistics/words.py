"""Figures as people read them, on the page and on a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from utils.live.words import duration
from utils.printable import printable

if TYPE_CHECKING:
    from datetime import date, datetime

NONE = "–"  # noqa: RUF001  # what stands where there is nothing to have a figure of
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONGEST_NAME = 120
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400


@dataclass(frozen=True)
class Change:
    """How a figure moved since the period before; `tone` is better, worse or plain."""

    text: str
    tone: str
    arrow: str


def number(value: float) -> str:
    """Return a whole number with its thousands told apart."""
    return f"{value:,.0f}"


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share as a percentage: never `100%` nor `0%` of what is not quite that."""
    if share is None:
        return NONE
    smallest = 0.1**digits
    value = share * 100
    if share < 1:
        value = min(value, 100 - smallest)
    if share > 0:
        value = max(value, smallest)
    return f"{value:.{digits}f}%" if 0 < share < 1 or share > 1 else f"{value:.0f}%"


def seconds(value: float | None) -> str:
    """Return a duration as a person says it, in days where it takes more than two of them."""
    if value is None:
        return NONE
    if value >= 2 * DAY_S:
        return f"{value // DAY_S:.0f} d {value % DAY_S // HOUR_S:.0f} h"
    return duration(value)


def length(value: float) -> str:
    """Return how long a period is, as it stands after `the`: `30 days`, `day`, `2 h 05 min`."""
    for unit_s, unit in ((DAY_S, "day"), (HOUR_S, "hour")):
        count = round(value / unit_s)
        is_short = unit_s == DAY_S or value < 2 * DAY_S
        if count and is_short and abs(value - count * unit_s) < MINUTE_S:
            return unit if count == 1 else plural(count, unit)
    return seconds(value)


def tick(value: float, step: float) -> str:
    """Return a round duration in the unit that the steps of its axis are in, so in one for all."""
    if not value:
        return "0"
    for unit_s, unit in ((DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "min")):
        if step >= unit_s:
            return f"{value / unit_s:g} {unit}"
    return f"{value:g} s"


def day(value: date, *, with_year: bool = False) -> str:
    """Return a day as `31 Dec`, the same in every locale."""
    return f"{value.day} {MONTHS[value.month - 1]}" + (f" {value.year}" if with_year else "")


def moment(value: datetime, *, with_year: bool = True) -> str:
    """Return a day and a time of it: `31 Dec 2025, 14:05`."""
    return f"{day(value, with_year=with_year)}, {value:%H:%M}"


def plural(count: int, one: str, many: str = "") -> str:
    """Return how many of what: `1 run`, `2,000 runs`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def change(
    now: float | None, before: float | None, unit: str = "%", better: str = ""
) -> Change | None:
    """Return how a figure moved; None where either is missing.

    `unit` is `%` of the figure before, `points` for shares, or empty for the difference itself;
    `better` says which way is good: `up`, `down`, or neither.
    """
    if now is None or before is None or (unit == "%" and not before):
        return None
    moved = {"%": (now / before - 1) * 100 if before else 0, "points": (now - before) * 100}.get(
        unit, now - before
    )
    text = f"{abs(moved):,.0f}" if abs(moved) >= 10 or not unit else f"{abs(moved):.1f}"  # noqa: PLR2004
    if not float(text.replace(",", "")):
        return Change("no change", "plain", "")
    went = "up" if moved > 0 else "down"
    tone = "plain" if not better else "better" if went == better else "worse"
    text += {"%": "%", "points": " points"}.get(unit, "")
    return Change(text, tone, went)


def name(text: str) -> str:
    """Return a name or message out of AWX without what would change the text around it."""
    return " ".join(printable(text).split()) or "(no name)"


def short(text: str, most: int = LONGEST_NAME) -> str:
    """Return a name cut to what a line of a table can show."""
    text = name(text)
    return text if len(text) <= most else text[: most - 1] + "…"


def link(url: str) -> str:
    """Return an address that may be followed, or nothing: a script is no address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc and url.isprintable() else ""
