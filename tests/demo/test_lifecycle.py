from __future__ import annotations

from demo.server import DemoServer
from tests.demo.conftest import Api
from tests.demo.stage import Clock


def statuses(api: Api, clock: Clock, path: str, step: float, count: int) -> list[str]:
    seen: list[str] = []
    for _ in range(count):
        status = api.get(path)["status"]
        if status not in seen:
            seen.append(status)
        clock.tick(step)
    return seen


def test_a_job_passes_through_every_status(api: Api, clock: Clock) -> None:
    path = f"jobs/{api.launch(9)}/"
    assert statuses(api, clock, path, 0.1, 40) == ["pending", "waiting", "running", "successful"]
    job = api.get(path)
    assert 2.5 < job["elapsed"] < 3.5
    assert job["failed"] is False
    assert job["started"] < job["finished"]


def test_events_come_late_and_with_holes(api: Api, clock: Clock, server: DemoServer) -> None:
    job = api.launch(9)
    run = server.awx.jobs[job]
    clock.time = run.ended + 0.001
    total = len(run.script.events)
    counters = [
        e["counter"]
        for e in api.get(f"jobs/{job}/job_events/?limit=500&order_by=counter")["results"]
    ]
    assert api.get(f"jobs/{job}/")["status"] == "successful"
    assert api.get(f"jobs/{job}/")["event_processing_finished"] is False
    assert 0.4 * total < len(counters) < 0.85 * total
    assert counters != list(range(1, len(counters) + 1))
    clock.tick(0.95)
    assert api.get(f"jobs/{job}/")["event_processing_finished"] is True
    after = api.get(f"jobs/{job}/job_events/?limit=500&order_by=counter")["results"]
    assert [e["counter"] for e in after] == list(range(1, total + 1))
    by_id = [
        e["counter"] for e in api.get(f"jobs/{job}/job_events/?limit=500&order_by=id")["results"]
    ]
    assert by_id != sorted(by_id)


def test_events_come_at_once_when_told(api: Api, clock: Clock, server: DemoServer) -> None:
    server.awx.late_events = False
    job = api.launch(9)
    run = server.awx.jobs[job]
    clock.time = run.ended + 0.001
    assert api.get(f"jobs/{job}/")["event_processing_finished"] is True
    assert api.get(f"jobs/{job}/job_events/")["count"] == len(run.script.events)


def test_a_cancel_takes_two_seconds(api: Api, clock: Clock) -> None:
    job = api.launch(12)
    clock.tick(10)
    assert api.send("POST", f"jobs/{job}/cancel/").status_code == 202
    assert api.send("POST", f"jobs/{job}/cancel/").status_code == 202
    during = api.get(f"jobs/{job}/")
    assert (during["status"], during["failed"]) == ("running", False)
    assert during["canceled_on"] is not None
    clock.tick(2.1)
    after = api.get(f"jobs/{job}/")
    assert (after["status"], after["failed"]) == ("canceled", True)
    assert api.send("POST", f"jobs/{job}/cancel/").status_code == 405
    clock.tick(100)
    assert (
        "table_05"
        not in api.send("GET", f"jobs/{job}/stdout/?format=txt").text.split("table_04")[0]
    )
    assert "table_20" not in api.send("GET", f"jobs/{job}/stdout/?format=txt").text


def test_a_second_run_waits_for_the_first(api: Api, clock: Clock) -> None:
    first, second = api.launch(12), api.launch(12)
    clock.tick(20)
    waiting = api.get(f"jobs/{second}/")
    assert (waiting["status"], waiting["job_explanation"]) == ("pending", "")
    clock.tick(15)
    assert api.get(f"jobs/{second}/")["job_explanation"] == f"waiting for job-{first} to finish"
    clock.tick(30)
    assert api.get(f"jobs/{first}/")["status"] == "successful"
    assert api.get(f"jobs/{second}/")["status"] == "running"


def test_simultaneous_runs_do_not_wait(api: Api, clock: Clock) -> None:
    jobs = [api.launch(35), api.launch(35)]
    clock.tick(5)
    assert [api.get(f"jobs/{job}/")["status"] for job in jobs] == ["running", "running"]


def test_each_project_update_is_another_one(api: Api, clock: Clock) -> None:
    first = api.post("projects/8/update/", status=202)["project_update"]
    second = api.post("projects/8/update/", status=202)["project_update"]
    assert first != second
    clock.tick(1)
    assert api.get(f"project_updates/{first}/")["status"] == "running"
    assert api.get(f"project_updates/{second}/")["status"] == "pending"
    assert api.get("projects/8/")["status"] == "running"
    clock.tick(5)
    assert api.get(f"project_updates/{second}/")["status"] == "successful"


def test_a_manual_project_cannot_update(api: Api) -> None:
    assert api.get("projects/7/update/") == {"can_update": False}
    assert api.send("POST", "projects/7/update/", {}).status_code == 405


def test_a_launch_updates_the_project_first(api: Api, clock: Clock) -> None:
    job = api.launch(29)
    clock.tick(1)
    assert api.get(f"jobs/{job}/")["status"] == "pending"
    updates = api.get("projects/5/project_updates/?order_by=-id")["results"]
    assert (updates[0]["status"], updates[0]["launch_type"]) == ("running", "dependency")
    clock.tick(10)
    assert api.get(f"jobs/{job}/")["status"] == "successful"


def test_a_broken_project_says_what_git_said(api: Api, clock: Clock) -> None:
    update = api.post("projects/6/update/", status=202)["id"]
    clock.tick(5)
    assert api.get(f"project_updates/{update}/")["status"] == "failed"
    text = api.send("GET", f"project_updates/{update}/stdout/?format=txt").text
    assert "does not appear to be a git repository" in text
    refused = api.post("job_templates/19/launch/", status=400)
    assert refused == {"playbook": ["Missing a revision to run due to failed project update."]}


def test_relaunch_on_failed_hosts(api: Api, clock: Clock, server: DemoServer) -> None:
    job = api.launch(10)
    run = server.awx.jobs[job]
    clock.time = run.ended + 0.001
    assert api.get(f"jobs/{job}/")["status"] == "failed"
    early = api.post(f"jobs/{job}/relaunch/", {"hosts": "failed"}, 400)
    assert early == {"hosts": "Cannot retry on failed hosts, playbook stats not available."}
    clock.tick(1)
    again = api.post(f"jobs/{job}/relaunch/", {"hosts": "failed"})
    assert (again["limit"], again["launch_type"]) == ("web02", "relaunch")


def test_flaky_succeeds_when_relaunched(api: Api, clock: Clock) -> None:
    job = api.launch(11)
    clock.tick(10)
    assert api.get(f"jobs/{job}/")["status"] == "failed"
    again = api.post(f"jobs/{job}/relaunch/", {"hosts": "failed"})["id"]
    clock.tick(10)
    assert api.get(f"jobs/{again}/")["status"] == "successful"


def test_no_stats_after_a_missing_playbook(api: Api, clock: Clock) -> None:
    job = api.launch(30)
    clock.tick(10)
    assert api.get(f"jobs/{job}/")["status"] == "failed"
    assert api.get(f"jobs/{job}/")["job_explanation"] == ""
    assert api.send("POST", f"jobs/{job}/relaunch/", {"hosts": "failed"}).status_code == 400
    assert "could not be found" in api.send("GET", f"jobs/{job}/stdout/?format=txt").text


def test_slices_share_the_hosts(api: Api, clock: Clock) -> None:
    made = api.post("job_templates/17/launch/")
    assert made["type"] == "workflow_job"
    assert made["workflow_job"] == made["id"]
    assert "job" not in made
    clock.tick(1)
    api.get("me/")
    clock.tick(10)
    nodes = api.get(f"workflow_jobs/{made['id']}/workflow_nodes/")["results"]
    hosts = [
        {s["host_name"] for s in api.get(f"jobs/{n['job']}/job_host_summaries/")["results"]}
        for n in nodes
    ]
    assert sorted(len(names) for names in hosts) == [1, 2]
    assert set.union(*hosts) == {"web01", "web02", "web03"}
    clock.tick(10)
    assert api.get(f"workflow_jobs/{made['id']}/")["status"] == "successful"


def test_a_workflow_runs_its_steps_in_order(api: Api, clock: Clock) -> None:
    workflow = api.post("workflow_job_templates/22/launch/")["workflow_job"]
    clock.tick(1)
    nodes = api.get(f"workflow_jobs/{workflow}/workflow_nodes/")["results"]
    assert [node["job"] is None for node in nodes] == [False, True]
    for _ in range(10):
        clock.tick(1)
        status = api.get(f"workflow_jobs/{workflow}/")["status"]
    assert status == "successful"
    jobs = [n["job"] for n in api.get(f"workflow_jobs/{workflow}/workflow_nodes/")["results"]]
    first, second = (api.get(f"jobs/{job}/") for job in jobs)
    assert first["finished"] < second["started"]


def test_a_workflow_waits_for_a_yes(api: Api, clock: Clock) -> None:
    workflow = api.post("workflow_job_templates/23/launch/")["workflow_job"]
    clock.tick(100)
    approval = api.get(f"workflow_jobs/{workflow}/workflow_nodes/")["results"][0]["job"]
    assert api.get(f"workflow_approvals/{approval}/")["status"] == "pending"
    assert api.send("POST", f"workflow_approvals/{approval}/deny/").status_code == 204
    clock.tick(1)
    api.get("me/")
    clock.tick(1)
    assert api.get(f"workflow_jobs/{workflow}/")["status"] == "failed"


def test_an_ad_hoc_ping_tells_the_unreachable(api: Api, clock: Clock) -> None:
    body = {"module_name": "ping", "credential": 3}
    good = api.post("inventories/2/ad_hoc_commands/", body)["id"]
    bad = api.post("inventories/5/ad_hoc_commands/", body)["id"]
    clock.tick(10)
    assert api.get(f"ad_hoc_commands/{good}/")["status"] == "successful"
    assert api.get(f"ad_hoc_commands/{bad}/")["status"] == "failed"
    events = api.get(f"ad_hoc_commands/{bad}/events/?event=runner_on_unreachable")
    assert {event["host_name"] for event in events["results"]} == {"dead01", "dead02"}


def test_disabled_hosts_are_left_out(api: Api, clock: Clock) -> None:
    job = api.launch(34)
    clock.tick(10)
    summaries = api.get(f"jobs/{job}/job_host_summaries/")["results"]
    assert [row["host_name"] for row in summaries] == ["app01"]


def test_speed_shortens_everything() -> None:
    clock = Clock()
    with DemoServer(clock=clock, speed=100) as server:
        api = Api(server)
        job = api.launch(12)
        clock.tick(0.65)
        assert api.get(f"jobs/{job}/")["status"] == "successful"


def test_a_run_on_no_host_is_successful_and_counts_none(api: Api, clock: Clock) -> None:
    job = api.launch(20)
    clock.tick(10)
    found = api.get(f"jobs/{job}/")
    assert (found["status"], found["host_status_counts"]) == ("successful", {})


def test_ansible_refuses_a_limit_that_leaves_no_host(api: Api, clock: Clock) -> None:
    job = api.launch(15, {"limit": "nosuch"})
    clock.tick(10)
    found = api.get(f"jobs/{job}/")
    assert (found["status"], found["host_status_counts"]) == ("failed", None)
    text = api.send("GET", f"jobs/{job}/stdout/?format=txt").text
    assert "--limit leaves us with no hosts to target" in text


def test_hosts_are_counted_after_the_recap_was_stored(
    api: Api, clock: Clock, server: DemoServer
) -> None:
    """As a real AWX: the last event is pushed first, `host_status_counts` is written then."""
    job = api.launch(9)
    run = server.awx.jobs[job]
    clock.time = run.stored_at(len(run.script.events) - 1, run.script.events[-1]) + 0.01
    assert api.get(f"jobs/{job}/job_events/?event=playbook_on_stats")["count"] == 1
    assert api.get(f"jobs/{job}/")["host_status_counts"] is None
    clock.tick(0.25)
    assert sum(api.get(f"jobs/{job}/")["host_status_counts"].values()) == 3
