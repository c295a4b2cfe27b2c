"""One job in the live view: how long it runs, what it is at, how its hosts fare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from utils.following import approval
from utils.live.words import COLOURS, duration, state_of
from utils.printable import printable

if TYPE_CHECKING:
    from utils.following.followed_job import FollowedJob
    from utils.live.pen import Pen

BAR_CELLS_AT_LEAST = 6
NAME_CELLS_AT_LEAST = 12
TASK_CELLS_AT_LEAST = 14
REASON_LINES = 3
INDENT = GAP = "  "
# What matters most comes first, as the end of a line may find no room.
HOST_COLOURS = {"unreachable": "red", "failed": "red", "changed": "yellow", "ok": "green"}
BAD = ("unreachable", "failed")
APPROVAL_WORDS = {"successful": "approved", "failed": "denied, or timed out"}


def job_lines(job: FollowedJob, pen: Pen) -> list[Text]:
    """Return the lines of a job that is followed alone."""
    words, usual_s = _progress(job)
    line = Text(GAP).join([headline(job, pen, pen.width - len(GAP) - words.cell_len), words])
    if usual_s:
        line.append_text(_bar(job.running_s / usual_s, pen.width - line.cell_len - len(GAP), pen))
    lines = [line]
    if reason := why_it_waits(job, pen, pen.width - len(INDENT)):
        lines += [Text.assemble(INDENT, each) for each in reason.split()]
    if hosts := list(host_counts(job).values()):
        lines.append(Text.assemble(INDENT, Text(GAP).join(hosts)))
    if is_at_a_task(job):
        lines.append(Text.assemble(INDENT, task(job, pen, pen.width - len(INDENT))))
    return lines


def job_line(job: FollowedJob, pen: Pen, cells: int) -> Text:
    """Return a job's only line, not wider than that where this is possible.

    The name is shortened for the time and the hosts that fare badly; the rest may find no room.
    """
    hosts = host_counts(job)
    needed = [Text(how_long(job)), *(hosts[state] for state in BAD if state in hosts)]
    room = cells - sum(len(GAP) + each.cell_len for each in needed)
    parts = [headline(job, pen, room), *needed]
    left = cells - Text(GAP).join(parts).cell_len
    for each in (hosts[state] for state in hosts if state not in BAD):
        left -= len(GAP) + each.cell_len
        if left >= 0:
            parts.append(each)
    if is_at_a_task(job) and left - len(GAP) >= TASK_CELLS_AT_LEAST:
        parts.append(task(job, pen, left - len(GAP)))
    return Text(GAP).join(parts)


def headline(job: FollowedJob, pen: Pen, cells: int) -> Text:
    """Return a job's name, id and status; the name is shortened where they have not enough room."""
    status = job.status or "not known yet"
    if job.job.kind == approval.KIND:
        status = "waits for approval" if job.is_waiting else APPROVAL_WORDS.get(status, status)
    state = state_of(job.status) if job.status else "waits"
    mark, end = pen.mark(state), Text.assemble(GAP, (status, COLOURS[state]))
    name, _, number = printable(job.job.label).rpartition(" ")
    room = cells - mark.cell_len - len(f"  {number}") - end.cell_len
    name = pen.shortened(name, max(room, NAME_CELLS_AT_LEAST))
    return Text.assemble(mark, " ", (f"{name} {number}", "bold"), end)


def how_long(job: FollowedJob) -> str:
    """Return how long a job runs, or ran, or has waited, as words."""
    if job.is_waiting:
        return f"for {duration(job.waited_s)}"
    return duration(job.running_s)


def why_it_waits(job: FollowedJob, pen: Pen, cells: int) -> Text:
    """Return what a job waits for, as far as that is known, in lines of so many cells."""
    words = printable(job.waiting.text) if job.is_waiting else ""
    return Text("\n".join(pen.wrapped(words, cells, REASON_LINES)), COLOURS["waits"])


def is_at_a_task(job: FollowedJob) -> bool:
    """Return whether it is known which task a job is at."""
    return bool(job.tally.task) and not job.is_final


def task(job: FollowedJob, pen: Pen, cells: int) -> Text:
    """Return the task that a job is at."""
    name = pen.shortened(printable(job.tally.task), cells - len("TASK []"))
    return Text(f"TASK [{name}]", COLOURS["runs"])


def host_counts(job: FollowedJob) -> dict[str, Text]:
    """Return how many hosts are in which state, the worst first, without zeros."""
    hosts = job.tally.hosts
    return {
        state: Text(f"{state} {hosts[state]}", color)
        for state, color in HOST_COLOURS.items()
        if hosts[state]
    }


def _progress(job: FollowedJob) -> tuple[Text, float]:
    """Return how long it takes as words, and its usual time where a bar can be drawn of that.

    More than what it takes as a rule is not known.
    """
    words, usual_s = how_long(job), job.expected_s or 0.0
    if job.is_waiting or job.is_final or not usual_s:
        return Text(words), 0.0
    if job.running_s > usual_s:
        longer = (f"longer than usual ({duration(usual_s)})", "yellow")
        return Text.assemble(words, GAP, longer), 0.0
    return Text(f"{words} of about {duration(usual_s)}"), usual_s


def _bar(part: float, cells: int, pen: Pen) -> Text:
    """Return a bar that fills so many cells; nothing where these are too few to tell anything."""
    if cells < BAR_CELLS_AT_LEAST:
        return Text()
    filled = int(cells * min(part, 1.0))
    return Text.assemble(
        GAP,
        (pen.marks.bar * filled, COLOURS["runs"]),
        (pen.marks.to_come * (cells - filled), COLOURS["to_come"]),
    )
