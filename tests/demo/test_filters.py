"""Lists of runs and of events are filtered as AWX's filters do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.demo.test_workflows import launch as launch_workflow
from tests.demo.test_workflows import nodes

if TYPE_CHECKING:
    from tests.demo.conftest import Api
    from tests.demo.stage import Clock


def ids(api: Api, query: str) -> list[int]:
    return [row["id"] for row in api.get(f"unified_jobs/?page_size=200&{query}")["results"]]


def refusal(api: Api, path: str) -> tuple[int, str]:
    answer = api.send("GET", path)
    return answer.status_code, answer.json()["detail"]


def test_runs_of_every_kind(api: Api, clock: Clock) -> None:
    first, update = api.launch(9), api.post("projects/8/update/", status=202)["id"]
    workflow = launch_workflow(api, 23)
    clock.tick(1)
    approval = nodes(api, workflow)["approve"]["job"]
    assert ids(api, f"id__in={first},{update},{workflow},{approval}") == [first, update, workflow]
    assert ids(api, "order_by=-id")[:3] == [workflow, update, first]
    assert ids(api, "status=running") == [first, update, workflow]
    assert ids(api, "status__in=pending,waiting,running&order_by=-id") == [workflow, update, first]
    assert ids(api, "unified_job_template=8&order_by=-id")[0] == update
    assert ids(api, "unified_job_template__in=9,23&order_by=-id")[:2] == [workflow, first]
    assert ids(api, f"or__id={first}&or__id={update}") == [first, update]
    moment = api.get(f"jobs/{first}/")["created"]
    assert first not in ids(api, f"created__lt={moment}&order_by=-id")
    assert ids(api, f"created__gte={moment}&order_by=-id")[-1] == first
    clock.tick(5)
    assert ids(api, "instance_group=1&order_by=-id")[0] == update
    assert ids(api, "instance_group__name=default&order_by=-id")[0] == first
    assert api.get(f"workflow_approvals/?id={approval}")["count"] == 1


def test_the_runs_of_a_workflow(api: Api, clock: Clock) -> None:
    workflow = launch_workflow(api, 42)
    clock.tick(1)
    jobs = [row["job"] for row in nodes(api, workflow).values() if row["job"]]
    assert ids(api, f"unified_job_node__workflow_job={workflow}") == jobs
    assert len(jobs) == 2


def test_workflows_by_their_template(api: Api, clock: Clock) -> None:
    first = launch_workflow(api, 22)
    clock.tick(120)
    other, second = launch_workflow(api, 39), launch_workflow(api, 22)
    sliced = api.launch(17)

    def found(query: str) -> list[int]:
        return [row["id"] for row in api.get(f"workflow_jobs/?{query}")["results"]]

    assert found("workflow_job_template=22") == [first, second]
    assert found("workflow_job_template__id=22&status=successful") == [first]
    assert found("workflow_job_template__in=22,39") == [first, other, second]
    assert found("workflow_job_template__name=Release") == [first, second]
    assert found("workflow_job_template__name__startswith=Timed") == [other]
    assert found("workflow_job_template__isnull=true") == found("job_template=17") == [sliced]
    assert found("order_by=-workflow_job_template") == [sliced, other, first, second]
    path = "unified_jobs/?workflow_job_template=22"
    words = "UnifiedJob has no field named 'workflow_job_template'"
    assert refusal(api, path) == (400, words)


def test_what_is_under_way_of_a_template(api: Api, clock: Clock) -> None:
    mine = "status__in=new,pending,waiting,running&order_by=id&unified_job_template"
    limited = api.launch(15, {"limit": "web01:web02", "job_slice_count": 2})
    sliced, workflow = api.launch(17), launch_workflow(api, 22)
    clock.tick(0.5)
    rows = {row["id"]: row for row in api.get(f"unified_jobs/?{mine}=15")["results"]}
    assert [row["type"] for row in rows.values()] == ["workflow_job", "job", "job"]
    assert rows[limited]["limit"] == "web01:web02"
    assert {row["limit"] for row in rows.values()} == {"web01:web02"}
    assert len(ids(api, f"{mine}=17")) == 3
    assert api.get(f"workflow_jobs/{sliced}/")["limit"] == ""
    assert ids(api, f"{mine}=22") == [workflow]
    assert api.get(f"workflow_jobs/{workflow}/")["limit"] is None
    clock.tick(300)
    assert [ids(api, f"{mine}={template}") for template in (15, 17, 22)] == [[], [], []]


def test_pages_of_a_workflows_runs(api: Api) -> None:
    made = [launch_workflow(api, 22) for _ in range(5)]
    query = "workflow_jobs/?workflow_job_template=22&order_by=-id&page_size=2"
    pages = [api.get(f"{query}&page={number}") for number in (1, 2, 3)]
    assert [[row["id"] for row in page["results"]] for page in pages] == [
        made[:2:-1], made[2:0:-1], made[:1],
    ]  # fmt: skip
    assert {page["count"] for page in pages} == {5}
    assert "workflow_job_template=22" in pages[0]["next"]
    assert [page["next"] is None for page in pages] == [False, False, True]
    assert api.send("GET", f"{query}&page=4").status_code == 404


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("id__in=", "cannot provide empty value for __in"),
        ("name__regex=(", "missing ), unterminated subpattern at position 0"),
        (
            "id__iexact=1",
            "id is not a text field and cannot be filtered by case-insensitive search",
        ),
        ("id=abc", '["\u201cabc\u201d value must be an integer."]'),
        ("nosuch=1", "UnifiedJob has no field named 'nosuch'"),
        ("name__nosuch=1", "No related model for field nosuch."),
    ],
)
def test_what_makes_no_sense(api: Api, query: str, words: str) -> None:
    assert refusal(api, f"unified_jobs/?{query}") == (400, words)


def test_the_list_of_hosts_alone_calls_it_an_error(api: Api) -> None:
    body = {"error": '["\u201cabc\u201d value must be an integer."]'}
    assert api.send("GET", "hosts/?id=abc").json() == body
    assert api.send("GET", "inventories/2/hosts/?id=abc").json() == {"detail": body["error"]}


@pytest.mark.parametrize(
    ("query", "counters"),
    [
        ("event__in=runner_on_failed,playbook_on_stats", [16, 24]),
        ("host_name=web02", [6, 9, 13, 16, 20]),
        ("host_name=web02&event__startswith=runner_on&not__event=runner_on_start", [9, 16]),
        ("task=Install nginx", list(range(11, 18))),
        ("task__icontains=INSTALL&event=runner_on_failed", [16]),
        ("failed=true", [11, 16, 24]),
        ("counter__gt=3&counter__lt=6", [4, 5]),
        ("counter__gte=3&counter__lte=5", [3, 4, 5]),
        ("or__event=runner_on_failed&or__host_name=web01", [5, 8, 12, 15, 16, 19, 22]),
        ("or__event=runner_on_failed&or__event=playbook_on_stats&failed=true", [16, 24]),
        ("or__not__event=runner_on_start&counter__lt=6", [1, 2, 3, 4]),
        ("stdout__regex=^(fatal|.*FAILED)", [16]),
        ("event__regex=^playbook_on_(play|stats)", [3, 24]),
        ("stdout__icontains=failed", [16, 24]),
        ("event_data__icontains=nginx-1.27", [16]),
        ("counter__in=1,2,3", [1, 2, 3]),
        ("host__name=web03&changed=true", [17, 23]),
        ("role=&counter__lt=3", [1, 2]),
    ],
)
def test_filters_of_events(api: Api, clock: Clock, query: str, counters: list[int]) -> None:
    job = api.launch(10)
    clock.tick(60)
    path = f"jobs/{job}/job_events/?{query}"
    found = [row["counter"] for row in api.get(path)["results"]]
    assert sorted(found) == counters
    backwards = [row["counter"] for row in api.get(f"{path}&order_by=-counter&limit=3")["results"]]
    assert backwards == counters[::-1][:3]
    assert api.get(f"{path}&limit=1&order_by=counter").keys() == {"results"}


def test_each_kind_of_events(api: Api, clock: Clock) -> None:
    update = api.post("projects/8/update/", status=202)["id"]
    body = {"module_name": "ping", "credential": 3}
    command = api.post("inventories/2/ad_hoc_commands/", body)["id"]
    clock.tick(60)
    path = f"project_updates/{update}/events/?task__icontains=git&order_by=-counter&limit=2"
    assert len(api.get(path)["results"]) == 2
    path = f"ad_hoc_commands/{command}/events/?host_name=web02&event=runner_on_ok"
    assert api.get(path)["count"] == 1
