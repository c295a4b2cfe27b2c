"""An inventory as AWX hands it to Ansible: keys and types as recorded, with this AWX's names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.model import Inventory

if TYPE_CHECKING:
    from tests.demo.conftest import Api


def test_groups_hosts_and_variables_stand_where_the_real_one_has_them(api: Api) -> None:
    script = api.get("inventories/2/script/?hostvars=1")
    assert set(script["all"]) - {"vars"} == {"hosts", "children"}
    assert set(script["all"]["children"]) >= set(script) - {"all", "_meta"}
    assert set(script["_meta"]["hostvars"]) == {"web01", "web02", "web03"}
    assert "_meta" not in api.get("inventories/2/script/")


def test_disabled_hosts_are_left_out_unless_asked_for(api: Api) -> None:
    rows = api.server.awx.all(Inventory)
    inventory = next(row for row in rows if row.name == "With disabled host")
    disabled = {row.name for row in inventory.hosts if not row.enabled}
    path = f"inventories/{inventory.id}/script/?hostvars=1"
    assert disabled
    assert not disabled & set(api.get(path)["_meta"]["hostvars"])
    assert disabled <= set(api.get(f"{path}&all=1")["_meta"]["hostvars"])
