"""Routes of the node that jobs run on and of its groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo import model, rows_instances
from demo.errors import Refused, forbidden
from demo.rows_runs import run as run_row
from demo.run_rows import RunRows
from demo.tables import detail_of, find, list_of, listing

if TYPE_CHECKING:
    from demo.web import Call, Handler


def change_instance(call: Call) -> dict[str, Any]:
    """Enable or disable the node, which is all that can be changed of it here."""
    row = find(call, model.Instance)
    if not call.user.is_superuser:
        raise forbidden()
    enabled = call.body().get("enabled", row.enabled)
    if not isinstance(enabled, bool):
        raise Refused(400, {"enabled": ["Must be a valid boolean."]})
    call.world.enable_instance(enabled=enabled)
    return rows_instances.instance(call.frame, row, detail=True)


def jobs_of_group(call: Call) -> dict[str, Any]:
    """Return the runs that were placed in a group."""
    kept = rows_instances.ran(call.frame, find(call, model.InstanceGroup))
    return listing(call, "unified_job", RunRows(call.world.jobs, range(0), kept), run_row)


def jobs_of_instance(call: Call) -> dict[str, Any]:
    """Return the runs that were placed on a node."""
    find(call, model.Instance)
    kept = rows_instances.ran(call.frame)
    return listing(call, "unified_job", RunRows(call.world.jobs, range(0), kept), run_row)


def instances_of_group(call: Call) -> dict[str, Any]:
    """Return the nodes of a group: the only one."""
    find(call, model.InstanceGroup)
    rows = call.world.all(model.Instance)
    return listing(call, "instance", rows, rows_instances.instance)


def groups_of_instance(call: Call) -> dict[str, Any]:
    """Return the groups of a node: all of them."""
    find(call, model.Instance)
    rows = call.world.all(model.InstanceGroup)
    return listing(call, "instance_group", rows, rows_instances.instance_group)


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    rows = rows_instances
    group, node = "instance_groups/{id:int}/", "instances/{id:int}/"
    return {
        "instance_groups/": {
            "GET": list_of(model.InstanceGroup, "instance_group", rows.instance_group)
        },
        group: {"GET": detail_of(model.InstanceGroup, rows.instance_group)},
        f"{group}instances/": {"GET": instances_of_group},
        f"{group}jobs/": {"GET": jobs_of_group},
        "instances/": {"GET": list_of(model.Instance, "instance", rows.instance)},
        node: {"GET": detail_of(model.Instance, rows.instance), "PATCH": change_instance},
        f"{node}instance_groups/": {"GET": groups_of_instance},
        f"{node}jobs/": {"GET": jobs_of_instance},
    }
