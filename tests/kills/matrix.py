"""Kills runs at their points, goes on with them, and tells what came of it."""

from __future__ import annotations

import signal
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from demo.faults import Fault
from demo.server import DemoServer
from tests.kills.points import END_TOKEN, MAKE_TOKEN, SENT, Point, Run, of_trail
from tests.kills.trial import Trial
from utils.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.kills.observed import Observed

SPEED = 20.0
FEW = 10  # hosts of the big inventory, which nothing here looks at
ATTEMPTS = 3
NEVER = Point("", 0)
COMPILED = str(Path(tempfile.gettempdir()) / "ansible-automation-api-compiled")


@contextmanager
def _trial(run: Run, compiled: str) -> Iterator[Trial]:
    with (
        tempfile.TemporaryDirectory() as name,
        DemoServer(speed=SPEED, password="correct horse", big=FEW) as server,
    ):
        if not run.is_pushed:
            server.faults.add(Fault("status", "WS", code=403, times=None))
        yield Trial(run, server, Path(name), compiled)


def points_of(run: Run, compiled: str = "") -> list[Point]:
    """Return the points at which a run can be killed, in their order."""
    return run.stuck_points or of_trail(_moments(run, compiled))


def _moments(run: Run, compiled: str) -> list[str]:
    """Return the moments of a run that nobody kills, in their order."""
    with _trial(run, compiled or COMPILED) as trial:
        args = run.args
        if run.before:
            trial.killed(run.before, *args)
            args = ("resume",)
        ended, trail = trial.killed(NEVER, *args)
        if ended.code != run.exit_code:
            raise RuntimeError(f"{run.name}: exit code {ended.code}: {ended.err.decode()}")
        return trail


def observe(run: Run, point: Point, *, compiled: str) -> Observed:
    """Kill a run at a point, again where the point did not come, and go on with it."""
    for _ in range(ATTEMPTS):
        seen = _observe(run, point, compiled)
        if seen.has_struck:
            break
    return seen


def _observe(run: Run, point: Point, compiled: str) -> Observed:
    with _trial(run, compiled) as trial:
        args, trail = run.args, list[str]()
        if run.before:
            _, trail = trial.killed(run.before, *args)
            args = ("resume",)
        ended, more = trial.killed(point, *args)
        trail += more
        found_state = trial.state()
        resumed = trial.process("resume")
        code = resumed.code
        if code == ExitCode.USAGE:
            code = trial.noted_code() if found_state else trial.process(*run.args).code
        return trial.observed(
            point,
            has_struck=ended.code == -signal.SIGKILL,
            found_state=found_state,
            was_sent=SENT in trail,
            resumed=resumed.code,
            exit_code=code,
            tokens_left=trial.live_tokens(),
            tokens_lost=_kept_tokens(trail) if resumed.code == ExitCode.USAGE else 0,
        )


def _kept_tokens(trail: list[str]) -> int:
    """Return how many tokens a killed process may have left, which only it could give back."""
    made, ended = (trail.count(f"answer to {each}") for each in (MAKE_TOKEN, END_TOKEN))
    return made - ended


def observe_all(
    cases: Iterable[tuple[Run, Point]], *, workers: int, compiled: str = ""
) -> Iterator[Observed]:
    """Kill each run at its point, several at a time, and yield what came of it, in their order."""
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(lambda case: observe(*case, compiled=compiled or COMPILED), cases)
