"""Jobs on standard output as they come: a table, JSON, a JSON object a line, or CSV."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import history
from utils import json_output, output
from utils.errors import UsageError
from utils.live import terminal
from utils.statistics.words import NONE
from utils.table import Terminal, aligned_as_it_comes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record

# Writes jobs and tells how many they were.
Writer = Callable[["Client", Iterable["Record"]], int]

RED, YELLOW, CYAN = (f"\x1b[{code}m" for code in (31, 33, 36))
COLOURS = {
    ("status", "failed"): RED, ("status", "error"): RED, ("status", "canceled"): YELLOW,
    ("status", "running"): CYAN,
}  # fmt: skip


def chosen(settings: Settings) -> Writer:
    """Return what writes jobs in the form that was asked for.

    Made before anything is sent: raises UsageError for a bad jq expression, or one that has no JSON
    to work on.
    """
    if settings.output == "csv" and settings.jq:
        raise UsageError(f"{settings.source('jq')} does nothing with --output csv")
    write = json_output.writer(settings)
    if settings.output == "jsonl":
        return lambda _, rows: _write_lines(rows, write if settings.jq else None)
    if settings.output == "json":
        return lambda _, rows: _write_document(rows, write if settings.jq else None)
    if settings.output == "csv":
        return _write_csv
    return lambda _, rows: _write_table(rows, settings)


def _write_table(rows: Iterable[Record], settings: Settings) -> int:
    count = 0
    has_signs = terminal.has_signs(settings, sys.stdout)
    none = NONE if has_signs else "-"

    def counted() -> Iterator[Sequence[str]]:
        nonlocal count
        for row in rows:
            count += 1
            yield history.cells(row, none)

    shown_on = None
    if output.is_terminal():
        shown_on = Terminal(
            shutil.get_terminal_size().columns,
            gives_way="template",
            colours=COLOURS if settings.colors_on_stdout else {},
            ellipsis="…" if has_signs else "~",
        )
    lines = aligned_as_it_comes(history.COLUMNS, counted(), history.NUMBERS, shown_on)
    _write_all(f"{line}\n" for line in lines)
    return count


def _write_lines(rows: Iterable[Record], filtered: json_output.Write | None) -> int:
    count = 0
    for row in rows:
        count += 1
        if filtered:
            filtered(row.fields)
        else:
            output.result(json.dumps(row.fields) + "\n")
        if output.is_unread():
            break
    return count


def _write_document(rows: Iterable[Record], filtered: json_output.Write | None) -> int:
    """Write a list of AWX's own rows, whole at once only where jq has to see all of it."""
    if filtered:
        document = [row.fields for row in rows]
        filtered(document)
        return len(document)
    count = 0

    def texts() -> Iterator[str]:
        nonlocal count
        for row in rows:
            yield ("[\n" if not count else ",\n") + json.dumps(row.fields)
            count += 1
        yield "\n]\n" if count else "[]\n"

    _write_all(texts())
    return count


def _write_csv(client: Client, rows: Iterable[Record]) -> int:
    import csv  # noqa: PLC0415  # only where it is asked for

    from utils import job_cells  # noqa: PLC0415  # likewise

    lines: list[str] = []

    class _Lines:
        def write(self, text: str) -> None:
            lines.append(text)

    writer = csv.writer(_Lines())
    count = 0

    def texts() -> Iterator[str]:
        nonlocal count
        writer.writerow(job_cells.COLUMNS)
        yield lines.pop()
        for row in rows:
            count += 1
            writer.writerow(job_cells.cells(client, row))
            yield lines.pop()

    _write_all(texts())
    return count


def _write_all(texts: Iterator[str]) -> None:
    """Write texts as they come, and ask for no more where nobody reads them."""
    for text in texts:
        output.result(text)
        if output.is_unread():
            return
