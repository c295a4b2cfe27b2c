"""Rows of credentials, tokens, users, organizations and the machinery that jobs run on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import rows_common as common
from demo.model import Inventory, JobTemplate, Project, Team, User
from demo.permissions import may_change_user
from demo.roles import Role
from demo.text import iso

if TYPE_CHECKING:
    from demo import model
    from demo.rows_common import Frame, Row


def credential(frame: Frame, row: model.Credential, *, detail: bool = False) -> Row:
    """Return a credential with its secrets masked."""
    made = common.head(frame, row, "credential", "credentials")
    links, people = common.authors(frame, row)
    kind = row.credential_type
    names = "activity_stream access_list object_roles owner_users owner_teams copy input_sources"
    by_name = (row.name, f"{kind.name}+{kind.kind}", row.organization.name)
    made["related"] = {
        **(common.named(frame, "credentials", *by_name) if detail else {}),
        **links,
        "organization": frame.url("organizations", row.organization.id),
        **frame.below("credentials", row.id, *names.split()),
        "credential_type": frame.url("credential_types", kind.id),
    }
    made["summary_fields"] = {
        "organization": common.short(row.organization),
        "credential_type": common.short(kind),
        **people,
        "object_roles": common.object_roles(row),
        "user_capabilities": common.may(frame, row, "edit", "delete", "copy", "use"),
        "owners": [
            {
                **common.short(row.organization),
                "type": "organization",
                "url": frame.url("organizations", row.organization.id),
            }
        ],
    }
    return made | {
        "organization": row.organization.id,
        "credential_type": kind.id,
        "managed": False,
        "inputs": row.inputs,
        "kind": row.kind,
        "cloud": kind.cloud,
        "kubernetes": False,
    }


def input_source(frame: Frame, row: model.InputSource) -> Row:
    """Return which credential fills a field of another."""
    made = common.head(frame, row, "credential_input_source", "credential_input_sources")
    made.pop("name")
    links, people = common.authors(frame, row)
    made["related"] = {
        **links,
        "source_credential": frame.url("credentials", row.source_credential.id),
        "target_credential": frame.url("credentials", row.target_credential.id),
    }
    made["summary_fields"] = {
        "source_credential": common.credential(row.source_credential),
        "target_credential": common.credential(row.target_credential),
        **people,
        "user_capabilities": common.may(frame, row, "delete", "edit"),
    }
    return made | {
        "input_field_name": row.input_field_name,
        "metadata": row.metadata,
        "target_credential": row.target_credential.id,
        "source_credential": row.source_credential.id,
    }


def credential_type(frame: Frame, row: model.CredentialType, *, detail: bool = False) -> Row:
    """Return a type of credential with the fields it takes."""
    made = common.head(frame, row, "credential_type", "credential_types")
    made["related"] = {
        **(common.named(frame, "credential_types", f"{row.name}+{row.kind}") if detail else {}),
        **frame.below("credential_types", row.id, "credentials", "activity_stream"),
    }
    made["summary_fields"] = {"user_capabilities": common.may(frame, row, "edit", "delete")}
    return made | {
        "kind": row.kind,
        "namespace": row.namespace,
        "managed": row.managed,
        "inputs": row.inputs,
        "injectors": {},
    }


def user(frame: Frame, row: model.User, *, detail: bool = False) -> Row:
    """Return a user; `detail` changes nothing here."""
    del detail
    names = (
        "teams organizations admin_of_organizations projects credentials roles "
        "activity_stream access_list tokens authorized_tokens personal_tokens"
    )
    myself = row is frame.viewer
    administered = may_change_user(frame.viewer, row, frame.world.roles)
    return {
        "id": row.id,
        "type": "user",
        "url": frame.url("users", row.id),
        "related": frame.below("users", row.id, *names.split()),
        "summary_fields": {
            "resource": common.shared("user", row.id),
            "user_capabilities": {
                "edit": frame.writes and (myself or administered),
                "delete": frame.writes and administered and not myself and not row.is_superuser,
            },
        },
        "created": iso(row.created),
        "modified": iso(row.last_login),
        "username": row.username,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email,
        "is_superuser": row.is_superuser,
        "is_system_auditor": row.is_system_auditor,
        "password": "$encrypted$",
        "ldap_dn": "",
        "last_login": iso(row.last_login),
        "external_account": row.external or None,
        "auth": [],
    }


def organization(frame: Frame, row: model.Organization, *, detail: bool = False) -> Row:
    """Return an organization."""
    made = common.head(frame, row, "organization", "organizations")
    links, people = common.authors(frame, row)
    names = (
        "execution_environments projects inventories job_templates workflow_job_templates users "
        "admins teams credentials applications activity_stream notification_templates "
        "notification_templates_started notification_templates_success "
        "notification_templates_error notification_templates_approvals object_roles access_list "
        "instance_groups galaxy_credentials"
    )
    by_name = common.named(frame, "organizations", row.name) if detail else {}
    made["related"] = {**by_name, **links, **frame.below("organizations", row.id, *names.split())}
    world = frame.world
    members = [each for each in world.all(User) if Role("member_role", row).is_held_by(each)]
    counts = {
        "inventories": sum(x.organization is row for x in world.all(Inventory)),
        "teams": sum(x.organization is row for x in world.all(Team)),
        "users": len(members),
        "job_templates": sum(x.organization is row for x in world.all(JobTemplate)),
        "admins": len(Role("admin_role", row).holders()),
        "projects": sum(x.organization is row for x in world.all(Project)),
    }
    if detail:
        counts["hosts"] = sum(x.total_hosts for x in world.all(Inventory) if x.organization is row)
    made["summary_fields"] = {
        "resource": common.shared("organization", row.id),
        **people,
        "object_roles": common.object_roles(row),
        "user_capabilities": common.may(frame, row, "edit", "delete"),
        "related_field_counts": counts,
    }
    return made | {"max_hosts": 0, "custom_virtualenv": None, "default_environment": None}


def team(frame: Frame, row: model.Team, *, detail: bool = False) -> Row:
    """Return a team."""
    made = common.head(frame, row, "team", "teams")
    links, people = common.authors(frame, row)
    names = "projects users credentials roles object_roles activity_stream access_list"
    by_name = common.named(frame, "teams", row.name, row.organization.name) if detail else {}
    made["related"] = {
        **by_name,
        **links,
        **frame.below("teams", row.id, *names.split()),
        "organization": frame.url("organizations", row.organization.id),
    }
    made["summary_fields"] = {
        "resource": common.shared("team", row.id),
        "organization": common.short(row.organization),
        **people,
        "object_roles": common.object_roles(row),
        "user_capabilities": common.may(frame, row, "edit", "delete"),
    }
    return made | {"organization": row.organization.id}


def environment(frame: Frame, row: model.ExecutionEnvironment, *, detail: bool = False) -> Row:
    """Return an execution environment."""
    del detail
    made = common.head(frame, row, "execution_environment", "execution_environments")
    names = ("activity_stream", "unified_job_templates", "copy")
    made["related"] = frame.below("execution_environments", row.id, *names)
    capabilities = common.may(frame, row, "edit", "delete", "copy")
    made["summary_fields"] = {"user_capabilities": capabilities | {"delete": False}}
    return made | {
        "organization": None,
        "image": row.image,
        "managed": row.managed,
        "credential": None,
        "pull": "",
    }


def label(frame: Frame, row: model.Label, *, detail: bool = False) -> Row:
    """Return a label."""
    made = common.head(frame, row, "label", "labels")
    made.pop("description")
    links, people = common.authors(frame, row)
    by_name = (row.name, row.organization.name)
    made["related"] = {
        **(common.named(frame, "labels", *by_name) if detail else {}),
        **links,
        "organization": frame.url("organizations", row.organization.id),
    }
    made["summary_fields"] = {"organization": common.short(row.organization), **people}
    return made | {"organization": row.organization.id}
