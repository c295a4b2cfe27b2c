"""One job in the live view: how long it runs, what it is at, how its hosts fare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from utils.following import approval
from utils.live.words import COLOURS, clean, duration, state_of

if TYPE_CHECKING:
    from utils.following.followed_job import FollowedJob
    from utils.live.pen import Pen

BAR_CELLS = 24
INDENT = "  "
HOST_COLOURS = {"ok": "green", "changed": "yellow", "failed": "red", "unreachable": "red"}
APPROVAL_WORDS = {"successful": "approved", "failed": "denied, or timed out"}


def job_lines(job: FollowedJob, pen: Pen) -> list[Text]:
    """Return the lines of a job that is followed alone."""
    lines = [Text.assemble(headline(job, pen), *_progress(job, pen))]
    if reason := why_it_waits(job):
        lines.append(Text.assemble(INDENT, reason))
    hosts = host_counts(job)
    if hosts:
        lines.append(Text.assemble(INDENT, hosts))
    if job.tally.task and not job.is_final:
        lines.append(Text.assemble(INDENT, task(job)))
    return lines


def headline(job: FollowedJob, pen: Pen) -> Text:
    """Return a job's name, id and status."""
    status = job.status or "not known yet"
    if job.job.kind == approval.KIND:
        status = "waits for approval" if job.is_waiting else APPROVAL_WORDS.get(status, status)
    state = state_of(job.status) if job.status else "waits"
    return Text.assemble(
        pen.mark(state), " ", (clean(job.job.label), "bold"), "  ", (status, COLOURS[state])
    )


def elapsed(job: FollowedJob) -> str:
    """Return how long a job runs, or ran, as words; nothing of one that waits."""
    return "" if job.is_waiting else duration(job.running_s)


def why_it_waits(job: FollowedJob) -> Text:
    """Return what a job waits for, as far as that is known."""
    return Text(clean(job.waiting.text) if job.is_waiting else "", COLOURS["waits"])


def task(job: FollowedJob) -> Text:
    """Return the task that a job is at."""
    return Text(f"TASK [{clean(job.tally.task)}]", COLOURS["runs"])


def host_counts(job: FollowedJob) -> Text:
    """Return how many hosts are in which state; nothing before the first of them is."""
    hosts = job.tally.hosts
    if not any(hosts.values()):
        return Text()
    parts = [
        Text(f"{state} {number}", HOST_COLOURS[state] if number else COLOURS["to_come"])
        for state, number in hosts.items()
    ]
    return Text("  ").join(parts)


def _progress(job: FollowedJob, pen: Pen) -> list[Text]:
    """Return the time that it takes, beside what it takes as a rule: more is not known."""
    if job.is_waiting:
        return [Text(f"  for {duration(job.waited_s)}")]
    words, seconds, usual_s = elapsed(job), job.running_s, job.expected_s or 0.0
    if job.is_final or not usual_s:
        return [Text(f"  {words}")]
    if seconds > usual_s:
        return [Text(f"  {words}"), Text(f"  longer than usual ({duration(usual_s)})", "yellow")]
    filled = int(BAR_CELLS * seconds / usual_s)
    return [
        Text(f"  {words} of about {duration(usual_s)}  "),
        Text(pen.marks.bar * filled, COLOURS["runs"]),
        Text(pen.marks.to_come * (BAR_CELLS - filled), COLOURS["to_come"]),
    ]
