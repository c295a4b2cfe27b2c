"""What is deleted is gone, and what is under way cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.server import DemoServer
from tests.demo.conftest import Api
from tests.demo.sockets import Socket
from tests.demo.test_workflows import launch as launch_workflow
from tests.demo.test_workflows import nodes

if TYPE_CHECKING:
    from tests.demo.stage import Clock

POSTS = {
    "jobs": "job_templates/9/launch/",
    "project_updates": "projects/8/update/",
    "ad_hoc_commands": "inventories/2/ad_hoc_commands/",
    "workflow_jobs": "workflow_job_templates/22/launch/",
}


def refusal(api: Api, path: str) -> tuple[int, dict[str, str]]:
    answer = api.send("DELETE", path)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("collection", POSTS)
def test_a_finished_run_can_be_deleted(api: Api, clock: Clock, collection: str) -> None:
    made = api.send("POST", POSTS[collection], {"module_name": "ping", "credential": 3}).json()
    path = f"{collection}/{made['id']}/"
    running = (403, {"detail": "Cannot delete running job resource."})
    assert refusal(api, path) == running
    clock.tick(1)
    assert refusal(api, path) == running
    clock.tick(60)
    api.get(path)
    clock.tick(60)
    assert api.send("DELETE", path).status_code == 204
    for below in ("", "cancel/", "stdout/?format=txt", "job_events/", "events/", "relaunch/"):
        assert api.send("GET", path + below).status_code == 404
    assert api.send("DELETE", path).status_code == 404
    assert api.get(f"unified_jobs/?id={made['id']}")["count"] == 0


def test_a_job_whose_events_are_not_stored_yet(api: Api, clock: Clock, server: DemoServer) -> None:
    job = api.launch(9)
    clock.time = server.awx.jobs[job].ended + 0.01
    text = {"error": "Job has not finished processing events."}
    assert refusal(api, f"jobs/{job}/") == (400, text)
    clock.tick(2)
    event = api.get(f"jobs/{job}/job_events/")["results"][0]["id"]
    assert api.send("DELETE", f"jobs/{job}/").status_code == 204
    assert api.send("GET", f"job_events/{event}/").status_code == 404


def test_only_an_administrator_deletes(server: DemoServer, api: Api, clock: Clock) -> None:
    operator = Api(server, "operator")
    job = operator.launch(9)
    clock.tick(60)
    assert operator.send("DELETE", f"jobs/{job}/").status_code == 403
    assert api.send("DELETE", f"jobs/{job}/").status_code == 204


def test_a_step_cannot_be_deleted_before_its_workflow_ends(api: Api, clock: Clock) -> None:
    workflow = launch_workflow(api, 23)
    clock.tick(1)
    approval = nodes(api, workflow)["approve"]["job"]
    api.post(f"workflow_approvals/{approval}/approve/", status=204)
    text = {"detail": "Cannot delete job resource when associated workflow job is running."}
    assert refusal(api, f"workflow_approvals/{approval}/") == (403, text)
    api.get("me/")
    clock.tick(60)
    assert api.send("DELETE", f"workflow_approvals/{approval}/").status_code == 204
    row = nodes(api, workflow)["approve"]
    assert (row["job"], "job" in row["summary_fields"]) == (None, False)
    assert api.get(f"workflow_jobs/{workflow}/")["status"] == "successful"
    job = nodes(api, workflow)["deploy"]["job"]
    assert api.send("DELETE", f"workflow_jobs/{workflow}/").status_code == 204
    assert "source_workflow_job" not in api.get(f"jobs/{job}/")["summary_fields"]


def test_a_running_job_can_be_purged(server: DemoServer, api: Api, clock: Clock) -> None:
    first, second = api.launch(12), api.launch(12)
    clock.tick(5)
    with Socket(api) as socket:
        socket.subscribe(jobs=["status_changed"])
        server.awx.purge(first)
        assert api.send("GET", f"jobs/{first}/").status_code == 404
        assert api.send("GET", f"jobs/{first}/stdout/?format=txt").status_code == 404
        assert first not in [row["id"] for row in api.get("jobs/?order_by=-id")["results"]]
        clock.tick(1)
        assert api.get(f"jobs/{second}/")["status"] == "running"
        assert socket.receive()["unified_job_id"] == second


def test_a_purged_step_is_started_again(server: DemoServer, api: Api, clock: Clock) -> None:
    workflow = launch_workflow(api, 22)
    clock.tick(1)
    job = nodes(api, workflow)["deploy"]["job"]
    server.awx.purge(job)
    assert nodes(api, workflow)["deploy"]["job"] > job
    clock.tick(60)
    assert api.get(f"workflow_jobs/{workflow}/")["status"] == "successful"


def test_an_old_job_is_gone_too(clock: Clock) -> None:
    with DemoServer(clock=clock, jobs=1000) as server:
        api = Api(server)
        before = api.get("jobs/?page_size=1")["count"]
        assert api.send("DELETE", "jobs/20/").status_code == 204
        assert api.send("GET", "jobs/20/").status_code == 404
        assert api.get("jobs/?page_size=1")["count"] == before - 1
        assert api.get("jobs/?id__in=19,20,21")["count"] == 2
