"""What users and teams hold is read by whichever role system there is, teams in teams followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from responses.matchers import query_param_matcher

from tests.fake_awx import address
from tests.rows import Row, page
from tests.utils.access.answers import deploy, person
from utils.access import defined, held
from utils.access.holders import Holder
from utils.record import Record
from utils.resources import of_row

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

OLIVE = Holder("user", Record(person(2, "olive"), "test"))
BOTH: Row = {"roles": "/api/v2/roles/", "role_definitions": "/api/v2/role_definitions/"}


def on_team(number: int, by: int, name: str) -> Row:
    """Return that a team is a member of another one."""
    shorts = {"role_definition": {"name": "Team Member"}, "content_object": {"name": name},
              "team": {"name": f"Team {by}"}}  # fmt: skip
    return {"id": number, "content_type": "shared.team", "object_id": str(number), "team": by,
            "role_definition": 17, "summary_fields": shorts}  # fmt: skip


def of_teams(awx: FakeAwx, answers: dict[int, Row]) -> None:
    for number, rows in answers.items():
        matcher = query_param_matcher({"team": number}, strict_match=False)
        url = address("role_team_assignments/")
        awx.mock.add("GET", url, json=page(rows), match=[matcher])


def test_a_team_in_another_team_hands_on_what_that_has(client: Client, awx: FakeAwx) -> None:
    awx.get("", BOTH)
    awx.get("role_user_assignments/", page())
    awx.get("users/2/teams/", page({"id": 5, "name": "Night"}))
    awx.get("role_definitions/", page({"id": 17, "permissions": ["shared.member_team"]}))
    # The second is in the first, too: nothing goes round for ever.
    of_teams(awx, {5: on_team(6, 5, "Ops"), 6: on_team(5, 6, "Night")})
    found = [(each.role, each.on, each.through) for each in held.by(client, OLIVE)]
    assert found == [
        ("Member", "team 6 (Ops)", "team Night"),
        ("Member", "team 5 (Night)", "team Night, team Ops"),
    ]


def test_it_is_so_in_the_older_system_too(client: Client, awx: FakeAwx) -> None:
    awx.get("", {"roles": "/api/v2/roles/"})
    awx.get("users/2/roles/", page())
    awx.get("users/2/teams/", page({"id": 5, "name": "Night"}))
    on: Row = {"resource_type": "team", "resource_id": 6, "resource_name": "Ops"}
    awx.get("teams/5/roles/", page({"id": 51, "name": "Member", "summary_fields": on}))
    template = {"resource_type": "job_template", "resource_id": 9, "resource_name": "Deploy web"}
    awx.get("teams/6/roles/", page({"id": 90, "name": "Execute", "summary_fields": template}))
    found = [(each.role, each.team, each.through) for each in held.by(client, OLIVE)]
    assert found == [("Member", "Night", "team Night"), ("Execute", "Ops", "team Night, team Ops")]


def test_of_teams_of_one_name_each_has_its_own_id(client: Client, awx: FakeAwx) -> None:
    awx.get("", {"roles": "/api/v2/roles/"})
    for number in (927, 901, 902):
        awx.get(f"roles/{number}/teams/", page({"id": number, "name": "Night"}))
    ways = held.teams_on(client, of_row(Record(deploy(), "test")))
    assert [(each.role, each.team_id) for each in ways] == [
        ("Admin", 927), ("Execute", 901), ("Read", 902),
    ]  # fmt: skip


def test_teams_have_roles_by_the_organization(client: Client, awx: FakeAwx) -> None:
    template = of_row(Record(deploy(organization=1), "test"))
    awx.get("", BOTH)
    awx.get("role_definitions/", page(
        {"id": 7, "permissions": ["awx.execute_jobtemplate"]},
        {"id": 8, "permissions": ["awx.execute_workflowjobtemplate"]},
    ))  # fmt: skip
    rows: list[Row] = [
        {"id": n, "content_type": "shared.organization", "object_id": "1", "role_definition": n,
         "team": 5, "summary_fields": {"content_object": {"name": "Default"},
                                       "role_definition": {"name": f"Own {n}"}}}
        for n in (7, 8)
    ]  # fmt: skip
    awx.get("role_team_assignments/", page(*rows))
    found = [(each.role, each.team_id, each.through)
             for each in defined.teams_above(client, template)]  # fmt: skip
    assert found == [("Own 7", 5, "organization Default")]
    query = awx.queries("role_team_assignments/")[0]
    assert (query["object_id"], query["content_type__model"]) == ("1", "organization")
