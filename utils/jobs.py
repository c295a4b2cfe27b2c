"""A job of any kind, named by its id on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launch import Launched, describe
from utils.errors import NotFound, UsageError

if TYPE_CHECKING:
    from utils.awx_client import Client

LONGEST_ID = 18


def find_job(client: Client, text: str) -> Launched:
    """Return the job, project update, workflow job ... of that id (`GET /unified_jobs/?id=N`).

    Raises UsageError for what is no id, NotFound where AWX has no such job.
    """
    if not text.isdecimal() or len(text) > LONGEST_ID:
        raise UsageError(f"a job is named by its id, a number, not {text!r}")
    rows = client.get("unified_jobs/", id=int(text)).records("results")
    if not rows:
        raise NotFound(f"AWX has no job {text}, or it is not shown to this user")
    return describe(client, rows[0])
