"""What is reckoned from assignments, held to what the embedded AWX lists where it can."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from demo import model
from demo.server import DemoServer
from utils.access import defined, reckoned, ways
from utils.access.holders import Holder
from utils.awx_client import Client
from utils.resources import of_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@pytest.fixture(scope="module")
def awx() -> Iterator[DemoServer]:
    """One with a team in a team, a role by an organization, and a system auditor."""
    with DemoServer() as server:
        world = server.awx
        team, deployers = world.get(model.Team, 1), world.get(model.Team, 2)
        world.roles.give(deployers, "member_role", team)
        lead = next(each for each in world.all(model.User) if each.name == "lead")
        world.roles.give(world.get(model.Organization, 1), "execute_role", lead)
        world.get(model.User, 8).is_system_auditor = True
        yield server


@pytest.fixture(scope="module", autouse=True)
def leaver(awx: DemoServer) -> model.User:
    """Return who administers the organization of a team that has roles elsewhere."""
    world = awx.awx
    second = world.get(model.Organization, 2)
    team = world.tables[model.Team][3] = model.Team(id=3, name="Strangers", organization=second)
    world.roles.give(world.get(model.JobTemplate, 10), "execute_role", team)
    # AWX falls over the list of this one.
    world.roles.give(world.get(model.WorkflowTemplate, 23), "execute_role", team)
    user = next(each for each in world.all(model.User) if each.name == "leaver")
    world.roles.give(second, "admin_role", user)
    default = world.get(model.Organization, 1)
    for field in ("auditor_role", "approval_role", "workflow_admin_role", "project_admin_role",
                  "notification_admin_role", "job_template_admin_role"):  # fmt: skip
        world.roles.give(default, field, world.get(model.User, 2))
    return user


@pytest.fixture
def client(awx: DemoServer) -> Iterator[Client]:
    with closing(Client(awx.url)) as made:
        made.use_token(awx.awx.new_token(awx.awx.get(model.User, 1), "read", "of a test").token)
        yield made


def told(found: Iterable[ways.Way] | None) -> set[tuple[str, str]]:
    """Return who has which roles on the very resource."""
    return {(each.user, field) for each in found or () for field in each.gives}


@pytest.mark.parametrize(
    "path", ["job_templates/10/", "workflow_job_templates/22/", "credentials/3/", "teams/2/",
     "inventories/2/", "organizations/2/"],
)  # fmt: skip
def test_it_is_what_an_access_list_tells(client: Client, path: str) -> None:
    resource = of_row(client.get(path))
    listed = told(ways.to(client, resource))
    assert listed
    assert told(reckoned.users_on(client, resource)) == listed


def test_on_an_organization_each_role_has_its_name_and_gives_what_awx_says(client: Client) -> None:
    resource = of_row(client.get("organizations/1/"))

    def named(found: Iterable[ways.Way] | None) -> set[tuple[str, str, tuple[str, ...]]]:
        return {(each.user, each.role, tuple(sorted(each.gives))) for each in found or ()}

    listed = named(ways.to(client, resource))
    assert {role for user, role, _ in listed if user == "operator"} == {
        "Approve", "Auditor", "Job Template Admin", "Notification Admin", "Project Admin",
        "Workflow Admin",
    }  # fmt: skip
    assert named(reckoned.users_on(client, resource)) == listed


def test_the_way_to_it_is_told(client: Client) -> None:
    found = reckoned.users_on(client, of_row(client.get("job_templates/10/")))
    assert {(each.user, each.through) for each in found} >= {
        ("deployer", "team Deployers"), ("manager", "team Deployers"),
        ("lead", "organization Default"), ("admin", "system administrator"),
        ("newcomer", "system auditor"), ("leaver", "organization Second org, team Strangers"),
    }  # fmt: skip


def test_who_may_approve_is_known_though_awx_falls_over_its_list(client: Client) -> None:
    resource = of_row(client.get("workflow_job_templates/23/"))
    found = told(reckoned.users_on(client, resource))
    assert {user for user, field in found if field == "approval_role"} == {
        "admin", "approver", "manager", "operator",
    }  # fmt: skip


def test_each_by_himself_has_what_he_has_among_all(client: Client) -> None:
    resource = of_row(client.get("workflow_job_templates/23/"))
    among_all: dict[str, set[str]] = {}
    for way in reckoned.users_on(client, resource):
        if "execute_role" in way.gives:
            among_all.setdefault(way.user, set()).add(way.through)
    by_himself = {}
    for row in client.walk("users/"):
        found = defined.ways_to(client, Holder("user", row), "execute_role", resource)
        if found:
            by_himself[row.text("username")] = {way.through for way in found}
    assert by_himself == among_all
    assert among_all["leaver"] == {"organization Second org, team Strangers"}


def test_who_has_as_much_by_the_organization_itself_is_not_told_as_in_its_teams(
    client: Client, awx: DemoServer
) -> None:
    world = awx.awx
    template = world.get(model.JobTemplate, 15)
    grant = world.roles.give(template.organization, "admin_role", world.get(model.User, 4))
    try:
        found = reckoned.users_on(client, of_row(client.get("job_templates/15/")))
        assert [each.through for each in found if each.user == "manager"] == [
            "team Deployers", "organization Default",
        ]  # fmt: skip
    finally:
        template.organization.grants.remove(grant)
        world.roles.version += 1
