"""`check`: whether a run would start, as one report; nothing is changed in AWX."""

from __future__ import annotations

from typing import TYPE_CHECKING

import auth
import launch_plan
from utils import json_output, output
from utils.errors import AppError, ExitCode
from utils.flow import Step, Timeline, walk
from utils.printable import printable
from utils.session import session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Settings
    from utils.awx_client import Client
    from utils.command_line import Call
    from utils.results import Results

FIRST_CHANGE = "project sync"
# Nothing can be looked at without these; the other steps are tried whatever the others found.
FOUNDATIONS = frozenset({"ping", "token", "template"})


def run(call: Call) -> ExitCode:
    """Report on every step before the first that changes AWX, and on what would be launched."""
    launch_plan.require(call.settings)
    write = json_output.writer(call.settings)
    with session(call.settings) as (client, settings, done):
        exit_code = _go_through(_steps(call.flow), client, settings, done)
    passed = done[Timeline].passed
    if settings.output == "json":
        write({"go": exit_code == ExitCode.OK, "checks": [vars(each) for each in passed],
               "exit_code": int(exit_code)})  # fmt: skip
        return exit_code
    for each in passed:
        output.result(f"{each.state:8} {each.name:12} {printable(each.text)}\n")
    unchecked = ", ".join(each.name for each in passed if each.state == "skipped")
    verdict = "go" if exit_code == ExitCode.OK else "no go"
    output.result(f"{verdict}, but not checked: {unchecked}\n" if unchecked else f"{verdict}\n")
    return exit_code


def _steps(flow: Sequence[Step]) -> list[Step]:
    names = [step.name for step in flow]
    checks = list(flow[: names.index(FIRST_CHANGE)])
    token = names.index("token")
    checks[token : token + 1] = [
        Step("token", auth.obtain_for_launch),
        Step("template", launch_plan.of_run),
    ]
    return checks


def _go_through(
    steps: Sequence[Step], client: Client, settings: Settings, done: Results
) -> ExitCode:
    """Return the exit code of the first check that failed."""
    exit_code = ExitCode.OK
    for step in steps:
        try:
            walk([step], client, settings, done, announce=False)
        except AppError as error:
            exit_code = exit_code or error.exit_code
            if step.name in FOUNDATIONS:
                break
    return exit_code
