"""Why a job waits: for another run, or for capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.model import Project
from demo.server import DemoServer
from tests.demo.conftest import Api
from tests.demo.test_workflows import launch as launch_workflow

if TYPE_CHECKING:
    from demo.aliases import Json
    from tests.demo.stage import Clock

NO_CAPACITY = "This job is not ready to start because there is not enough available capacity."


def state(api: Api, path: str) -> tuple[str, str]:
    row = api.get(path)
    return row["status"], row["job_explanation"]


def figures(row: Json) -> tuple[int, int, float, int]:
    return (
        row["capacity"],
        row["consumed_capacity"],
        row["percent_capacity_remaining"],
        row["jobs_running"],
    )


def test_three_of_a_kind_wait_for_the_one_that_runs(api: Api, clock: Clock) -> None:
    first, second, third = (api.launch(12) for _ in range(3))
    clock.tick(31)
    waits = ("pending", f"waiting for job-{first} to finish")
    assert state(api, f"jobs/{second}/") == state(api, f"jobs/{third}/") == waits
    clock.tick(31)
    assert state(api, f"jobs/{second}/") == ("running", "")
    assert state(api, f"jobs/{third}/") == ("pending", f"waiting for job-{second} to finish")
    api.post(f"jobs/{second}/cancel/", status=202)
    clock.tick(3)
    assert state(api, f"jobs/{third}/") == ("running", "")


def test_the_updates_model_is_spelled_as_awx_spells_it(clock: Clock) -> None:
    with DemoServer(clock=clock, speed=0.04) as server:  # an update takes 37 s, 30 s take 750
        api = Api(server)
        api.post("projects/8/update/", status=202)
        clock.tick(30)
        job = server.awx.jobs[api.launch(9)]
        assert job.status == "pending"
        assert "waiting for projectupdate-" in server.awx.scheduler.obstacle(job)


def test_an_ad_hoc_command_holds_its_inventory(clock: Clock) -> None:
    with DemoServer(clock=clock, speed=0.02) as server:
        api = Api(server)
        body = {"module_name": "ping", "credential": 3}
        command = api.post("inventories/2/ad_hoc_commands/", body)["id"]
        clock.tick(25)
        job, other = server.awx.jobs[api.launch(9)], server.awx.jobs[api.launch(34)]
        clock.tick(15)
        text = f"waiting for adhoccommand-{command} to finish"
        assert server.awx.scheduler.obstacle(job) == text
        assert (job.status, other.status) == ("pending", "waiting")


def test_a_workflow_waits_for_itself(api: Api, clock: Clock) -> None:
    first, second = launch_workflow(api, 39), launch_workflow(api, 39)
    clock.tick(5)
    assert state(api, f"workflow_jobs/{second}/") == ("pending", "")
    clock.tick(10)
    assert api.get(f"workflow_jobs/{first}/")["status"] == "failed"
    assert api.get(f"workflow_jobs/{second}/")["status"] == "running"


def test_a_failed_update_fails_the_job_before_it_starts(
    api: Api, clock: Clock, server: DemoServer
) -> None:
    server.awx.get(Project, 5).behaviour = "broken"
    job = api.launch(29)
    clock.tick(10)
    row = api.get(f"jobs/{job}/")
    (update,) = api.get("projects/5/project_updates/?order_by=-id&page_size=1")["results"]
    text = (
        'Previous Task Failed: {"job_type": "project_update", "job_name": '
        f'"Always fresh playbooks", "job_id": "{update["id"]}"}}'
    )
    assert (row["status"], row["job_explanation"], row["started"]) == ("failed", text, None)
    assert update["id"] > job


def test_two_jobs_share_the_update_before_them(api: Api, clock: Clock) -> None:
    before = api.get("projects/5/project_updates/")["count"]
    first = api.launch(29)
    api.launch(29)
    assert api.get("projects/5/project_updates/")["count"] == before + 1
    clock.tick(60)
    assert api.get(f"jobs/{first}/")["status"] == "successful"


def test_too_little_capacity(clock: Clock) -> None:
    with DemoServer(clock=clock, capacity=6) as server:
        api = Api(server)
        first, second = api.launch(35), api.launch(35)  # 3 hosts: 4, and 1 for the control
        clock.tick(29)
        assert state(api, f"jobs/{first}/") == ("running", "")
        assert state(api, f"jobs/{second}/") == ("pending", "")
        clock.tick(2)
        assert state(api, f"jobs/{second}/") == ("pending", NO_CAPACITY)
        assert figures(api.get("instances/1/")) == (6, 5, 16.67, 1)
        for row in api.get("instance_groups/")["results"]:
            assert figures(row) == (6, 5, 16.67, 1)
        clock.tick(31)
        assert state(api, f"jobs/{second}/") == ("running", "")


def test_an_idle_instance_takes_a_job_of_any_size(clock: Clock) -> None:
    with DemoServer(clock=clock, capacity=2) as server:
        api = Api(server)
        job = api.launch(9)
        clock.tick(1)
        assert api.get(f"jobs/{job}/")["status"] == "running"
        assert figures(api.get("instance_groups/2/")) == (2, 5, -150.0, 1)
        assert figures(api.get("instances/1/")) == (2, 5, 0.0, 1)


def test_a_capacity_of_one_updates_no_project(clock: Clock) -> None:
    with DemoServer(clock=clock, capacity=1) as server:
        api = Api(server)
        update = api.post("projects/8/update/", status=202)["id"]
        clock.tick(31)
        assert state(api, f"project_updates/{update}/") == ("pending", NO_CAPACITY)
        server.awx.set_capacity(2)
        clock.tick(0.5)
        assert state(api, f"project_updates/{update}/") == ("running", "")


def test_a_disabled_instance(server: DemoServer, api: Api, clock: Clock) -> None:
    running = api.launch(12)
    clock.tick(1)
    server.awx.enable_instance(enabled=False)
    job = api.launch(9)
    clock.tick(31)
    assert state(api, f"jobs/{job}/") == ("pending", NO_CAPACITY)
    assert api.get(f"jobs/{running}/")["status"] == "running"
    assert figures(api.get("instances/1/")) == (0, 5, 0.0, 1)
    assert api.get("instances/1/")["enabled"] is False
    row = api.get("instance_groups/2/")
    assert (figures(row), row["instances"]) == ((0, 0, 0.0, 0), 0)
    assert api.get("ping/")["instances"][0]["capacity"] == 0
    answer = api.send("PATCH", "instances/1/", {"enabled": True})
    assert (answer.status_code, answer.json()["capacity"]) == (200, 220)
    clock.tick(1)
    assert state(api, f"jobs/{job}/") == ("running", "")


def test_the_instance_counts_its_jobs(server: DemoServer, api: Api, clock: Clock) -> None:
    (row,) = api.get("instances/")["results"]
    assert figures(row) == (220, 0, 100.0, 0)
    control, default = api.get("instance_groups/")["results"]
    assert row["jobs_total"] == control["jobs_total"] + default["jobs_total"] > 300
    assert api.get("instance_groups/2/jobs/?page_size=1")["count"] == default["jobs_total"]
    api.launch(9)
    clock.tick(1)
    assert api.get("instance_groups/2/")["jobs_total"] == default["jobs_total"] + 1
    operator = Api(server, "operator")
    assert operator.send("PATCH", "instances/1/", {"enabled": False}).status_code == 403
