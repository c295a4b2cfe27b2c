"""Workflows take the paths that AWX's do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from demo import model, steps
from demo.steps import Node
from tests.demo.sockets import Socket
from tests.demo.test_contract import differences

if TYPE_CHECKING:
    from demo.aliases import Json
    from demo.server import DemoServer
    from tests.demo.conftest import Api
    from tests.demo.stage import Clock

# lists of ids like success_nodes, but the recorded workflows have no such edges
UNRECORDED = {f"workflow_job_node.{name}_nodes[]: never seen" for name in ("failure", "always")}
UNHANDLED = "No error handling paths found, marking workflow as failed"


def launch(api: Api, template: int) -> int:
    return int(api.post(f"workflow_job_templates/{template}/launch/")["workflow_job"])


def nodes(api: Api, workflow: int) -> dict[str, Json]:
    rows = api.get(f"workflow_jobs/{workflow}/workflow_nodes/")["results"]
    return {row["identifier"]: row for row in rows}


def test_a_failure_takes_its_own_branch(api: Api, clock: Clock) -> None:
    workflow = launch(api, 41)
    clock.tick(1)
    before = nodes(api, workflow)
    assert not any(row["do_not_run"] for row in before.values())
    assert before["deploy"]["success_nodes"] == [before["check"]["id"]]
    assert before["deploy"]["failure_nodes"] == [before["rollback"]["id"]]
    assert before["rollback"]["always_nodes"] == [before["report"]["id"]]
    clock.tick(60)
    after = nodes(api, workflow)
    assert [name for name, row in after.items() if row["do_not_run"]] == ["check"]
    assert "job" not in after["check"]["summary_fields"]
    assert after["check"]["job"] is None
    ends = {
        name: row["summary_fields"]["job"]["status"]
        for name, row in after.items()
        if row["job"] is not None
    }
    assert ends == {"deploy": "failed", "rollback": "successful", "report": "successful"}
    whole = api.get(f"workflow_jobs/{workflow}/")
    assert (whole["status"], whole["failed"], whole["job_explanation"]) == ("successful", False, "")


def test_a_failure_without_a_branch_fails_the_workflow(api: Api, clock: Clock) -> None:
    workflow = launch(api, 44)
    clock.tick(60)
    whole = api.get(f"workflow_jobs/{workflow}/")
    assert (whole["status"], whole["job_explanation"]) == ("failed", UNHANDLED)
    assert nodes(api, workflow)["check"]["do_not_run"] is True


def test_a_denial_fails_the_workflow(api: Api, clock: Clock) -> None:
    workflow = launch(api, 23)
    clock.tick(5)
    approval = nodes(api, workflow)["approve"]["job"]
    api.post(f"workflow_approvals/{approval}/deny/", status=204)
    clock.tick(1)
    whole = api.get(f"workflow_jobs/{workflow}/")
    assert (whole["status"], whole["job_explanation"]) == ("failed", UNHANDLED)


def test_branches_run_at_the_same_time_and_meet(api: Api, clock: Clock) -> None:
    workflow = launch(api, 42)
    clock.tick(1.2)
    assert api.get(f"workflow_jobs/{workflow}/")["status"] == "running"
    rows = nodes(api, workflow)
    both = [rows[name]["summary_fields"]["job"]["status"] for name in ("deploy", "check")]
    assert both == ["running", "running"]
    assert rows["report"]["job"] is None
    clock.tick(60)
    jobs = {name: api.get(f"jobs/{row['job']}/") for name, row in nodes(api, workflow).items()}
    assert jobs["report"]["created"] >= max(jobs["deploy"]["finished"], jobs["check"]["finished"])
    assert api.get(f"workflow_jobs/{workflow}/")["status"] == "successful"


def test_a_workflow_in_a_workflow(api: Api, clock: Clock) -> None:
    workflow = launch(api, 43)
    clock.tick(2)
    inner = nodes(api, workflow)["release"]["summary_fields"]["job"]
    assert (inner["type"], inner["status"]) == ("workflow_job", "running")
    assert set(inner) == {"id", "name", "description", "status", "failed", "elapsed", "type"}
    row = api.get(f"workflow_jobs/{inner['id']}/")
    assert row["launch_type"] == "workflow"
    assert row["summary_fields"]["source_workflow_job"]["id"] == workflow
    job = api.get(f"jobs/{nodes(api, inner['id'])['deploy']['job']}/")
    assert job["summary_fields"]["source_workflow_job"]["id"] == inner["id"]
    assert job["summary_fields"]["ancestor_job"]["id"] == workflow
    assert "ancestor_job" not in api.get(f"jobs/?id={job['id']}")["results"][0]["summary_fields"]
    clock.tick(60)
    assert api.get(f"workflow_jobs/{workflow}/")["status"] == "successful"
    done = nodes(api, workflow)
    assert done["release"]["summary_fields"]["job"]["status"] == "successful"
    assert done["check"]["summary_fields"]["job"]["status"] == "successful"


def test_a_cancel_stops_what_runs_and_what_was_to_come(api: Api, clock: Clock) -> None:
    workflow = launch(api, 43)
    clock.tick(2)
    assert api.send("POST", f"workflow_jobs/{workflow}/cancel/", {}).status_code == 202
    clock.tick(10)
    assert api.get(f"workflow_jobs/{workflow}/")["status"] == "canceled"
    rows = nodes(api, workflow)
    assert rows["release"]["summary_fields"]["job"]["status"] == "canceled"
    inner = nodes(api, rows["release"]["job"])
    assert inner["deploy"]["summary_fields"]["job"]["status"] == "canceled"
    assert [rows["check"]["do_not_run"], inner["check"]["do_not_run"]] == [True, True]


def test_a_step_that_is_canceled_fails_the_workflow(api: Api, clock: Clock) -> None:
    workflow = launch(api, 22)
    clock.tick(2)
    api.post(f"jobs/{nodes(api, workflow)['deploy']['job']}/cancel/", status=202)
    clock.tick(10)
    whole = api.get(f"workflow_jobs/{workflow}/")
    assert (whole["status"], whole["job_explanation"]) == ("failed", UNHANDLED)


def test_the_rows_are_as_recorded(api: Api, clock: Clock) -> None:
    place = "GET /api/v2/workflow_jobs/N/workflow_nodes/"
    for template in (39, 41, 42, 43, 44):
        workflow = launch(api, template)
        clock.tick(2)
        for _ in range(2):
            found = api.get(f"workflow_jobs/{workflow}/workflow_nodes/")
            assert set(differences(found, place, is_top=True)) <= UNRECORDED
            clock.tick(30)
        whole = api.get(f"workflow_jobs/{workflow}/")
        assert differences(whole, "GET /api/v2/workflow_jobs/N/", is_top=True) == []


def test_followers_of_the_inner_workflow_hear_of_its_steps(api: Api, clock: Clock) -> None:
    with Socket(api) as socket:
        socket.subscribe(jobs=["status_changed"])
        workflow = launch(api, 43)
        for _ in range(20):
            clock.tick(1)
            time.sleep(0.02)
        got = socket.until(lambda m: m.get("unified_job_id") == workflow and "finished" in m)
    rows = nodes(api, workflow)
    inner = rows["release"]["job"]
    told = [m for m in got if m.get("unified_job_id") == inner]
    assert [m["status"] for m in told] == ["pending", "running", "successful"]
    assert {m["type"] for m in told} == {"workflow_job"}
    assert {m["workflow_job_id"] for m in told} == {workflow}
    assert {m["workflow_node_id"] for m in told} == {rows["release"]["id"]}
    deploy = nodes(api, inner)["deploy"]["job"]
    assert {m["workflow_job_id"] for m in got if m.get("unified_job_id") == deploy} == {inner}


def test_parents_that_must_converge(server: DemoServer, api: Api, clock: Clock) -> None:
    good, bad = (server.awx.jobs[api.launch(template)] for template in (9, 10))
    to = ("end",)
    specs = [
        model.NodeSpec(id=1, identifier="good", template=good.template, success=to),  # type: ignore[arg-type]
        model.NodeSpec(id=2, identifier="bad", template=bad.template, success=to),  # type: ignore[arg-type]
        model.NodeSpec(id=3, identifier="end", template=good.template),  # type: ignore[arg-type]
    ]
    first, second, end = (Node(spec.id, spec) for spec in specs)
    first.job, second.job = good, bad
    above = steps.parents([first, second, end], end)
    assert above == [first, second]
    assert not steps.is_left_out(end, above)
    clock.tick(60)
    assert not steps.is_left_out(end, above)  # one path is enough
    end.spec.all_parents_must_converge = True
    assert steps.is_left_out(end, above)
