"""Who may approve what, until when, and who did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.demo.conftest import Api
from tests.demo.test_contract import differences
from tests.demo.test_workflows import UNHANDLED, launch, nodes

if TYPE_CHECKING:
    from demo.server import DemoServer
    from tests.demo.stage import Clock

REFUSED = {"detail": "You do not have permission to perform this action."}


def waiting(api: Api, clock: Clock, template: int) -> tuple[int, int]:
    """Launch a workflow and return its id and that of its approval."""
    workflow = launch(api, template)
    clock.tick(1)
    return workflow, int(nodes(api, workflow)["approve"]["job"])


def test_the_roles_tell_who_may_approve(api: Api) -> None:
    path = "workflow_job_templates/23/object_roles/"
    names = [row["name"] for row in api.get(path)["results"]]
    assert names == ["Admin", "Execute", "Read", "Approve"]
    (role,) = api.get(f"{path}?role_field=approval_role")["results"]
    assert role["summary_fields"]["resource_type"] == "workflow_job_template"
    assert role["related"]["workflow_job_template"] == "/api/v2/workflow_job_templates/23/"
    shown = api.get("workflow_job_templates/23/")["summary_fields"]["object_roles"]
    assert shown["approval_role"]["id"] == role["id"]
    assert api.get(f"roles/{role['id']}/") == role
    users = api.get(role["related"]["users"].removeprefix("/api/v2/"))["results"]
    assert [row["username"] for row in users] == ["approver"]
    (team,) = api.get(role["related"]["teams"].removeprefix("/api/v2/"))["results"]
    assert team["name"] == "Release managers"
    members = api.get(f"teams/{team['id']}/users/")["results"]
    assert [row["username"] for row in members] == ["manager"]
    other = api.get("workflow_job_templates/22/object_roles/?role_field=approval_role")["results"]
    assert api.get(f"roles/{other[0]['id']}/users/")["count"] == 0


def test_the_access_list_tells_it_of_each_user_with_the_way_he_has_it(api: Api) -> None:
    """Of a workflow whose administrators may approve, by that; see test_roles of who only may."""
    role = api.get("workflow_job_templates/22/")["summary_fields"]["object_roles"]["admin_role"]
    (approver,) = api.get("users/?username=approver")["results"]
    for path in (f"users/{approver['id']}/roles/", "teams/1/roles/"):
        api.post(path, {"id": role["id"]}, status=204)
    rows = api.get("workflow_job_templates/22/access_list/")["results"]
    found = {row["username"]: row["summary_fields"] for row in rows}
    assert list(found) == ["admin", "approver", "manager"]
    (by_right,) = found["admin"]["indirect_access"]
    assert by_right["role"]["name"] == "System Administrator"
    (himself,) = found["approver"]["direct_access"]
    (by_team,) = found["manager"]["direct_access"]
    assert "team_name" not in himself["role"]
    assert by_team["role"]["team_name"] == "Release managers"
    for each in (by_right, himself, by_team):
        assert "approval_role" in each["descendant_roles"]


def test_a_role_that_is_not_there_or_not_ones_own(server: DemoServer, api: Api) -> None:
    assert api.send("GET", "roles/999999/").status_code == 404
    (role,) = api.get("workflow_job_templates/23/object_roles/?role_field=approval_role")["results"]
    operator, approver = Api(server, "operator"), Api(server, "approver")
    assert operator.send("GET", f"roles/{role['id']}/users/").status_code == 403
    assert approver.get(f"roles/{role['id']}/users/")["count"] == 1
    assert operator.send("GET", "teams/1/").status_code == 403
    assert operator.get("teams/")["count"] == 0


@pytest.mark.parametrize(
    ("user", "may"), [("approver", True), ("manager", True), ("operator", False)]
)
def test_who_may_answer(server: DemoServer, api: Api, clock: Clock, user: str, may: bool) -> None:
    workflow, approval = waiting(api, clock, 23)
    person = Api(server, user)
    seen = person.send("GET", f"workflow_approvals/{approval}/")
    assert seen.status_code == (200 if may else 403)
    answer = person.send("POST", f"workflow_approvals/{approval}/approve/", {})
    assert answer.status_code == (204 if may else 403)
    if not may:
        assert answer.json() == REFUSED
        return
    assert seen.json()["can_approve_or_deny"] is True
    row = api.get(f"workflow_approvals/{approval}/")
    assert row["summary_fields"]["approved_or_denied_by"]["username"] == user
    assert row["can_approve_or_deny"] is False
    again = person.send("POST", f"workflow_approvals/{approval}/deny/", {})
    assert again.status_code == 400
    assert person.get(f"workflow_jobs/{workflow}/")["status"] == "running"
    assert len(person.get(f"workflow_jobs/{workflow}/workflow_nodes/")["results"]) == 2


def test_the_manager_may_answer_one_workflow_only(server: DemoServer) -> None:
    ids = [row["id"] for row in Api(server, "manager").get("workflow_job_templates/")["results"]]
    assert ids == [23]
    ids = [row["id"] for row in Api(server, "approver").get("workflow_job_templates/")["results"]]
    assert ids == [23, 39]
    refused = Api(server, "approver").send("POST", "workflow_job_templates/23/launch/", {})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("user", "status", "told"),
    [("admin", 404, "No WorkflowApproval matches the given query."),
     ("approver", 400, "WorkflowApproval matching query does not exist.")],
)  # fmt: skip
def test_one_that_is_not_there(server: DemoServer, user: str, status: int, told: str) -> None:
    person = Api(server, user)
    answer = person.send("POST", "workflow_approvals/999999/approve/", {})
    assert (answer.status_code, answer.json()) == (status, {"detail": told})
    assert person.send("GET", "workflow_approvals/999999/").status_code == 404


def test_those_of_one_workflow_job(api: Api, clock: Clock) -> None:
    workflow, approval = waiting(api, clock, 23)
    for number, found in ((workflow, [approval]), (workflow + 999, [])):
        path = f"workflow_approvals/?status=pending&unified_job_node__workflow_job={number}"
        assert [row["id"] for row in api.get(path)["results"]] == found


def test_an_approval_expires(api: Api, clock: Clock) -> None:
    workflow, approval = waiting(api, clock, 39)
    before = api.get(f"workflow_approvals/{approval}/")
    assert (before["status"], before["timed_out"]) == ("pending", False)
    assert before["approval_expiration"] > before["created"]
    assert before["summary_fields"]["workflow_approval_template"]["timeout"] == 10
    assert differences(before, "GET /api/v2/workflow_approvals/N/", is_top=True) in (
        [],
        ["workflow_approval.approval_expiration: t, recorded n"],
    )
    clock.tick(10)
    after = api.get(f"workflow_approvals/{approval}/")
    assert (after["status"], after["timed_out"], after["failed"]) == ("failed", True, True)
    name = "Go within ten seconds?"
    text = f"The approval node {name} ({approval}) has expired after 10 seconds."
    assert after["job_explanation"] == text
    assert (after["approval_expiration"], after["can_approve_or_deny"]) == (None, False)
    assert "approved_or_denied_by" not in after["summary_fields"]
    answer = api.send("POST", f"workflow_approvals/{approval}/approve/", {})
    assert answer.status_code == 400
    clock.tick(1)
    whole = api.get(f"workflow_jobs/{workflow}/")
    assert (whole["status"], whole["job_explanation"]) == ("failed", UNHANDLED)
    assert nodes(api, workflow)["deploy"]["do_not_run"] is True


def test_an_answer_in_time_stands(api: Api, clock: Clock) -> None:
    workflow, approval = waiting(api, clock, 39)
    api.post(f"workflow_approvals/{approval}/approve/", status=204)
    clock.tick(60)
    row = api.get(f"workflow_approvals/{approval}/")
    assert (row["status"], row["timed_out"], row["job_explanation"]) == ("successful", False, "")
    assert api.get(f"workflow_jobs/{workflow}/")["status"] == "successful"
