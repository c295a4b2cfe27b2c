"""`resume [RUN]`: go on with a run that was cut off, never launching twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import config
import launch
import runner
from utils import logger
from utils.errors import UsageError
from utils.flow import Step
from utils.journal import FINAL_STATES, Journal, cut_off
from utils.notifying.notice import prepare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Settings
    from utils.command_line import Call
    from utils.errors import ExitCode
    from utils.notifying.notice import Notice

log = logger.get("resume")

# After them, the job is there.
FIRST, LAST = ("ping", "token"), ("monitor", "stdout")


def run(call: Call) -> ExitCode:
    """Go on with the run of that id, or with the newest that was cut off, and exit as its job ends.

    Raises UsageError where there is none, and where it goes on already.
    """
    if len(call.arguments) > 1:
        raise UsageError("resume takes one run at a time")
    log_dir = Path(call.settings.log_dir)
    journal = Journal.opened(
        log_dir, call.arguments[0] if call.arguments else _newest(log_dir, call)
    )
    try:
        _check_open(journal)
        settings = _settings_of(call, journal)
        steps = _steps(call, journal)
    except UsageError:
        journal.unlock()
        raise
    settings, notice = _able_to_notify(settings, call)
    log.info("run %s: %s", journal.run_id, _told(journal))
    return runner.go_on(settings, steps, journal, notice)


def _check_open(journal: Journal) -> None:
    if journal.state in FINAL_STATES:
        code = journal["exit_code"]
        raise UsageError(f"run {journal.run_id} is over (exit code {code}): nothing is left to do")


def _newest(log_dir: Path, call: Call) -> str:
    """Return the newest run, of the AWX that is asked for; one that surely has a job goes first."""
    wanted = call.settings.host.rstrip("/") if call.settings.asked("host") else None
    found = [
        each
        for each in cut_off(log_dir)
        if wanted in {None, each.get("awx")} and not _is_to_be_started_again(each)
    ]
    if not found:
        of_awx = f" of {wanted}" if wanted else ""
        where = log_dir / "runs"
        raise UsageError(
            f"no run{of_awx} was cut off of late in {where}; an older one needs its id"
        )
    first = min(found, key=lambda each: each.get("state") != "launched")
    return str(first["run_id"])


def _settings_of(call: Call, journal: Journal) -> Settings:
    """Return the settings that the run was started with, and over them those given now."""
    command = next(
        (each for each in call.commands if each.name == journal["command"]), call.commands[0]
    )
    own = {name: texts for name, texts in call.settings.flags.items() if texts}
    # The time that it had is gone, and what was to be done then matters only if it gets another.
    past = {"timeout"} if call.settings.timeout else {"timeout", "on_timeout"}
    known = {
        name: texts
        for name, texts in (journal["flags"] or {}).items()
        if name in command.fields and name not in past
    }
    settings = config.resolve(
        {**known, **own},
        wanted=command.fields,
        renamed=dict(command.renamed),
        needs=command.needs,
    )
    if journal["awx"] not in {None, settings.host.rstrip("/")}:
        raise UsageError(
            f"run {journal.run_id} is one of {journal['awx']}, and {settings.source('host')} is "
            f"{settings.host}: pass --host {journal['awx']}"
        )
    return replace(settings, log_dir=call.settings.log_dir)


def _able_to_notify(settings: Settings, call: Call) -> tuple[Settings, Notice | None]:
    """Return the settings without a message that cannot be sent, unless it is asked for now.

    Where it goes to is not kept, and a run must not be lost for it. With them comes the message,
    where it is made ready already.
    """
    if call.settings.notify_on or not settings.notify_on:
        return settings, None
    try:
        return settings, prepare(settings)
    except UsageError as error:
        log.warning("nobody is notified: %s", error)
        left = {name: text for name, text in settings.sources.items() if name != "notify_template"}
        return replace(settings, notify_on=(), notify_template="", sources=left), None


def _steps(call: Call, journal: Journal) -> list[Step]:
    """Return what is left to do: all of it only where surely nothing was launched."""
    if journal.state != "started":
        again = Step("launch", launch.found_again)
        kept = [step for step in call.flow if step.name in FIRST + LAST]
        return [*kept[: len(FIRST)], again, *kept[len(FIRST) :]]
    command, withheld = journal["command"], ", ".join(journal["withheld"] or [])
    if command != "run" or withheld:
        lost = f", and {withheld} may be secret, so it is not kept" if withheld else ""
        raise UsageError(
            f"run {journal.run_id} was cut off before anything was launched{lost}: start it again "
            f"(python main.py {command} ...)"
        )
    return list(call.flow)


def _is_to_be_started_again(entries: Mapping[str, Any]) -> bool:
    """Tell whether nothing was launched, and too little is known of the run to begin again."""
    is_known = entries.get("command") == "run" and not entries.get("withheld")
    return entries.get("state") in {None, "started"} and not is_known


def _told(journal: Journal) -> str:
    if journal.state == "launched":
        return f"going on with job {journal['job']}, {journal['page']}"
    if journal.state == "started":
        return "nothing was launched; beginning again"
    return "looking for the job that it may have launched"
