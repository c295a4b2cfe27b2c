"""Following a job that exists: the flow's own steps 8 and 9, and what to say at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor import Finished
from utils import run_summary
from utils.flow import walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Settings
    from utils.awx_client import Client
    from utils.errors import ExitCode
    from utils.flow import Step
    from utils.json_output import Write
    from utils.results import Results

NEEDED = ("monitor", "stdout")


def follow_to_end(
    flow: Sequence[Step], client: Client, settings: Settings, done: Results, write: Write
) -> ExitCode:
    """Follow the job in `done` to its end, save its output, and return what its status means."""
    walk([step for step in flow if step.name in NEEDED], client, settings, done)
    exit_code = done[Finished].exit_code
    run_summary.tell(done, exit_code)
    if settings.output == "json":
        write(run_summary.job_document(done))
    return exit_code
