"""The people of the demonstration, and what their roles let them do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.model import Organization, Team, User

if TYPE_CHECKING:
    from demo.model import Entity


def people(password: str, made: list[Entity]) -> list[Entity]:
    """Return the users and a team of the first organization; the password is admin's."""
    default = next(row for row in made if isinstance(row, Organization))
    users = [
        User(
            id=1, name="admin", password=password, email="admin@example.invalid", is_superuser=True
        ),
        User(
            id=2,
            name="operator",
            password="password",
            first_name="Olive",
            last_name="Operator",
            email="operator@example.invalid",
            executes=frozenset({9}),
        ),
        User(
            id=3,
            name="approver",
            password="password",
            first_name="Ada",
            last_name="Approver",
            email="approver@example.invalid",
            approves=frozenset({23, 39}),
        ),
        User(
            id=4,
            name="manager",
            password="password",
            first_name="Mia",
            last_name="Manager",
            email="manager@example.invalid",
        ),
    ]
    team = Team(
        id=1,
        name="Release managers",
        organization=default,
        members=[users[3]],
        approves=frozenset({23}),
    )
    users[3].teams.append(team)
    return [*users, team]
