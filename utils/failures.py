"""Where and why a job failed: hosts, tasks and messages, out of its failed events."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import AppError, BadAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from utils.awx_client import Client
    from utils.jobs import Launched
    from utils.record import Record

log = logger.get("failures")

SHOWN_AT_MOST = 10
LONGEST_MESSAGE = 300
KINDS = "runner_on_failed,runner_on_unreachable,runner_on_async_failed"
# What Ansible says of a command that failed; what the command itself said tells more.
SAYS_NOTHING = frozenset({"non-zero return code", "MODULE FAILURE"})


@dataclass(frozen=True)
class Failure:
    """A task that ended the play for a host."""

    host: str
    task: str
    message: str
    unreachable: bool

    def __str__(self) -> str:
        if self.unreachable:
            return f"unreachable {self.host}: {self.message}"
        return f"failed {self.host}, task {self.task!r}: {self.message}"


def of_job(client: Client, job: Launched) -> list[Failure]:
    """Return the last failure of each host that failed (`.../job_events/?event__in=...`).

    A failure that the playbook ignored or rescued is not among them: AWX's host summaries know
    which hosts failed. Trouble is told, not raised, since the job's end is known anyway.
    """
    if job.kind != "job":
        return []
    try:
        failed = {row.text("host_name") for row in failed_summaries(client, job.path)}
        return of_hosts(client, job.path, failed)
    except AppError as error:
        log.debug("why the job failed is not known: %s", error)
        return []


def of_hosts(client: Client, path: str, hosts: set[str]) -> list[Failure]:
    """Return the last failure of each of those hosts of the job at that path; raises AppError."""
    return last_of_each(client.walk(f"{path}job_events/", event__in=KINDS), hosts)


def failed_hosts(client: Client, job: Launched) -> set[str]:
    """Return the hosts that failed or were unreachable (`.../job_host_summaries/?failed=true`)."""
    if job.kind != "job":
        return set()
    try:
        return {row.text("host_name") for row in failed_summaries(client, job.path)}
    except AppError as error:
        log.debug("which hosts failed is not known: %s", error)
        return set()


def failed_summaries(client: Client, path: str) -> Iterable[Record]:
    """Go through the summaries of the hosts that failed or were unreachable; raises AppError."""
    return client.walk(f"{path}job_host_summaries/", failed="true")


def last_of_each(events: Iterable[Record], hosts: set[str]) -> list[Failure]:
    """Return the last failure of each of those hosts, out of a job's failed events."""
    found = {}
    for event in islice(events, 1000):
        host = event.maybe_text("host_name") or event.maybe_record("event_data").maybe_text("host")
        ignored = event.maybe_record("event_data").fields.get("ignore_errors")
        if host in hosts and not ignored:
            unreachable = event.text("event") == "runner_on_unreachable"
            found[host] = Failure(host, event.maybe_text("task"), _message(event), unreachable)
    return sorted(found.values(), key=lambda each: (each.unreachable, each.host))


def _message(event: Record) -> str:
    result = event.maybe_record("event_data").maybe_record("res")
    try:
        message = " ".join(result.maybe_text("msg").split())
        if not message or message in SAYS_NOTHING:
            said = result.maybe_text("stderr") or result.maybe_text("stdout")
            message = ": ".join(filter(None, (message, " ".join(said.split()))))
    except BadAnswer:  # a module may put anything there
        message = str(result.fields.get("msg", ""))
    return message[:LONGEST_MESSAGE] or "no message"


def tell(failures: list[Failure], job: str = "") -> None:
    """Say on stderr what failed where, the first few of many; `job` is which one of several."""
    start = f"{job}: " if job else ""
    for failure in failures[:SHOWN_AT_MOST]:
        log.error("%s%s", start, failure)
    if len(failures) > SHOWN_AT_MOST:
        log.error("%sand %d more host(s)", start, len(failures) - SHOWN_AT_MOST)
