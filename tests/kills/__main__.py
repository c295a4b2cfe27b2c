"""Prints the kill matrix: `make kills`; with `--write` it goes into docs/reliability.md, too."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.kills import matrix, points

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from refresh import with_block  # noqa: E402  # docs/ is no package

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.kills.observed import Observed

DOCUMENT = ROOT / "docs" / "reliability.md"
WORKERS = 8
HEADS = ("run", "killed at", "gone on with", "begun again", "over already", "exit 9", "wrong")


def main(argv: Sequence[str] | None = None) -> int:
    """Kill each run at all its points and print the table; return 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"put the table into {DOCUMENT}")
    args = parser.parse_args(argv)
    started, wrong, rows = time.monotonic(), 0, [HEADS, ("---",) * len(HEADS)]
    for run in points.RUNS:
        cases = [(run, point) for point in matrix.points_of(run)]
        seen = list(matrix.observe_all(cases, workers=WORKERS))
        for each in seen:
            if each.problems:
                print(f"{run.name}, {each.point}: {'; '.join(each.problems)}")  # noqa: T201
        wrong += sum(bool(each.problems) for each in seen)
        rows.append(row(run, seen))
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    killed = sum(int(cells[1]) for cells in rows[2:])
    print(f"{table}\n\n{killed} kills, {wrong} wrong, {time.monotonic() - started:.0f} s")  # noqa: T201
    if args.write:
        DOCUMENT.write_text(with_block(DOCUMENT.read_text(), "kills", table))
    return 1 if wrong else 0


def row(run: points.Run, seen: Sequence[Observed]) -> tuple[str, ...]:
    """Return a line of the table: at how many points it was killed, and what came of it."""
    struck = [each for each in seen if each.has_struck]
    counts = (
        len(struck),
        sum(each.found_state not in {"", "ended"} and not each.is_unknown for each in struck),
        sum(not each.found_state for each in struck),
        sum(each.found_state == "ended" for each in struck),
        sum(each.is_unknown for each in struck),
        sum(bool(each.problems) for each in seen),
    )
    return run.name, *map(str, counts)


if __name__ == "__main__":
    sys.exit(main())
