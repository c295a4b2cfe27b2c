"""Reports of histories as the program draws them up, and how they differ from those by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import fields, is_dataclass
from math import isclose
from typing import TYPE_CHECKING, Any

from tests.utils.statistics import oracle
from utils.job_store import rows
from utils.job_store.fetching import KeptList
from utils.job_store.store import changing, opened
from utils.record import Record
from utils.statistics import report
from utils.statistics.figures import Report, Retries
from utils.statistics.runs import Period
from utils.statistics.zone import Zone

if TYPE_CHECKING:
    import sqlite3

    from tests.utils.statistics.histories import History

ABOUT = report.About(
    "https://awx.example", "24.6.1", "admin", 1.7e9, lambda path: f"page of {path}", Retries(4, 3)
)


@contextmanager
def stored(history: History) -> Iterator[sqlite3.Connection]:
    """Keep a history in a store of its own."""
    with closing(opened(None, "x")) as database:
        put(database, history)
        yield database


def put(database: sqlite3.Connection, history: History) -> None:
    """Keep a history, with what was learned of its failed jobs."""
    with changing(database):
        rows.put(database, [Record(row, "GET jobs/") for row in history.rows])
        for job, why in history.why.items():
            database.execute(
                "INSERT OR REPLACE INTO explained VALUES (?, ?, ?, ?, 1)",
                (job, why.kind, why.reason, len(why.hosts)),
            )
            database.executemany(
                "INSERT OR REPLACE INTO failed_hosts VALUES (?, ?, ?, ?, ?)",
                [(job, *host) for host in why.hosts],
            )


def drawn_up(database: sqlite3.Connection, history: History) -> Report:
    """Return the program's report of what a store has."""
    asked = history.asked
    wanted = report.Wanted(
        KeptList(asked.template), Period(asked.since.timestamp(), asked.until.timestamp()),
        Zone(history.zone), asked.by, asked.slo, ("a filter",),
    )  # fmt: skip
    return report.draw_up(database, wanted, ABOUT)


def report_of(history: History) -> Report:
    """Return the program's report of a history."""
    with stored(history) as database:
        return drawn_up(database, history)


def wrong_in(found: Report, history: History) -> list[str]:
    """Return in what the program's report is not the one by hand."""
    told = {
        "awx": "https://awx.example", "username": "admin", "awx_version": "24.6.1",
        "generated": Zone(history.zone).at(1.7e9), "zone": history.zone, "filters": ["a filter"],
        "retries": {"runs": 4, "retried": 3, "relaunches": 0, "rescued": 0},
    }  # fmt: skip
    by_hand = oracle.Report(list(history.rows), history.why, history.asked).figures()
    return list(differences(plain(found), {**told, **by_hand}))


def plain(value: object) -> Any:  # noqa: ANN401  # whatever a report is made of
    """Return a figure as dictionaries and lists, with what it computes of itself."""
    if isinstance(value, int | float | str | None):  # most of them, and soon told
        return value
    if is_dataclass(value) and not isinstance(value, type):
        own = [each.name for each in fields(value)]
        computed = [name for name, each in vars(type(value)).items() if isinstance(each, property)]
        return {name: plain(getattr(value, name)) for name in (*own, *computed)}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value


def differences(found: object, expected: object, where: str = "report") -> Iterator[str]:
    """Yield where two values differ; floats may by what is lost in adding them up."""
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        if found.keys() != expected.keys():
            yield f"{where} has {sorted(found.keys() ^ expected.keys())} on one side only"
        for key in found.keys() & expected.keys():
            yield from differences(found[key], expected[key], f"{where}.{key}")
    elif isinstance(found, list) and isinstance(expected, Sequence):
        if len(found) != len(expected):
            yield f"{where} has {len(found)} instead of {len(expected)}: {found} {expected}"
        for number, (one, other) in enumerate(zip(found, expected, strict=False)):
            yield from differences(one, other, f"{where}[{number}]")
    elif isinstance(found, float) and isinstance(expected, int | float):
        if not isclose(found, expected, rel_tol=1e-9, abs_tol=5e-7):
            yield f"{where} is {found} and should be {expected}"
    elif found != expected or type(found) is not type(expected):
        yield f"{where} is {found!r} and should be {expected!r}"
