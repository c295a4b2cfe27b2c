"""What the instance says of itself: its versions, its collections, its state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo import csrf, poses
from demo.text import iso
from demo.web import answer

if TYPE_CHECKING:
    from starlette.responses import Response

    from demo.web import Call

V2 = [
    "ping",
    "instances",
    "instance_groups",
    "receptor_addresses",
    "config",
    "settings",
    "me",
    "dashboard",
    "organizations",
    "users",
    "execution_environments",
    "projects",
    "project_updates",
    "teams",
    "credentials",
    "credential_types",
    "credential_input_sources",
    "applications",
    "tokens",
    "metrics",
    "constructed_inventory",
    "inventory_sources",
    "inventory_updates",
    "groups",
    "hosts",
    "host_metrics",
    "host_metric_summary_monthly",
    "job_templates",
    "jobs",
    "ad_hoc_commands",
    "system_job_templates",
    "system_jobs",
    "schedules",
    "roles",
    "notification_templates",
    "notifications",
    "labels",
    "unified_job_templates",
    "unified_jobs",
    "activity_stream",
    "workflow_job_templates",
    "workflow_jobs",
    "workflow_approvals",
    "workflow_job_template_nodes",
    "workflow_job_nodes",
    "mesh_visualizer",
    "bulk",
    "analytics",
    "role_definitions",
    "role_user_assignments",
    "role_team_assignments",
]


def api_root(call: Call) -> Response:
    """Return which versions there are, and a CSRF cookie; needs no credentials."""
    v2 = f"{call.path}v2/" if call.world.pose is poses.GATEWAY else f"{call.frame.root}/"
    tokens = {"oauth2": f"{v2.removesuffix('v2/')}o/"} if call.world.pose.gives_tokens else {}
    response = answer(
        {
            "description": "AWX REST API",
            "current_version": v2,
            "available_versions": {"v2": v2},
            **tokens,
            "custom_logo": "",
            "custom_login_info": "",
            "login_redirect_override": "",
        }
    )
    csrf.set_cookie(response, csrf.token_of(call.request))
    return response


def v2_root(call: Call) -> dict[str, str]:
    """Return the collections; needs no credentials."""
    hidden: set[str] = set() if call.world.pose.gives_tokens else {"tokens", "applications"}
    made = {name: f"{call.path}{name}/" for name in V2 if name not in hidden}
    made["inventory"] = f"{call.path}inventories/"
    made["constructed_inventory"] = f"{call.path}constructed_inventories/"
    made["service_index"] = f"{call.path}service-index/"
    return made


def ping(call: Call) -> dict[str, Any]:
    """Return the state of the instance; needs no credentials."""
    node = {
        "node": "awx-demo",
        "node_type": "hybrid",
        "uuid": "00000000-0000-0000-0000-000000000000",
        "heartbeat": iso(call.world.now()),
        "capacity": call.world.instance.capacity,
        "version": call.world.pose.version,
    }
    groups = [
        {"name": name, "capacity": call.world.instance.capacity, "instances": ["awx-demo"]}
        for name in ("controlplane", "default")
    ]
    return {
        "ha": False,
        "version": call.world.pose.version,
        "active_node": "awx-demo",
        "install_uuid": "00000000-0000-0000-0000-000000000001",
        "instances": [node],
        "instance_groups": groups,
    }


def config(call: Call) -> dict[str, Any]:
    """Return the version and licence; an administrator sees more."""
    license_info = {
        "license_type": "open",
        "valid_key": True,
        "subscription_name": "OPEN",
        "product_name": "AWX",
    }
    made: dict[str, Any] = {
        "time_zone": "UTC",
        "license_info": license_info,
        "version": call.world.pose.version,
        "eula": "",
        "analytics_status": "off",
        "analytics_collectors": {
            "config": {"name": "config", "version": "1.6", "description": "Platform configuration."}
        },
        "become_methods": [["sudo", "Sudo"], ["su", "Su"]],
        "ui_next": True,
    }
    if call.user.is_superuser:
        made |= {"project_base_dir": "/var/lib/awx/projects/", "project_local_paths": []}
        made["custom_virtualenvs"] = []
    return made
