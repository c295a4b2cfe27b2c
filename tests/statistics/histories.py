"""Histories of jobs as AWX lists them, each drawn from a source of chance, odd ones among them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests import rows
from tests.statistics.oracle import Question, Why

if TYPE_CHECKING:
    from random import Random

    from tests.statistics.jobs_by_hand import Row

BYS = ("template", "inventory", "project", "organization", "user", "day", "week", "hour")
# Zones, and a moment at which something happens to their clocks or to the calendar.
PLACES = (
    ("UTC", "2026-12-31T23:59:59"), ("Asia/Kathmandu", "2026-12-31T18:15:00"),
    ("Europe/Berlin", "2026-03-29T01:00:00"), ("Europe/Berlin", "2026-10-25T01:00:00"),
    ("America/New_York", "2026-03-08T07:00:00"), ("America/New_York", "2026-11-01T06:00:00"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00"), ("Australia/Lord_Howe", "2026-10-03T15:30:00"),
    ("Pacific/Apia", "2011-12-30T10:00:00"),
)  # fmt: skip
STATUSES = (
    ("successful",), ("failed",), ("canceled",), ("successful", "failed"),
    ("successful", "successful", "failed", "error", "canceled", "running", "pending", "waiting",
     "new"),
)  # fmt: skip
# Two templates and two inventories have the same name; 7 and 8 are names of deleted ones.
TEMPLATES = {5: "Deploy web", 6: "Backup", 7: "Deploy web", 70: "Patch\x1b[2J"}
RESOURCES = {"inventory": {1: "Web", 2: "Web", 3: "Database"}, "project": {1: "Playbooks", 2: "Z"},
             "organization": {1: "Default", 4: "Ops"}}  # fmt: skip
LAUNCHERS: tuple[tuple[str, Row], ...] = (
    ("manual", {"id": 1, "name": "admin", "type": "user"}),
    ("manual", {"id": 2, "name": "zoe", "type": "user"}),
    ("relaunch", {"id": 2, "name": "zoe", "type": "user"}),
    ("relaunch", {"id": 1, "name": "admin", "type": "user"}),
    ("scheduled", {"id": 1, "name": "Nightly", "type": "schedule"}),
    ("workflow", {"id": 1, "name": "admin", "type": "user"}),
    ("webhook", {"id": 5, "name": "Deploy web", "type": "job_template"}),
    ("scheduled", {}),
)
SLOS = (None, 0.5, 0.9, 0.99, 1.0)
KINDS = ("task", "unreachable", "AWX", "timed out", "playbook")


@dataclass(frozen=True)
class History:
    """Rows of AWX, what was learned of the failed ones, and the report that is wanted."""

    rows: tuple[Row, ...]
    why: dict[int, Why]
    asked: Question
    zone: str


def text(moment: datetime | None) -> str | None:
    """Return a time as AWX writes it."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def job(job_id: int, created: datetime, template: int | None = 5, **fields: object) -> Row:
    """Return a job of the list, which ran two seconds unless its fields say otherwise."""
    status = fields.get("status", "successful")
    ended = status in {"successful", "failed", "error", "canceled"}
    started = None if status in {"new", "pending", "waiting"} else created + timedelta(seconds=1)
    base: Row = {
        "id": job_id, "created": text(created), "started": text(started),
        "finished": text(created + timedelta(seconds=3)) if ended else None,
        "elapsed": 2.0 if ended else 0.0,
        "job_template": template, "inventory": 2, "project": 1, "organization": 1,
        "scm_revision": "" if started is None else "9ca9f641", "summary_fields": {},
        "name": TEMPLATES.get(template or 5, "Deploy web"),
    }  # fmt: skip
    row: Row = rows.job(**{**base, **fields})
    if row["job_template"] and "summary_fields" not in fields:
        names = {"id": row["job_template"], "name": row["name"]}
        row["summary_fields"] = {"job_template": names}
    return row


def drawn(chance: Random, most: int = 50) -> History:
    """Draw a history of up to so many jobs, most of them in and around the period."""
    zone, at = chance.choice(PLACES)
    event = datetime.fromisoformat(at).replace(tzinfo=timezone.utc)
    since, until = _period(chance, event, zone)
    before = since - (until - since)
    edges = (before, since, until, event)
    created = []
    for _ in range(chance.choice((0, 1, most // 4, most // 2, most))):
        near = chance.choice(edges) + timedelta(microseconds=chance.choice((-1, 0, 1)))
        length = (until - before).total_seconds() * 1.05
        far = before + timedelta(milliseconds=chance.randint(0, int(length * 1000)))
        created.append(chance.choice((near, far, far, far)))
    if chance.randint(0, 3):  # else ids are in another order than times
        created.sort()
    statuses = chance.choice(STATUSES)
    found = tuple(
        _row(chance, number * 3 + 1, each, statuses) for number, each in enumerate(created)
    )
    asked = Question(
        since, until, ZoneInfo(zone), chance.choice(BYS), chance.choice(SLOS),
        chance.choice((None, None, None, 5)),
    )  # fmt: skip
    why = {
        row["id"]: _why(chance)
        for row in found
        if row["status"] in {"failed", "error"} and chance.randint(0, 3)
    }
    return History(found, why, asked, zone)


def _period(chance: Random, event: datetime, zone: str) -> tuple[datetime, datetime]:
    since = event - timedelta(hours=chance.choice((0, 1, 20, 24 * 7)))
    until = since + timedelta(seconds=chance.choice((1, 3600, 86400, 86400 * 8, 86400 * 30)))
    if chance.randint(0, 1):  # whole days
        there = ZoneInfo(zone)
        since = since.astimezone(there).replace(hour=0, minute=0, second=0, fold=0)
        since = since.astimezone(timezone.utc)
    elif chance.randint(0, 1):  # up to a moment within a second
        until += timedelta(microseconds=250_000)
    return since, until


def _row(chance: Random, job_id: int, created: datetime, statuses: tuple[str, ...]) -> Row:
    status = chance.choice(statuses)
    template = chance.choice((5, 5, 6, 7, 70, None, None))
    name = TEMPLATES[template] if template else chance.choice(("Deploy web", "5", "Gone"))
    if template == 6 and job_id > 60:
        name = "Backup (new)"
    launch_type, launcher = chance.choice(LAUNCHERS)
    shorts = {"job_template": {"id": template, "name": name}} if template else {}
    ids: dict[str, int | None] = {}
    for kind, names in RESOURCES.items():
        ids[kind] = key = chance.choice((None, *names))
        # Who may not see a resource is told its id alone.
        if key and chance.randint(0, 4):
            shorts[kind] = {"id": key, "name": names[key]}
    ran = chance.randint(0, 4000)
    is_over = status in {"successful", "failed", "error", "canceled"}
    has_begun = status == "running" or (
        is_over and not (status in {"canceled", "error"} and chance.randint(0, 1))
    )
    # Two machines of an AWX need not agree about the time.
    started = created + timedelta(microseconds=chance.randint(-500_000, 90_000_000))
    finished = (started if has_begun else created) + timedelta(milliseconds=ran)
    return job(
        job_id, created, template, status=status, name=name, summary_fields=shorts, **ids,
        launch_type=launch_type, launched_by=launcher,
        started=text(started) if has_begun else None, finished=text(finished) if is_over else None,
        elapsed=ran / 1000 if has_begun and is_over else 0.0,
        scm_revision=chance.choice(("", "9ca9f641", "b21c")) if has_begun else "",
        job_explanation=chance.choice(("", "", "Job terminated\n due to timeout")),
    )  # fmt: skip


def _why(chance: Random) -> Why:
    hosts = {f"web{chance.randint(1, 14):02}" for _ in range(chance.choice((0, 1, 1, 2, 7)))}
    tasks = ("", "Copy", "Restart", *(f"Task {number}" for number in range(9)))
    return Why(
        chance.choice(KINDS), chance.choice(("", "Copy: no space\tleft")),
        tuple(
            (host, chance.choice(tasks), chance.choice("abcdef"), not chance.randint(0, 3))
            for host in sorted(hosts)
        ),
    )  # fmt: skip


def asking(history: History, **changes: object) -> History:
    """Return the same jobs with another question."""
    return replace(history, asked=replace(history.asked, **changes))  # type: ignore[arg-type]  # its own fields


# Small ones, so that one that fails is soon shrunk.
histories = st.randoms(use_true_random=False).map(lambda chance: drawn(chance, most=12))
