"""Step 7, launch: exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import launch_plan
from utils import logger, signals
from utils.errors import BadAnswer, PreflightFailed, UnknownOutcome, Unreachable
from utils.jobs import Launched, describe
from utils.journal import Journal

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("launch")

# The hundreds of a status that says that nothing was done.
REDIRECTION, REFUSAL = 3, 4


def launch(client: Client, settings: Settings, done: Results) -> Launched:
    """Send the plan (`POST /api/v2/job_templates/N/launch/`), one time and no other.

    The job's id is in the journal before anything else happens. Raises PreflightFailed where AWX
    refuses, UnknownOutcome where the request went out and no usable answer came back.
    """
    plan = launch_plan.of_run(client, settings, done)
    journal = done[Journal]
    journal.note(awx=client.host, template=plan.template_id, state="launching")
    with signals.held():
        answer = _post(client, plan, journal)
        job = describe(client, answer)
        done.add(job)  # here, so that neither a signal held back nor a full disk loses it
        if not journal.try_note(state="launched", job=job.job_id, kind=job.kind, page=job.page):
            log.error("job %d is launched, and could not be noted: %s", job.job_id, job.page)
    ignored = answer.fields.get("ignored_fields")
    if isinstance(ignored, dict) and ignored:
        log.warning("AWX did not use: %s (template changed?)", ", ".join(sorted(ignored)))
    return job


def _post(client: Client, plan: launch_plan.LaunchPlan, journal: Journal) -> Record:
    try:
        answer = client.post(f"{plan.path}launch/", plan.payload)
        answer.integer("id")
    except signals.Interrupted:
        log.error("%s", _unknown(client, plan, journal, "it was interrupted"))
        raise
    except Unreachable as error:
        if not error.sent:
            raise
        raise _unknown(client, plan, journal, str(error)) from error
    except BadAnswer as error:
        hundreds = (error.status or 0) // 100
        if hundreds == REDIRECTION:
            raise
        if hundreds == REFUSAL:
            raise PreflightFailed(f"AWX refuses the launch: {error}") from error
        raise _unknown(client, plan, journal, str(error)) from error
    return answer


def _unknown(
    client: Client, plan: launch_plan.LaunchPlan, journal: Journal, reason: str
) -> UnknownOutcome:
    journal.try_note(state="unknown")
    jobs = "workflow_jobs" if plan.is_workflow else "jobs"
    list_url = client.url(f"{plan.path}{jobs}/?order_by=-id")
    return UnknownOutcome(
        f"the launch was sent and its outcome is unknown ({reason}). Before launching again, look "
        f"for a new job: python main.py history --template {plan.template_id}, or {list_url}"
    )
