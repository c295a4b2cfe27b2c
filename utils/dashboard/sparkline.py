"""A template's days as a strip of columns: how high for how many ran, failed ones on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.statistics import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from utils.statistics.figures import TemplateDay

COLUMNS = 30
WIDTH, HEIGHT, GAP = 4, 24, 1
LEAST, WIDEST = 2.0, 12.0


@dataclass(frozen=True)
class Sparkline:
    """Two paths, of the successful and the bad jobs, in a box of 150 by 24."""

    ok: str
    bad: str
    told: str


def sparkline(days: Sequence[TemplateDay], first: date, count: int) -> Sparkline:
    """Return the strip of `count` days from `first` on; longer periods take days together."""
    columns = min(COLUMNS, max(count, 1))
    good, bad = [0] * columns, [0] * columns
    for each in days:
        place = min(max((each.day - first).days * columns // max(count, 1), 0), columns - 1)
        good[place] += each.successful
        bad[place] += each.bad
    most = max((sum(pair) for pair in zip(good, bad, strict=True)), default=0) or 1
    paths: tuple[list[str], list[str]] = ([], [])
    step = min(COLUMNS * (WIDTH + GAP) / columns, WIDEST)
    for place, (well, badly) in enumerate(zip(good, bad, strict=True)):
        # Few are drawn too: a column of less than two pixels cannot be seen.
        upper = max(badly / most * HEIGHT, LEAST) if badly else 0
        lower = min(max(well / most * HEIGHT, LEAST), HEIGHT - upper) if well else 0
        for path, height, top in (
            (paths[0], lower, HEIGHT - lower),
            (paths[1], upper, HEIGHT - lower - upper),
        ):
            if height:
                path.append(
                    f"M{place * step:g} {top:.1f}h{step - GAP:g}v{height:.1f}h-{step - GAP:g}z"
                )
    red = sum(each.bad > 0 for each in days)
    told = f"failures on {red} of {words.plural(len(days), 'day')} with runs"
    return Sparkline("".join(paths[0]), "".join(paths[1]), told)
