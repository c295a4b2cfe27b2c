"""A run: its steps, its journal, and what is told of its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import interruption
import launch_plan
import retry
import run_summary
from monitor import Finished
from utils import logger, signals
from utils.command_line import TALKING
from utils.conclusion import Conclusion
from utils.errors import AppError, ExitCode
from utils.flow import walk
from utils.live_view import live_view
from utils.results import EmbeddedAwx
from utils.session import session
from utils.signals import Interrupted
from utils.signing_in.who import User
from utils.trouble import ASKING_S, RUNNING_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Settings
    from utils.awx_client import Client
    from utils.flow import Step
    from utils.journal import Journal
    from utils.notifying.notice import Notice
    from utils.results import Results

log = logger.get("main")

TIMED_OUT = ExitCode.TIMED_OUT
IN_A_HURRY = frozenset({ExitCode.INTERRUPTED, ExitCode.TERMINATED})
# The longest that the page of a dashboard may hold the end of a run up.
DASHBOARD_S = 60.0


def start(settings: Settings, steps: Sequence[Step], journal: Journal) -> ExitCode:
    """Run the steps from the first one; raises UsageError for what cannot be run."""
    launch_plan.require(settings)
    return go_on(
        settings, steps, journal, state="started", command="run", **settings.given(TALKING)
    )


def go_on(
    settings: Settings,
    steps: Sequence[Step],
    journal: Journal,
    notice: Notice | None = None,
    /,
    **entries: object,
) -> ExitCode:
    """Run what is left of a run, with these entries in its journal.

    A failed job is a result, so output and history still follow it. `notice` is the message about
    its end, where that was made ready before.
    """
    retry.require(settings)
    with (
        Conclusion(settings, notice) as conclusion,
        session(settings, max(settings.timeout, RUNNING_S)) as (client, settings_now, done),
    ):
        journal.note(awx=client.host, **entries)
        done.add(journal)
        exit_code = carry_out(steps, client, settings_now, done)
        conclusion.begin(done, lambda: run_summary.document(client, done, exit_code))
        run_summary.tell(done, exit_code)
        # A job that was left running, or may be there, is not at its end with this run.
        journal.close(exit_code, is_over=Finished in done or EmbeddedAwx in done)
        if conclusion.notice:
            conclusion.notice.gather(client, settings_now, done, exit_code)
        conclusion.write_unless_due()
        # Who wants it to end at once has no time for a page.
        if settings.dashboard and User in done and exit_code not in IN_A_HURRY:
            _draw_dashboard(client, settings_now, done)
    log.info("exit code %d", exit_code)
    return exit_code


def _draw_dashboard(client: Client, settings: Settings, done: Results) -> None:
    """Write the page of `--dashboard`: whatever is in its way, the run has ended as it has."""
    client.patience_s = ASKING_S
    try:
        from utils import reporting  # noqa: PLC0415  # only where it is asked for

        with signals.let_through(), signals.deadline(DASHBOARD_S):
            report = reporting.of_last_days(client, settings, done[User].username)
            reporting.write_page(report, settings.dashboard)
    except Interrupted as error:
        why = f"it took more than {DASHBOARD_S:.0f} s" if error.exit_code == TIMED_OUT else error
        log.warning("the dashboard is not written, and what was fetched for it is kept: %s", why)
    except AppError as error:
        log.warning("the dashboard is not written: %s", error)
    except Exception as error:  # a picture is no reason to call a run failed
        log.warning("the dashboard is not written: %s", error)
        log.debug("raised here", exc_info=True)


def carry_out(steps: Sequence[Step], client: Client, settings: Settings, done: Results) -> ExitCode:
    """Walk steps that follow a job to its end, within `--timeout`; return what the end means."""
    try:
        with signals.deadline(settings.timeout), live_view(settings, done):
            walk(steps, client, settings, done)
        return done[Finished].exit_code
    except Interrupted as error:
        return interruption.wind_up(error, steps, client, settings, done)
    except AppError as error:
        return _tell(error)


def _tell(error: AppError) -> ExitCode:
    """Say what ended a run early; return its exit code."""
    say = log.error if error.exit_code else log.info
    say("%s", error)
    log.debug("raised here", exc_info=error)
    return error.exit_code
