"""The summary of a run: one JSON document (`docs/run-summary.schema.json`), or a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awx_status import Ping
from credentials import Credentials
from history import History
from inventory import Hosts, Inventory
from job_output import Log
from launch_plan import LaunchPlan
from monitor import Finished
from project_sync import ProjectUpdate
from utils import logger
from utils.adoption import IN_FLIGHT
from utils.attempts import Attempts
from utils.errors import ExitCode
from utils.flow import Timeline
from utils.following.board import Board
from utils.jobs import Launched
from utils.journal import Journal
from utils.notifying.notice import Notifications
from utils.results import EmbeddedAwx
from utils.signing_in.who import User

if TYPE_CHECKING:
    from utils.awx_client import Client
    from utils.following.followed_job import FollowedJob
    from utils.results import Results

log = logger.get("summary")

# What of a failed one AWX starts again.
RELAUNCHED = {"job": "on the hosts that failed", "workflow_job": "all of it"}


def document(client: Client, done: Results, exit_code: ExitCode) -> dict[str, object]:
    """Return the summary as JSON takes it; null stands for what the run did not get to."""
    ping, user, plan = done.get(Ping), done.get(User), done.get(LaunchPlan)
    hosts, credentials, update = done.get(Hosts), done.get(Credentials), done.get(ProjectUpdate)
    log_file, history = done.get(Log), done.get(History)
    inventory = done.get(Inventory)
    job = _job(done)
    return {
        "run_id": done[Journal].run_id,
        "awx": {"host": client.host, "version": ping.version if ping else None},
        "user": {"id": user.id, "username": user.username, "method": user.method} if user else None,
        "template": {"id": plan.template_id, "name": plan.template_name} if plan else None,
        "inventory": vars(inventory) if inventory else None,
        "hosts": vars(hosts) if hosts else None,
        "credentials": [vars(each) for each in credentials.found] if credentials else None,
        "project_update": vars(update) if update else None,
        "job": job,
        "attempts": _attempts(done, job),
        "log_file": str(log_file.path) if log_file else None,
        "history": {
            "success_rate": history.success_rate,
            "jobs": [_row(each.fields) for each in history.jobs],
        }
        if history
        else None,
        "steps": [vars(each) for each in done[Timeline].passed],
        "notifications": notifications(done),
        "warnings": logger.warnings(),
        "exit_code": int(exit_code),
    }


def notifications(done: Results) -> list[dict[str, object]]:
    """Return what became of the messages about this end, none where nobody is to be told."""
    found = done.get(Notifications)
    return found.rows if found else []


JOB_FIELDS = (
    "id", "type", "name", "status", "failed", "launch_type", "created", "started", "finished",
    "canceled_on", "elapsed", "job_explanation", "job_type", "limit", "scm_revision",
    "host_status_counts", "launched_by", "execution_node",
)  # fmt: skip


def job_document(done: Results, exit_code: ExitCode) -> dict[str, object]:
    """Return what `watch` says of a job: the summary's part about it, null where there is none."""
    log_file = done.get(Log)
    return {
        "job": _job(done),
        "log_file": str(log_file.path) if log_file else None,
        "warnings": logger.warnings(),
        "exit_code": int(exit_code),
    }


def _row(job: object) -> dict[str, object]:
    """Return the fields of a job that tell about a run; not its variables, they may be secret."""
    return {key: job[key] for key in JOB_FIELDS if key in job} if isinstance(job, dict) else {}


def _job(done: Results) -> dict[str, object] | None:
    launched, finished = done.get(Launched), done.get(Finished)
    if not launched:
        return None
    known = _row(finished.job.fields) if finished else {}
    row = {"id": launched.job_id, "type": launched.kind, **known, "page": launched.page}
    if board := done.get(Board):
        for job in board.jobs:
            if job.nodes and job.job.job_id == launched.job_id:
                row["nodes"] = _nodes(job)
    return row


def _attempts(done: Results, job: dict[str, object] | None) -> list[dict[str, object]]:
    """Return all jobs of the run; of those that were started again, what is worth knowing."""
    attempts = done.get(Attempts)
    rows = attempts.rows if attempts else []
    if job and rows and rows[-1]["id"] == job["id"]:
        rows[-1] = {**job, **rows[-1]}
    elif job:
        rows.append(job)
    return rows


def _nodes(workflow: FollowedJob) -> list[dict[str, object]]:
    """Return the steps of a workflow, those of one in it below it."""
    rows: list[dict[str, object]] = []
    for node in workflow.nodes:
        step = workflow.steps.get(node.job_id or 0)
        status = step.status if step else node.status
        row: dict[str, object] = {"name": node.name, "job": node.job_id, "status": status or None}
        rows.append(row | ({"nodes": _nodes(step)} if step and step.nodes else {}))
    return rows


def tell(done: Results, exit_code: ExitCode) -> None:
    """Say on stderr how the run ended, where to look, and what to do next.

    Whatever is not well is said as an error, so that `--quiet` does not hide it.
    """
    tell_job(done, exit_code)
    journal = done.get(Journal)
    if journal and journal.state == "started" and not done.get(Launched):
        log.info("nothing was launched")


def tell_job(done: Results, exit_code: ExitCode) -> None:
    """Say how a job ended and where its output is, or how to go on with it."""
    launched, finished, log_file = done.get(Launched), done.get(Finished), done.get(Log)
    say = log.info if exit_code == ExitCode.OK else log.error
    if launched:
        state = str(finished) if finished else "was not followed to its end"
        if not finished and EmbeddedAwx not in done:
            state += ", and may go on in AWX"
        say("job %d %s: %s", launched.job_id, state, launched.page)
    if log_file:
        log.info("output: %s", log_file.path)
    for step in next_steps(done, exit_code):
        say("next: %s", step)


def next_steps(done: Results, exit_code: ExitCode) -> list[str]:
    """Return the commands with which to go on after that end, as a shell takes them.

    There are none for the embedded AWX: they would go to another one, which has jobs of these ids.
    """
    if EmbeddedAwx in done:
        return []
    launched, finished, journal = done.get(Launched), done.get(Finished), done.get(Journal)
    steps = []
    if finished and launched and finished.status == "failed" and launched.kind in RELAUNCHED:
        remark = RELAUNCHED[launched.kind]
        steps.append(f"python main.py relaunch {launched.job_id}  # {remark}")
    if launched and not finished:
        again = f"resume {journal.run_id}" if journal else f"watch {launched.job_id}"
        steps += [f"python main.py {again}", f"python main.py cancel {launched.job_id}"]
    if journal and journal.state in IN_FLIGHT and exit_code != ExitCode.OK:
        steps.append(f"python main.py resume {journal.run_id}  # it looks for the job")
    return steps
