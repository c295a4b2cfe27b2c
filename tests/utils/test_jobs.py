from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fake_awx import HOST, FakeAwx
from tests.rows import job, page
from utils.errors import BadAnswer, NotFound, UsageError
from utils.jobs import Launched, check_id, describe, find_job, find_jobs
from utils.record import Record

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
    assert awx.queries("unified_jobs/") == [{"id__in": "40", "page_size": "200"}]


@pytest.mark.parametrize("text", ["Deploy web", "-1", "4 0", "", "4.0"])
def test_a_name_is_none(text: str) -> None:
    with pytest.raises(UsageError, match="named by its id, a number, not") as error:
        check_id(text)
    assert repr(text) in str(error.value)


@pytest.mark.parametrize("text", ["1", "40", "9" * 18])
def test_a_number_is_one(text: str) -> None:
    check_id(text)


def test_a_number_beyond_all_ids_is_none_and_is_not_repeated_whole() -> None:
    with pytest.raises(UsageError, match="a number") as error:
        check_id("9" * 5000)
    assert len(str(error.value)) < 200


class TestDescribe:
    def described(self, client: Client, **fields: object) -> Launched:
        return describe(client, Record({"id": 40, **fields}, "POST launch/"))

    def test_an_id_is_enough(self, client: Client) -> None:
        page_url = f"{HOST}/#/jobs/playbook/40/output"
        assert self.described(client) == Launched(40, "job", "jobs/40/", page_url, "")

    @pytest.mark.parametrize("kind", [None, 5, ["job"], {}, True])
    def test_an_odd_type_is_taken_for_a_job(self, client: Client, kind: object) -> None:
        assert self.described(client, type=kind).kind == "job"

    def test_without_a_type_a_workflow_is_known_by_its_own_field(self, client: Client) -> None:
        found = self.described(client, workflow_job=40)
        assert (found.kind, found.path) == ("workflow_job", "workflow_jobs/40/")

    @pytest.mark.parametrize("url", [None, 5, "https://elsewhere/api/v2/jobs/41/", ""])
    def test_its_address_follows_from_type_and_id(self, client: Client, url: object) -> None:
        assert self.described(client, type="job", url=url).path == "jobs/40/"

    @pytest.mark.parametrize(("status", "known"), [("pending", "pending"), (None, ""), (7, "")])
    def test_its_status_is_told_where_it_is_one(
        self, client: Client, status: object, known: str
    ) -> None:
        assert self.described(client, status=status).status == known

    @pytest.mark.parametrize("job_id", [None, "40", True, 4.0])
    def test_nothing_is_known_without_an_id(self, client: Client, job_id: object) -> None:
        with pytest.raises(BadAnswer, match="'id'"):
            self.described(client, id=job_id)


def test_one_that_is_not_there(client: Client, awx: FakeAwx) -> None:
    awx.get("unified_jobs/", page())
    with pytest.raises(NotFound, match="no job 40"):
        find_job(client, "40")


def test_several_jobs_are_found_by_one_request_each_once_in_the_order_asked(
    client: Client, awx: FakeAwx
) -> None:
    awx.get("unified_jobs/", page(job(), job(id=41, type="project_update", name="Demo")))
    found = find_jobs(client, ["41", "40", "41"])
    assert [each.label for each in found] == ["Demo 41", "Deploy web 40"]
    assert [each["id__in"] for each in awx.queries("unified_jobs/")] == ["41,40"]


def test_all_that_are_missing_are_named(client: Client, awx: FakeAwx) -> None:
    awx.get("unified_jobs/", page(job()))
    with pytest.raises(NotFound, match="no job 41, 42, or it is not shown"):
        find_jobs(client, ["40", "41", "42"])
