"""Rows of text under a heading, with aligned columns."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# How many rows are looked at before the first of them is written.
LOOKED_AT = 200


def aligned(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the heading and the rows as lines of text."""
    table = [columns, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(columns))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def aligned_as_it_comes(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the heading and the rows as lines of text, nothing where there are no rows.

    Only the first rows are waited for; what is wider in a later one widens its column from there.
    """
    left = iter(rows)
    first = list(islice(left, LOOKED_AT))
    if not first:
        return
    widths = [max(map(len, cells)) for cells in zip(columns, *first, strict=True)]
    for row in chain((columns,), first, left):
        widths = [max(width, len(cell)) for width, cell in zip(widths, row, strict=True)]
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
