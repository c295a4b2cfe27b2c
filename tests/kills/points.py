"""The kill matrix: which runs are killed, and at which of their moments."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LAUNCH = "POST job_templates/N/launch/"
SENT = f"answer to {LAUNCH}"
MAKE_TOKEN, END_TOKEN = "POST tokens/", "DELETE tokens/N/"
SHOWN, NOTED, STUCK = "output is shown", "output is noted", "output is stuck"
# Of moments that come this often, one is much like another.
OFTEN = 12


@dataclass(frozen=True)
class Point:
    """A moment of a run: the `number`th of that name; or its output, stuck after `number` bytes."""

    moment: str
    number: int = 1

    def __str__(self) -> str:
        return f"{self.moment} ({self.number})"


@dataclass(frozen=True)
class Run:
    """A run that is killed, or one that was killed `before`, whose `resume` is killed, too.

    With `stuck_after`, whoever reads its output stops after so many bytes, and it is killed then.
    """

    name: str
    args: tuple[str, ...]
    exit_code: ExitCode = ExitCode.OK
    before: Point | None = None
    is_pushed: bool = True
    stuck_after: tuple[int, ...] = ()

    @property
    def stuck_points(self) -> list[Point]:
        """The points at which it waits for its reader."""
        return [Point(STUCK, number) for number in self.stuck_after]


SHORT = ("--sync", "never", "--history", "0")
LONG = ("--template", "Long migration", *SHORT)
MARKED = ("--template", "Prompts", *SHORT)
RUNS = (
    Run("the whole flow", ("--template", "9", "--sync", "always")),
    Run("a marked launch", MARKED),
    Run("a job that fails", ("--template", "Failing deploy", *SHORT), ExitCode.JOB_FAILED),
    Run("no websocket", ("--template", "9", *SHORT), is_pushed=False),
    Run("a long job", LONG),
    Run("resume, after the launch", MARKED, before=Point(SENT)),
    Run("resume, amid the output", LONG, before=Point(SHOWN, 8)),
    Run(
        "a reader who is slow", ("--template", "Big output", *SHORT),
        stuck_after=(1, 5_000, 50_000, 300_000, 1_000_000),
    ),
)  # fmt: skip


def of_trail(trail: Iterable[str]) -> list[Point]:
    """Return each moment of a run as a point, but not all of those that come often."""
    seen: Counter[str] = Counter()
    points = []
    for moment in trail:
        seen[moment] += 1
        points.append(Point(moment, seen[moment]))
    return [point for point in points if _is_wanted(point, seen[point.moment])]


def _is_wanted(point: Point, among: int) -> bool:
    chosen = {1 + (among - 1) * n // (OFTEN - 1) for n in range(OFTEN)}
    return among <= OFTEN or point.number in chosen


def around_launch(points: Sequence[Point]) -> list[Point]:
    """Return every point of the launch, the one before it and the one after it."""
    found = [index for index, point in enumerate(points) if point.moment.endswith(LAUNCH)]
    return list(points[found[0] - 1 : found[-1] + 2])


def around_log(points: Sequence[Point]) -> list[Point]:
    """Return the point where the log gets its place, the one before it and the one after it."""
    (found,) = (index for index, point in enumerate(points) if point.moment == "log is moved")
    return list(points[found - 1 : found + 2])


def spread(points: Sequence[Point], number: int) -> list[Point]:
    """Return so many of the points, evenly spread, the last one among them."""
    return [points[len(points) * n // number - 1] for n in range(1, number + 1)]
