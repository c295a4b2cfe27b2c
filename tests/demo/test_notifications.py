"""Notification templates, after awx/api/serializers.py and awx/main/models/notifications.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.model import JobTemplate, Organization, Project, User
from demo.notification_types import FIELDS, NAMES, RECIPIENTS
from tests.demo.conftest import Api
from tests.receivers import webhook

if TYPE_CHECKING:
    from demo.aliases import Json
    from demo.server import DemoServer

NEW = {
    "name": "Chat", "organization": 1, "notification_type": "slack",
    "notification_configuration": {"token": "xoxb-1", "channels": ["#ops"]},
}  # fmt: skip
PATH = "notification_templates/"
NO_EVENT = (
    "Event 'failure' invalid, must be one of 'started', 'success', 'error', or 'workflow_approval'"
)


def test_every_type_has_its_fields_and_its_receiver() -> None:
    assert set(FIELDS) == set(NAMES) == set(RECIPIENTS)
    assert all(RECIPIENTS[kind] in fields for kind, fields in FIELDS.items())


def test_a_secret_is_never_shown_again(api: Api) -> None:
    made = api.post(PATH, NEW)
    assert made["notification_configuration"] == {"token": "$encrypted$", "channels": ["#ops"]}
    assert api.get(f"{PATH}{made['id']}/")["notification_configuration"]["token"] == "$encrypted$"


@pytest.mark.parametrize(
    ("change", "body"),
    [
        ({"notification_type": "x"}, {"notification_type": ['"x" is not a valid choice.']}),
        ({"notification_type": None}, {"notification_type": ['"" is not a valid choice.']}),
        ({"name": None}, {"name": ["This field cannot be blank."]}),
        ({"name": ""}, {"name": ["This field may not be blank."]}),
        ({"name": "x" * 513}, {"name": ["Ensure this field has no more than 512 characters."]}),
        (
            {"organization": "x"},
            {"organization": ["Incorrect type. Expected pk value, received str."]},
        ),
        (
            {"notification_configuration": None},
            {"notification_configuration": ["This field may not be null."]},
        ),
        (
            {"messages": {"failure": {}}},
            {
                "messages": [NO_EVENT]
            },
        ),
        (
            {"messages": {"error": "x"}},
            {"messages": ["Expected dict for event 'error', found <class 'str'>"]},
        ),
        ({"organization": 99}, {"organization": ['Invalid pk "99" - object does not exist.']}),
        (
            {"notification_configuration": {"token": 5, "channels": []}},
            {
                "__all__": [
                    "No values specified for field 'channels'",
                    "Configuration field 'token' incorrect type, expected password.",
                ]
            },
        ),
        (
            {"name": "Slack"},
            {"__all__": ["Notification template with this Organization and Name already exists."]},
        ),
        (
            {
                "notification_type": "webhook",
                "notification_configuration": {"url": "http://x", "headers": {},
                                               "http_method": "GET"},
            },
            {"__all__": ["HTTP method must be either 'POST' or 'PUT'."]},
        ),
    ],
)  # fmt: skip
def test_what_makes_none(api: Api, change: Json, body: Json) -> None:
    answer = api.send("POST", PATH, {**NEW, **change})
    assert (answer.status_code, answer.json()) == (400, body)


def test_what_is_not_given_is_asked_for(api: Api) -> None:
    names = ("name", "organization", "notification_type")
    needed = {name: ["This field is required."] for name in names}
    assert api.post(PATH, {}, 400) == needed
    assert api.post("projects/8/notification_templates_error/", {}, 400) == needed


@pytest.mark.parametrize(
    ("answers", "status", "sent", "error"),
    [
        ([(200, {})], "successful", 1, ""),
        ([(302, {"Location": "/elsewhere"})], "successful", 0, ""),
        ([(307, {"Location": "URL"}), (200, {})], "successful", 1, ""),
        ([(301, {"Location": "URL"})], "failed", 0, "max number of retries [5] exceeded"),
        ([(404, {})], "failed", 0, "Error sending webhook notification: 404"),
    ],
)
def test_what_becomes_of_a_webhook(
    api: Api, answers: list[tuple[int, dict[str, str]]], status: str, sent: int, error: str
) -> None:
    with webhook() as receiver:
        receiver.answers = [
            (code, "", {name: receiver.url if value == "URL" else value
                        for name, value in headers.items()})
            for code, headers in answers
        ]  # fmt: skip
        hook = {"url": receiver.url, "headers": {}}
        body = {**NEW, "notification_type": "webhook", "notification_configuration": hook}
        made = api.post(PATH, body)["id"]
        number = api.post(f"{PATH}{made}/test/", {}, 202)["notification"]
        while (row := api.get(f"notifications/{number}/"))["status"] == "pending":
            pass
    assert (row["status"], row["notifications_sent"]) == (status, sent)
    assert error in row["error"]


def test_attaching_is_told_apart_by_event_and_forgets_when_told(api: Api) -> None:
    where = "workflow_job_templates/22/notification_templates_approvals/"
    for _ in range(2):
        api.post(where, {"id": 2}, 204)
    assert [row["id"] for row in api.get(where)["results"]] == [2]
    assert api.get(where.replace("approvals", "error"))["count"] == 0
    api.post(where, {"id": 2, "disassociate": True}, 204)
    assert api.get(where)["count"] == 0


def test_bad_attachments(api: Api) -> None:
    where = "projects/8/notification_templates_error/"
    assert api.post(where, {"id": "2"}, 400) == {"msg": '"id" field must be an integer.'}
    assert api.post(where, {"disassociate": True}, 400) == {
        "msg": '"id" is required to disassociate'
    }
    assert api.post(where, {"id": 99}, 400)["detail"].startswith("NotificationTemplate matching")
    assert api.send("GET", "projects/8/notification_templates_approvals/").status_code == 404


def test_one_that_is_made_there_is_attached(api: Api) -> None:
    where = "organizations/1/notification_templates_started/"
    made = api.post(where, NEW)
    assert [row["id"] for row in api.get(where)["results"]] == [made["id"]]


def test_one_can_be_removed_with_what_it_sent(api: Api) -> None:
    made = api.post(PATH, NEW)["id"]
    sent = api.post(f"{PATH}{made}/test/", {}, 202)["notification"]
    while api.get(f"notifications/{sent}/")["status"] == "pending":
        pass
    assert api.get(f"notifications/{sent}/")["error"] == "The embedded AWX sends webhooks only."
    assert api.send("DELETE", f"{PATH}{made}/").status_code == 204
    assert api.send("GET", f"notifications/{sent}/").status_code == 404


def test_an_organizations_administrator_of_notifications_may_all_of_it(server: DemoServer) -> None:
    awx, lead = server.awx, Api(server, "lead")
    assert "POST" in lead.send("OPTIONS", PATH).json()["actions"]
    assert lead.send("POST", PATH, NEW).status_code == 403
    assert lead.send("POST", PATH, {**NEW, "organization": None}).status_code == 403
    assert lead.post(PATH, {**NEW, "organization": 99}, 400) == {
        "detail": "Organization matching query does not exist."
    }
    made = lead.post(PATH, {**NEW, "organization": 2})["id"]
    lead.post("job_templates/36/notification_templates_error/", {"id": made}, 204)
    sent = lead.post(f"{PATH}{made}/test/", {}, 202)["notification"]
    assert lead.get(f"notifications/{sent}/")["id"] == sent
    assert [row["id"] for row in lead.get(PATH)["results"]] == [made]
    where = "organizations/2/notification_templates_error/"
    assert lead.post(where, {**NEW, "organization": 2, "name": "Other"})["organization"] == 2
    assert lead.post(where, NEW, 403)["detail"].startswith("You do not have permission")
    # Who only administers notifications may attach them to what he sees, but not to projects.
    newcomer, person = Api(server, "newcomer"), awx.get(User, 8)
    awx.roles.give(awx.get(Organization, 1), "notification_admin_role", person)
    awx.roles.give(awx.get(Project, 8), "use_role", person)
    awx.roles.give(awx.get(JobTemplate, 9), "execute_role", person)
    newcomer.post("job_templates/9/notification_templates_error/", {"id": 2}, 204)
    newcomer.post("projects/8/notification_templates_error/", {"id": 2}, 403)
    newcomer.post("organizations/1/notification_templates_error/", {"id": 2}, 403)
    newcomer.post("job_templates/9/notification_templates_error/", {"id": made}, 403)


def test_an_auditor_of_the_organization_sees_and_changes_nothing(server: DemoServer) -> None:
    newcomer = Api(server, "newcomer")
    organization = server.awx.get(Organization, 1)
    server.awx.roles.give(organization, "auditor_role", server.awx.get(User, 8))
    assert newcomer.get(PATH)["count"] > 0
    assert newcomer.send("POST", f"{PATH}2/test/", {}).status_code == 403
    assert newcomer.send("DELETE", f"{PATH}2/").status_code == 403


def test_others_than_the_administrator_may_nothing(server: DemoServer) -> None:
    operator = Api(server, "operator")
    assert "POST" not in operator.send("OPTIONS", PATH).json()["actions"]
    assert operator.send("POST", PATH, NEW).status_code == 403
    assert operator.get(PATH)["count"] == 0
    where = "job_templates/9/notification_templates_error/"
    assert operator.send("POST", where, {"id": 2}).status_code == 403
