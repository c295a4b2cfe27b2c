"""What is told of a failed run, in the tests of messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from utils.notifying.endings import ENDINGS
from utils.notifying.excerpt import Excerpt
from utils.notifying.facts import Facts, FailureFacts, JobFacts

if TYPE_CHECKING:
    from collections.abc import Callable

    from utils.errors import ExitCode

NOW = datetime(2026, 1, 31, 17, 30, tzinfo=timezone.utc)
JOB = JobFacts(
    id=40, name="Deploy web", kind="job", page="https://awx.test/#/jobs/playbook/40/output",
    status="failed", hosts={"ok": 1, "failures": 2}, started=NOW - timedelta(seconds=90),
    finished=NOW, elapsed_s=90.0, launched_by="admin", launch_type="manual",
)  # fmt: skip


def made(event: str = "failure", code: ExitCode | int = 1, **more: object) -> Facts:
    """Return what is told of that end; `more` are fields of it."""
    words = ENDINGS[code]  # type: ignore[index]  # an ExitCode is its number
    base = Facts(
        event=event, word=words.word, exit_code=int(code), meaning=words.meaning,
        awx="https://awx.test", template="Deploy web", job=JOB, jobs=(JOB,),
        failures=(FailureFacts("web01", "Install", "No package", unreachable=False),),
        usual_s=30.0, user="admin", ran_on="cron01", run_id="20260131T031500Z-0a1b2c",
        next=("python main.py relaunch 40  # on the hosts that failed",),
        excerpt=Excerpt(("TASK [Install]", "fatal: [web01]"), "TASK\nfatal\n", "/l/40.txt", 11),
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]  # fields of it


@pytest.fixture
def facts() -> Callable[..., Facts]:
    return made
