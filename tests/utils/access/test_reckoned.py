"""What is reckoned from assignments, held to what the embedded AWX lists where it can."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from demo import model
from demo.server import DemoServer
from utils.access import reckoned, ways
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


@pytest.fixture
def client(awx: DemoServer) -> Iterator[Client]:
    with closing(Client(awx.url)) as made:
        made.use_token(awx.awx.new_token(awx.awx.get(model.User, 1), "read", "of a test").token)
        yield made


def told(found: Iterable[ways.Way], *, but: str = "") -> set[tuple[str, str]]:
    """Return who has which roles on the very resource."""
    return {(each.user, field) for each in found for field in each.gives if each.user != but}


@pytest.mark.parametrize(
    "path", ["job_templates/10/", "workflow_job_templates/22/", "credentials/3/", "teams/2/"]
)
def test_it_is_what_an_access_list_tells(client: Client, path: str) -> None:
    resource = of_row(client.get(path))
    listed = told(ways.to(client, resource), but="admin")
    assert listed
    assert told(reckoned.users_on(client, resource), but="admin") == listed


def test_the_way_to_it_is_told(client: Client) -> None:
    found = reckoned.users_on(client, of_row(client.get("job_templates/10/")))
    assert {(each.user, each.through) for each in found} >= {
        ("deployer", "team Deployers"), ("manager", "team Deployers"),
        ("lead", "organization Default"), ("admin", "system administrator"),
        ("newcomer", "system auditor"),
    }  # fmt: skip


def test_who_may_approve_is_known_though_awx_falls_over_its_list(client: Client) -> None:
    resource = of_row(client.get("workflow_job_templates/23/"))
    found = told(reckoned.users_on(client, resource))
    assert {user for user, field in found if field == "approval_role"} == {
        "admin", "approver", "manager",
    }  # fmt: skip
