from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rows import job, page
from utils.following.usual_duration import usual_duration_s
from utils.record import Record

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

JOB = Record(job(unified_job_template=9), "GET jobs/40/")


def test_it_is_the_middle_of_the_last_successful_ones(client: Client, awx: FakeAwx) -> None:
    awx.get("unified_jobs/", page(*(job(elapsed=each) for each in (30.0, 600, 31.5))))
    assert usual_duration_s(client, JOB) == 31.5
    (query,) = awx.queries("unified_jobs/")
    assert query["unified_job_template"] == "9"
    assert (query["status"], query["id__lt"]) == ("successful", "40")
    assert query["order_by"] == "-id"


@pytest.mark.parametrize(
    ("answer", "status"),
    [(page(), 200), ({"results": [{"elapsed": "long"}]}, 200), ({"detail": "no"}, 403)],
)
def test_it_is_zero_where_it_is_not_known(
    client: Client, awx: FakeAwx, answer: dict[str, object], status: int
) -> None:
    awx.get("unified_jobs/", answer, status)
    assert usual_duration_s(client, JOB) == 0


def test_what_has_no_template_is_not_asked_about(client: Client, awx: FakeAwx) -> None:
    assert usual_duration_s(client, Record(job(unified_job_template=None), "")) == 0
    assert awx.sent == []
