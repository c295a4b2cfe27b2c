from __future__ import annotations

import time
from typing import Any

import pytest

from demo.server import DemoServer
from tests.demo.conftest import Api
from tests.demo.stage import Clock


def test_page_size_is_clamped_silently(api: Api) -> None:
    answer = api.get("inventories/3/hosts/?page_size=5000")
    assert answer["count"] == 5000
    assert len(answer["results"]) == 200
    assert answer["next"] == "/api/v2/inventories/3/hosts/?page=2&page_size=200"
    assert len(api.get("inventories/3/hosts/?page_size=0")["results"]) == 25


def test_pages_hold_each_row_once(api: Api) -> None:
    seen: list[int] = []
    path: str | None = "jobs/?page_size=200&order_by=-id"
    while path:
        answer = api.get(path.removeprefix("/api/v2/"))
        seen += [row["id"] for row in answer["results"]]
        path = answer["next"]
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == answer["count"] > 300


@pytest.mark.parametrize("page", ["0", "26", "abc", "-1"])
def test_a_page_that_is_not_there(api: Api, page: str) -> None:
    answer = api.send("GET", f"inventories/3/hosts/?page_size=200&page={page}")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


def test_default_order_is_oldest_first(api: Api) -> None:
    ids = [row["id"] for row in api.get("jobs/?page_size=50")["results"]]
    assert ids == sorted(ids)
    names = [row["name"] for row in api.get("inventories/")["results"]]
    assert names == sorted(names)


def rows(api: Api, query: str) -> list[dict[str, Any]]:
    return list(api.get(f"jobs/?page_size=200&{query}")["results"])


def test_filters(api: Api) -> None:
    assert {row["status"] for row in rows(api, "status=failed")} == {"failed"}
    assert "successful" not in {row["status"] for row in rows(api, "not__status=successful")}
    either = {row["status"] for row in rows(api, "or__status=failed&or__status=canceled")}
    assert either == {"failed", "canceled"}
    assert {row["status"] for row in rows(api, "status__in=failed,error")} == {"failed", "error"}
    assert {row["job_template"] for row in rows(api, "job_template=21")} == {21}
    named = rows(api, "job_template__name__icontains=HEALTH")
    assert {row["name"] for row in named} == {"Apache health check"}
    mine = rows(api, "created_by__username=operator")
    assert {row["summary_fields"]["created_by"]["username"] for row in mine} == {"operator"}
    newest = rows(api, "order_by=-id")[0]
    assert [row["id"] for row in rows(api, f"id__gt={newest['id'] - 1}")] == [newest["id"]]
    moment = rows(api, "")[100]["finished"]
    assert all(row["finished"] < moment for row in rows(api, f"finished__lt={moment}"))
    assert api.get("jobs/?status=nosuch")["count"] == 0
    assert api.get("hosts/?inventory=2&enabled=true")["count"] == 3
    assert api.get("unified_jobs/?type=project_update")["results"][0]["type"] == "project_update"


def test_filtering_on_extra_vars_is_refused(api: Api) -> None:
    assert api.send("GET", "jobs/?extra_vars__icontains=x").status_code == 403


def test_the_flow_documents_job_is_there(api: Api) -> None:
    assert api.get("jobs/9/")["status"] in {"successful", "failed", "canceled", "error"}
    assert api.send("GET", "jobs/9/stdout/?format=txt").status_code == 200


def test_names_can_fit_two_templates(api: Api) -> None:
    assert api.get("job_templates/?name=Duplicate%20name")["count"] == 2
    assert api.get("job_templates/Duplicate%20name++Second%20org/")["id"] == 26


def test_history_is_plausible(api: Api) -> None:
    count = api.get("jobs/?page_size=1")["count"]
    good = api.get("jobs/?page_size=1&status=successful")["count"]
    assert 0.85 < good / count < 0.95
    newest = api.launch(9)
    assert rows(api, "order_by=-id")[0]["id"] == newest


def test_many_past_jobs_are_made_on_the_fly() -> None:
    began = time.monotonic()
    with DemoServer(clock=Clock(), jobs=200_000) as server:
        assert time.monotonic() - began < 3
        api = Api(server)
        first = api.get("jobs/?page_size=200&order_by=-id&page=900")
        again = api.get("jobs/?page_size=200&order_by=-id&page=900")
        assert first["count"] > 200_000
        assert first == again
        assert len(server.awx.jobs.kept) < 2000


def test_without_the_final_slash(api: Api) -> None:
    answer = api.send("POST", "job_templates/9/launch", {})
    assert (answer.status_code, answer.content) == (301, b"")
    assert answer.headers["Location"] == "/api/v2/job_templates/9/launch/"
