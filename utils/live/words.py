"""Small pieces of the live view: marks, durations, names as a terminal takes them."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE_S, HOUR_S = 60, 3600
SHORT_S = 10


@dataclass(frozen=True)
class Marks:
    """The signs that stand for how something is, and the spinner of what runs."""

    ok: str = "✔"
    failed: str = "✘"
    skipped: str = "↷"
    to_come: str = "·"
    waits: str = "◷"
    bar: str = "━"
    ellipsis: str = "…"
    spinner: str = "dots"


ASCII = Marks("+", "x", "-", ".", "?", "=", "...", "line")
COLOURS = {
    "ok": "green", "failed": "red", "skipped": "bright_black", "to_come": "bright_black",
    "waits": "yellow", "runs": "cyan",
}  # fmt: skip

# What AWX's statuses are to a person who watches.
OF_STATUS = {
    "successful": "ok", "failed": "failed", "error": "failed", "canceled": "failed",
    "running": "runs", "": "to_come",
}  # fmt: skip


def state_of(status: str) -> str:
    """Return which mark a job of that status gets."""
    return OF_STATUS.get(status, "waits")


def duration(seconds: float) -> str:
    """Return a duration as a person says it: `2.4 s`, `42 s`, `5 min 07 s`, `2 h 05 min`."""
    if seconds < SHORT_S:
        return f"{seconds:.1f} s"
    whole = int(seconds)
    if whole < MINUTE_S:
        return f"{whole} s"
    if whole < HOUR_S:
        return f"{whole // MINUTE_S} min {whole % MINUTE_S:02d} s"
    return f"{whole // HOUR_S} h {whole % HOUR_S // MINUTE_S:02d} min"
