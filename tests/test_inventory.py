from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import inventory
from launch_plan import LaunchPlan
from tests.rows import page
from utils.errors import PreflightFailed, Refused
from utils.results import Skipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client
    from utils.results import Results

    Make = Callable[..., Settings]
    Row = dict[str, object]

HOSTS = page(
    {"id": 2, "name": "web02", "enabled": True},
    {"id": 3, "name": "web01", "enabled": True},
    {"id": 4, "name": "web03", "enabled": False},
)
SCRIPT = {
    "all": {"hosts": [], "children": ["frontend"]},
    "frontend": {"hosts": ["web01", "web02"]},
    "_meta": {"hostvars": {"web01": {"ansible_connection": "local"}, "web02": {}}},
}


def row(**fields: object) -> Row:
    return {
        "id": 2, "type": "inventory", "name": "Web servers", "kind": "", "total_hosts": 3,
        "has_active_failures": False, "inventory_sources_with_failures": 0,
        "pending_deletion": False, **fields,
    }  # fmt: skip


def planned(done: Results, limit: str = "") -> Results:
    done.add(LaunchPlan(9, "Deploy web", 2, (3,), 8, limit, {}))
    return done


class TestInventory:
    def test_one_that_can_be_used(
        self, client: Client, settings: Make, awx: FakeAwx, done: Results
    ) -> None:
        awx.get("inventories/2/", row())
        found = inventory.check_inventory(client, settings(), planned(done))
        assert found == inventory.Inventory(2, "Web servers", "", 3)
        assert str(found) == "Web servers (id 2), 3 host(s)"

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"enabled": False}, r"inventory 2 \(Web servers\) is not enabled"),
            ({"pending_deletion": True}, "is being deleted"),
            ({"total_hosts": 0}, "has no hosts"),
        ],
    )
    def test_one_that_cannot(
        self,
        client: Client,
        settings: Make,
        awx: FakeAwx,
        done: Results,
        fields: Row,
        told: str,
    ) -> None:
        awx.get("inventories/2/", row(**fields))
        with pytest.raises(PreflightFailed, match=told):
            inventory.check_inventory(client, settings(), planned(done))

    def test_one_that_is_not_there(
        self, client: Client, settings: Make, awx: FakeAwx, done: Results
    ) -> None:
        awx.refuse("GET", "inventories/2/", 404, "Not found.")
        with pytest.raises(PreflightFailed, match=r"inventory 2 does not exist: .*Not found\."):
            inventory.check_inventory(client, settings(), planned(done))

    def test_one_that_this_user_may_not_see_is_skipped_and_told(
        self,
        client: Client,
        settings: Make,
        awx: FakeAwx,
        done: Results,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        awx.refuse("GET", "inventories/2/", 403, "You do not have permission.")
        found = inventory.check_inventory(client, settings(), planned(done))
        assert found == Skipped("not shown to this user")
        assert str(found) == "skipped: not shown to this user"
        assert "inventory not checked" in caplog.text
        assert "You do not have permission" in caplog.text

    def test_failed_sources_are_a_warning(
        self,
        client: Client,
        settings: Make,
        awx: FakeAwx,
        done: Results,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        awx.get("inventories/2/", row(inventory_sources_with_failures=2))
        inventory.check_inventory(client, settings(), planned(done))
        assert "2 source(s) failed to update" in caplog.text


class TestHosts:
    @pytest.fixture
    def hosts(
        self, client: Client, settings: Make, awx: FakeAwx, done: Results
    ) -> Callable[..., inventory.Hosts]:
        def check(rows: Row = HOSTS, limit: str = "", **flags: object) -> inventory.Hosts:
            awx.get("inventories/2/hosts/", rows)
            found = inventory.check_hosts(client, settings(**flags), planned(done, limit))
            assert isinstance(found, inventory.Hosts)
            return found

        return check

    def test_are_told_by_name_in_order(self, hosts: Callable[..., inventory.Hosts]) -> None:
        found = hosts()
        assert found == inventory.Hosts(("web01", "web02"), ("web03",), ("web01", "web02"))
        assert str(found) == "2 enabled, 1 disabled"

    def test_within_a_limit(self, hosts: Callable[..., inventory.Hosts], awx: FakeAwx) -> None:
        awx.get("inventories/2/script/", SCRIPT)
        found = hosts(limit="frontend:!web02")
        assert found.targets == ("web01",)
        assert str(found) == "2 enabled, 1 disabled, 1 within the limit"

    @pytest.mark.parametrize("limit", ["web03", "nobody", "web01:!all"])
    def test_a_limit_that_leaves_none_is_refused(
        self, hosts: Callable[..., inventory.Hosts], awx: FakeAwx, limit: str
    ) -> None:
        awx.get("inventories/2/script/", SCRIPT)
        with pytest.raises(PreflightFailed, match=f"limit '{limit}' matches no enabled host"):
            hosts(limit=limit)

    @pytest.mark.parametrize("status", [403, 404])
    def test_a_limit_that_cannot_be_decided_is_a_warning(
        self,
        hosts: Callable[..., inventory.Hosts],
        awx: FakeAwx,
        caplog: pytest.LogCaptureFixture,
        status: int,
    ) -> None:
        awx.refuse("GET", "inventories/2/script/", status)
        assert hosts(limit="web01").targets is None
        assert "whether limit 'web01' matches a host is not known" in caplog.text

    def test_a_pattern_that_cannot_be_decided_is_a_warning(
        self,
        hosts: Callable[..., inventory.Hosts],
        awx: FakeAwx,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        awx.get("inventories/2/script/", SCRIPT)
        assert hosts(limit="@retry.txt").targets is None
        assert "@retry.txt is a file where Ansible runs" in caplog.text

    @pytest.mark.parametrize(
        ("expected", "told"),
        [
            (["web01", "db01"], "expected hosts are not in the inventory: db01"),
            (["web03"], "expected hosts are disabled: web03"),
            (["x", "a", "web03"], "expected hosts are not in the inventory: a, x; disabled: web03"),
        ],
    )
    def test_expected_ones_that_are_missing_are_named(
        self, hosts: Callable[..., inventory.Hosts], expected: list[str], told: str
    ) -> None:
        with pytest.raises(PreflightFailed, match=told):
            hosts(expect_host=expected)

    def test_expected_ones_that_are_there_are_fine(
        self, hosts: Callable[..., inventory.Hosts]
    ) -> None:
        assert hosts(expect_host=["web01", "web02"]).enabled == ("web01", "web02")

    def test_none_enabled_is_refused(self, hosts: Callable[..., inventory.Hosts]) -> None:
        with pytest.raises(PreflightFailed, match="inventory 2 has no enabled host"):
            hosts(page({"id": 2, "name": "web01", "enabled": False}))

    def test_that_this_user_may_not_see_are_skipped(
        self, client: Client, settings: Make, awx: FakeAwx, done: Results
    ) -> None:
        awx.refuse("GET", "inventories/2/hosts/", 403)
        found = inventory.check_hosts(client, settings(), planned(done))
        assert isinstance(found, Skipped)

    @pytest.mark.parametrize("flags", [{"expect_host": ["web01"]}, {"reachable": "true"}])
    def test_that_are_asked_about_and_may_not_be_seen_are_refused(
        self, client: Client, settings: Make, awx: FakeAwx, done: Results, flags: dict[str, object]
    ) -> None:
        awx.refuse("GET", "inventories/2/hosts/", 403, "You do not have permission.")
        with pytest.raises(Refused, match="You do not have permission"):
            inventory.check_hosts(client, settings(**flags), planned(done))
        assert awx.sent == ["GET inventories/2/hosts/"]

    def test_a_limit_that_is_no_regular_expression_is_refused(
        self, hosts: Callable[..., inventory.Hosts], awx: FakeAwx
    ) -> None:
        awx.get("inventories/2/script/", SCRIPT)
        told = r"limit '~web\(': ~web\( is no regular expression"
        with pytest.raises(PreflightFailed, match=told):
            hosts(limit="~web(")

    def test_parts_of_a_limit_that_match_nothing_are_warned_of(
        self,
        hosts: Callable[..., inventory.Hosts],
        awx: FakeAwx,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        awx.get("inventories/2/script/", SCRIPT)
        assert hosts(limit="web01,wbe02,!db").targets == ("web01",)
        warnings = [each.message for each in caplog.records if each.levelname == "WARNING"]
        assert warnings == ["in limit 'web01,wbe02,!db', nothing is matched by: wbe02, db"]

    def test_a_limit_whose_parts_all_match_is_not_warned_of(
        self,
        hosts: Callable[..., inventory.Hosts],
        awx: FakeAwx,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        awx.get("inventories/2/script/", SCRIPT)
        assert hosts(limit="frontend,!web02").targets == ("web01",)
        assert not [each for each in caplog.records if each.levelname == "WARNING"]

    def test_are_pinged_where_that_was_asked_for(
        self, hosts: Callable[..., inventory.Hosts], awx: FakeAwx
    ) -> None:
        awx.get("credentials/3/", {"id": 3, "kind": "ssh"})
        awx.post("inventories/2/ad_hoc_commands/", {"id": 50}, 201)
        awx.get("ad_hoc_commands/50/", {"id": 50, "status": "successful"})
        hosts(reachable="true")
        assert awx.body_of("POST", "inventories/2/ad_hoc_commands/")["module_name"] == "ping"
