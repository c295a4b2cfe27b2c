"""Which fields of each type can be filtered and ordered by, and what kind they are."""

from __future__ import annotations

from dataclasses import dataclass

BASE = {"id": "int", "name": "str", "description": "str", "created": "date", "modified": "date"}
BY = {"created_by": "rel:user"}
ORG = {"organization": "rel:organization"}
RUN = {
    **BASE,
    **BY,
    "status": "str",
    "failed": "bool",
    "started": "date",
    "finished": "date",
    "canceled_on": "date",
    "elapsed": "float",
    "launch_type": "str",
    "job_explanation": "str",
    "unified_job_template": "rel:unified_job_template",
    "organization": "rel:organization",
    "instance_group": "rel:instance_group",
    "execution_node": "str",
    "unified_job_node": "rel:workflow_node",
}
EVENT = {
    "id": "int",
    "created": "date",
    "event": "str",
    "counter": "int",
    "host_name": "str",
    "play": "str",
    "task": "str",
    "role": "str",
    "playbook": "str",
    "host": "rel:host",
    "failed": "bool",
    "changed": "bool",
    "verbosity": "int",
    "event_data": "str",
    "stdout": "str",
    "uuid": "str",
    "parent_uuid": "str",
    "start_line": "int",
    "end_line": "int",
}
COUNTS = ("changed", "dark", "failures", "ok", "skipped", "ignored", "rescued")


@dataclass(frozen=True)
class Table:
    """A type of row: the model's name in messages, its fields, its default order."""

    model: str
    fields: dict[str, str]
    order: str = "id"
    searched: tuple[str, ...] = ("name", "description")


TABLES = {
    "user": Table(
        "User",
        {**BASE, "username": "str", "first_name": "str", "last_name": "str", "email": "str"}
        | {"is_superuser": "bool"},
        order="username",
        searched=("username", "first_name", "last_name", "email"),
    ),
    "organization": Table("Organization", BASE | BY, "name"),
    "inventory": Table(
        "Inventory", {**BASE, **BY, **ORG, "kind": "str", "total_hosts": "int"}, "name"
    ),
    "host": Table(
        "Host",
        {**BASE, **BY, "enabled": "bool", "inventory": "rel:inventory", "variables": "str"},
        "name",
    ),
    "group": Table("Group", {**BASE, **BY, "inventory": "rel:inventory"}, "name"),
    "inventory_source": Table(
        "InventorySource",
        {**BASE, "inventory": "rel:inventory", "source": "str", "status": "str"},
        "name",
    ),
    "credential_type": Table(
        "CredentialType", {**BASE, "kind": "str", "namespace": "str", "managed": "bool"}, "kind"
    ),
    "credential": Table(
        "Credential", {**BASE, **BY, **ORG, "credential_type": "rel:credential_type"}, "name"
    ),
    "input_source": Table("CredentialInputSource", {"id": "int", "input_field_name": "str"}),
    "project": Table(
        "Project",
        {**BASE, **BY, **ORG, "scm_type": "str", "scm_url": "str", "scm_update_on_launch": "bool"},
    ),
    "job_template": Table(
        "JobTemplate",
        {**BASE, **BY, **ORG, "project": "rel:project", "inventory": "rel:inventory"}
        | {"playbook": "str", "job_type": "str"},
        "name",
    ),
    "workflow_job_template": Table("WorkflowJobTemplate", {**BASE, **BY, **ORG}, "name"),
    "unified_job_template": Table("UnifiedJobTemplate", {**BASE, **BY, **ORG}, "name"),
    "job": Table(
        "Job",
        {
            **RUN,
            "job_template": "rel:job_template",
            "inventory": "rel:inventory",
            "project": "rel:project",
            "playbook": "str",
            "limit": "str",
            "job_type": "str",
            "verbosity": "int",
        },
    ),
    "project_update": Table("ProjectUpdate", {**RUN, "project": "rel:project"}),
    "ad_hoc_command": Table(
        "AdHocCommand",
        {**RUN, "inventory": "rel:inventory", "module_name": "str", "limit": "str"},
    ),
    "workflow_job": Table(
        "WorkflowJob",
        {
            **RUN,
            "workflow_job_template": "rel:workflow_job_template",
            "job_template": "rel:job_template",
        },
    ),
    "workflow_approval": Table("WorkflowApproval", RUN),
    "unified_job": Table("UnifiedJob", RUN),
    "job_event": Table("JobEvent", EVENT, "start_line", ("stdout",)),
    "project_update_event": Table("ProjectUpdateEvent", EVENT, "id", ("stdout",)),
    "ad_hoc_command_event": Table("AdHocCommandEvent", EVENT, "-id", ("stdout",)),
    "host_summary": Table(
        "JobHostSummary",
        {"id": "int", "host_name": "str", "failed": "bool", "host": "rel:host", "created": "date"}
        | dict.fromkeys(COUNTS, "int"),
        "-id",
        ("host_name",),
    ),
    "workflow_node": Table("WorkflowJobNode", {"id": "int", "workflow_job": "rel:workflow_job"}),
    "content_type": Table("ContentType", {"id": "int", "model": "str"}),
    "role": Table(
        "Role",
        {"id": "int", "role_field": "str", "content_type": "rel:content_type", "object_id": "int"},
        "content_type,object_id",
        searched=("role_field",),
    ),
    "role_definition": Table(
        "RoleDefinition", {**BASE, **BY, "managed": "bool", "content_type": "rel:content_type"}
    ),
    **{
        f"role_{holder}_assignment": Table(
            f"Role{holder.title()}Assignment",
            {"id": "int", "created": "date", **BY, holder: f"rel:{holder}", "object_id": "str"}
            | {"role_definition": "rel:role_definition", "content_type": "rel:content_type"},
            searched=(),
        )
        for holder in ("user", "team")
    },
    "team": Table("Team", {**BASE, **BY, **ORG}, "name"),
    "token": Table(
        "OAuth2AccessToken",
        {"id": "int", "description": "str", "scope": "str", "user": "rel:user"}
        | {"application": "rel:application"}
        | dict.fromkeys(("created", "modified", "last_used", "expires"), "date"),
    ),
    "application": Table(
        "OAuth2Application",
        {**BASE, **ORG, "client_id": "str", "client_type": "str", "redirect_uris": "str"}
        | {"authorization_grant_type": "str", "skip_authorization": "bool"},
        "organization,name",
    ),
    "execution_environment": Table(
        "ExecutionEnvironment", {**BASE, "image": "str", "managed": "bool"}, "-id"
    ),
    "instance_group": Table("InstanceGroup", BASE),
    "instance": Table(
        "Instance",
        {"id": "int", "hostname": "str", "enabled": "bool", "capacity": "int"},
        searched=("hostname",),
    ),
    "notification_template": Table(
        "NotificationTemplate", {**BASE, **BY, **ORG, "notification_type": "str"}, "name"
    ),
    "notification": Table(
        "Notification",
        {"id": "int", "created": "date", "modified": "date", "status": "str", "error": "str"}
        | {"notification_template": "rel:notification_template", "notification_type": "str"}
        | {"notifications_sent": "int", "recipients": "str", "subject": "str"},
        searched=("subject", "notification_type", "body"),
    ),
    "label": Table("Label", {**BASE, **ORG}, "name"),
    "schedule": Table(
        "Schedule",
        {
            **BASE,
            **BY,
            "modified_by": "rel:user",
            "unified_job_template": "rel:unified_job_template",
        }
        | {"enabled": "bool", "rrule": "str", "inventory": "rel:inventory"}
        | dict.fromkeys(("dtstart", "dtend", "next_run"), "date"),
    ),
}
