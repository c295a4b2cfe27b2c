"""How a run can end, in words, and who wants to know: by its exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class Ending:
    """What an end is called in a headline, and what it means."""

    word: str
    meaning: str


# What is not here is told to whoever started it, and to nobody else.
ENDINGS = {
    ExitCode.OK: Ending("SUCCEEDED", "the job ended successful"),
    ExitCode.JOB_FAILED: Ending("FAILED", "the job ended failed or error"),
    ExitCode.UNREACHABLE: Ending("AWX UNREACHABLE", "AWX cannot be reached or is not healthy"),
    ExitCode.REFUSED: Ending("REFUSED", "AWX refuses the login or the permission"),
    ExitCode.PREFLIGHT: Ending("NOT LAUNCHED", "a check before the launch failed"),
    ExitCode.SYNC_FAILED: Ending("NOT LAUNCHED", "the project sync failed"),
    ExitCode.TIMED_OUT: Ending("TIMED OUT", "it took longer than --timeout"),
    ExitCode.CANCELED: Ending("CANCELED", "the job was canceled"),
    ExitCode.UNKNOWN_OUTCOME: Ending(
        "UNKNOWN OUTCOME", "the launch was sent, and nobody knows what became of it"
    ),
    ExitCode.BAD_ANSWER: Ending("FAILED", "AWX refused a request or answered nonsense"),
    ExitCode.INTERRUPTED: Ending("INTERRUPTED", "stopped by Ctrl-C"),
    ExitCode.TERMINATED: Ending("TERMINATED", "stopped by a signal"),
}
RECOVERED = Ending("RECOVERED", "the first success after a failure")
SKIPPED = Ending("SKIPPED", "nothing was launched, as asked for")

FAILURE, SUCCESS, RECOVERY, SKIP = "failure", "success", "recovery", "skip"
# Which ends are told to who asked for which.
COVERS = {
    "failure": {FAILURE},
    "success": {SUCCESS, RECOVERY},
    "recovery": {RECOVERY},
    "always": {FAILURE, SUCCESS, RECOVERY, SKIP},
}


def is_wanted(
    event: str, exit_code: ExitCode, occasions: Collection[str], *, is_attended: bool
) -> bool:
    """Tell whether that end is to be told to who asked for these occasions (`--notify-on`).

    `is_attended` says that somebody sits at the terminal: he knows of his own Ctrl-C.
    """
    if exit_code not in ENDINGS:
        return False
    if exit_code == ExitCode.INTERRUPTED and is_attended:
        return "always" in occasions
    return any(event in COVERS[each] for each in occasions)


def ending(event: str, exit_code: ExitCode) -> Ending:
    """Return the words for it."""
    return {RECOVERY: RECOVERED, SKIP: SKIPPED}.get(event) or ENDINGS[exit_code]
