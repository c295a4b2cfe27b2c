"""Whether somebody may launch a template, by which role, and which one he lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.access import ways
from utils.access.resources import Resource, of_row
from utils.errors import PreflightFailed
from utils.find import find, find_template

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record

EXECUTE, USE = "execute_role", "use_role"


@dataclass(frozen=True)
class Need:
    """A role that a launch takes, and by what somebody has it; by nothing, he lacks it."""

    role: str
    resource: Resource
    through: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the role as `--role` takes it."""
        return self.role.removesuffix("_role")

    @property
    def told(self) -> str:
        """Return it in words, with the way to it."""
        way = " and ".join(self.through) or "lacking"
        return f"{self.name} on {self.resource}: {way}"

    @property
    def document(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "role": self.name,
            "resource_type": self.resource.kind.type,
            "resource_id": self.resource.id,
            "resource": self.resource.row.text("name"),
            "through": list(self.through),
        }


def needs(client: Client, settings: Settings) -> list[tuple[str, Resource]]:
    """Return the roles that a launch as the settings have it takes, each with its resource.

    That is execute on the template, and use on an inventory and on credentials that are passed and
    are not the template's own. Raises PreflightFailed for what the template does not ask for.
    """
    template = find_template(client, settings.template)
    found = [(EXECUTE, of_row(template))]
    if settings.inventory:
        _require_prompt(template, "ask_inventory_on_launch", settings.source("inventory"))
        row = find(client, "inventories", settings.inventory, "inventory")
        found.append((USE, of_row(row)))
    if settings.credential:
        _require_prompt(template, "ask_credential_on_launch", settings.source("credential"))
    shorts = template.maybe_record("summary_fields")
    own = {each.integer("id") for each in shorts.records("credentials")}
    for text in settings.credential:
        row = find(client, "credentials", text, "credential")
        if row.integer("id") not in own:
            found.append((USE, of_row(row)))
    return found


def _require_prompt(template: Record, switch: str, source: str) -> None:
    if not template.flag(switch, default=False):
        name = f"{template.text('name')!r}"
        raise PreflightFailed(f"template {name} does not ask for what {source} passes")


def held(client: Client, username: str, role: str, resource: Resource) -> Need:
    """Return by what somebody has a role (`GET .../access_list/?username=...`).

    Raises Refused where the resource is not shown to whoever asks.
    """
    found = [_told(each) for each in ways.to(client, resource, username) if role in each.gives]
    return Need(role, resource, tuple(dict.fromkeys(found)))


def _told(way: ways.Way) -> str:
    return f"{way.through} ({way.role})" if way.on_id else way.through


def flag_of(resource: Resource) -> str:
    """Return how a resource is named on a command line."""
    return f"{resource.kind.flag} {resource.id}"
