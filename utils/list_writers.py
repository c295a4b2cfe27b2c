"""Lists on standard output as they come: a table, JSON, a JSON object a line, or CSV."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from utils import json_output, output
from utils.errors import UsageError
from utils.live import terminal
from utils.statistics.words import NONE
from utils.table import Terminal, aligned_as_it_comes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from config import Settings
    from utils.awx_client import Client

T = TypeVar("T")
# Writes rows and tells how many they were.
Writer = Callable[["Client", Iterable[T]], int]

RED, YELLOW, GREEN, CYAN = (f"\x1b[{code}m" for code in (31, 33, 32, 36))


@dataclass(frozen=True)
class Columns(Generic[T]):
    """How one kind of row is shown.

    `cells` makes the line of a table, given what stands where nothing is known; of its `names`
    those in `numbers` stand at the right, `gives_way` is cut where a terminal is too narrow, and
    `colours` are the control codes of a column's texts. `document` makes the JSON of a row,
    `csv_cells` the cells of a CSV file, harmless for a spreadsheet, in the order of `csv_names`.
    """

    names: Sequence[str]
    cells: Callable[[T, str], Sequence[str]]
    document: Callable[[T], Mapping[str, object]]
    csv_names: Sequence[str]
    csv_cells: Callable[[Client, T], Sequence[object]]
    gives_way: str
    numbers: Collection[str] = ()
    colours: Mapping[tuple[str, str], str] = field(default_factory=dict)


def chosen(settings: Settings, columns: Columns[T]) -> Writer[T]:
    """Return what writes rows in the form that was asked for.

    Made before anything is sent: raises UsageError for a bad jq expression, or one that has no JSON
    to work on.
    """
    if settings.output == "csv" and settings.jq:
        raise UsageError(f"{settings.source('jq')} does nothing with --output csv")
    write = json_output.writer(settings)
    filtered = write if settings.jq else None
    if settings.output == "jsonl":
        return lambda _, rows: _write_lines(map(columns.document, rows), filtered)
    if settings.output == "json":
        return lambda _, rows: _write_document(map(columns.document, rows), filtered)
    if settings.output == "csv":
        return lambda client, rows: _write_csv(
            columns.csv_names, (columns.csv_cells(client, row) for row in rows)
        )
    return lambda _, rows: _write_table(columns, rows, settings)


def _write_table(columns: Columns[T], rows: Iterable[T], settings: Settings) -> int:
    count = 0
    has_signs = terminal.has_signs(settings, sys.stdout)
    none = NONE if has_signs else "-"

    def counted() -> Iterator[Sequence[str]]:
        nonlocal count
        for row in rows:
            count += 1
            yield columns.cells(row, none)

    shown_on = None
    if output.is_terminal():
        shown_on = Terminal(
            shutil.get_terminal_size().columns,
            gives_way=columns.gives_way,
            colours=columns.colours if settings.colors_on_stdout else {},
            ellipsis="…" if has_signs else "~",
        )
    lines = aligned_as_it_comes(columns.names, counted(), columns.numbers, shown_on)
    _write_all(f"{line}\n" for line in lines)
    return count


def _write_lines(rows: Iterable[Mapping[str, object]], filtered: json_output.Write | None) -> int:
    count = 0
    for row in rows:
        count += 1
        if filtered:
            filtered(row)
        else:
            output.result(json.dumps(row) + "\n")
        if output.is_unread():
            break
    return count


def _write_document(
    rows: Iterable[Mapping[str, object]], filtered: json_output.Write | None
) -> int:
    """Write a list of rows, whole at once only where jq has to see all of it."""
    if filtered:
        document = list(rows)
        filtered(document)
        return len(document)
    count = 0

    def texts() -> Iterator[str]:
        nonlocal count
        for row in rows:
            yield ("[\n" if not count else ",\n") + json.dumps(row)
            count += 1
        yield "\n]\n" if count else "[]\n"

    _write_all(texts())
    return count


def _write_csv(names: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    import csv  # noqa: PLC0415  # only where it is asked for

    lines: list[str] = []

    class _Lines:
        def write(self, text: str) -> None:
            lines.append(text)

    writer = csv.writer(_Lines())
    count = 0

    def texts() -> Iterator[str]:
        nonlocal count
        writer.writerow(names)
        yield lines.pop()
        for row in rows:
            count += 1
            writer.writerow(row)
            yield lines.pop()

    _write_all(texts())
    return count


def _write_all(texts: Iterator[str]) -> None:
    """Write texts as they come, and ask for no more where nobody reads them."""
    for text in texts:
        output.result(text)
        if output.is_unread():
            return
