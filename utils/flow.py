"""The engine that walks a table of steps and knows none of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import AppError, NotNeeded
from utils.results import Skipped
from utils.signals import Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results

log = logger.get("flow")


@dataclass(frozen=True)
class Step:
    """A row of the flow: its function takes what is known so far and returns a frozen dataclass.

    The function may be named, as `module.function`: it is loaded when the step is run, so that a
    command loads what it uses. What goes wrong in a step that is not `vital` is told, and the flow
    goes on.
    """

    name: str
    function: str | Callable[[Client, Settings, Results], object]
    vital: bool = True

    def run(self, client: Client, settings: Settings, done: Results) -> object:
        """Run it, and return what it found."""
        function = self.function
        if isinstance(function, str):
            module, _, name = function.rpartition(".")
            function = getattr(import_module(module), name)
        return function(client, settings, done)


@dataclass(frozen=True)
class Passed:
    """How a step went: `state` is ok, skipped or failed."""

    name: str
    state: str
    seconds: float
    text: str


@dataclass
class Timeline:
    """The steps so far, in order, the names of all that there are, and of the one that runs."""

    passed: list[Passed] = field(default_factory=list)
    steps: tuple[str, ...] = ()
    current: str = ""


def walk(
    steps: Sequence[Step],
    client: Client,
    settings: Settings,
    done: Results,
    *,
    announce: bool = True,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Run the steps in order, adding each result to `done`; an error in a vital one ends it."""
    timeline = done.once(Timeline, Timeline)
    timeline.steps += tuple(step.name for step in steps)
    for number, step in enumerate(steps, 1):
        timeline.current = step.name
        started = clock()
        try:
            result = step.run(client, settings, done)
        except (AppError, Interrupted) as error:
            state = "skipped" if isinstance(error, NotNeeded) else "failed"
            if isinstance(error, AppError) and error.step == step.name:
                error.step = ""  # whoever tells of the step names it
            timeline.passed.append(Passed(step.name, state, clock() - started, str(error)))
            if isinstance(error, Interrupted):
                raise
            if step.vital:
                name = f"[{number}/{len(steps)}] {error.step or step.name}"
                error.step = name if announce else ""
                raise
            log.warning("%s failed: %s", step.name, error)
            continue
        done.add(result)
        took_s = clock() - started
        if isinstance(result, Skipped):
            timeline.passed.append(Passed(step.name, "skipped", took_s, result.reason))
        else:
            timeline.passed.append(Passed(step.name, "ok", took_s, str(result)))
        if announce:
            name = f"[{number}/{len(steps)}] {step.name}"
            log.info("%-20s %s (%.1f s)", name, result, took_s)
