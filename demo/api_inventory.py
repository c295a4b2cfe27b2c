"""Routes of inventories, hosts, groups and inventory sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo import model, rows_inventory, rows_runs, script_view
from demo.errors import Refused, forbidden
from demo.permissions import capability
from demo.tables import detail_of, find, list_of, listing, run_list
from demo.web import Call, created

if TYPE_CHECKING:
    from starlette.responses import Response

    from demo.run_kinds import AdHocCommand
    from demo.web import Handler

MODULES_WITH_ARGUMENTS = frozenset({"command", "shell"})


def hosts(call: Call) -> dict[str, Any]:
    """Return the hosts of an inventory."""
    return listing(call, "host", find(call, model.Inventory).hosts, rows_inventory.host)


def groups(call: Call) -> dict[str, Any]:
    """Return the groups of an inventory."""
    return listing(call, "group", find(call, model.Inventory).groups, rows_inventory.group)


def script(call: Call) -> dict[str, Any]:
    """Return an inventory as Ansible gets it."""
    row = find(call, model.Inventory)
    # Any text is a yes to AWX, also "0" and "false".
    hostvars, show_all = bool(call.param("hostvars")), bool(call.param("all"))
    return script_view.script(row, hostvars=hostvars, show_all=show_all)


def sources(call: Call) -> dict[str, Any]:
    """Return the sources of an inventory."""
    rows = find(call, model.Inventory).sources
    return listing(call, "inventory_source", rows, rows_inventory.inventory_source)


def group_hosts(call: Call) -> dict[str, Any]:
    """Return the hosts of a group itself."""
    return listing(call, "host", find(call, model.Group).hosts, rows_inventory.host)


def group_all_hosts(call: Call) -> dict[str, Any]:
    """Return the hosts of a group and of the groups below it."""
    return listing(call, "host", find(call, model.Group).all_hosts(), rows_inventory.host)


def ad_hoc_list(call: Call) -> dict[str, Any]:
    """Return the ad hoc commands of an inventory."""
    row = find(call, model.Inventory)
    return run_list(call, "ad_hoc_command", "ad_hoc_command", inventory=row)


def ad_hoc_on_inventory(call: Call) -> Response:
    """Run a module on the hosts of an inventory."""
    return _ad_hoc(call, find(call, model.Inventory))


def ad_hoc(call: Call) -> Response:
    """Run a module on the inventory that the body names."""
    wanted = call.body().get("inventory")
    known = call.world.tables[model.Inventory]
    if wanted not in known:
        text = "This field is required." if wanted is None else "does not exist."
        raise Refused(400, {"inventory": [text]})
    return _ad_hoc(call, find(call, model.Inventory, int(wanted)))


def _ad_hoc(call: Call, inventory: model.Inventory) -> Response:
    body = call.body()
    if not capability(call.user, inventory, "adhoc"):
        raise forbidden()
    chosen = body.get("credential")
    if chosen is None:
        raise Refused(400, {"credential": ["This field cannot be blank."]})
    if chosen not in call.world.tables[model.Credential]:
        text = f'Invalid pk "{chosen}" - object does not exist.'
        raise Refused(400, {"credential": [text]})
    if not capability(call.user, call.world.get(model.Credential, chosen), "use"):
        raise forbidden()
    module = str(body.get("module_name") or "command")
    arguments = str(body.get("module_args") or "")
    if module in MODULES_WITH_ARGUMENTS and not arguments:
        raise Refused(400, {"module_args": [f"No argument passed to {module} module."]})
    run: AdHocCommand = call.world.ad_hoc(
        call.user,
        inventory=inventory,
        credential=call.world.get(model.Credential, chosen),
        module_name=module,
        module_args=arguments,
        limit=str(body.get("limit") or ""),
    )
    row = rows_runs.run(call.frame, run)
    return created(row | {"status": "new"}, row["url"])


def all_hosts(call: Call) -> dict[str, Any]:
    """Return the hosts of all inventories; this list alone spells a refusal as an error."""
    try:
        return listing(call, "host", call.world.all(model.Host), rows_inventory.host)
    except Refused as refusal:
        if refusal.status != 400:
            raise
        raise Refused(400, {"error": refusal.body["detail"]}) from None


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    rows = rows_inventory
    return {
        "inventories/": {"GET": list_of(model.Inventory, "inventory", rows.inventory)},
        "inventories/{id:int}/": {"GET": detail_of(model.Inventory, rows.inventory)},
        "inventories/{id:int}/hosts/": {"GET": hosts},
        "inventories/{id:int}/groups/": {"GET": groups},
        "inventories/{id:int}/script/": {"GET": script},
        "inventories/{id:int}/inventory_sources/": {"GET": sources},
        "inventories/{id:int}/ad_hoc_commands/": {"GET": ad_hoc_list, "POST": ad_hoc_on_inventory},
        "inventory_sources/": {
            "GET": list_of(model.InventorySource, "inventory_source", rows.inventory_source)
        },
        "inventory_sources/{id:int}/": {
            "GET": detail_of(model.InventorySource, rows.inventory_source)
        },
        "groups/": {"GET": list_of(model.Group, "group", rows.group)},
        "groups/{id:int}/": {"GET": detail_of(model.Group, rows.group)},
        "groups/{id:int}/hosts/": {"GET": group_hosts},
        "groups/{id:int}/all_hosts/": {"GET": group_all_hosts},
        "hosts/": {"GET": all_hosts},
        "hosts/{id:int}/": {"GET": detail_of(model.Host, rows.host)},
        "ad_hoc_commands/": {
            "GET": lambda call: run_list(call, "ad_hoc_command", "ad_hoc_command"),
            "POST": ad_hoc,
        },
    }
