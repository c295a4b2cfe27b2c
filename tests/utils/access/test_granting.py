"""Roles are given and taken once, and only where that changes anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.rows import Row, page
from tests.utils.access.answers import (
    BY_TEAM,
    OF_ORGANIZATION,
    OF_SYSTEM,
    access,
    deploy,
    person,
    role,
)  # fmt: skip
from utils.access import granting, roles
from utils.access.holders import Holder
from utils.errors import ExitCode, PreflightFailed
from utils.record import Record
from utils.resources import of_row

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx
    from utils.access.granting import Outcome, Standing
    from utils.access.roles import Role
    from utils.awx_client import Client

RESOURCE = of_row(Record(deploy(), "test"))
OLIVE = Holder("user", Record(person(2, "olive"), "test"))
TEAM = Holder("team", Record({"id": 1, "name": "Night shift"}, "test"))
LIST = "job_templates/9/access_list/"
POST = "POST users/2/roles/"

Stand = Callable[..., tuple["Role", "Standing"]]


@pytest.fixture
def stand(client: Client, awx: FakeAwx) -> Stand:
    """Return a maker of how olive stands to execute: himself or not, and by what the list says."""

    def make(listed: Row, *, is_direct: bool = False) -> tuple[Role, Standing]:
        awx.get("roles/901/users/", page(person(2, "olive")) if is_direct else page())
        awx.get(LIST, listed)
        found = roles.named(client, RESOURCE, "execute")
        return found, granting.standing(client, OLIVE, found, RESOURCE)

    return make


def grant(client: Client, now: tuple[Role, Standing], *, direct: bool = False) -> Outcome:
    return granting.grant(client, now[1], now[0], RESOURCE, direct=direct)


@pytest.mark.parametrize(
    "text",
    ["execute", "Execute", "EXECUTE_ROLE", "execute role", "JobTemplate Execute",
     "jobtemplate-execute"],
)  # fmt: skip
def test_a_role_has_many_names(client: Client, text: str) -> None:
    assert roles.named(client, RESOURCE, text) == roles.ObjectRole(901, "Execute", "execute_role")


def test_a_wrong_role_is_told_with_all_that_there_are(client: Client, awx: FakeAwx) -> None:
    awx.get("", {"roles": "/api/v2/roles/", "role_definitions": "/api/v2/role_definitions/"})
    own = {"id": 40, "name": "Night shift", "content_type": "awx.jobtemplate", "managed": False}
    rest = [
        {
            "id": 8,
            "name": "JobTemplate Execute",
            "content_type": "awx.jobtemplate",
            "managed": True,
        },
        {"id": 41, "name": "Other", "content_type": "awx.inventory", "managed": False},
    ]
    awx.get("role_definitions/", page(own, *rest))
    with pytest.raises(PreflightFailed, match=r"'use'; it has: admin, execute, read, Night shift$"):
        roles.named(client, RESOURCE, "use")
    assert roles.named(client, RESOURCE, "night shift") == roles.DefinedRole(
        40, "Night shift", "", 9
    )


def test_an_awx_without_definitions_is_not_asked_for_them(client: Client, awx: FakeAwx) -> None:
    awx.get("", {"roles": "/api/v2/roles/"})
    with pytest.raises(PreflightFailed, match=r"it has: admin, execute, read$"):
        roles.named(client, RESOURCE, "use")


def test_it_is_granted_by_one_post_and_read_back(
    client: Client, awx: FakeAwx, stand: Stand
) -> None:
    now = stand(page())
    awx.post("users/2/roles/", status=204)
    awx.get("roles/901/users/", page(person(2, "olive")))
    found = grant(client, now)
    assert (found.done, found.code) == ("granted", ExitCode.OK)
    assert awx.body_of("POST", "users/2/roles/") == {"id": 901}
    assert awx.sent == [
        "GET roles/901/users/", f"GET {LIST}", POST, "GET roles/901/users/",
    ]  # fmt: skip


def test_what_is_held_is_not_granted_again(client: Client, awx: FakeAwx, stand: Stand) -> None:
    found = grant(client, stand(access(role()), is_direct=True), direct=True)
    assert (found.done, found.code) == ("nothing", ExitCode.OK)
    assert POST not in awx.sent


@pytest.mark.parametrize(
    ("listed", "by"),
    [
        (access(BY_TEAM), "by team Deployers"),
        (access(by=OF_ORGANIZATION), "by organization Default"),
        (access(by=OF_SYSTEM), "by system administrator"),
        (access(role("Admin", 927)), "by Admin;"),
        (access(BY_TEAM, by=OF_ORGANIZATION), "by team Deployers and organization Default"),
    ],
)
def test_what_is_inherited_is_granted_only_where_that_is_asked_for(
    client: Client, awx: FakeAwx, stand: Stand, listed: Row, by: str
) -> None:
    now = stand(listed)
    found = grant(client, now)
    assert (found.done, found.code) == ("nothing", ExitCode.OK)
    assert by in found.told
    assert "--direct grants it all the same" in found.told
    assert POST not in awx.sent
    awx.post("users/2/roles/", status=204)
    awx.get("roles/901/users/", page(person(2, "olive")))
    assert grant(client, now, direct=True).done == "granted"


def test_a_team_may_have_it_by_its_organization(client: Client, awx: FakeAwx) -> None:
    on = of_row(Record(deploy(organization=1), "test"))
    awx.get("roles/901/teams/", page())
    awx.get("", {"role_definitions": "/api/v2/role_definitions/"})
    awx.get("role_definitions/", page({"id": 7, "permissions": ["awx.execute_jobtemplate"]}))
    awx.get("role_team_assignments/", page(
        {"id": 1, "content_type": "shared.organization", "object_id": "1", "role_definition": 7,
         "team": 1, "summary_fields": {"content_object": {"name": "Default"}}},
    ))  # fmt: skip
    execute = roles.named(client, on, "execute")
    now = granting.standing(client, TEAM, execute, on)
    found = grant(client, (execute, now))
    assert found.told.startswith("team Night shift has Execute on job template 9 (Deploy web) ")
    assert "already, by organization Default; --direct grants it all the same" in found.told


def test_what_awx_takes_and_does_not_do_is_an_error(
    client: Client, awx: FakeAwx, stand: Stand
) -> None:
    now = stand(page())
    awx.post("users/2/roles/", status=204)
    found = grant(client, now)
    assert (found.done, found.code) == ("failed", ExitCode.BAD_ANSWER)


@pytest.mark.parametrize(("status", "code"), [(403, 4), (400, 10)])
def test_a_refusal_is_told_in_awxs_words(
    client: Client, awx: FakeAwx, stand: Stand, status: int, code: int
) -> None:
    now = stand(page())
    awx.on("POST", "users/2/roles/", {"msg": "Not in its organization"}, status)
    found = grant(client, now)
    assert (found.done, int(found.code)) == ("failed", code)
    assert found.told.endswith("Not in its organization")


def test_it_is_taken_and_told_what_is_left(client: Client, awx: FakeAwx, stand: Stand) -> None:
    now = stand(access(role(), BY_TEAM), is_direct=True)
    awx.post("users/2/roles/", status=204)
    awx.get("roles/901/users/", page())
    found = granting.revoke(client, now[1], now[0], RESOURCE)
    assert (found.done, found.code) == ("revoked", ExitCode.OK)
    assert found.told.endswith("olive, who still has it by team Deployers")
    assert awx.body_of("POST", "users/2/roles/") == {"id": 901, "disassociate": True}


def test_who_gives_up_his_own_last_role_has_done_so_though_awx_shows_it_no_more(
    client: Client, awx: FakeAwx
) -> None:
    now = granting.Standing(OLIVE, is_direct=True)
    awx.post("users/2/roles/", status=204)
    awx.refuse("GET", "roles/901/users/", 403)
    role_of = roles.named(client, RESOURCE, "execute")
    found = granting.revoke(client, now, role_of, RESOURCE)
    assert (found.done, found.code) == ("revoked", ExitCode.OK)
    assert found.told.endswith("AWX does not show it to this user any more")


def test_what_cannot_be_read_back_is_told_as_done(
    client: Client, awx: FakeAwx, stand: Stand
) -> None:
    now = stand(page())
    awx.post("users/2/roles/", status=204)
    awx.get("roles/901/users/", "down", status=503)
    found = grant(client, now)
    assert (found.done, found.code) == ("granted", ExitCode.UNREACHABLE)
    assert "; not read back: " in found.told


def test_a_break_in_the_middle_keeps_what_was_done(
    client: Client, awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    execute = roles.named(client, RESOURCE, "execute")
    people = [Holder("user", Record(person(n, f"user{n}"), "test")) for n in (2, 3, 4)]
    awx.post("users/2/roles/", status=204)
    awx.get("roles/901/users/", page(person(2, "user2")))
    awx.post("users/3/roles/", "down", status=503)
    standings = [granting.Standing(each, is_direct=False) for each in people]
    found = granting.each_in_turn(standings, lambda each: grant(client, (execute, each)))
    assert [each.done for each in found] == ["granted", "failed", "nothing"]
    assert granting.exit_code(found) == ExitCode.UNREACHABLE
    assert "whether AWX has done it is not known" in found[1].told
    assert "POST users/4/roles/" not in awx.sent
    told = [each.getMessage() for each in caplog.records if each.name == "awx.access"]
    assert told == [each.told for each in found]


def test_what_is_inherited_cannot_be_taken(client: Client, awx: FakeAwx, stand: Stand) -> None:
    now = stand(access(BY_TEAM))
    found = granting.revoke(client, now[1], now[0], RESOURCE)
    assert (found.done, found.code) == ("nothing", ExitCode.PREFLIGHT)
    assert "by team Deployers, not himself" in found.told
    assert POST not in awx.sent


def test_taking_what_nobody_has_is_done_already(client: Client, stand: Stand) -> None:
    now = stand(page())
    found = granting.revoke(client, now[1], now[0], RESOURCE)
    assert (found.done, found.code) == ("nothing", ExitCode.OK)


def test_where_awx_falls_over_its_access_list_it_is_reckoned_what_somebody_has(
    client: Client, awx: FakeAwx
) -> None:
    awx.get("roles/901/users/", page())
    awx.get(LIST, "<h1>Server Error (500)</h1>", status=500)
    awx.get("", {"role_definitions": "/api/v2/role_definitions/"})
    awx.get("role_definitions/", page({"id": 40, "permissions": ["awx.execute_jobtemplate"]}))
    shorts = {"role_definition": {"name": "Night shift"}, "user": {"username": "olive"}}
    awx.get("role_user_assignments/", page(
        {"id": 1, "content_type": "awx.jobtemplate", "object_id": "9", "role_definition": 40,
         "summary_fields": shorts},
    ))  # fmt: skip
    awx.get("users/2/teams/", page())
    found = roles.named(client, RESOURCE, "execute")
    assert granting.standing(client, OLIVE, found, RESOURCE).through == ("Night shift",)


def test_a_definition_is_assigned_and_its_assignment_deleted(client: Client, awx: FakeAwx) -> None:
    own = roles.DefinedRole(40, "Night shift", "", 9)
    awx.get("role_team_assignments/", page())
    now = granting.standing(client, TEAM, own, RESOURCE)
    awx.post("role_team_assignments/", {"id": 5}, status=201)
    awx.get("role_team_assignments/", page({"id": 5}))
    assert grant(client, (own, now)).done == "granted"
    assert awx.body_of("POST", "role_team_assignments/") == {
        "role_definition": 40, "object_id": "9", "team": 1,
    }  # fmt: skip
    now = granting.standing(client, TEAM, own, RESOURCE)
    awx.on("DELETE", "role_team_assignments/5/", status=204)
    awx.mock.remove("GET", "http://awx.test/api/v2/role_team_assignments/")
    awx.get("role_team_assignments/", page({"id": 5}))
    awx.get("role_team_assignments/", page())
    assert granting.revoke(client, now, own, RESOURCE).done == "revoked"
