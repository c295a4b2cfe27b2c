"""`approval list|approve|deny`: the approvals that workflows wait for."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import auth
from utils import approvals, json_output, list_writers, logger
from utils.asking import confirm
from utils.errors import ExitCode
from utils.jobs import check_id
from utils.printable import printable
from utils.session import session

if TYPE_CHECKING:
    from utils.command_line import Call

log = logger.get("approval")


def run_list(call: Call) -> ExitCode:
    """List what waits for an answer (`GET /api/v2/workflow_approvals/?status=pending`)."""
    write = list_writers.chosen(call.settings, approvals.columns(datetime.now(timezone.utc)))
    with session(call.settings) as (client, settings, done):
        auth.obtain(client, settings, done)
        count = write(client, approvals.waiting(client))
    if not count:
        log.info("no workflow waits for an approval")
    return ExitCode.OK


def run_approve(call: Call) -> ExitCode:
    """Let a workflow go on (`POST /api/v2/workflow_approvals/N/approve/`)."""
    return _answer(call, approvals.APPROVE)


def run_deny(call: Call) -> ExitCode:
    """Let the step fail that waits (`POST /api/v2/workflow_approvals/N/deny/`)."""
    return _answer(call, approvals.DENY)


def _answer(call: Call, verb: str) -> ExitCode:
    (text,) = call.arguments
    check_id(text, "an approval")
    write = json_output.writer(call.settings)
    with session(call.settings) as (client, settings, done):
        user = auth.obtain(client, settings, done)
        row = approvals.find(client, text)
        approvals.check(row, verb)
        already = " already" if approvals.outcome_of(row) else ""
        if not already:
            approvals.refuse_others(row, user.username)
            if not settings.yes:
                by = printable(approvals.launcher(row))
                launched = f", launched by {by}" if by else ""
                confirm(f"{verb.title()} {approvals.told(row)}{launched}?", "not answered")
            row = approvals.answer(client, row, verb)
    outcome = f"{approvals.outcome_of(row)}{approvals.by(row)}"
    log.info("%s is%s %s", approvals.told(row), already, outcome)
    if settings.output == "json":
        write(row.fields)
    return ExitCode.OK
