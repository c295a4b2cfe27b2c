"""Making AWX as a file of schedules says: all of it is checked before anything is changed."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils import logger, output
from utils.errors import AppError, PreflightFailed, Refused, UsageError
from utils.printable import printable
from utils.schedules import doing, listing, outcome, planning
from utils.schedules.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from utils.awx_client import Client
    from utils.record import Record
    from utils.schedules.file import Entry
    from utils.schedules.outcome import Step
    from utils.schedules.planning import Wanted

log = logger.get("schedule")


@dataclass(frozen=True)
class Plan:
    """What it takes to have AWX as the file says: steps, and schedules to remove."""

    steps: Sequence[Step]
    removed: Sequence[Record]

    @property
    def is_empty(self) -> bool:
        """Whether all is as the file says."""
        return not self.removed and all(step.action == "none" for step in self.steps)

    @property
    def touches(self) -> list[str]:
        """What of that changes or removes what is there, in words."""
        updates = sum(step.action == "update" for step in self.steps)
        told = [f"change {updates}"] if updates else []
        return told + ([f"remove {len(self.removed)}"] if self.removed else [])

    def tell(self) -> None:
        """Write what is going to be done."""
        for step in self.steps:
            step.tell()
        for row in self.removed:
            name, target = row.text("name"), listing.told_target(row)
            output.result(f"remove {printable(name)!r} ({row.integer('id')}) of {target}\n")

    def do(self, client: Client) -> Iterator[dict[str, object]]:
        """Do it, yielding what was done as JSON; what AWX refuses ends it, and is raised."""
        count = sum(step.action != "none" for step in self.steps) + len(self.removed)
        number = 0
        for step in self.steps:
            with _place(step.wanted.where, number, count):
                row = step.do(client)
            number += step.action != "none"
            yield step.document(row, None, is_done=True)
        for row in self.removed:
            told = f"{row.integer('id')} ({printable(row.text('name'))})"
            with _place(f"schedule {told}", number, count):
                doing.remove(client, row.integer("id"))
            log.info("schedule %s is removed", told)
            number += 1
            yield _removed(row, "removed")

    def documents(self) -> list[dict[str, object]]:
        """Return what would be done as JSON."""
        steps = [step.document(None, None, is_done=False) for step in self.steps]
        return steps + [_removed(row, "remove") for row in self.removed]


@contextmanager
def _place(where: str, number: int, count: int) -> Iterator[None]:
    """Let what goes wrong say with which of the changes it did."""
    try:
        yield
    except AppError as error:
        text = f"{where}: {error} ({number} of {count} changes are made; the same command goes on)"
        raise type(error)(text, status=error.status) from error


def _removed(row: Record, action: str) -> dict[str, object]:
    return {"action": action, "id": row.integer("id"), "name": row.text("name")}


def plan(
    client: Client,
    entries: Sequence[Entry],
    now: datetime,
    *,
    prune: bool,
    renew: bool,
    username: str = "",
) -> Plan:
    """Return what is to be done, every name looked up and every new rule shown to AWX.

    `renew` sends secrets again, which AWX does not tell.

    Raises UsageError where an entry cannot be used, after all of them were looked at, and Refused
    where this user may not schedule what one names.
    """
    with client.remembering():
        steps = _steps(client, entries, now, renew=renew, username=username)
        return Plan(steps, _others(client, steps) if prune else [])


def _steps(
    client: Client, entries: Sequence[Entry], now: datetime, *, renew: bool, username: str
) -> list[Step]:
    zones, steps, problems = Zones(client), [], []
    seen: dict[tuple[int, str], str] = {}
    known: dict[str, dict[str, Record]] = {}
    for entry in entries:
        try:
            wanted = planning.wanted(
                client, entry.settings, now, zones, where=entry.where, username=username
            )
            _refuse_twice(seen, wanted)
            path = wanted.target.path
            if path not in known:
                known[path] = {row.text("name"): row for row in client.walk(path)}
            step = outcome.step(client, wanted, renew=renew, known=known[path])
            outcome.previewed(client, step)
            steps.append(step)
        except (UsageError, PreflightFailed) as error:
            text = str(error)
            problems.append(text if entry.where in text else f"{entry.where}: {text}")
        except Refused as error:
            raise type(error)(f"{entry.where}: {error}", status=error.status) from None
    if problems:
        for text in problems[:-1]:
            log.error("%s", text)
        raise UsageError(f"{problems[-1]} (nothing was changed)")
    return steps


def _refuse_twice(seen: dict[tuple[int, str], str], wanted: Wanted) -> None:
    """Note a schedule; raises UsageError where the file has it before."""
    key = (wanted.target.target_id, wanted.name)
    if key in seen:
        raise UsageError(f"{wanted.where}: {wanted.target} has that name already: {seen[key]}")
    seen[key] = wanted.where


def _others(client: Client, steps: Sequence[Step]) -> list[Record]:
    """Return the schedules of the same targets that are none of the steps'.

    Raises Refused where this user may not remove one.
    """
    ids = sorted({step.wanted.target.target_id for step in steps})
    if not ids:
        return []
    wanted = {(step.wanted.target.target_id, step.wanted.name) for step in steps}
    rows = client.walk("schedules/", unified_job_template__in=",".join(map(str, ids)))
    others = [
        row for row in rows
        if (row.integer("unified_job_template"), row.text("name")) not in wanted
        and not listing.is_system(row)
    ]  # fmt: skip
    for row in others:
        if not outcome.may(row, "delete"):
            told = f"{row.integer('id')} ({printable(row.text('name'))})"
            raise Refused(f"--prune: AWX does not let this user remove schedule {told}")
    return others
