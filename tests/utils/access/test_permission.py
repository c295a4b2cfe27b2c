"""Whether we may launch is found out before anything is changed, and the lacking role named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fake_awx import address
from tests.rows import Row, page
from tests.utils.access.answers import BY_TEAM, access, deploy
from utils.access import permission
from utils.errors import Refused
from utils.record import Record

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

PATH = "job_templates/9/"
LIST = f"{PATH}access_list/"


def resource(kind: str, **capabilities: bool) -> Record:
    shorts = {"user_capabilities": capabilities}
    row: Row = {"id": 4, "type": kind, "name": "Spare", "summary_fields": shorts}
    return Record(row, "test")


def may_start(*, may: bool) -> Record:
    return Record(deploy(summary_fields={"user_capabilities": {"start": may}}), "test")


def test_what_awx_says_itself_costs_no_request(client: Client, awx: FakeAwx) -> None:
    permission.require_execute(client, "olive", may_start(may=True))
    assert awx.sent == []


def test_a_role_that_lacks_is_named_with_the_line_that_gives_it(
    client: Client, awx: FakeAwx
) -> None:
    awx.get(LIST, page())
    words = (
        r"^olive lacks the execute role on template 9 \(Deploy web\); .* access grant --user olive"
    )
    with pytest.raises(Refused, match=f"{words} --role execute --template 9$"):
        permission.require_execute(client, "olive", may_start(may=False))


def test_a_token_to_read_is_no_reason_to_say_no(client: Client, awx: FakeAwx) -> None:
    awx.get(LIST, access(BY_TEAM))
    permission.require_execute(client, "olive", may_start(may=False))
    assert awx.queries(LIST)[0]["username"] == "olive"


@pytest.mark.parametrize("is_sure", [True, False])
def test_where_awx_falls_over_the_list_a_no_holds_only_for_who_may_write(
    client: Client, awx: FakeAwx, is_sure: bool
) -> None:
    awx.get(LIST, "<h1>Server Error (500)</h1>", status=500)
    awx.get("", {"roles": "/api/v2/roles/"})
    if not is_sure:
        permission.require_execute(client, "olive", may_start(may=False), is_sure=False)
        return
    with pytest.raises(Refused, match="olive lacks the execute role"):
        permission.require_execute(client, "olive", may_start(may=False))


def test_a_credential_says_itself_whether_it_may_be_used(client: Client) -> None:
    permission.require_use(client, "olive", [resource("credential", use=True)], [], PATH)
    permission.require_use(client, "olive", [resource("credential", use=False)], [4], PATH)
    with pytest.raises(Refused, match=r"lacks the use role on credential 4 .* --credential 4$"):
        permission.require_use(client, "olive", [resource("credential", use=False)], [3], PATH)


def test_of_an_inventory_only_its_list_says_it(client: Client, awx: FakeAwx) -> None:
    permission.require_use(client, "olive", [resource("inventory", edit=True)], [], PATH)
    permission.require_use(client, "olive", [resource("inventory")], [], PATH)
    permission.require_use(client, "", [resource("inventory", edit=False)], [], PATH)
    assert awx.sent == []
    awx.get("inventories/4/access_list/", page())
    with pytest.raises(Refused, match=r"lacks the use role on inventory 4 .* --inventory 4$"):
        permission.require_use(client, "olive", [resource("inventory", edit=False)], [], PATH)


def test_an_instance_group_takes_use_unless_it_is_the_templates_own(
    client: Client, awx: FakeAwx
) -> None:
    group = [resource("instance_group", edit=False)]
    permission.require_use(client, "olive", [resource("instance_group", edit=True)], [], PATH)
    assert awx.sent == []
    awx.get("instance_groups/4/access_list/", page())
    awx.get(f"{PATH}instance_groups/", page({"id": 4}))
    permission.require_use(client, "olive", group, [], PATH)
    awx.mock.upsert("GET", address(f"{PATH}instance_groups/"), json=page({"id": 5}))
    with pytest.raises(Refused, match=r"use role on instance group 4 .* --instance-group 4$"):
        permission.require_use(client, "olive", group, [], PATH)


def test_a_list_that_is_not_shown_leaves_it_to_the_launch(client: Client, awx: FakeAwx) -> None:
    awx.refuse("GET", "inventories/4/access_list/", 403)
    permission.require_use(client, "olive", [resource("inventory", edit=False)], [], PATH)
    assert len(awx.sent) == 1
