"""Which groups of the websocket there are, and who may join them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.demo.conftest import Api
from tests.demo.sockets import Socket

if TYPE_CHECKING:
    from demo.aliases import Json
    from demo.server import DemoServer

KINDS = ("job", "ad_hoc_command", "project_update", "inventory_update", "system_job")


def test_each_kind_has_a_group_for_its_events(api: Api) -> None:
    workflow = api.post("workflow_job_templates/23/launch/")["id"]
    job = api.launch(9)
    command = api.post("inventories/2/ad_hoc_commands/", {"module_name": "ping", "credential": 3})
    ids = {"job": job, "ad_hoc_command": command["id"]}
    wanted = {f"{kind}_events": [ids.get(kind, 1)] for kind in KINDS}
    with Socket(api) as socket:
        answer = socket.subscribe(**wanted, workflow_events=[workflow])
    names = {f"{kind}_events-{ids.get(kind, 1)}" for kind in KINDS}
    assert set(answer["groups_joined"]) == names | {f"workflow_events-{workflow}"}


def test_a_second_subscription_keeps_what_both_name(api: Api) -> None:
    first, second = api.launch(35), api.launch(35)
    with Socket(api) as socket:
        socket.subscribe(jobs=["summary"], job_events=[first])
        answer = socket.subscribe(job_events=[first, second])
    assert set(answer["groups_current"]) == {f"job_events-{first}", f"job_events-{second}"}
    assert answer["groups_left"] == ["jobs-summary"]
    assert answer["groups_joined"] == [f"job_events-{second}"]


@pytest.mark.parametrize("group", ["job_events", "workflow_events", "ad_hoc_command_events"])
def test_what_one_may_not_see_is_refused_one_by_one(
    server: DemoServer, api: Api, group: str
) -> None:
    paths = {
        "job_events": "job_templates/12/launch/",
        "workflow_events": "workflow_job_templates/22/launch/",
        "ad_hoc_command_events": "inventories/2/ad_hoc_commands/",
    }
    hidden = api.post(paths[group], {"module_name": "ping", "credential": 3})["id"]
    wanted: dict[str, Json] = {"jobs": ["status_changed"], group: [hidden, 999_999]}
    with Socket(Api(server, "operator")) as socket:
        socket.receive()
        socket.ask(**wanted)
        got = socket.until(lambda message: "groups_current" in message)
    assert [message.get("error") for message in got[:-1]] == [
        f"access denied to channel {group} for resource id {each}" for each in (hidden, 999_999)
    ]
    assert got[-1]["groups_current"] == ["jobs-status_changed"]


def test_the_other_groups_are_open_to_everybody(server: DemoServer, api: Api) -> None:
    update = api.post("projects/8/update/", status=202)["id"]
    with Socket(Api(server, "operator")) as socket:
        answer = socket.subscribe(project_update_events=[update], inventory_update_events=[7])
    assert len(answer["groups_joined"]) == 2
