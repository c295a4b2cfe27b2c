"""What the commands about roles are asked for is checked before anything is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from commands import access
from tests.rows import page
from tests.utils.access.answers import access as listed
from tests.utils.access.answers import deploy, person, role
from utils.errors import ExitCode, PreflightFailed, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_awx import FakeAwx
    from tests.rows import Row
    from utils.command_line import Call

ON = {"of_template": "9"}
WHO = {"access_user": ["olive"]}


@pytest.mark.parametrize(
    ("verb", "flags", "words"),
    [
        ("list", {}, "of what, or of whom"),
        ("list", {**ON, "of_project": "8"}, "do not go together"),
        ("list", {**ON, "output": "csv", "jq": "."}, "does nothing with --output csv"),
        ("check", {**WHO, "as_me": "true"}, "--as-me and --user do not go together"),
        ("grant", {**WHO, "access_role": "use"}, "of what"),
        ("grant", {**ON, "access_role": "use"}, "whose"),
        ("grant", {**ON, **WHO}, "which role"),
        ("revoke", {**ON, **WHO}, "which role"),
    ],
)
def test_what_is_missing_is_told_before_anything_is_sent(
    call: Callable[..., Call], awx: FakeAwx, verb: str, flags: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        getattr(access, f"run_{verb}")(call(**flags))
    assert awx.sent == []


def test_all_who_are_named_are_looked_for_before_the_first_gets_anything(
    call: Callable[..., Call], awx: FakeAwx, me: None
) -> None:
    del me
    awx.get("users/", page(person(2, "olive")))
    awx.get("users/", page())
    with pytest.raises(PreflightFailed, match="no user 'nobody'"):
        access.run_grant(call(**ON, access_user=["olive", "nobody"], access_role="execute"))
    assert "POST users/2/roles/" not in awx.sent


def test_nothing_is_revoked_where_nobody_says_yes(
    call: Callable[..., Call], awx: FakeAwx, me: None
) -> None:
    del me
    awx.get("users/", page(person(2, "olive")))
    awx.get("job_templates/9/", deploy())
    awx.get("roles/901/users/", page(person(2, "olive")))
    awx.get("job_templates/9/access_list/", page())
    with pytest.raises(UsageError, match="nobody to ask: pass --yes"):
        access.run_revoke(call(**ON, **WHO, access_role="execute"))


def test_of_two_teams_of_one_name_only_the_one_that_is_asked_for_is_listed(
    call: Callable[..., Call], awx: FakeAwx, me: None, capsys: pytest.CaptureFixture[str]
) -> None:
    del me
    awx.get("teams/5/", {"id": 5, "name": "Night"})
    awx.get("job_templates/9/", deploy())
    awx.get("", {"role_definitions": "/api/v2/role_definitions/"})
    rows: list[Row] = [
        {"id": team, "content_type": "awx.jobtemplate", "object_id": "9", "team": team,
         "role_definition": team, "summary_fields": {"team": {"name": "Night"}}}
        for team in (5, 6)
    ]  # fmt: skip
    awx.get("role_team_assignments/", page(*rows))
    assert access.run_list(call(**ON, access_team=["5"], output="jsonl", jq=".role_id")) == 0
    assert capsys.readouterr().out == "5\n"


def test_what_was_done_before_awx_went_away_is_in_the_json(
    call: Callable[..., Call], awx: FakeAwx, me: None, capsys: pytest.CaptureFixture[str]
) -> None:
    del me
    for number, name in ((2, "olive"), (3, "mia")):
        awx.get("users/", page(person(number, name)))
        awx.get("roles/901/users/", page())
    awx.get("job_templates/9/", deploy())
    awx.get("job_templates/9/access_list/", page())
    awx.get("roles/901/users/", page(person(2, "olive")))
    awx.post("users/2/roles/", status=204)
    awx.post("users/3/roles/", "down", status=503)
    asked = call(**ON, access_user=["olive", "mia"], access_role="execute", output="json")
    assert access.run_grant(asked) == ExitCode.UNREACHABLE
    found = {each["user"]: each["done"] for each in json.loads(capsys.readouterr().out)}
    assert found == {"olive": "granted", "mia": "failed"}


@pytest.fixture
def nobody_else(awx: FakeAwx) -> None:
    """Let AWX have one definition, no role by an organization, no superuser and no auditor."""
    permissions = ["awx.execute_jobtemplate", "awx.view_jobtemplate"]
    awx.get("role_definitions/", page({"id": 40, "permissions": permissions}))
    awx.get("users/", page())


def test_where_awx_falls_over_its_list_it_is_reckoned_from_assignments(
    call: Callable[..., Call],
    awx: FakeAwx,
    me: None,
    nobody_else: None,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    del me, nobody_else
    awx.get("job_templates/9/", deploy())
    awx.get("job_templates/9/access_list/", "<h1>Server Error (500)</h1>", status=500)
    awx.get("", {"role_definitions": "/api/v2/role_definitions/"})
    shorts = {"user": {"username": "olive"}, "role_definition": {"name": "JobTemplate Night"},
              "content_object": {"name": "Deploy web"}}  # fmt: skip
    awx.get("role_user_assignments/", page(
        {"id": 1, "content_type": "awx.jobtemplate", "object_id": "9", "role_definition": 40,
         "summary_fields": shorts},
    ))  # fmt: skip
    awx.get("role_user_assignments/", page())
    awx.get("role_team_assignments/", page())
    assert access.run_list(call(**ON, output="jsonl", jq='"\\(.user) \\(.role)"')) == ExitCode.OK
    assert capsys.readouterr().out == "olive Night\n"
    assert "reckoned from the assignments" in caplog.text
    query = awx.queries("role_user_assignments/")[0]
    assert (query["object_id"], query["content_type__model"]) == ("9", "jobtemplate")


def test_who_was_on_a_page_before_awx_fell_over_is_not_shown_twice(
    call: Callable[..., Call], awx: FakeAwx, me: None, nobody_else: None,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    del me, nobody_else
    awx.get("job_templates/9/", deploy())
    first = {**listed(role()), "count": 2, "next": "/api/v2/job_templates/9/access_list/?page=2"}
    awx.get("job_templates/9/access_list/", first)
    awx.get("job_templates/9/access_list/", "<h1>Server Error (500)</h1>", status=500)
    awx.get("", {"role_definitions": "/api/v2/role_definitions/"})
    shorts = {"user": {"username": "olive"}, "role_definition": {"name": "JobTemplate Execute"}}
    awx.get("role_user_assignments/", page(
        {"id": 1, "content_type": "awx.jobtemplate", "object_id": "9", "role_definition": 40,
         "summary_fields": shorts},
    ))  # fmt: skip
    awx.get("role_user_assignments/", page())
    awx.get("role_team_assignments/", page())
    assert access.run_list(call(**ON, output="jsonl", jq=".user")) == ExitCode.OK
    assert capsys.readouterr().out == "olive\n"
