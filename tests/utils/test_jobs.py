from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fake_awx import HOST, FakeAwx
from tests.rows import job, page
from utils.errors import NotFound, UsageError
from utils.jobs import find_job

if TYPE_CHECKING:
    from utils.awx_client import Client


@pytest.mark.parametrize(
    ("kind", "path", "web"),
    [
        ("job", "jobs/40/", "playbook"),
        ("project_update", "project_updates/40/", "project"),
        ("workflow_job", "workflow_jobs/40/", "workflow"),
        ("ad_hoc_command", "ad_hoc_commands/40/", "command"),
    ],
)
def test_a_job_of_any_kind(client: Client, awx: FakeAwx, kind: str, path: str, web: str) -> None:
    awx.get("unified_jobs/", page(job(type=kind, url=f"/api/v2/{path}")))
    found = find_job(client, "40")
    assert (found.job_id, found.kind, found.path) == (40, kind, path)
    assert found.page == f"{HOST}/#/jobs/{web}/40/output"
    assert awx.queries("unified_jobs/") == [{"id": "40"}]


@pytest.mark.parametrize("text", ["Deploy web", "-1", "4 0", "", "4.0"])
def test_a_name_is_none(client: Client, text: str) -> None:
    with pytest.raises(UsageError, match="a number"):
        find_job(client, text)


def test_one_that_is_not_there(client: Client, awx: FakeAwx) -> None:
    awx.get("unified_jobs/", page())
    with pytest.raises(NotFound, match="no job 40"):
        find_job(client, "40")
