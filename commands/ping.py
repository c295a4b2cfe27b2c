"""`ping`: whether AWX is up."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import awx_status
from utils import json_output, output
from utils.errors import ExitCode
from utils.session import session
from utils.trouble import FIRST_CONTACT_S

if TYPE_CHECKING:
    from utils.command_line import Call


def run(call: Call) -> ExitCode:
    """Print what AWX says of itself; no credentials are needed."""
    write = json_output.writer(call.settings)
    with session(call.settings, FIRST_CONTACT_S) as (client, settings, done):
        found = awx_status.ping(client, settings, done)
    if settings.output == "json":
        write(asdict(found))
    else:
        output.result(f"{found}\n")
    return ExitCode.OK
