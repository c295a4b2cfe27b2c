"""Step 7, launch: exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import launch_plan
from utils import logger, signals
from utils.errors import BadAnswer, PreflightFailed, UnknownOutcome, Unreachable
from utils.journal import Journal

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("launch")

# The hundreds of a status that says that nothing was done.
REDIRECTION, REFUSAL = 3, 4


@dataclass(frozen=True)
class Launched:
    """A job of any kind in AWX: `path` is where it is below the API's root."""

    job_id: int
    kind: str
    path: str
    page: str
    status: str = ""

    def __str__(self) -> str:
        return f"{self.kind.replace('_', ' ')} {self.job_id}, {self.page}"


def launch(client: Client, settings: Settings, done: Results) -> Launched:
    """Send the plan (`POST /api/v2/job_templates/N/launch/`), one time and no other.

    The job's id is in the journal before anything else happens. Raises PreflightFailed where AWX
    refuses, UnknownOutcome where the request went out and no usable answer came back.
    """
    plan = launch_plan.of_run(client, settings, done)
    journal = done[Journal]
    path = f"job_templates/{plan.template_id}/launch/"
    journal.note(awx=client.host, template=plan.template_id, state="launching")
    with signals.held():
        answer = _post(client, path, plan, journal)
        job = describe(client, answer)
        done.add(job)  # here, so that a signal held back does not lose it
        journal.note(state="launched", job=job.job_id, kind=job.kind, page=job.page)
    ignored = answer.maybe_record("ignored_fields").fields
    if ignored:
        log.warning("AWX did not use: %s (template changed?)", ", ".join(sorted(ignored)))
    return job


def describe(client: Client, job: Record) -> Launched:
    """Return where a job is, from AWX's own answer about it."""
    job_id, kind = job.integer("id"), job.text("type")
    pages = {"job": "playbook", "workflow_job": "workflow", "project_update": "project"}
    page = client.page_url(f"jobs/{pages.get(kind, 'command')}/{job_id}/output")
    status = job.maybe_text("status")
    return Launched(job_id, kind, client.path_of(job.text("url")), page, status)


def _post(client: Client, path: str, plan: launch_plan.LaunchPlan, journal: Journal) -> Record:
    try:
        answer = client.post(path, plan.payload)
        answer.integer("id")
    except Unreachable as error:
        if not error.sent:
            raise
        raise _unknown(client, plan, journal, error) from error
    except BadAnswer as error:
        hundreds = (error.status or 0) // 100
        if hundreds == REDIRECTION:
            raise
        if hundreds == REFUSAL:
            raise PreflightFailed(f"AWX refuses the launch: {error}") from error
        raise _unknown(client, plan, journal, error) from error
    return answer


def _unknown(
    client: Client, plan: launch_plan.LaunchPlan, journal: Journal, error: Exception
) -> UnknownOutcome:
    journal.note(state="unknown")
    list_url = client.url(f"job_templates/{plan.template_id}/jobs/?order_by=-id")
    return UnknownOutcome(
        f"the launch was sent and its outcome is unknown ({error}). Before launching again, look "
        f"for a new job: python main.py history --template {plan.template_id}, or {list_url}"
    )
