"""Step 7, launch: exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import launch_plan
from utils import logger, signals
from utils.errors import BadAnswer, PreflightFailed, UnknownOutcome, Unreachable
from utils.jobs import Launched, describe
from utils.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("launch")

# The hundreds of a status that says that nothing was done.
REDIRECTION, REFUSAL = 3, 4


def launch(client: Client, settings: Settings, done: Results) -> Launched:
    """Send the plan (`POST /api/v2/job_templates/N/launch/`), one time and no other.

    Raises PreflightFailed where AWX refuses, UnknownOutcome where the request went out and no
    usable answer came back.
    """
    plan = launch_plan.of_run(client, settings, done)
    done[Journal].note(awx=client.host, template=plan.template_id, state="launching")
    jobs = "workflow_jobs" if plan.is_workflow else "jobs"
    hint = (
        f"python main.py history --template {plan.template_id}, or "
        f"{client.url(f'{plan.path}{jobs}/?order_by=-id')}"
    )
    return send(client, f"{plan.path}launch/", plan.payload, done, hint)


def send(
    client: Client, path: str, body: Mapping[str, object], done: Results, hint: str
) -> Launched:
    """POST what starts a job, once; `hint` is where to look for it if no answer comes.

    The job's id is in the journal before anything else happens.
    """
    journal = done[Journal]
    with signals.held():
        answer = _post(client, path, body, journal, hint)
        job = describe(client, answer)
        done.add(job)  # here, so that neither a signal held back nor a full disk loses it
        if not journal.try_note(state="launched", job=job.job_id, kind=job.kind, page=job.page):
            log.error("job %d is launched, and could not be noted: %s", job.job_id, job.page)
    ignored = answer.fields.get("ignored_fields")
    if isinstance(ignored, dict) and ignored:
        log.warning("AWX did not use: %s (template changed?)", ", ".join(sorted(ignored)))
    return job


def _post(
    client: Client, path: str, body: Mapping[str, object], journal: Journal, hint: str
) -> Record:
    try:
        answer = client.post(path, body)
        _check_is_new(answer)
    except signals.Interrupted:
        log.error("%s", _unknown(journal, "it was interrupted", hint))
        raise
    except Unreachable as error:
        if not error.sent:
            raise
        raise _unknown(journal, str(error), hint) from error
    except BadAnswer as error:
        hundreds = (error.status or 0) // 100
        if hundreds == REDIRECTION:
            raise
        if hundreds == REFUSAL:
            journal.try_note(state="refused")
            raise PreflightFailed(f"AWX refuses the launch: {error}") from error
        raise _unknown(journal, str(error), hint) from error
    return answer


def _check_is_new(answer: Record) -> None:
    """Raise BadAnswer for what cannot be the job that was launched just now."""
    answer.integer("id")
    if answer.fields.get("status") == "successful":
        raise BadAnswer(f"{answer.origin}: AWX tells of a job that is over already")


def _unknown(journal: Journal, reason: str, hint: str) -> UnknownOutcome:
    journal.try_note(state="unknown")
    return UnknownOutcome(
        f"the launch was sent and its outcome is unknown ({reason}). Before launching again, look "
        f"for a new job: {hint}"
    )
