"""Rows of the node that jobs run on and of its groups, with the capacity that is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import obstacles
from demo import rows_common as common
from demo.text import iso

if TYPE_CHECKING:
    from demo import model
    from demo.rows_common import Frame, Row
    from demo.runs import Run

CONTROL_PLANE = 1  # the group that project updates run in; all else runs in the other one
KINDS = {True: {"project_update"}, False: {"job", "ad_hoc_command"}}


def _running(frame: Frame) -> list[Run]:
    active = frame.world.scheduler.on_the_way()
    return [run for run in active if run.kind != "workflow_job"]


def ran(frame: Frame, row: model.InstanceGroup | None = None) -> list[Run]:
    """Return the kept runs that were placed in a group, or on the node."""
    kinds = KINDS[row.id == CONTROL_PLANE] if row else KINDS[True] | KINDS[False]
    kept = frame.world.jobs.kept.values()
    return [run for run in kept if run.kind in kinds and run.started is not None]


def _total(frame: Frame, row: model.InstanceGroup | None = None) -> int:
    bulk = 0 if row and row.id == CONTROL_PLANE else frame.world.jobs.bulk
    return bulk + len(ran(frame, row))


def _percent(capacity: int, used: int) -> float:
    return round((capacity - used) / capacity * 100, 2) if capacity else 0.0


def instance_group(frame: Frame, row: model.InstanceGroup, *, detail: bool = False) -> Row:
    """Return an instance group, which has one node here; AWX leaves a disabled one out."""
    del detail
    made = common.head(frame, row, "instance_group", "instance_groups")
    made.pop("description")
    names = ("jobs", "instances", "access_list", "object_roles")
    made["related"] = frame.below("instance_groups", row.id, *names)
    made["summary_fields"] = {
        "object_roles": common.object_roles(row),
        "user_capabilities": common.may(frame, row, "edit", "delete") | {"delete": False},
    }
    node = frame.world.instance
    running = _running(frame) if node.enabled else []
    used = obstacles.consumed(running)
    return made | {
        "capacity": node.capacity,
        "consumed_capacity": used,
        "percent_capacity_remaining": _percent(node.capacity, used),
        "jobs_running": len(running),
        "max_concurrent_jobs": 0,
        "max_forks": 0,
        "jobs_total": _total(frame, row),
        "instances": int(node.enabled),
        "is_container_group": False,
        "credential": None,
        "policy_instance_percentage": 100,
        "policy_instance_minimum": 0,
        "policy_instance_list": [],
        "pod_spec_override": "",
    }


def instance(frame: Frame, row: model.Instance, *, detail: bool = False) -> Row:
    """Return the node that jobs run on."""
    running = _running(frame)
    used = obstacles.consumed(running)
    made = common.head(frame, row, "instance", "instances")
    del made["name"], made["description"]
    names = ("receptor_addresses", "jobs", "peers", "instance_groups")
    made["related"] = frame.below("instances", row.id, *names)
    made["summary_fields"] = {"user_capabilities": common.may(frame, row, "edit")}
    if detail:
        made["summary_fields"]["links"] = []
    return made | {
        "hostname": row.hostname,
        "uuid": "00000000-0000-0000-0000-000000000000",
        "last_seen": iso(frame.world.now()),
        "health_check_started": None,
        "health_check_pending": False,
        "last_health_check": iso(frame.world.now()),
        "errors": "",
        "capacity_adjustment": "1.00",
        "version": frame.world.pose.version,
        "capacity": row.capacity,
        "consumed_capacity": used,
        "percent_capacity_remaining": max(0.0, _percent(row.capacity, used)),
        "jobs_running": len(running),
        "jobs_total": _total(frame),
        "cpu": "4.0",
        "memory": 16_000_000_000,
        "cpu_capacity": 16,
        "mem_capacity": row.size,
        "enabled": row.enabled,
        "managed_by_policy": True,
        "node_type": "hybrid",
        "node_state": "ready",
        "managed": False,
        "ip_address": None,
        "peers": [],
        "reverse_peers": [],
        "listener_port": None,
        "peers_from_control_nodes": False,
        "protocol": "",
    }
