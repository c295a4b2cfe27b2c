"""Roles decide who sees and does what, and both of AWX's systems show the same of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from demo import poses
from demo.model import InstanceGroup, JobTemplate, User
from demo.role_kinds import KINDS
from demo.server import DemoServer
from tests.demo.conftest import Api

if TYPE_CHECKING:
    from demo.aliases import Json
    from tests.demo.stage import Clock

NO = {"detail": "You do not have permission to perform this action."}


def names(rows: Json) -> list[str]:
    return [row["username"] for row in rows["results"]]


def role(api: Api, path: str, field: str) -> int:
    return int(api.get(path)["summary_fields"]["object_roles"][field]["id"])


def ways(api: Api, path: str, user: str) -> list[tuple[str, str, list[str]]]:
    """Return by which role on what somebody has what on a row, teams with their name."""
    (row,) = api.get(f"{path}access_list/?username={user}")["results"]
    found = row["summary_fields"]["direct_access"] + row["summary_fields"]["indirect_access"]
    return [
        (
            each["role"]["name"],
            each["role"].get("team_name") or each["role"].get("resource_name", ""),
            sorted(each["descendant_roles"]),
        )
        for each in found
    ]


def test_every_role_has_a_number_of_its_own_and_is_found_by_it(api: Api) -> None:
    rows = [row for page in (1, 2, 3) for row in roles_page(api, page)]
    assert len({row["id"] for row in rows}) == len(rows) == api.get("roles/")["count"]
    for row in (rows[0], rows[-1], rows[100]):
        assert api.get(f"roles/{row['id']}/") == row
    assert {row["summary_fields"].get("resource_type") for row in rows} == {
        *(kind.name for kind in KINDS.values()),
        None,
    }


def roles_page(api: Api, number: int) -> list[Json]:
    answer = api.send("GET", f"roles/?page_size=200&page={number}")
    return list(answer.json()["results"]) if answer.status_code == 200 else []


def test_a_grant_in_one_system_is_one_in_the_other(api: Api) -> None:
    execute = role(api, "job_templates/10/", "execute_role")
    for _ in range(2):
        api.post("users/4/roles/", {"id": execute}, status=204)
    found = api.get("role_user_assignments/?user=4&object_id=10")["results"]
    assert [row["summary_fields"]["role_definition"]["name"] for row in found] == [
        "JobTemplate Execute"
    ]
    assert api.send("DELETE", f"role_user_assignments/{found[0]['id']}/").status_code == 204
    assert api.get(f"roles/{execute}/users/?id=4")["count"] == 0
    body = {"role_definition": 8, "team": 1, "object_id": 10}
    first = api.post("role_team_assignments/", body)
    assert api.post("role_team_assignments/", body)["id"] == first["id"]
    assert [row["id"] for row in api.get("teams/1/roles/?id=1000")["results"]] == []
    assert execute in [row["id"] for row in api.get("teams/1/roles/")["results"]]
    api.post("teams/1/roles/", {"id": execute, "disassociate": True}, status=204)
    assert api.get("role_team_assignments/?team=1&object_id=10")["count"] == 0


def test_an_organizations_administrator_has_all_that_is_in_it(server: DemoServer) -> None:
    lead, admin = Api(server, "lead"), Api(server)
    assert [row["id"] for row in lead.get("job_templates/")["results"]] == [26, 36]
    assert lead.get("job_templates/36/")["summary_fields"]["user_capabilities"]["start"] is True
    assert lead.get("projects/4/")["summary_fields"]["user_capabilities"]["start"] is True
    assert lead.send("POST", "projects/4/update/", {}).status_code == 202
    assert lead.send("GET", "job_templates/9/").status_code == 403
    assert ways(admin, "job_templates/36/", "lead") == [
        ("Admin", "Second org", ["admin_role", "execute_role", "read_role"])
    ]
    assert len(lead.get("users/")["results"]) == len(admin.get("users/")["results"])


def test_a_team_gives_its_members_what_it_has(server: DemoServer) -> None:
    deployer, admin = Api(server, "deployer"), Api(server)
    assert [row["id"] for row in deployer.get("job_templates/")["results"]] == [10, 15]
    told = deployer.get("job_templates/10/")["summary_fields"]["user_capabilities"]
    assert told == {"edit": False, "delete": False, "start": True, "schedule": True, "copy": False}
    assert ways(admin, "job_templates/10/", "deployer") == [
        ("Execute", "Deployers", ["execute_role", "read_role"])
    ]
    assert ways(admin, "teams/2/", "deployer") == [
        ("Member", "Deployers", ["member_role", "read_role"])
    ]
    admin.post("users/7/roles/", {"id": role(admin, "teams/2/", "member_role")}, status=204)
    assert 10 in [row["id"] for row in Api(server, "leaver").get("job_templates/")["results"]]


def test_a_team_in_another_team_has_what_that_has(server: DemoServer) -> None:
    admin = Api(server)
    member = role(admin, "teams/2/", "member_role")
    admin.post("teams/1/roles/", {"id": member}, status=204)
    # AWX lets the other be in the first, too, and does not go round for ever.
    admin.post("teams/2/roles/", {"id": role(admin, "teams/1/", "member_role")}, status=204)
    manager = Api(server, "manager")
    assert 10 in [row["id"] for row in manager.get("job_templates/")["results"]]
    assert ways(admin, "job_templates/10/", "manager") == [
        ("Member", "Release managers", ["execute_role", "read_role"])
    ]
    on = admin.get("job_templates/10/access_list/?username=manager")["results"][0]
    assert on["summary_fields"]["direct_access"][0]["role"]["resource_name"] == "Deployers"
    admin.post("teams/1/roles/", {"id": member, "disassociate": True}, status=204)
    assert Api(server, "manager").send("GET", "job_templates/10/").status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 201), ({"inventory": 2}, 201), ({"inventory": 3}, 403), ({"credentials": [3]}, 201),
     ({"credentials": [4]}, 403), ({"inventory": 99}, 400)],
)  # fmt: skip
def test_what_is_passed_to_a_launch_takes_the_use_role(
    server: DemoServer, body: Json, status: int
) -> None:
    deployer = Api(server, "deployer")
    answer = deployer.send("POST", "job_templates/15/launch/", body)
    assert answer.status_code == status
    assert status != 403 or answer.json() == NO


def test_what_the_template_has_by_itself_takes_no_role(server: DemoServer) -> None:
    awx, newcomer = server.awx, Api(server, "newcomer")
    template, default = awx.get(JobTemplate, 15), awx.get(InstanceGroup, 2)
    awx.roles.give(template, "execute_role", awx.get(User, 8))
    template.instance_groups.append(default)
    body = {"inventory": 2, "credentials": [3], "instance_groups": [2], "limit": ""}
    assert newcomer.post("job_templates/15/launch/", body)["ignored_fields"] == {}
    made = newcomer.post("job_templates/15/launch/", {"job_type": "run", "verbosity": 0})
    assert made["ignored_fields"] == {}


def test_an_instance_group_takes_use_to_be_passed_and_read_to_be_seen(server: DemoServer) -> None:
    awx, newcomer = server.awx, Api(server, "newcomer")
    awx.roles.give(awx.get(JobTemplate, 15), "execute_role", awx.get(User, 8))
    body = {"instance_groups": [2]}
    answer = newcomer.send("POST", "job_templates/15/launch/", body)
    assert (answer.status_code, answer.json()) == (403, NO)
    assert newcomer.get("instance_groups/")["count"] == 0
    assert newcomer.send("POST", "job_templates/15/launch/", {"instance_groups": [9]}).json() == {
        "instance_groups": ['Invalid pk "9" - object does not exist.']
    }
    awx.roles.give(awx.get(InstanceGroup, 2), "use_role", awx.get(User, 8))
    assert [row["id"] for row in newcomer.get("instance_groups/")["results"]] == [2]
    assert newcomer.get("job_templates/15/instance_groups/")["count"] == 0
    newcomer.post("job_templates/15/launch/", body)


def test_a_role_is_given_only_by_who_administers_what_it_is_on(server: DemoServer) -> None:
    admin, leaver, lead = Api(server), Api(server, "leaver"), Api(server, "lead")
    execute = role(admin, "job_templates/12/", "execute_role")
    # Of his organization, and so shown to him; the operator is in none.
    assert leaver.send("POST", "users/6/roles/", {"id": execute}).status_code == 204
    assert leaver.send("POST", "users/2/roles/", {"id": execute}).status_code == 403
    assert lead.send("POST", "users/2/roles/", {"id": execute}).status_code == 403
    body = {"role_definition": 8, "user": 2, "object_id": "12"}
    refused = leaver.send("POST", "role_user_assignments/", body)
    assert (refused.status_code, refused.json()) == (
        400, {"user": ['Invalid pk "2" - object does not exist.']},
    )  # fmt: skip
    assert lead.send("POST", "role_user_assignments/", body).json() == {
        "object_id": ['Invalid pk "12" - object does not exist.']
    }


@pytest.mark.parametrize(
    ("path", "field", "words"),
    [
        ("users/2/", ("credentials/3/", "use_role"), "a user not in the credentials' organization"),
        ("teams/1/", ("organizations/1/", "admin_role"), "an Organization participation role"),
        ("teams/1/", "system", "You cannot grant system-level permissions to a team."),
        ("users/2/", "none", "Role 'id' field is missing."),
        ("users/2/", "text", '"id" field must be an integer.'),
    ],
)
def test_what_awx_refuses_it_says_why(
    api: Api, path: str, field: tuple[str, str] | str, words: str
) -> None:
    number = (
        role(api, *field) if isinstance(field, tuple) else {"system": 1, "text": "x"}.get(field)
    )
    answer = api.send("POST", f"{path}roles/", {"id": number})
    assert answer.status_code == 400
    assert words in answer.json()["msg"]


def test_of_a_credential_the_newer_system_wants_more(api: Api) -> None:
    body = {"role_definition": 3, "user": 6, "object_id": "3"}
    text = "You cannot grant credential access to a User not in the credentials' organization"
    assert api.send("POST", "role_user_assignments/", body).json() == {"detail": text}


def test_an_auditor_sees_all_and_does_nothing(server: DemoServer) -> None:
    server.awx.get(User, 8).is_system_auditor = True
    auditor = Api(server, "newcomer")
    assert auditor.get("job_templates/9/")["summary_fields"]["user_capabilities"]["start"] is False
    assert auditor.send("POST", "job_templates/9/launch/", {}).status_code == 403
    assert auditor.get("role_user_assignments/")["count"] > 5
    assert ways(auditor, "projects/8/", "newcomer") == [("System Auditor", "", ["read_role"])]


def test_a_token_to_read_is_told_that_nothing_can_be_done(server: DemoServer) -> None:
    reader = Api(server, scope="read")
    told = reader.get("credentials/3/")["summary_fields"]["user_capabilities"]
    assert told == {"edit": False, "delete": False, "copy": False, "use": True}


def test_a_definition_of_ones_own_works_and_breaks_access_lists(server: DemoServer) -> None:
    api = Api(server)
    own = {"name": "Night shift", "content_type": "awx.jobtemplate",
           "permissions": ["awx.execute_jobtemplate", "awx.view_jobtemplate"]}  # fmt: skip
    made = api.post("role_definitions/", own)
    assert made["managed"] is False
    body = {"role_definition": made["id"], "user": 8, "object_id": "10"}
    api.post("role_user_assignments/", body)
    assert Api(server, "newcomer").launch(10) > 0
    fallen = api.send("GET", "job_templates/10/access_list/")
    assert (fallen.status_code, fallen.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "<h1>Server Error (500)</h1>" in fallen.text
    wrong = own | {"name": "Other", "permissions": ["awx.nonsense_jobtemplate"]}
    assert api.send("POST", "role_definitions/", wrong).status_code == 400
    assert Api(server, "lead").send("POST", "role_definitions/", own).status_code == 403


def test_behind_a_gateway_memberships_are_not_changed_here(clock: Clock) -> None:
    with DemoServer(clock=clock, posing_as=poses.GATEWAY.name) as server:
        root = "/api/controller/v2"

        def post(path: str, body: Json) -> requests.Response:
            return requests.post(
                f"{server.url}{root}/{path}", json=body, auth=("admin", "password"), timeout=10
            )

        refused = post("users/8/roles/", {"id": 251})
        assert refused.status_code == 403
        assert refused.json()["msg"].startswith("Cannot directly modify user membership to team.")
        body = {"role_definition": 17, "user": 8, "object_id": "2"}
        newer = post("role_user_assignments/", body)
        assert newer.status_code == 400
        assert newer.json() == ["Not managed locally, use the resource server instead"]
        assert post("users/8/roles/", {"id": 901}).status_code == 204
        created = post("users/", {"username": "x", "password": "y"})
        assert created.status_code == 403
        assert "via the platform ingress" in created.json()["detail"]


def test_who_may_approve_a_workflow_breaks_its_access_list(server: DemoServer) -> None:
    """As a real AWX: "WorkflowJobTemplate Approve" is taken for an approve_role, which is none."""
    api = Api(server)
    assert api.send("GET", "workflow_job_templates/23/access_list/").status_code == 500
    approval = api.get("workflow_job_templates/23/")["summary_fields"]["object_roles"][
        "approval_role"
    ]
    for kind in ("users", "teams"):
        for each in api.get(f"roles/{approval['id']}/{kind}/")["results"]:
            body = {"id": approval["id"], "disassociate": True}
            assert api.send("POST", f"{kind}/{each['id']}/roles/", body).status_code == 204
    assert api.send("GET", "workflow_job_templates/23/access_list/").status_code == 200


def test_a_role_without_a_definition_gets_one_that_awx_does_not_manage(server: DemoServer) -> None:
    """What a real AWX makes for grants by the older system; ad hoc commands come with use."""
    api = Api(server)
    made = {}
    for path, field in (
        ("inventories/2/", "adhoc_role"), ("inventories/2/", "read_role"),
        ("organizations/1/", "execute_role"), ("organizations/1/", "approval_role"),
    ):  # fmt: skip
        role = api.get(path)["summary_fields"]["object_roles"][field]
        assert api.send("POST", "users/8/roles/", {"id": role["id"]}).status_code == 204
        (found,) = api.get("role_definitions/?order_by=-id&page_size=1")["results"]
        made[found["name"]] = (found["managed"], sorted(found["permissions"]))
    assert made == {
        "Inventory Adhoc Compat": (
            False, ["awx.adhoc_inventory", "awx.use_inventory", "awx.view_inventory"]
        ),
        "Inventory Read Compat": (False, ["awx.view_inventory"]),
        "Organization Execute Compat": (
            False, ["awx.execute_jobtemplate", "awx.execute_workflowjobtemplate",
                    "awx.view_jobtemplate", "awx.view_workflowjobtemplate",
                    "shared.view_organization"],
        ),
        "Organization Approval Compat": (
            False, ["awx.approve_workflowjobtemplate", "awx.view_workflowjobtemplate",
                    "shared.view_organization"],
        ),
    }  # fmt: skip


def test_a_system_auditor_has_an_assignment_on_nothing(server: DemoServer) -> None:
    """As a real AWX keeps it; a superuser has none."""
    server.awx.get(User, 8).is_system_auditor = True
    (found,) = Api(server).get("role_user_assignments/?object_id__isnull=true")["results"]
    assert (found["user"], found["content_type"], found["object_id"]) == (8, None, None)
    assert found["summary_fields"]["role_definition"]["name"] == "System Auditor"
    assert "content_object" not in found["related"]


def test_an_organizations_access_list_is_silent_of_what_permits_something_elsewhere(
    server: DemoServer,
) -> None:
    """As a real AWX: an administrator may execute all templates, and is not said to."""
    rows = Api(server).get("organizations/2/access_list/")["results"]
    found = {row["username"]: row["summary_fields"] for row in rows}
    (admin,) = found["lead"]["direct_access"]
    (superuser,) = found["admin"]["indirect_access"]
    unsaid = {"execute_role", "approval_role", "job_template_admin_role"}
    assert admin["role"]["name"] == "Admin"
    assert not unsaid.intersection(admin["descendant_roles"])
    assert {"admin_role", "project_admin_role", "member_role"} <= set(admin["descendant_roles"])
    assert unsaid <= set(superuser["descendant_roles"])
