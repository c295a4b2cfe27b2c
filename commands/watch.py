"""`watch JOB`: follow a job that anyone started, running or finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

import auth
from utils import json_output
from utils.following import follow_to_end
from utils.jobs import find_job
from utils.session import session

if TYPE_CHECKING:
    from utils.command_line import Call
    from utils.errors import ExitCode


def run(call: Call) -> ExitCode:
    """Print the job's output as it appears, save it whole, and exit by its status."""
    write = json_output.writer(call.settings)
    with session(call.settings) as (client, settings, done):
        done.add(auth.obtain(client, settings, done))
        done.add(find_job(client, call.argument))
        return follow_to_end(call.flow, client, settings, done, write)
