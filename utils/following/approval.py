"""An approval that a workflow waits for: who may give it, how, and until when."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import AppError
from utils.jobs import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.awx_client import Client
    from utils.record import Record

log = logger.get("approval")

KIND = "workflow_approval"
NAMED_AT_MOST = 10


def needed(client: Client, detail: Record) -> str:
    """Return in words what an approval (`GET /api/v2/workflow_approvals/N/`) waits for."""
    until = detail.time("approval_expiration")
    job = describe(client, detail)
    parts = [
        "approval by " + (" or ".join(_who(client, detail)) or "whom AWX allows it"),
        f"at {job.page}, or POST {client.url(job.path)}approve/",
    ]
    if until:
        parts.append(f"until {until.astimezone():%Y-%m-%d %H:%M:%S %Z}, when it fails")
    return "; ".join(parts)


def _who(client: Client, detail: Record) -> list[str]:
    """Return who may approve (`GET /api/v2/workflow_job_templates/N/access_list/`)."""
    template = detail.maybe_record("summary_fields").maybe_record("workflow_job_template")
    template_id = template.maybe_integer("id")
    if template_id is None:
        return []
    try:
        users = client.walk(f"workflow_job_templates/{template_id}/access_list/")
        names = list(islice(_approvers(users), NAMED_AT_MOST + 1))
    except AppError as error:
        log.debug("who may approve is not known: %s", error)
        return []
    return names[:NAMED_AT_MOST] + ["others"] * (len(names) > NAMED_AT_MOST)


def _approvers(users: Iterator[Record]) -> Iterator[str]:
    for user in users:
        access = user.record("summary_fields")
        roles = access.records("direct_access") + access.records("indirect_access")
        if any("approval_role" in role.texts("descendant_roles") for role in roles):
            yield user.text("username")
