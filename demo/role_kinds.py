"""The roles that there are on each type of row, and which include which.

After the `ImplicitRoleField`s of awx/main/models/ and the words of awx/main/models/rbac.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from demo import model

NAMES = {
    "system_administrator": "System Administrator",
    "system_auditor": "System Auditor",
    "adhoc_role": "Ad Hoc",
    "admin_role": "Admin",
    "project_admin_role": "Project Admin",
    "inventory_admin_role": "Inventory Admin",
    "credential_admin_role": "Credential Admin",
    "job_template_admin_role": "Job Template Admin",
    "execution_environment_admin_role": "Execution Environment Admin",
    "workflow_admin_role": "Workflow Admin",
    "notification_admin_role": "Notification Admin",
    "auditor_role": "Auditor",
    "execute_role": "Execute",
    "member_role": "Member",
    "read_role": "Read",
    "update_role": "Update",
    "use_role": "Use",
    "approval_role": "Approve",
}
DESCRIPTIONS = {
    "system_administrator": "Can manage all aspects of the system",
    "system_auditor": "Can view all aspects of the system",
    "adhoc_role": "May run ad hoc commands on the {}",
    "admin_role": "Can manage all aspects of the {}",
    "project_admin_role": "Can manage all projects of the {}",
    "inventory_admin_role": "Can manage all inventories of the {}",
    "credential_admin_role": "Can manage all credentials of the {}",
    "job_template_admin_role": "Can manage all job templates of the {}",
    "execution_environment_admin_role": "Can manage all execution environments of the {}",
    "workflow_admin_role": "Can manage all workflows of the {}",
    "notification_admin_role": "Can manage all notifications of the {}",
    "auditor_role": "Can view all aspects of the {}",
    "execute_role": "May run the {}",
    "member_role": "User is a member of the {}",
    "read_role": "May view settings for the {}",
    "update_role": "May update the {}",
    "use_role": "Can use the {} in a job template",
    "approval_role": "Can approve or deny a workflow approval node",
}
OF_ORGANIZATION = (
    "execute_role",
    "project_admin_role",
    "inventory_admin_role",
    "credential_admin_role",
    "workflow_admin_role",
    "notification_admin_role",
    "job_template_admin_role",
    "execution_environment_admin_role",
)


@dataclass(frozen=True)
class Kind:
    """A type of row with roles.

    `parents` has the roles in AWX's order, each with those that include it; a word with a dot leads
    to another row. `number` is that of its first role among the hundred of a row's id, and orders
    the kinds as AWX's content types do; `model_class` is the name in role definitions.
    """

    name: str
    number: int
    model_class: str
    parents: dict[str, tuple[str, ...]]

    @property
    def collection(self) -> str:
        """Return the name of its list."""
        return "inventories" if self.name == "inventory" else f"{self.name}s"

    @property
    def content_type(self) -> str:
        """Return the name of the type in role definitions."""
        prefix = "shared" if self.name in {"organization", "team"} else "awx"
        return f"{prefix}.{self.model_class.lower()}"

    def describe(self, field: str) -> str:
        """Return what a role lets people do."""
        if self.name == "organization" and field == "execute_role":
            return "May run any executable resources in the organization"
        return DESCRIPTIONS[field].format(self.name.replace("_", " "))


_ORGANIZATION = {
    "admin_role": (),
    **dict.fromkeys(OF_ORGANIZATION, ("admin_role",)),
    "auditor_role": (),
    "member_role": ("admin_role",),
    "read_role": ("member_role", "auditor_role", "approval_role", *OF_ORGANIZATION),
    "approval_role": ("admin_role",),
}
KINDS: dict[type[model.Entity], Kind] = {
    model.JobTemplate: Kind(
        "job_template",
        0,
        "JobTemplate",
        {
            "admin_role": ("organization.job_template_admin_role",),
            "execute_role": ("admin_role", "organization.execute_role"),
            "read_role": (
                "organization.auditor_role",
                "inventory.organization.auditor_role",
                "execute_role",
                "admin_role",
            ),
        },
    ),
    model.WorkflowTemplate: Kind(
        "workflow_job_template",
        10,
        "WorkflowJobTemplate",
        {
            "admin_role": ("organization.workflow_admin_role",),
            "execute_role": ("admin_role", "organization.execute_role"),
            "read_role": (
                "organization.auditor_role",
                "execute_role",
                "admin_role",
                "approval_role",
            ),
            "approval_role": ("organization.approval_role", "admin_role"),
        },
    ),
    model.Project: Kind(
        "project",
        20,
        "Project",
        {
            "admin_role": ("organization.project_admin_role",),
            "use_role": ("admin_role",),
            "update_role": ("admin_role",),
            "read_role": ("organization.auditor_role", "use_role", "update_role"),
        },
    ),
    model.Inventory: Kind(
        "inventory",
        30,
        "Inventory",
        {
            "admin_role": ("organization.inventory_admin_role",),
            "update_role": ("admin_role",),
            "adhoc_role": ("admin_role",),
            "use_role": ("adhoc_role",),
            "read_role": ("organization.auditor_role", "update_role", "use_role", "admin_role"),
        },
    ),
    model.Credential: Kind(
        "credential",
        40,
        "Credential",
        {
            "admin_role": ("organization.credential_admin_role",),
            "use_role": ("admin_role",),
            "read_role": ("organization.auditor_role", "use_role", "admin_role"),
        },
    ),
    model.Team: Kind(
        "team",
        50,
        "Team",
        {
            "admin_role": ("organization.admin_role",),
            "member_role": ("admin_role",),
            "read_role": ("organization.auditor_role", "member_role"),
        },
    ),
    model.Organization: Kind("organization", 60, "Organization", _ORGANIZATION),
    model.InstanceGroup: Kind(
        "instance_group",
        80,
        "InstanceGroup",
        {"admin_role": (), "use_role": ("admin_role",), "read_role": ("use_role", "admin_role")},
    ),
}
