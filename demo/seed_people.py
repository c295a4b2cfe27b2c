"""The people of the demonstration, and what their roles let them do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import model
from demo.model import Entity, Organization, Team, User

if TYPE_CHECKING:
    from demo.granting import Assignments
    from demo.seed import Tables

DAY_S = 86400.0
# What of the past the operator has launched.
OPERATED = frozenset({9})
# Name, names for people, days since the last login (None for never).
PEOPLE = (
    ("operator", "Olive", "Operator", None),
    ("approver", "Ada", "Approver", None),
    ("manager", "Mia", "Manager", None),
    ("lead", "Lena", "Lead", 1),
    ("deployer", "Dan", "Deployer", 2),
    ("leaver", "Lou", "Leaver", 400),
    ("newcomer", "Nia", "Newcomer", None),
)
# Whom, what and on which row: a team is named by its number, a user by his name.
GRANTS: tuple[tuple[str | int, str, type[Entity], int], ...] = (
    ("operator", "execute_role", model.JobTemplate, 9),
    ("approver", "approval_role", model.WorkflowTemplate, 23),
    ("approver", "approval_role", model.WorkflowTemplate, 39),
    ("manager", "member_role", Team, 1),
    (1, "approval_role", model.WorkflowTemplate, 23),
    ("lead", "admin_role", Organization, 2),
    ("deployer", "member_role", Organization, 1),
    ("deployer", "member_role", Team, 2),
    (2, "execute_role", model.JobTemplate, 10),
    (2, "execute_role", model.JobTemplate, 15),
    (2, "use_role", model.Inventory, 2),
    (2, "use_role", model.Credential, 3),
    ("leaver", "admin_role", model.JobTemplate, 12),
    ("leaver", "member_role", Organization, 1),
)


def people(password: str, made: list[Entity], now: float) -> list[Entity]:
    """Return the users and teams of the first organization; the password is admin's."""
    default = next(row for row in made if isinstance(row, Organization))
    admin = User(
        id=1, name="admin", password=password, email="admin@example.invalid", is_superuser=True,
        last_login=now,
    )  # fmt: skip
    users = [
        User(
            id=number,
            name=name,
            password="password",
            first_name=first,
            last_name=last,
            email=f"{name}@example.invalid",
            last_login=None if days is None else now - days * DAY_S,
        )
        for number, (name, first, last, days) in enumerate(PEOPLE, 2)
    ]
    teams = [
        Team(id=1, name="Release managers", organization=default),
        Team(id=2, name="Deployers", organization=default),
    ]
    return [admin, *users, *teams]


def grant(tables: Tables, assignments: Assignments) -> None:
    """Give the people their roles."""
    by_name: dict[str | int, Entity] = {row.name: row for row in tables[User].values()}
    by_name.update(tables[Team].items())
    admin = by_name["admin"]
    assert isinstance(admin, User)  # noqa: S101 - he is in the table of users
    for name, role, kind, row_id in GRANTS:
        holder = by_name[name]
        assert isinstance(holder, User | Team)  # noqa: S101 - both are in the tables above
        assignments.give(tables[kind][row_id], role, holder, by=admin)
