"""Write docs/notifications/: what Slack and a mail server get of a failed run, as an example."""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from email.headerregistry import Address
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from utils.errors import ExitCode  # noqa: E402  # after the path to it
from utils.notifying import gathering, mail, slack_blocks  # noqa: E402
from utils.notifying.endings import FAILURE  # noqa: E402
from utils.notifying.excerpt import Excerpt  # noqa: E402
from utils.notifying.facts import AttemptFacts, FailureFacts, JobFacts  # noqa: E402
from utils.notifying.message import compose  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.notifying.facts import Facts

FOLDER = ROOT / "docs" / "notifications"
NOW = datetime(2026, 1, 31, 3, 17, 42, tzinfo=timezone.utc)
AWX = "https://awx.example.com"
OUTPUT = """\
TASK [Install nginx] ***********************************************************
changed: [web01]
fatal: [web02]: FAILED! => {"changed": false, "msg": "No package matching 'nginx-1.27' found"}
changed: [web03]

TASK [Reload nginx] ************************************************************
changed: [web01]
changed: [web03]

PLAY RECAP *********************************************************************
web01                      : ok=3    changed=2    unreachable=0    failed=0
web02                      : ok=1    changed=0    unreachable=0    failed=1
web03                      : ok=3    changed=2    unreachable=0    failed=0
"""


def facts() -> Facts:
    """Return what is told of a job that failed on one of three hosts, at its second attempt."""
    page = f"{AWX}/#/jobs/playbook/{{}}/output"
    job = JobFacts(
        id=124, name="Deploy web", kind="job", page=page.format(124), status="failed",
        hosts={"changed": 2, "failures": 1}, started=NOW - timedelta(seconds=102), finished=NOW,
        elapsed_s=102.0, limit="web*", launched_by="deployer", launch_type="relaunch",
    )  # fmt: skip
    known = {
        "awx": AWX, "template": "Deploy web", "job": job, "jobs": (job,),
        "failures": (
            FailureFacts(
                "web02", "Install nginx", "No package matching 'nginx-1.27' found",
                unreachable=False,
            ),
        ),
        "attempts": (
            AttemptFacts(123, "failed", page.format(123), ("web01", "web02")),
            AttemptFacts(124, "failed", page.format(124), ("web02",)),
        ),
        "usual_s": 41.0, "user": "deployer", "ran_on": "cron01",
        "run_id": "20260131T031500Z-0a1b2c",
        "next": ("python main.py relaunch 124  # on the hosts that failed",),
        "excerpt": Excerpt(
            tuple(OUTPUT.splitlines()), OUTPUT, "/opt/awx/logs/jobs/124.txt", len(OUTPUT)
        ),
    }  # fmt: skip
    return gathering.facts(FAILURE, ExitCode.JOB_FAILED, known)


def files() -> dict[str, str]:
    """Return what the files of the example hold, by their names."""
    with _in_utc():
        message = compose(facts())
    sender, receiver = Address("AWX", "awx", "example.com"), Address("", "ops", "example.com")
    letter = mail.letter(message, sender, [receiver], NOW, "<1@example.com>")
    for number, part in enumerate(each for each in letter.walk() if each.is_multipart()):
        part.set_boundary(f"part-{number}")
    blocks = slack_blocks.payload(message)
    return {
        "slack.json": f"{json.dumps(blocks, indent=2, ensure_ascii=False)}\n",
        "mail.eml": letter.as_bytes().decode("ascii").replace("\r\n", "\n"),
        "mail.html": str(message.html),
        "message.txt": f"{message.title}\n\n{message.text}",
    }


@contextmanager
def _in_utc() -> Iterator[None]:
    """Let times be told in UTC, wherever this is run."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
