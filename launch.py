"""Step 7, launch: exactly once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import launch_plan
import overlap
from utils import adoption, logger, signals
from utils.errors import AppError, BadAnswer, PreflightFailed, UnknownOutcome, Unreachable
from utils.jobs import Launched, describe
from utils.journal import Journal, cut_off
from utils.signing_in.who import User
from utils.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Settings
    from utils.adoption import Sought
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("launch")


def launch(client: Client, settings: Settings, done: Results) -> Launched:
    """Send the plan (`POST /api/v2/job_templates/N/launch/`), one time and no other.

    Raises PreflightFailed where AWX refuses, UnknownOutcome where the request went out, no usable
    answer came back, and its job is not to be found.
    """
    plan = launch_plan.of_run(client, settings, done)
    overlap.settle(client, settings, done)
    journal = done[Journal]
    _warn_of_cut_off(client, plan.template_id, Path(settings.log_dir))
    journal.remember(awx=client.host, template=plan.template_id, template_name=plan.template_name)
    jobs = "workflow_jobs" if plan.is_workflow else "jobs"
    user = done.get(User)
    marker = journal.run_id if plan.takes_variables else ""
    sought = adoption.look_before(
        client,
        {"unified_job_template": plan.template_id},
        "manual",
        user_id=user.id if user else None,
        marker=marker,
        known=plan.newest_job,
        hint=f"python main.py history --template {plan.template_id}, or "
        f"{client.url(f'{plan.path}{jobs}/?order_by=-id')}",
    )
    return send(client, f"{plan.path}launch/", _marked(plan.payload, marker), done, sought)


def _warn_of_cut_off(client: Client, template_id: int, log_dir: Path) -> None:
    """Say which earlier run of the template is not at its end, to which `resume` brings it."""
    for entries in cut_off(log_dir):
        if (entries.get("awx"), entries.get("template")) == (client.host, template_id):
            job = f", job {entries['job']}" if entries.get("job") else ""
            log.warning(
                "run %s of this template was cut off%s: python main.py resume %s",
                entries["run_id"], job, entries["run_id"],
            )  # fmt: skip


def _marked(payload: Mapping[str, object], marker: str) -> Mapping[str, object]:
    """Return the launch request with this run's id among its variables."""
    if not marker:
        return payload
    given = payload.get("extra_vars")
    variables = given if isinstance(given, dict) else {}
    return {**payload, "extra_vars": {**variables, adoption.MARKER: marker}}


def send(
    client: Client, path: str, body: Mapping[str, object], done: Results, sought: Sought
) -> Launched:
    """POST what starts a job, once; where the answer is lost, find what it has started.

    The job's id is in the journal before anything else happens.
    """
    journal = done[Journal]
    before = journal.state
    journal.note(state="launching", sought=sought.noted())
    trouble = Trouble(client.sleep, client.clock)
    while True:
        try:
            # A signal waits until the job is known.
            with signals.held():
                job = _post(client, path, body, journal, sought)
                done.add(job)
                _note(journal, job)
        except Unreachable as error:
            # Nothing was sent, so it can be sent again: now, or by who goes on with this run.
            journal.try_note(state=before)
            if error.is_lasting or not trouble.wait(
                str(error), client.patience_s, at_least_s=error.retry_after_s
            ):
                journal.try_note(state="refused")
                raise
            sought = adoption.again(client, sought)
            journal.note(state="launching", sought=sought.noted())
        else:
            trouble.over()
            return job


def _post(
    client: Client, path: str, body: Mapping[str, object], journal: Journal, sought: Sought
) -> Launched:
    """Send it; raises Unreachable where it surely did not arrive."""
    try:
        answer = client.post(path, body, patience_s=0.0)
        _check_is_new(answer, sought)
        job = describe(client, answer)
    except signals.Interrupted:
        log.error("the launch was sent, and its outcome is unknown. Look: %s", sought.hint)
        raise
    except AppError as error:
        if not error.is_lost:
            _raise_refusal(error, journal)
        return _adopt(client, sought, journal, str(error))
    ignored = answer.fields.get("ignored_fields")
    if isinstance(ignored, dict) and ignored:
        log.warning("AWX did not use: %s (template changed?)", ", ".join(sorted(ignored)))
    return job


def _raise_refusal(error: AppError, journal: Journal) -> None:
    if isinstance(error, Unreachable):
        raise error
    journal.try_note(state="refused")
    if isinstance(error, BadAnswer) and error.is_refusal:
        raise PreflightFailed(f"AWX refuses the launch: {error}") from error
    raise error


def _adopt(client: Client, sought: Sought, journal: Journal, reason: str) -> Launched:
    try:
        return adoption.find(client, sought, journal, reason)
    except AppError as error:
        noted = sought.noted()
        # Who looks for it later must not find what was launched since.
        if not journal.is_resumed and client.server_time:
            noted["until"] = client.server_time.isoformat()
        journal.try_note(state="unknown", sought=noted)
        if isinstance(error, UnknownOutcome):
            raise
        raise UnknownOutcome(
            f"the launch was sent and its outcome is unknown ({reason}); its job could not be "
            f"looked for: {error}. Look: {sought.hint}"
        ) from error
    except signals.Interrupted:
        log.error("the launch was sent, and its outcome is unknown. Look: %s", sought.hint)
        raise


def _note(journal: Journal, job: Launched) -> None:
    entries = {"job": job.job_id, "kind": job.kind, "page": job.page, "name": job.name}
    if not journal.try_note(state="launched", **entries):
        log.error("job %d is launched, and could not be noted: %s", job.job_id, job.page)


def found_again(client: Client, _settings: Settings, done: Results) -> Launched:
    """Return the job of a run that was cut off, as its journal knows it, or as AWX shows it.

    Raises UnknownOutcome where it is not known whether there is one.
    """
    journal = done[Journal]
    if isinstance(job_id := journal["job"], int) and journal.state == "launched":
        row = client.get("unified_jobs/", id=job_id).records("results")
        if row:
            return describe(client, row[0])
        return Launched(job_id, journal["kind"], f"{journal['kind']}s/{job_id}/", journal["page"])
    sought = adoption.Sought.from_journal(journal["sought"])
    with signals.held():
        job = _adopt(client, sought, journal, "the run was cut off while it launched")
        done.add(job)
        _note(journal, job)
    return job


def _check_is_new(answer: Record, sought: Sought) -> None:
    """Raise BadAnswer for what cannot be the job that was launched just now."""
    fields = answer.fields
    template = fields.get("unified_job_template")
    wanted = sought.where.get("unified_job_template", template)
    is_other = isinstance(template, int) and template != wanted
    if is_other or fields.get("status") == "successful":
        raise BadAnswer(f"{answer.origin}: AWX tells of another job, {answer.integer('id')}")
