"""Whether somebody may launch a template, by which role, and which one he lacks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from utils.access import defined, holders, permission, ways
from utils.errors import BadAnswer, PreflightFailed, Refused
from utils.find import find, find_template, own_of
from utils.resources import Resource, of_row

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record

EXECUTE, USE = "execute_role", "use_role"
# What takes the use role where it is passed: its setting, the template's switch that lets it be
# passed, and where AWX lists it.
USED = (
    ("inventory", "ask_inventory_on_launch", "inventories"),
    ("credential", "ask_credential_on_launch", "credentials"),
    ("instance_group", "ask_instance_groups_on_launch", "instance_groups"),
)


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


def needs(client: Client, settings: Settings, username: str = "") -> list[tuple[str, Resource]]:
    """Return the roles that a launch as the settings have it takes, each with its resource.

    That is execute on the template, and use on an inventory, on credentials and on instance groups
    that are passed and are not the template's own. Raises PreflightFailed for what the template
    does not ask for, and Refused, with the role that it takes, for what is not shown to us, who
    are `username`.
    """
    try:
        template = find_template(client, settings.template)
    except Refused as error:
        raise permission.template_not_shown(error, username, settings.template) from error
    found = [(EXECUTE, of_row(template))]
    for name, switch, collection in USED:
        given = getattr(settings, name)
        texts = given if isinstance(given, tuple) else (given,) if given else ()
        own = _own(client, template, name) if texts else []
        for text in texts:
            try:
                row = _strange(client, collection, text, name.replace("_", " "), own)
            except Refused:
                _require_prompt(template, switch, settings.source(name))
                raise
            if row:
                _require_prompt(template, switch, settings.source(name))
                found.append((USE, of_row(row)))
    return found


def _own(client: Client, template: Record, name: str) -> list[Record]:
    """Return what a template has by itself of a kind."""
    if name == "instance_group":
        return list(client.walk(f"{of_row(template).path}instance_groups/"))
    shorts = template.maybe_record("summary_fields")
    return [shorts.maybe_record(name)] if name == "inventory" else shorts.records("credentials")


def _strange(
    client: Client, collection: str, text: str, what: str, own: list[Record]
) -> Record | None:
    """Return the row that a text means, None where it is the template's own."""
    if own_of(client, collection, text, what, own):
        return None
    try:
        row = find(client, collection, text, what)
    except Refused as error:
        raise permission.not_shown(error, what) from error
    return None if row.integer("id") in {each.maybe_integer("id") for each in own} else row


def _require_prompt(template: Record, switch: str, source: str) -> None:
    if not template.flag(switch, default=False):
        name = f"{template.text('name')!r}"
        raise PreflightFailed(f"template {name} does not ask for what {source} passes")


def held(client: Client, username: str, role: str, resource: Resource) -> Need:
    """Return by what somebody has a role (`GET .../access_list/?username=...`).

    Raises Refused where the resource is not shown to whoever asks.
    """
    listed = ways.to(client, resource, username)
    if listed is None:
        found = defined.ways_to(client, holders.user(client, username), role, resource)
    else:
        found = [each for each in listed if role in each.gives]
    return Need(role, resource, tuple(dict.fromkeys(map(_told, found))))


def own(client: Client, username: str, role: str, resource: Resource) -> Need:
    """Return by what we have a role, who are `username`; AWX's own yes goes before all that.

    Its no tells nothing: it is also said to a token that may only read.
    """
    is_said = role == EXECUTE and permission.may_start(resource.row, default=False)
    try:
        need = held(client, username, role, resource)
    except (BadAnswer, Refused) as error:
        if not is_said and isinstance(error, BadAnswer):
            raise
        need = Need(role, resource, ())
    return replace(need, through=("AWX says so",)) if is_said and not need.through else need


def _told(way: ways.Way) -> str:
    return f"{way.through} ({way.role})" if way.on_id else way.through


def flag_of(resource: Resource) -> tuple[str, str]:
    """Return how a resource is named on a command line: the flag's name, and its value."""
    return resource.kind.flag.lstrip("-"), str(resource.id)
