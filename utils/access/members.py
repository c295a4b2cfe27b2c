"""Who is in a team: by a role on it, on its organization, or on another team that is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.access import held

if TYPE_CHECKING:
    from collections.abc import Mapping

    from utils.access.ways import Way
    from utils.awx_client import Client


class Members:
    """The members of teams as AWX shows their assignments, nothing asked for twice.

    `joining` are the ids of the definitions that put one into a team.
    """

    def __init__(self, client: Client, joining: frozenset[int]) -> None:
        self._client = client
        self._joining = joining
        self._joined: dict[tuple[str, str, int], list[Way]] = {}
        self._of: dict[int, Mapping[str, str]] = {}

    def of(self, team_id: int) -> Mapping[str, str]:
        """Return the users in a team, each with the organization by which, "" where by none."""
        if team_id not in self._of:
            self._of[team_id] = self._look(team_id)
        return self._of[team_id]

    def _look(self, team_id: int) -> Mapping[str, str]:
        found: dict[str, str] = {}
        teams = [team_id]
        for number in teams:
            found.update((way.user, "") for way in self._on("user", "team", number))
            inner = (way.team_id for way in self._on("team", "team", number))
            teams += [each for each in dict.fromkeys(inner) if each and each not in teams]
        rows = self._client.walk("teams/", id__in=",".join(map(str, teams)))
        for organization in dict.fromkeys(row.integer("organization") for row in rows):
            for way in self._on("user", "organization", organization):
                found.setdefault(way.user, f"organization {way.on_name}")
        return found

    def _on(self, kind: str, model: str, number: int) -> list[Way]:
        """Return the roles of users or teams in one place that put them into a team."""
        key = kind, model, number
        if key not in self._joined:
            self._joined[key] = [
                way
                for way in held.assigned(
                    self._client, kind, object_id=number, content_type__model=model
                )
                if way.role_id in self._joining
            ]
        return self._joined[key]
