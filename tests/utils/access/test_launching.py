"""By what somebody may launch: out of access lists, or reckoned where AWX falls over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rows import Row, page
from tests.utils.access.answers import BY_TEAM, OF_ORGANIZATION, access, deploy, person
from utils.access import launching
from utils.errors import BadAnswer, PreflightFailed, Refused
from utils.record import Record
from utils.resources import of_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

RESOURCE = of_row(Record(deploy(organization=1), "test"))
LIST = "job_templates/9/access_list/"
ROOT = {"roles": "/api/v2/roles/", "role_definitions": "/api/v2/role_definitions/"}


def assigned(number: int, definition: int, on: str, object_id: int, **holder: object) -> Row:
    shorts = {"role_definition": {"name": f"Own {definition}"}, "content_object": {"name": on}}
    return {"id": number, "content_type": on, "object_id": str(object_id),
            "role_definition": definition, "summary_fields": shorts, **holder}  # fmt: skip


def execute(client: Client) -> tuple[str, ...]:
    return launching.held(client, "olive", "execute_role", RESOURCE).through


def test_each_way_is_told_once(client: Client, awx: FakeAwx) -> None:
    awx.get(LIST, access(BY_TEAM, BY_TEAM, by=OF_ORGANIZATION))
    assert execute(client) == ("team Deployers (Execute)", "organization Default (Admin)")


def test_where_awx_falls_over_its_list_definitions_tell(client: Client, awx: FakeAwx) -> None:
    awx.get(LIST, "<h1>Server Error (500)</h1>", status=500)
    awx.get("", ROOT)
    awx.get("role_definitions/", page(
        {"id": 40, "permissions": ["awx.execute_jobtemplate", "awx.view_jobtemplate"]},
        {"id": 41, "permissions": ["awx.execute_workflowjobtemplate"]},
    ))  # fmt: skip
    awx.get("users/", page(person(2, "olive")))
    awx.get("role_user_assignments/", page(
        assigned(1, 40, "awx.jobtemplate", 9), assigned(2, 41, "awx.jobtemplate", 9),
        assigned(3, 40, "awx.jobtemplate", 10), assigned(4, 40, "shared.organization", 2),
    ))  # fmt: skip
    awx.get("users/2/teams/", page({"id": 5, "name": "Night"}))
    awx.get("role_team_assignments/", page(assigned(6, 40, "shared.organization", 1, team=5)))
    assert execute(client) == (
        "direct (Own 40)", "team Night, organization shared.organization (Own 40)",
    )  # fmt: skip
    assert awx.queries("role_team_assignments/")[0]["team"] == "5"


def test_an_administrator_has_it_there_too(client: Client, awx: FakeAwx) -> None:
    awx.get(LIST, "<h1>Server Error (500)</h1>", status=500)
    awx.get("", ROOT)
    awx.get("role_definitions/", page())
    awx.get("users/", page(person(2, "olive", is_superuser=True)))
    awx.get("role_user_assignments/", page())
    awx.get("users/2/teams/", page())
    assert execute(client) == ("system administrator",)

    # AWX errs there each time, so that asking again is in vain.
    assert awx.sent.count(f"GET {LIST}") == 1


@pytest.mark.parametrize(("start", "through"), [(True, ("AWX says so",)), (False, ())])
@pytest.mark.parametrize("is_shown", [True, False])
def test_of_oneself_a_yes_of_awx_holds_where_no_way_is_found(
    client: Client, awx: FakeAwx, is_shown: bool, start: bool, through: tuple[str, ...]
) -> None:
    if is_shown:
        awx.get(LIST, page())
    else:
        awx.refuse("GET", LIST, 403)
    mine = of_row(Record(deploy(summary_fields={"user_capabilities": {"start": start}}), "test"))
    assert launching.own(client, "olive", "execute_role", mine).through == through


def test_of_oneself_the_way_is_told_where_there_is_one(client: Client, awx: FakeAwx) -> None:
    awx.get(LIST, access(BY_TEAM))
    found = launching.own(client, "olive", "execute_role", RESOURCE)
    assert found.through == ("team Deployers (Execute)",)


def test_a_yes_to_start_is_none_to_use(client: Client, awx: FakeAwx) -> None:
    row = {"id": 2, "type": "inventory", "name": "Web",
           "summary_fields": {"user_capabilities": {"start": True}}}  # fmt: skip
    awx.get("inventories/2/access_list/", page())
    inventory = of_row(Record(row, "test"))
    assert launching.own(client, "olive", "use_role", inventory).through == ()


def test_an_awx_without_definitions_has_no_other_way_and_is_asked_again(
    client: Client, awx: FakeAwx
) -> None:
    awx.get(LIST, "<h1>Server Error (500)</h1>", status=500)
    awx.get("", {"roles": "/api/v2/roles/"})
    with pytest.raises(BadAnswer, match="500"):
        execute(client)
    assert awx.sent.count(f"GET {LIST}") > 2


def test_what_is_passed_takes_use_unless_it_is_the_templates_own(
    client: Client, awx: FakeAwx, settings: Callable[..., Settings]
) -> None:
    awx.get("job_templates/9/", deploy(
        ask_inventory_on_launch=True, ask_credential_on_launch=True,
        ask_instance_groups_on_launch=True, summary_fields={"credentials": [{"id": 3}]},
    ))  # fmt: skip
    awx.get("inventories/2/", {"id": 2, "type": "inventory", "name": "Web"})
    awx.get("credentials/4/", {"id": 4, "type": "credential", "name": "Key 4"})
    awx.get("job_templates/9/instance_groups/", page({"id": 7}))
    awx.get("instance_groups/8/", {"id": 8, "type": "instance_group", "name": "edge"})
    given = settings(inventory="2", credential=["3", "4"], instance_group=["7", "8"])
    found = launching.needs(client, given)
    assert [(role, str(resource)) for role, resource in found] == [
        ("execute_role", "job template 9 (Deploy web)"), ("use_role", "inventory 2 (Web)"),
        ("use_role", "credential 4 (Key 4)"), ("use_role", "instance group 8 (edge)"),
    ]  # fmt: skip


@pytest.mark.parametrize("named", ["2", "Web"])
@pytest.mark.parametrize("asks", [True, False])
def test_the_templates_own_inventory_takes_no_role_and_need_not_be_shown(
    client: Client, awx: FakeAwx, settings: Callable[..., Settings], named: str, asks: bool
) -> None:
    own = {"inventory": {"id": 2, "name": "Web"}}
    awx.get("job_templates/9/", deploy(ask_inventory_on_launch=asks, summary_fields=own))
    if named == "Web":
        awx.get("inventories/", page())
    found = launching.needs(client, settings(inventory=named))
    assert [role for role, _ in found] == ["execute_role"]


@pytest.mark.parametrize(
    ("path", "words"),
    [("job_templates/9/", "execute role; .* --user olive --role execute --template 9$"),
     ("inventories/2/", "to pass it to a launch takes the use role on it$")],
)  # fmt: skip
def test_what_is_not_shown_is_told_with_the_role_that_it_takes(
    client: Client, awx: FakeAwx, settings: Callable[..., Settings], path: str, words: str
) -> None:
    if path != "job_templates/9/":
        awx.get("job_templates/9/", deploy(ask_inventory_on_launch=True))
    awx.refuse("GET", path, 403)
    with pytest.raises(Refused, match=f"Not allowed; .*{words}"):
        launching.needs(client, settings(inventory="2"), "olive")


def test_what_is_not_asked_for_is_refused(
    client: Client, awx: FakeAwx, settings: Callable[..., Settings]
) -> None:
    awx.get("job_templates/9/", deploy())
    awx.refuse("GET", "inventories/2/", 403)
    with pytest.raises(PreflightFailed, match="does not ask for what --inventory passes"):
        launching.needs(client, settings(inventory="2"))
