"""A job of any kind in AWX: a job, a workflow job, a project update, an ad hoc command ..."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.errors import NotFound, UsageError
from utils.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from utils.awx_client import Client
    from utils.record import Record

IDS_IN_A_REQUEST = 200
# They have neither events nor standard output of their own.
WITHOUT_OUTPUT = frozenset({"workflow_job", "workflow_approval"})
# The part of its web address that tells AWX's interface what kind it is.
PAGES = {"job": "playbook", "workflow_job": "workflow", "project_update": "project",
         "inventory_update": "inventory", "system_job": "management"}  # fmt: skip


@dataclass(frozen=True)
class Launched:
    """A job of any kind: `path` is where it is below the API's root, `page` is for a browser."""

    job_id: int
    kind: str
    path: str
    page: str
    status: str = ""
    name: str = ""

    @property
    def label(self) -> str:
        """What tells it from other jobs, to a person."""
        return f"{self.name or self.kind.replace('_', ' ')} {self.job_id}"

    def __str__(self) -> str:
        return f"{self.kind.replace('_', ' ')} {self.job_id}, {self.page}"


def describe(client: Client, job: Record) -> Launched:
    """Return where a job is; of AWX's answer about it, only its id is indispensable."""
    job_id = job.integer("id")
    kind = job.fields.get("type")
    status, name = (
        text if isinstance(text := job.fields.get(key), str) else "" for key in ("status", "name")
    )
    if not isinstance(kind, str):
        kind = "workflow_job" if "workflow_job" in job else "job"
    page = f"jobs/{PAGES.get(kind, 'command')}/{job_id}/output"
    if kind == "workflow_approval":
        page = f"workflow_approvals/{job_id}/details"
    path = f"{kind}s/{job_id}/"
    return Launched(job_id, kind, path, client.page_url(page), status, printable(name))


def check_id(text: str, what: str = "a job") -> None:
    """Raise UsageError for what is no job's id, nor one of something like it."""
    if not re.fullmatch(r"[1-9][0-9]{0,17}", text):
        raise UsageError(f"{what} is named by its id, a number, not {text[:40]!r}")


def find_job(client: Client, text: str) -> Launched:
    """Return the job of that id; raises NotFound where AWX has no such job."""
    (job,) = find_jobs(client, [text])
    return job


def find_jobs(client: Client, texts: Sequence[str]) -> list[Launched]:
    """Return the jobs of those ids (`GET /api/v2/unified_jobs/?id__in=N,N`), each once, in order.

    Raises NotFound where AWX has not all of them.
    """
    ids = list(dict.fromkeys(int(text) for text in texts))
    found = {
        row.integer("id"): row
        for start in range(0, len(ids), IDS_IN_A_REQUEST)
        for row in client.get(
            "unified_jobs/",
            id__in=",".join(map(str, ids[start : start + IDS_IN_A_REQUEST])),
            page_size=IDS_IN_A_REQUEST,
        ).records("results")
    }
    missing = [str(each) for each in ids if each not in found]
    if missing:
        raise NotFound(f"AWX has no job {', '.join(missing)}, or it is not shown to this user")
    return [describe(client, found[each]) for each in ids]
