"""An inventory as AWX hands it to Ansible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from demo.model import Inventory


def script(inventory: Inventory, *, hostvars: bool, show_all: bool) -> dict[str, Any]:
    """Return groups, hosts and variables; disabled hosts only where all are asked for.

    Hosts without a group stand under `all`, a group without hosts, children and variables only
    among the children of `all`.
    """
    hosts = sorted(
        (host for host in inventory.hosts if host.enabled or show_all), key=lambda host: host.name
    )
    shown = {host.name for host in hosts}
    grouped = {host.name for group in inventory.groups for host in group.hosts}
    top: dict[str, Any] = {}
    if variables := _parsed(inventory.variables):
        top["vars"] = variables
    top["hosts"] = [host.name for host in hosts if host.name not in grouped]
    if inventory.groups:
        top["children"] = [group.name for group in inventory.groups]
    data: dict[str, Any] = {"all": top}
    for group in inventory.groups:
        parts = {
            "hosts": [host.name for host in group.hosts if host.name in shown],
            "children": [child.name for child in group.children],
            "vars": _parsed(group.variables),
        }
        if told := {key: part for key, part in parts.items() if part}:
            data[group.name] = told
    if hostvars:
        data["_meta"] = {"hostvars": {host.name: _parsed(host.variables) for host in hosts}}
    return data


def _parsed(variables: str) -> dict[str, Any]:
    return yaml.safe_load(variables) or {}
