"""Jobs as AWX lists them, as rows of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.errors import BadAnswer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from utils.record import Record

COLUMNS = (
    "id", "template", "inventory", "project", "organization", "name", "launcher", "launch_type",
    "status", "created", "started", "finished", "elapsed", "revision", "explanation",
)  # fmt: skip
# Where a job has the name of what it is of.
NAMED = {"template": "job_template", "inventory": "inventory", "project": "project",
         "organization": "organization"}  # fmt: skip
ENDED = ("successful", "failed", "error", "canceled")

PUT = (
    f"INSERT INTO jobs ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "  # noqa: S608  # our own names
    "ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
)
NAME = (
    "INSERT INTO names VALUES (?, ?, ?, ?) ON CONFLICT (kind, id) "
    "DO UPDATE SET name = excluded.name, as_of = excluded.as_of WHERE excluded.as_of >= as_of"
)


def put(database: sqlite3.Connection, jobs: Iterable[Record]) -> None:
    """Keep jobs (rows of `GET /api/v2/jobs/`), new ones and changed ones, within a transaction.

    Raises BadAnswer for a row that AWX would not send.
    """
    rows: list[tuple[object, ...]] = []
    names: dict[tuple[str, int], tuple[str, int]] = {}
    for job in jobs:
        rows.append(_row(job))
        shorts = job.maybe_record("summary_fields").fields
        job_id = job.integer("id")
        for kind, key in NAMED.items():
            short = shorts.get(key)
            if isinstance(short, dict) and type(short.get("id")) is int and "name" in short:
                known = names.get((kind, short["id"]))
                if not known or known[1] < job_id:
                    names[kind, short["id"]] = (str(short["name"]), job_id)
    try:
        database.executemany(PUT, rows)
        database.executemany(NAME, [(*key, *value) for key, value in names.items()])
    except (OverflowError, UnicodeError) as error:  # a number or a text that no AWX has
        raise BadAnswer(f"GET jobs/: a job cannot be kept: {error}") from None


def _row(job: Record) -> tuple[object, ...]:
    created = job.time("created")
    if not created:
        raise BadAnswer(f"{job.origin}: job {job.integer('id')} has no time of creation")
    started, finished = job.time("started"), job.time("finished")
    return (
        job.integer("id"),
        job.maybe_integer("job_template"),
        job.maybe_integer("inventory"),
        job.maybe_integer("project"),
        job.maybe_integer("organization"),
        job.maybe_text("name"),
        _launcher(job),
        job.maybe_text("launch_type"),
        job.text("status"),
        created.timestamp(),
        started.timestamp() if started else None,
        finished.timestamp() if finished else None,
        job.number("elapsed") if "elapsed" in job else 0.0,
        job.maybe_text("scm_revision"),
        job.maybe_text("job_explanation"),
    )


def _launcher(job: Record) -> str:
    """Return who or what launched a job: a user's name, or such as `Nightly (schedule)`."""
    launcher = job.maybe_record("launched_by")
    name, kind = launcher.maybe_text("name"), launcher.maybe_text("type")
    if not name:
        return f"({job.maybe_text('launch_type') or 'unknown'})"
    return name if kind in {"", "user"} else f"{name} ({kind.replace('_', ' ')})"
