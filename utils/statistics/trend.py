"""A line of little bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"
ASCII = ".:-=+*#@"
# More of them are no easier to read.
MOST_BARS = 90


def spark(values: Sequence[int], width: int, *, signs: bool) -> tuple[str, int, int]:
    """Return a bar for each value, or for the sum of as many as fit; how many, and the highest.

    Nothing is a blank; what is not nothing is at least the lowest bar.
    """
    step = max(-(-len(values) // min(width, MOST_BARS)), 1)
    sums = [sum(values[start : start + step]) for start in range(0, len(values), step)]
    highest, bars = max(sums, default=0), BARS if signs else ASCII
    line = (bars[-(-value * len(bars) // highest) - 1] if value else " " for value in sums)
    return "".join(line), step, highest
