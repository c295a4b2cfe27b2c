"""Prints the fault matrix: `make faults`; with `--write` it goes into docs/reliability.md, too.

Without `--host` each cell has an embedded AWX. Another AWX gets a launch for nearly each cell, and
should have nothing else to do; the user's password is taken from AWX_PASSWORD.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults import cells, matrix
from tests.faults.awx import Awx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from refresh import with_block  # noqa: E402  # docs/ is no package

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DOCUMENT = ROOT / "docs" / "reliability.md"
WORKERS = 12


def main(argv: Sequence[str] | None = None) -> int:
    """Run all cells and print the table; return 1 where one of them is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--host", help="address of an AWX; an embedded one if there is none")
    parser.add_argument("--username", default=os.environ.get("AWX_USERNAME") or "admin")
    parser.add_argument("--template", default="9", help="job template to launch, by id")
    parser.add_argument("--ca-bundle", default="", help="certificates to trust, PEM")
    parser.add_argument("--write", action="store_true", help=f"put the table into {DOCUMENT}")
    args = parser.parse_args(argv)
    awx = None
    if args.host:
        password = os.environ.get("AWX_PASSWORD") or parser.error("AWX_PASSWORD is not set")
        host = args.host.rstrip("/")
        awx = Awx(host, args.username, password, args.template, args.ca_bundle)
    started = time.monotonic()
    possible = [cell for step in cells.STEPS for cell in cells.cells(step, can_expire=not awx)]
    seen = list(matrix.run_all(possible, awx=awx, workers=WORKERS))
    rows = table(seen)
    print("\n".join(rows))  # noqa: T201  # this is what it is for
    wrong = [each for each in seen if each.problems]
    print(f"\n{len(seen)} cells, {len(wrong)} wrong, {time.monotonic() - started:.0f} s")  # noqa: T201
    for each in wrong:
        print(f"{each.cell}: {'; '.join(each.problems)}")  # noqa: T201
    if args.write:
        DOCUMENT.write_text(with_block(DOCUMENT.read_text(), "faults", "\n".join(rows)))
    return 1 if wrong else 0


def table(seen: Iterable[matrix.Observed]) -> list[str]:
    """Return the lines of a table with a row for each fault and a column for each step."""
    words = {each.cell: each.word for each in seen}
    heads = ["fault", *(step.name for step in cells.STEPS)]
    lines = [heads, ["---"] * len(heads)]
    for fault in cells.FAULTS:
        found = (words.get(cells.Cell(step, fault), "-") for step in cells.STEPS)
        lines.append([fault.name, *found])
    return [f"| {' | '.join(line)} |" for line in lines]


if __name__ == "__main__":
    sys.exit(main())
