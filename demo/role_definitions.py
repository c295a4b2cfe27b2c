"""The newer of AWX's two role systems: definitions of roles by the permissions that they give.

The list and its order are those of an AWX 24.6.1 that was just set up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count

from demo.model import Entity
from demo.role_kinds import KINDS, Kind

# What can be done with a row of each type, as permissions name it.
ACTIONS = {
    "credential": "change delete use view",
    "executionenvironment": "change delete",
    "inventory": "adhoc change delete update use view",
    "jobtemplate": "change delete execute view",
    "notificationtemplate": "change delete view",
    "organization": "audit change delete member view",
    "project": "change delete update use view",
    "team": "change delete member view",
    "workflowjobtemplate": "approve change delete execute view",
    "instancegroup": "change delete use view",
}
SHARED = frozenset({"organization", "team"})
# Of these AWX makes rows only in an organization, but job templates belong to their project's.
ADDED = frozenset(ACTIONS) - {"organization", "jobtemplate", "instancegroup"}
# The role on a row that each permission belongs to, the other way round in older AWX.
FIELD_OF = {
    "execute": "execute_role",
    "approve": "approval_role",
    "use": "use_role",
    "update": "update_role",
    "adhoc": "adhoc_role",
    "view": "read_role",
}
BY_CLASS = {kind.model_class.lower(): kind for kind in KINDS.values()}


@dataclass(eq=False, kw_only=True)
class RoleDefinition(Entity):
    """A role by its permissions on a type of row; `role_fields` is what it is on that row."""

    content_type: str | None
    permissions: list[str]
    role_fields: frozenset[str] = frozenset()
    managed: bool = True


def full_name(permission: str) -> str:
    """Return a permission such as view_team with the service that it belongs to."""
    prefix = "shared" if permission.rpartition("_")[2] in SHARED else "awx"
    return f"{prefix}.{permission}"


def _on(model: str, *actions: str) -> list[str]:
    return [full_name(f"{action}_{model}") for action in actions or ACTIONS[model].split()]


def _in_organization(model: str) -> list[str]:
    added = _on(model, "add") if model in ADDED else []
    return [*added, *_on(model), "shared.view_organization"]


def _everything() -> list[str]:
    made = _on("organization")
    for model in ACTIONS:
        if model not in {"organization", "instancegroup"}:
            made += [each for each in _in_organization(model) if "organization" not in each]
    return made


def _views(*models: str) -> list[str]:
    return [full_name(f"view_{model}") for model in models]


AUDITED = (
    "credential", "inventory", "jobtemplate", "notificationtemplate", "organization", "project",
    "team", "workflowjobtemplate",
)  # fmt: skip
_NOUNS = {
    "credential": "Credential", "executionenvironment": "ExecutionEnvironment",
    "jobtemplate": "JobTemplate", "notificationtemplate": "NotificationTemplate",
    "workflowjobtemplate": "WorkflowJobTemplate", "team": "Team", "inventory": "Inventory",
    "project": "Project", "instancegroup": "InstanceGroup",
}  # fmt: skip
_MANAGED = (
    "credential admin", "credential in", "credential use", "executionenvironment admin",
    "executionenvironment in", "jobtemplate admin", "jobtemplate in", "jobtemplate execute",
    "notificationtemplate admin", "notificationtemplate in", "workflowjobtemplate admin",
    "workflowjobtemplate in", "workflowjobtemplate execute", "workflowjobtemplate approve",
    "organization member", "team admin", "team member", "inventory admin", "inventory in",
    "inventory use", "inventory adhoc", "inventory update", "project admin", "project in",
    "project use", "project update", "instancegroup admin", "instancegroup use",
    "organization admin", "organization audit", "system auditor",
)  # fmt: skip
_OF_ORGANIZATION = {
    "workflowjobtemplate": "workflow", "notificationtemplate": "notification",
    "jobtemplate": "job_template", "executionenvironment": "execution_environment",
}  # fmt: skip


def managed() -> list[RoleDefinition]:
    """Return the definitions that AWX itself makes."""
    numbers = count(1)
    return [_definition(next(numbers), *text.split()) for text in _MANAGED]


def _definition(number: int, model: str, role: str) -> RoleDefinition:
    noun, permissions = _NOUNS.get(model, model.title()), _on(model) if model in ACTIONS else []
    content_type: str | None = full_name(f"_{model}").replace("._", ".")
    field = {"approve": "approval_role", "audit": "auditor_role"}.get(role, f"{role}_role")
    told = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", noun).lower()
    name, text = f"{noun} {role.title()}", f"Has {role} permissions to a single {told}"
    if role == "in":
        name, content_type = f"Organization {noun} Admin", "shared.organization"
        permissions = _in_organization(model)
        field = f"{_OF_ORGANIZATION.get(model, model)}_admin_role"
        text = f"Has all permissions to {_plural(told)} within an organization"
    elif model == "system":
        content_type, permissions = None, _views(*AUDITED, "instancegroup")
        text = "Migrated singleton role giving read permission to everything"
    elif (model, role) == ("organization", "admin"):
        permissions = _everything()
        text = "Has all permissions to a single organization and all objects inside of it"
    elif role == "audit":
        permissions = [*_views(*AUDITED), "shared.audit_organization"]
        text = "Has permission to view all objects inside of a single organization"
    elif role != "admin":
        permissions = _on(model, role, "view")
    else:
        text = f"Has all permissions to a single {told}"
    known = model in BY_CLASS or role == "in"
    fields = frozenset({field}) if known and model != "system" else frozenset[str]()
    return RoleDefinition(
        id=number, name=name, description=text, content_type=content_type,
        permissions=permissions, role_fields=fields,
    )  # fmt: skip


def _plural(noun: str) -> str:
    return f"{noun.removesuffix('y')}ies" if noun.endswith("y") else f"{noun}s"


def compatible(number: int, kind: Kind, field: str) -> RoleDefinition:
    """Return what AWX defines for a role of the older system that has no definition."""
    action = field.removesuffix("_role")
    model = kind.model_class.lower()
    told = action.title()
    return RoleDefinition(
        id=number,
        name=f"{kind.model_class} {told} Compat",
        description=f"Has {told} permission to {kind.model_class} for backwards API compatibility",
        content_type=kind.content_type,
        permissions=sorted(_compatible(model, action)),
        role_fields=frozenset({field}),
        managed=False,
    )


def _compatible(model: str, action: str) -> set[str]:
    """Return what a role of the older system let do, where it is not what one definition does."""
    verb = {"read": "view", "approval": "approve"}.get(action, action)
    if model == "organization" and verb in {"execute", "approve"}:
        models = ["workflowjobtemplate"] + ["jobtemplate"] * (verb == "execute")
        on = {full_name(f"{each}_{name}") for name in models for each in (verb, "view")}
        return {full_name("view_organization"), *on}
    # Whoever might run ad hoc commands on an inventory might use it, too.
    used = {"use"} if verb == "adhoc" else set[str]()
    return {full_name(f"{each}_{model}") for each in {verb, "view", *used}}
