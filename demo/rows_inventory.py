"""Rows of inventories, hosts, groups and inventory sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import rows_common as common
from demo.text import iso

if TYPE_CHECKING:
    from demo.model import Group, Host, Inventory, InventorySource
    from demo.rows_common import Frame, Row

EVENT_BLOCK = 20_000


def inventory(frame: Frame, row: Inventory, *, detail: bool = False) -> Row:
    """Return an inventory."""
    made = common.head(frame, row, "inventory", "inventories")
    links, people = common.authors(frame, row)
    names = (
        "hosts variable_data script activity_stream job_templates ad_hoc_commands access_list "
        "object_roles instance_groups copy labels groups root_groups update_inventory_sources "
        "inventory_sources tree"
    )
    made["related"] = {
        **(common.named(frame, "inventories", row.name, row.organization.name) if detail else {}),
        **links,
        **frame.below("inventories", row.id, *names.split()),
        "organization": frame.url("organizations", row.organization.id),
    }
    made["summary_fields"] = {
        "organization": common.short(row.organization),
        **people,
        "object_roles": common.object_roles(row),
        "user_capabilities": common.may(frame, row, "edit", "delete", "copy", "adhoc"),
        "labels": common.label_list([]),
    }
    return made | {
        "organization": row.organization.id,
        "kind": row.kind,
        "host_filter": None,
        "variables": row.variables,
        **common.inventory_figures(frame, row),
        "pending_deletion": False,
        "prevent_instance_group_fallback": False,
    }


def host(frame: Frame, row: Host, *, detail: bool = False) -> Row:
    """Return a host with the last jobs that ran on it."""
    made = common.head(frame, row, "host", "hosts")
    links, people = common.authors(frame, row)
    names = (
        "variable_data groups all_groups job_events job_host_summaries activity_stream "
        "inventory_sources smart_inventories ad_hoc_commands ad_hoc_command_events ansible_facts"
    )
    inventory_ = row.inventory
    made["related"] = {
        **(
            common.named(frame, "hosts", row.name, inventory_.name, inventory_.organization.name)
            if detail
            else {}
        ),
        **links,
        **frame.below("hosts", row.id, *names.split()),
        "inventory": frame.url("inventories", inventory_.id),
    }
    groups = [group for group in inventory_.groups if row in group.hosts]
    made["summary_fields"] = {
        "inventory": common.inventory(frame, inventory_),
        **people,
        "user_capabilities": common.may(frame, row, "edit", "delete"),
        "groups": {"count": len(groups), "results": [{"id": g.id, "name": g.name} for g in groups]},
    }
    made |= {
        "inventory": inventory_.id,
        "enabled": row.enabled,
        "instance_id": "",
        "variables": row.variables,
    }
    return made | _host_history(frame, row, made)


def _host_history(frame: Frame, row: Host, made: Row) -> Row:
    recent = [r for r in common.recent_jobs_on(frame, row.inventory) if row.name in r.stats()]
    made["summary_fields"]["recent_jobs"] = [
        {"id": r.id, "name": r.name, "type": "job", "status": r.status, "finished": iso(r.finished)}
        for r in recent
    ]
    last = recent[0] if recent else None
    counts = last.stats()[row.name] if last else {}
    failed = bool(counts.get("failures") or counts.get("dark"))
    if last:
        summary_id = last.id * EVENT_BLOCK + list(last.stats()).index(row.name)
        made["related"]["last_job"] = frame.url("jobs", last.id)
        made["related"]["last_job_host_summary"] = frame.url("job_host_summaries", summary_id)
        made["summary_fields"]["last_job"] = {
            "id": last.id,
            "name": last.name,
            "description": last.description,
            "finished": iso(last.finished),
            "status": last.status,
            "failed": last.failed,
            "job_template_id": last.template.id,
            "job_template_name": last.template.name,
        }
        made["summary_fields"]["last_job_host_summary"] = {"id": summary_id, "failed": failed}
    return {
        "has_active_failures": failed,
        "has_inventory_sources": False,
        "last_job": last.id if last else None,
        "last_job_host_summary": summary_id if last else None,
        "ansible_facts_modified": None,
    }


def group(frame: Frame, row: Group, *, detail: bool = False) -> Row:
    """Return a group."""
    made = common.head(frame, row, "group", "groups")
    links, people = common.authors(frame, row)
    names = (
        "variable_data hosts potential_children children all_hosts job_events "
        "job_host_summaries activity_stream inventory_sources ad_hoc_commands"
    )
    owner = row.inventory
    by_name = common.named(frame, "groups", row.name, owner.name, owner.organization.name)
    made["related"] = {
        **(by_name if detail else {}),
        **links,
        **frame.below("groups", row.id, *names.split()),
        "inventory": frame.url("inventories", owner.id),
    }
    made["summary_fields"] = {
        "inventory": common.inventory(frame, owner),
        **people,
        "user_capabilities": common.may(frame, row, "edit", "delete", "copy"),
    }
    return made | {"inventory": owner.id, "variables": row.variables}


def inventory_source(frame: Frame, row: InventorySource, *, detail: bool = False) -> Row:
    """Return an inventory source; `detail` changes nothing here."""
    del detail
    made = common.head(frame, row, "inventory_source", "inventory_sources")
    links, people = common.authors(frame, row)
    made["related"] = {
        **links,
        "inventory": frame.url("inventories", row.inventory.id),
        **frame.below("inventory_sources", row.id, "update", "inventory_updates", "schedules"),
    }
    made["summary_fields"] = {
        "organization": common.short(row.inventory.organization),
        "inventory": common.inventory(frame, row.inventory),
        **people,
        "user_capabilities": common.may(frame, row, "edit", "delete", "start", "schedule"),
    }
    return made | {
        "source": row.source,
        "source_path": "inventory.yml",
        "source_vars": "",
        "scm_branch": "",
        "credential": None,
        "enabled_var": "",
        "enabled_value": "",
        "host_filter": "",
        "overwrite": True,
        "overwrite_vars": False,
        "custom_virtualenv": None,
        "timeout": 0,
        "verbosity": 1,
        "limit": "",
        "last_job_run": iso(row.created),
        "last_job_failed": row.status == "failed",
        "next_job_run": None,
        "status": row.status,
        "execution_environment": None,
        "inventory": row.inventory.id,
        "update_on_launch": False,
        "update_cache_timeout": 0,
        "source_project": 8,
        "last_update_failed": row.status == "failed",
        "last_updated": iso(row.created),
    }
