"""Rows of text under a heading, with aligned columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

# How many rows are looked at before the first of them is written.
LOOKED_AT = 200
GAP = "  "
# What a column that gives way is left with.
NARROWEST = 8
END_OF_COLOUR = "\x1b[0m"


@dataclass(frozen=True)
class Terminal:
    """What a table is shown on: lines of `width` cells, and the column that gives way to fit them.

    `colours` are the control codes of what stands in a column; `ellipsis` stands for what is cut.
    """

    width: int
    gives_way: str
    colours: Mapping[tuple[str, str], str] = field(default_factory=dict)
    ellipsis: str = "…"


def aligned(
    columns: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[str] = ()
) -> list[str]:
    """Return the heading and the rows as lines of text; `right` are columns of numbers."""
    table = [columns, *rows]
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    return [_joined(columns, row, widths, right) for row in table]


def aligned_as_it_comes(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    right: Collection[str] = (),
    terminal: Terminal | None = None,
) -> Iterator[str]:
    """Yield the heading and the rows as lines of text, nothing where there are no rows.

    Only the first rows are waited for; what is wider in a later one widens its column from there.
    Lines are cut where there is a terminal.
    """
    left = iter(rows)
    first = list(islice(left, LOOKED_AT))
    if not first:
        return
    size = _cells_of if terminal else len
    widths = [max(map(size, cells)) for cells in zip(columns, *first, strict=True)]
    for row in chain((columns,), first, left):
        widths = [max(width, size(cell)) for width, cell in zip(widths, row, strict=True)]
        if terminal:
            yield _fitted(columns, row, widths, right, terminal)
        else:
            yield _joined(columns, row, widths, right)


def _joined(
    columns: Sequence[str], row: Sequence[str], widths: Sequence[int], right: Collection[str]
) -> str:
    cells = (
        cell.rjust(width) if name in right else cell.ljust(width)
        for name, cell, width in zip(columns, row, widths, strict=True)
    )
    return GAP.join(cells).rstrip()


def _fitted(
    columns: Sequence[str],
    row: Sequence[str],
    widths: Sequence[int],
    right: Collection[str],
    terminal: Terminal,
) -> str:
    """Return a line that a terminal does not wrap: what is left of it is cut off at its end."""
    over = sum(widths) + len(GAP) * (len(widths) - 1) - terminal.width
    left, parts = terminal.width, []
    for name, cell, width in zip(columns, row, widths, strict=True):
        if over > 0 and name == terminal.gives_way:
            width = max(width - over, min(width, NARROWEST))  # noqa: PLW2901  # of this line
        width = min(width, left)  # noqa: PLW2901  # likewise
        if width <= 0:
            break
        left -= width + len(GAP)
        text = _shortened(cell, width, terminal.ellipsis)
        space = " " * (width - _cells_of(text))
        code = terminal.colours.get((name, cell), "")
        text = f"{code}{text}{END_OF_COLOUR}" if code else text
        parts.append(f"{space}{text}" if name in right else f"{text}{space}")
    return GAP.join(parts).rstrip()


def _shortened(text: str, width: int, ellipsis: str) -> str:
    if _cells_of(text) <= width:
        return text
    from rich.cells import set_cell_size  # noqa: PLC0415  # only where lines are cut

    return set_cell_size(text, width - len(ellipsis)).rstrip() + ellipsis


def _cells_of(text: str) -> int:
    """Return how wide a text is on a terminal, where some signs take two cells."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415  # not for a file, nor where all is ASCII

    return cell_len(text)
