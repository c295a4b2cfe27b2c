"""How AWX writes times and a job's text, its COPY escapes included."""

from __future__ import annotations

import html
import re
from datetime import datetime, timezone

ANSI = re.compile(r"\x1b\[[0-9;]*[mK]")
COPY_ESCAPES = str.maketrans(
    {
        "\\": "\\\\",
        "\b": "\\b",
        "\f": "\\f",
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        "\v": "\\v",
    }
)
COLOUR = re.compile(r"\x1b\[0(?:;(3[0-7]))?m")


def iso(moment: float | None) -> str | None:
    """Return a time as AWX writes it: UTC, microseconds, a Z; None stays None."""
    if moment is None:
        return None
    made = datetime.fromtimestamp(moment, tz=timezone.utc).isoformat(timespec="microseconds")
    return f"{made.removesuffix('+00:00')}Z"


def whole(moment: float | None) -> str | None:
    """Return a time of a recurrence rule as AWX writes it: `iso` without the fraction."""
    text = iso(moment)
    return text.replace(".000000", "") if text else None


def iso_offset(moment: float) -> str:
    """Return a time as AWX writes it inside events and on its websocket: with +00:00."""
    return datetime.fromtimestamp(moment, tz=timezone.utc).isoformat()


def stored_text(stdout: str) -> str:
    r"""Return an event's text as AWX's download has it: COPY escapes, only \r\n undone."""
    if not _needs_escapes(stdout):  # most text: by far the faster way
        return stdout.replace("\r\n", "\n") + "\n"
    return stdout.translate(COPY_ESCAPES).replace("\\r\\n", "\n") + "\n"


def _needs_escapes(text: str) -> bool:
    pairs = text.count("\r\n")
    lone = text.count("\n") != pairs or text.count("\r") != pairs
    return lone or any(mark in text for mark in "\\\b\f\t\v")


def plain(text: str) -> str:
    """Return the text without its colours."""
    return ANSI.sub("", text)


def as_html(text: str) -> str:
    """Return coloured text as the spans that AWX's HTML view has."""
    escaped = html.escape(text)

    def span(match: re.Match[str]) -> str:
        return f'<span class="ansi{match.group(1)}">' if match.group(1) else "</span>"

    return COLOUR.sub(span, escaped.replace("\x1b[1;", "\x1b[0;"))
