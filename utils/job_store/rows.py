"""Jobs as AWX lists them, as rows of the store."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from utils.errors import BadAnswer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from utils.record import Record

COLUMNS = (
    "id", "template", "inventory", "project", "organization", "name", "launcher", "launch_type",
    "status", "created", "started", "finished", "elapsed", "revision", "explanation",
)  # fmt: skip
# Where a job has the name of what it is of.
NAMED = {"template": "job_template", "inventory": "inventory", "project": "project",
         "organization": "organization"}  # fmt: skip
ENDED = ("successful", "failed", "error", "canceled")

# So many values may stand in a statement in every SQLite. One statement for several jobs, since the
# threads that fetch more of them run between any two.
AT_ONCE = 999 // len(COLUMNS)
CREATED = COLUMNS.index("created")
CHANGED = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
NAME = (
    "INSERT INTO names VALUES (?, ?, ?, ?) ON CONFLICT (kind, id) "
    "DO UPDATE SET name = excluded.name, as_of = excluded.as_of WHERE excluded.as_of >= as_of"
)


class OtherJobs(Exception):
    """AWX has given an id anew, as after a restore: what is kept is of other jobs."""


def put(database: sqlite3.Connection, jobs: Iterable[Record]) -> None:
    """Keep jobs (rows of `GET /api/v2/jobs/`), new ones and changed ones, within a transaction.

    Raises BadAnswer for a row that AWX would not send, and OtherJobs for one whose id is known to
    be of a job that was created at another time.
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
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            _check_created(database, {row[0]: row[CREATED] for row in part})
            database.execute(_put(len(part)), [value for row in part for value in row])
        database.executemany(NAME, [(*key, *value) for key, value in names.items()])
    except (OverflowError, UnicodeError) as error:  # a number or a text that no AWX has
        raise BadAnswer(f"GET jobs/: a job cannot be kept: {error}") from None


def _check_created(database: sqlite3.Connection, created: Mapping[object, object]) -> None:
    known = database.execute(
        f"SELECT id, created FROM jobs WHERE id IN ({', '.join('?' * len(created))})",  # noqa: S608  # marks
        list(created),
    )
    if any(created[job] != when for job, when in known):
        raise OtherJobs


def _put(count: int) -> str:
    row = f"({', '.join('?' * len(COLUMNS))})"
    return (
        f"INSERT INTO jobs ({', '.join(COLUMNS)}) VALUES {', '.join([row] * count)} "  # noqa: S608  # our own names
        f"ON CONFLICT (id) DO UPDATE SET {CHANGED}"
    )


def _row(job: Record) -> tuple[object, ...]:
    created = _seconds(job, "created")
    if created is None:
        raise BadAnswer(f"{job.origin}: job {job.integer('id')} has no time of creation")
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
        created,
        _seconds(job, "started"),
        _seconds(job, "finished"),
        job.number("elapsed") if "elapsed" in job else 0.0,
        job.maybe_text("scm_revision"),
        job.maybe_text("job_explanation"),
    )


def _seconds(job: Record, key: str) -> float | None:
    """Return a time in seconds since the epoch."""
    text = job.fields.get(key)
    if isinstance(text, str) and text.endswith("Z"):  # as AWX writes them
        with suppress(ValueError):
            return datetime.fromisoformat(f"{text[:-1]}+00:00").timestamp()
    found = job.time(key)
    return found.timestamp() if found else None


def _launcher(job: Record) -> str:
    """Return who or what launched a job: a user's name, or such as `Nightly (schedule)`."""
    launcher = job.maybe_record("launched_by")
    name, kind = launcher.maybe_text("name"), launcher.maybe_text("type")
    if not name:
        return f"({job.maybe_text('launch_type') or 'unknown'})"
    return name if kind in {"", "user"} else f"{name} ({kind.replace('_', ' ')})"
