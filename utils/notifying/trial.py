"""A message of trial to where those about runs go, without asking AWX."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from utils import json_output, output
from utils.errors import ExitCode
from utils.notifying import notice, sending
from utils.notifying.excerpt import Excerpt
from utils.notifying.facts import Facts, FailureFacts, JobFacts
from utils.notifying.message import compose, own_template
from utils.printable import printable

if TYPE_CHECKING:
    from utils.command_line import Call

WHY = "This is a trial of `notify test`: nothing has failed."


def run(call: Call, limits: sending.Limits | None = None) -> ExitCode:
    """Send it to every destination and print what became of each.

    Returns 1 where one failed, and where the template of `--notify-template` was of no use.

    Raises UsageError where there is no destination, or one cannot be used.
    """
    write = json_output.writer(call.settings)
    destinations = notice.destinations(call.settings)
    message = compose(sample(call.settings.host), own_template(call.settings))
    sent = sending.deliver(destinations, message, limits)
    if call.settings.output == "json":
        json_output.write_surely(write, {"notifications": [vars(each) for each in sent]})
    else:
        for each in sent:
            told = f": {each.error}" if each.error else ""
            output.result(f"{printable(f'{each.state} {each.kind} {each.to}{told}')}\n")
    is_fine = not message.problem and all(each.state == "sent" for each in sent)
    return ExitCode.OK if is_fine else ExitCode.JOB_FAILED


def sample(host: str, now: datetime | None = None, ran_on: str = "") -> Facts:
    """Return what a message of trial tells: a failed job that there is not, in that AWX."""
    now = now or datetime.now().astimezone()
    job = JobFacts(
        id=1, name="Trial", kind="job", page=f"{host}/#/jobs/playbook/1/output",
        status="failed", hosts={"ok": 2, "failures": 1}, started=now - timedelta(seconds=42),
        finished=now, elapsed_s=42.0, launched_by="admin", launch_type="manual",
    )  # fmt: skip
    lines = (
        'fatal: [web01]: FAILED! => {"changed": false, "msg": "No package httpd available."}', "",
        "PLAY RECAP *********************************************************************",
        "web01 : ok=1 changed=0 unreachable=0 failed=1",
    )  # fmt: skip
    return Facts(
        event="failure", word="TRIAL", exit_code=int(ExitCode.JOB_FAILED),
        meaning="the job ended failed or error", awx=host, template="Trial", reason=WHY, job=job,
        jobs=(job,),
        failures=(FailureFacts("web01", "Install", "No package httpd available.", False),),
        usual_s=40.0, user="admin", ran_on=ran_on or os.uname().nodename,
        run_id="20260131T031500Z-0a1b2c",
        next=("python main.py relaunch 1  # on the hosts that failed",),
        excerpt=Excerpt(lines, "\n".join(lines) + "\n", "logs/jobs/1.txt", 300),
    )  # fmt: skip
