"""Roles listed, given, taken, asked for and looked over, against the embedded AWX."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import requests

from demo import poses
from demo.model import JobTemplate, User
from demo.server import DemoServer
from tests.e2e.conftest import PASSWORD, new_jobs

if TYPE_CHECKING:
    from tests.e2e.conftest import RunMain

DEPLOYER = {"AWX_USERNAME": "deployer", "AWX_PASSWORD": "password"}


def posts(awx: DemoServer) -> list[str]:
    """Return what was changed, but for the tokens of the commands themselves."""
    return [path for method, path, _ in awx.awx.requests
            if method == "POST" and "/tokens/" not in path]  # fmt: skip


def test_who_may_do_what_and_by_what(main: RunMain) -> None:
    table = main("access", "list", "--template", "15").out.splitlines()
    assert [line.split("  ")[0] for line in table] == ["who", "admin", "deployer", "team Deployers"]
    listed = main("access", "list", "--user", "deployer", "-o", "json")
    assert "only what AWX shows" not in listed.err
    lead = {"AWX_USERNAME": "lead", "AWX_PASSWORD": "password"}
    part = main("access", "list", "--user", "deployer", **lead)
    assert "only what AWX shows to lead is looked at" in part.err
    assert "only what AWX shows" not in main("access", "list", "--user", "lead", **lead).err
    rows = json.loads(listed.out)
    assert {(row["role"], row["resource"], row["through"]) for row in rows} >= {
        ("Member", "Deployers", "direct"), ("Execute", "Prompts", "team Deployers"),
    }  # fmt: skip
    cells = list(csv.DictReader(io.StringIO(main("access", "list", "--template", "36", "-o",
                                                 "csv").out)))  # fmt: skip
    assert [(row["user"], row["role"], row["through"], row["inherited"]) for row in cells] == [
        ("admin", "System Administrator", "system administrator", "true"),
        ("lead", "Admin", "organization Second org", "true"),
    ]


def test_a_role_given_is_one_with_which_he_can_run_it(awx: DemoServer, main: RunMain) -> None:
    who = {"AWX_USERNAME": "newcomer", "AWX_PASSWORD": "password"}
    on = ("--role", "execute", "--template", "9")
    refused = main("access", "check", "--template", "9", "--user", "newcomer")
    assert (refused.code, "lacking" in refused.out) == (4, True)
    assert "access grant --user newcomer --role execute --template 9" in refused.out
    assert main("access", "grant", "--user", "newcomer", *on).code == 0
    assert main("access", "grant", "--user", "newcomer", *on).code == 0
    assert len([path for path in posts(awx) if path.endswith("/users/8/roles/")]) == 1
    assert main("launch", "--template", "9", **who).code == 0
    assert main("access", "revoke", "--user", "newcomer", *on).code == 2
    assert main("access", "revoke", "--user", "newcomer", *on, "--yes").code == 0
    assert main("launch", "--template", "9", **who).code in {4, 5}
    assert len(new_jobs(awx)) == 1


def test_a_run_that_lacks_a_role_ends_before_anything_is_changed(
    awx: DemoServer, main: RunMain
) -> None:
    for flag, words in (
        (("--credential", "4"), "to pass it to a launch takes the use role on it"),
        (("--inventory", "3"), "to pass it to a launch takes the use role on it"),
    ):
        ended = main("run", "--template", "15", *flag, **DEPLOYER)
        assert (ended.code, words in ended.err) == (4, True)
    # Now he may see them, and no more.
    api = awx.awx.roles
    deployer = awx.awx.get(User, 6)
    api.give(awx.awx.get(JobTemplate, 15).credentials[0].organization, "auditor_role", deployer)
    for flag, words in (
        (("--credential", "4"), "deployer lacks the use role on credential 4"),
        (("--inventory", "3"), "deployer lacks the use role on inventory 3"),
    ):
        ended = main("run", "--template", "15", *flag, **DEPLOYER)
        assert (ended.code, words in ended.err) == (4, True)
    # The template's own inventory and credential take no role, and need not be shown.
    newcomer = {**DEPLOYER, "AWX_USERNAME": "newcomer"}
    api.give(awx.awx.get(JobTemplate, 15), "execute_role", awx.awx.get(User, 8))
    own = ("--template", "15", "--inventory", "2", "--credential", "3")
    assert main("check", *own, **newcomer).code == 0
    assert main("access", "check", *own, **newcomer).code == 0
    assert posts(awx) == []


def test_a_sync_that_was_asked_for_names_its_role(main: RunMain) -> None:
    ended = main("run", "--template", "10", "--sync", "always", **DEPLOYER)
    assert ended.code == 4
    assert "to sync it takes the update role on project 8" in ended.err


def test_an_audit_finds_what_there_is_with_few_requests(awx: DemoServer, main: RunMain) -> None:
    awx.awx.new_token(awx.awx.get(User, 7), "write", "nightly")
    awx.awx.requests.clear()
    rows = json.loads(main("access", "audit", "-o", "json").out)
    lists = [path for method, path, _ in awx.awx.requests if method == "GET" and "/me/" not in path]
    asked = [path for path in lists if path.startswith("/api/v2/unified_jobs/?created_by=")]
    assert len(lists) - len(asked) <= 8, lists
    found = {(row["finding"], row["user"], row["through"]) for row in rows}
    assert found >= {
        ("superuser", "admin", "system administrator"), ("admin", "lead", "direct"),
        ("execute", "deployer", "team Deployers"), ("inactive", "leaver", None),
        ("never logged in", "newcomer", None), ("token", "leaver", None),
        ("no role", "newcomer", None),
    }  # fmt: skip
    assert ("token", "admin", None) not in found
    partly = main("access", "audit", "--inactive", "1000d", **DEPLOYER)
    assert "only what AWX shows to deployer is looked at" in partly.err
    assert "inactive" not in partly.out


def test_a_role_of_ones_own_is_given_and_taken(awx: DemoServer, main: RunMain) -> None:
    own = {"name": "Night shift", "content_type": "awx.jobtemplate",
           "permissions": ["awx.execute_jobtemplate", "awx.view_jobtemplate"]}  # fmt: skip
    auth = ("admin", PASSWORD)
    requests.post(f"{awx.url}/api/v2/role_definitions/", json=own, auth=auth, timeout=10)
    who = ("--user", "newcomer", "--role", "night shift", "--template", "10")
    given = main("access", "grant", *who, "--team", "Release managers")
    assert (given.code, given.err.count("is granted to")) == (0, 2)
    assert main("access", "revoke", *who, "--yes").code == 0
    held = [grant.holder.name for _, grant in awx.awx.roles.all() if grant.definition_id == 32]
    assert held == ["Release managers"]


def test_a_gateway_keeps_its_memberships_to_itself(main: RunMain) -> None:
    with DemoServer(posing_as=poses.GATEWAY.name, password=PASSWORD) as gateway:
        ended = main("access", "grant", "--user", "newcomer", "--role", "member", "--in-team", "2",
                     AWX_HOST=gateway.url)  # fmt: skip
        looked = main("access", "audit", AWX_HOST=gateway.url)
    assert (looked.code, "the gateway signs people in" in looked.err) == (0, True)
    assert ended.code == 4
    assert "Direct shared resource management disabled; " in ended.err
    assert "for the gateway to say" in ended.err


def test_no_command_gives_a_role_of_the_embedded_awx_in_another(main: RunMain) -> None:
    ended = main("access", "check", "--demo", "--user", "operator", "--template", "12", AWX_HOST="")
    assert ended.code == 4
    assert "execute on job template 12 (Long migration): lacking" in ended.out
    assert "access grant" not in ended.out
