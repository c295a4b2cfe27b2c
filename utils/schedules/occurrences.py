"""When a rule falls due next, as AWX itself reckons it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from utils.errors import BadAnswer, Unreachable, UsageError
from utils.table import aligned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.awx_client import Client
    from utils.record import Record

COLUMNS = ("local", "UTC")


@dataclass(frozen=True)
class Occurrences:
    """The next times of a rule, as AWX tells them: by the rule's own clock, and in UTC."""

    local: tuple[datetime, ...]
    utc: tuple[datetime, ...]

    def lines(self) -> list[str]:
        """Return them as a table, with a line where the clock is put forward or back between."""
        rows = [
            (f"{local:%a %Y-%m-%d %H:%M} {_offset(local)}", f"{utc:%Y-%m-%d %H:%M}")
            for local, utc in zip(self.local, self.utc, strict=True)
        ]
        lines = aligned(COLUMNS, rows)
        found = lines[:1]
        for number, line in enumerate(lines[1:]):
            if number and (change := self._change(number)):
                found.append(f"    {change}")
            found.append(line)
        return found

    def document(self) -> list[dict[str, str]]:
        """Return them for JSON."""
        return [
            {"local": local.isoformat(), "utc": f"{utc.replace(tzinfo=None).isoformat()}Z"}
            for local, utc in zip(self.local, self.utc, strict=True)
        ]

    def _change(self, number: int) -> str:
        before, after = (self.local[each].utcoffset() for each in (number - 1, number))
        if before is None or after is None or before == after:
            return ""
        way = "forward" if after > before else "back"
        offsets = [_offset(self.local[each]) for each in (number - 1, number)]
        return f"the clock is put {way}, from {offsets[0]} to {offsets[1]}"


def preview(client: Client, rule: str, source: str) -> Occurrences:
    """Return the next ten times of a rule (`POST /api/v2/schedules/preview/`, which makes nothing).

    Raises UsageError where AWX does not take the rule, with its own words. A rule that never falls
    due keeps AWX busy for minutes: it is not asked again where no answer comes in time.
    """
    try:
        answer = client.post(
            "schedules/preview/", {"rrule": rule}, is_repeatable=True, is_costly=True
        )
    except Unreachable as error:
        if not error.is_late:
            raise
        raise Unreachable(
            f"{error}; {source}: does the rule never fall due, or are all its times left out? AWX "
            "looks for one until the year 9999",
            sent=True,
            status=error.status,
            is_lasting=True,
        ) from None
    except BadAnswer as error:
        if not error.is_refusal:
            raise
        raise UsageError(f"{source}: {error}") from None
    return Occurrences(*(tuple(_times(answer, name)) for name in ("local", "utc")))


def _times(answer: Record, name: str) -> Iterator[datetime]:
    for text in answer.texts(name):
        try:
            found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            raise BadAnswer(f"{answer.origin}: {text!r:.60} is no time") from None
        yield found


def _offset(moment: datetime) -> str:
    text = f"{moment:%z}"
    return f"{text[:3]}:{text[3:5]}"
