"""An approval that a workflow waits for: who may give it, how, and until when."""

from __future__ import annotations

from itertools import islice
from shlex import join
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import AppError
from utils.jobs import describe
from utils.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from utils.awx_client import Client
    from utils.jobs import Launched
    from utils.record import Record

log = logger.get("approval")

KIND = "workflow_approval"
NAMED_AT_MOST = 10
ROLE = "approval_role"


def needed(client: Client, detail: Record) -> str:
    """Return in words what an approval (`GET /api/v2/workflow_approvals/N/`) waits for."""
    until = detail.time("approval_expiration")
    job = describe(client, detail)
    answer = ["approval", "approve", str(job.job_id)]
    if client.is_embedded:
        answer += ["--host", client.host]
    parts = [
        "approval by " + (" or ".join(_who(client, detail)) or "whom AWX allows it"),
        f"at {job.page}, or by: python main.py {join(answer)}",
    ]
    if until:
        parts.append(f"until {until.astimezone():%Y-%m-%d %H:%M:%S %Z}, when it fails")
    return "; ".join(parts)


def tell_outcome(client: Client, job: Launched, status: str) -> None:
    """Say how an approval ended, where it was not given."""
    if status != "failed":
        return
    try:
        detail = client.glance(job.path)
        timed_out = detail.flag("timed_out", default=False)
        who = detail.maybe_record("summary_fields").maybe_record("approved_or_denied_by")
        how = "timed out" if timed_out else f"denied by {who.maybe_text('username') or 'somebody'}"
    except AppError as error:
        log.debug("how %s ended is not known: %s", job.label, error)
        how = "denied, or timed out"
    log.error("%s: %s", job.label, how)


def _who(client: Client, detail: Record) -> list[str]:
    """Return who may approve (`GET /api/v2/workflow_job_templates/N/access_list/`)."""
    template = detail.maybe_record("summary_fields").maybe_record("workflow_job_template")
    template_id = template.maybe_integer("id")
    if template_id is None:
        return []
    path = f"workflow_job_templates/{template_id}/"
    try:
        users = client.glance(f"{path}access_list/", page_size=200).records("results")
        names = list(islice(_approvers(users), NAMED_AT_MOST + 1))
    except AppError as error:
        log.debug("AWX does not say who has access: %s", error)
        names = _given(client, path)
    names = [printable(name) for name in names]
    return names[:NAMED_AT_MOST] + ["others"] * (len(names) > NAMED_AT_MOST)


def _given(client: Client, path: str) -> list[str]:
    """Return who was given the role itself (`GET /api/v2/roles/N/users/` and `teams/`).

    AWX 24.6.1 answers 500 when it is asked for the access where anybody was. To reckon who else has
    it, as `access list` does, takes too many requests while a job is followed.
    """
    try:
        (role,) = client.glance(f"{path}object_roles/", role_field=ROLE).records("results")
        of = f"roles/{role.integer('id')}/"
        users, teams = (
            client.glance(f"{of}{kind}/", page_size=NAMED_AT_MOST + 1).records("results")
            for kind in ("users", "teams")
        )
        names = [user.text("username") for user in users]
        names += [f"team {team.text('name')}" for team in teams]
        names += ["an administrator"] if names else []
    except (AppError, ValueError) as error:
        log.debug("who may approve is not known: %s", error)
        return []
    return names


def _approvers(users: Iterable[Record]) -> Iterator[str]:
    for user in users:
        access = user.record("summary_fields")
        roles = access.records("direct_access") + access.records("indirect_access")
        if any(ROLE in role.texts("descendant_roles") for role in roles):
            yield user.text("username")
