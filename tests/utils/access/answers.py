"""Rows about roles as AWX 24.6.1 sends them, shortened to what is looked at."""

from __future__ import annotations

from tests.rows import Row, page, template

ROLES = {
    "admin_role": {"id": 927, "name": "Admin"},
    "execute_role": {"id": 901, "name": "Execute"},
    "read_role": {"id": 902, "name": "Read"},
}


def deploy(**fields: object) -> Row:
    """Return a template with its roles."""
    capabilities = {"edit": True, "start": True}
    shorts = {"object_roles": ROLES, "user_capabilities": capabilities}
    return template(**{"summary_fields": shorts, **fields})


def person(number: int, name: str, **fields: object) -> Row:
    return {"id": number, "type": "user", "username": name, "is_superuser": False,
            "is_system_auditor": False, "last_login": None, **fields}  # fmt: skip


def role(name: str = "Execute", number: int | None = 901, **fields: object) -> Row:
    """Return a role as an access list has it."""
    on = {"resource_name": "Deploy web", "resource_type": "job_template",
          "related": {"job_template": "/api/v2/job_templates/9/"}}  # fmt: skip
    return {"id": number, "name": name, **on, **fields}


BY_TEAM = role(team_id=2, team_name="Deployers", team_organization_name="Default")
OF_ORGANIZATION = role(
    "Admin", 160, resource_name="Default", resource_type="organization",
    related={"organization": "/api/v2/organizations/1/"},
)  # fmt: skip
OF_SYSTEM: Row = {"id": None, "name": "System Administrator"}


def access(*direct: Row, by: Row | None = None, user: str = "olive") -> Row:
    """Return an access list of one user, who has execute by each of these roles."""

    def given(each: Row) -> Row:
        return {"role": each, "descendant_roles": ["execute_role", "read_role"]}

    shorts = {
        "direct_access": [given(each) for each in direct],
        "indirect_access": [given(by)] if by else [],
    }
    return page(person(2, user, summary_fields=shorts))
