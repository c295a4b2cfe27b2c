"""One schedule with all there is to know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils import extra_vars, logger, output
from utils.errors import Refused, UsageError
from utils.printable import printable
from utils.schedules import listing, occurrences
from utils.schedules.differences import related
from utils.schedules.planning import ANSWERS, RELATIONS
from utils.table import aligned

if TYPE_CHECKING:
    from datetime import tzinfo

    from utils.awx_client import Client
    from utils.record import Record
    from utils.schedules.occurrences import Occurrences

log = logger.get("schedule")

JOBS_SHOWN = 5


def document(client: Client, row: Record) -> dict[str, object]:
    """Return AWX's own row, what hangs on the schedule, its next times and its last jobs."""
    path = f"schedules/{row.integer('id')}/"
    found: dict[str, object] = dict(row.items())
    for name in RELATIONS:
        found[name] = [dict(each.items()) for each in related(client, path, name)]
    found["occurrences"] = coming(client, row).document()
    found["jobs"] = [dict(each.items()) for each in _jobs(client, path)]
    return found


def write(client: Client, row: Record, zone: tzinfo | None) -> None:
    """Write a schedule as text; answers that AWX keeps secret come masked from there."""
    path = f"schedules/{row.integer('id')}/"
    facts = [
        ("schedule", f"{row.integer('id')} {printable(row.text('name'))}"),
        ("description", printable(row.maybe_text("description"))),
        ("runs", f"{listing.told_target(row)} ({listing.target_of(row).maybe_integer('id')})"),
        ("enabled", "yes" if row.flag("enabled") else "no"),
        ("next run", listing.told_next(row, zone) or "-"),
        ("zone", row.maybe_text("timezone")),
        *_rule(row),
    ]
    facts += [(name, printable(str(row.fields[name]))) for name in ANSWERS if name in row]
    variables = extra_vars.kept(row.fields.get("extra_data"))
    facts += [("variable", printable(f"{name}={value}")) for name, value in variables.items()]
    for name in RELATIONS:
        names = [printable(each.text("name")) for each in related(client, path, name)]
        facts.append((name.replace("_", " "), ", ".join(names)))
    lines = [f"{name:15}  {text}" for name, text in facts if text]
    jobs = [
        (str(each.integer("id")), each.text("status"), each.maybe_text("created")[:19])
        for each in _jobs(client, path)
    ]
    found = coming(client, row)
    if found.local:
        lines += ["", *found.lines()]
    if jobs:
        lines += ["", *aligned(("job", "status", "created (UTC)"), jobs)]
    output.result("\n".join(lines) + "\n")


def coming(client: Client, row: Record) -> Occurrences:
    """Return when a schedule falls due next, enabled or not; nothing where AWX does not tell."""
    try:
        return occurrences.preview(client, row.text("rrule"), f"schedule {row.integer('id')}")
    except (UsageError, Refused) as error:
        # Asking is a POST, which a token of scope read may not, and old rules may be taken no more.
        log.info("%s", error)
        return occurrences.Occurrences((), ())


def _rule(row: Record) -> list[tuple[str, str]]:
    return [("rule", printable(word)) for word in row.text("rrule").split()]


def _jobs(client: Client, path: str) -> list[Record]:
    return client.get(f"{path}jobs/", order_by="-id", page_size=JOBS_SHOWN).records("results")
