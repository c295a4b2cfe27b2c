"""A role on a resource by one of its many names, and giving and taking it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.access import systems
from utils.errors import PreflightFailed
from utils.resources import short_name

if TYPE_CHECKING:
    from utils.access.holders import Holder
    from utils.awx_client import Client
    from utils.record import Record
    from utils.resources import Resource


@dataclass(frozen=True)
class Role(ABC):
    """A role on a resource: `name` as AWX shows it, `field` as access lists name it."""

    id: int
    name: str
    field: str

    @abstractmethod
    def is_held(self, client: Client, holder: Holder) -> bool:
        """Tell whether the very user or team holds the very role."""

    @abstractmethod
    def give(self, client: Client, holder: Holder) -> None:
        """Give it; raises what AWX says where it does not let us."""

    @abstractmethod
    def take(self, client: Client, holder: Holder) -> None:
        """Take it away; raises what AWX says where it does not let us."""


class ObjectRole(Role):
    """A role of the older system, which every resource has its own of (`/api/v2/roles/N/`)."""

    def is_held(self, client: Client, holder: Holder) -> bool:
        """Tell whether they are among its users or teams (`GET roles/N/users/`)."""
        found = client.get(f"roles/{self.id}/{holder.kind}s/", id=holder.id, page_size=1)
        return any(each.integer("id") == holder.id for each in found.records("results"))

    def give(self, client: Client, holder: Holder) -> None:
        """Give it by `POST users/N/roles/` or `teams/N/roles/`; twice does no harm."""
        client.post(f"{holder.kind}s/{holder.id}/roles/", {"id": self.id}, is_repeatable=True)

    def take(self, client: Client, holder: Holder) -> None:
        """Take it away by the same with `disassociate`; twice does no harm."""
        body = {"id": self.id, "disassociate": True}
        client.post(f"{holder.kind}s/{holder.id}/roles/", body, is_repeatable=True)


@dataclass(frozen=True)
class DefinedRole(Role):
    """A role of the newer system: a definition, and the resource that it is assigned on."""

    object_id: int

    def is_held(self, client: Client, holder: Holder) -> bool:
        """Tell whether there is an assignment (`GET role_user_assignments/`)."""
        return bool(self._assignments(client, holder))

    def give(self, client: Client, holder: Holder) -> None:
        """Give it by `POST role_user_assignments/` or `role_team_assignments/`."""
        body = {
            "role_definition": self.id, "object_id": str(self.object_id), holder.kind: holder.id,
        }  # fmt: skip
        client.post(_list_of(holder), body, is_repeatable=True)

    def take(self, client: Client, holder: Holder) -> None:
        """Take it away by `DELETE role_user_assignments/N/`."""
        for each in self._assignments(client, holder):
            client.delete(f"{_list_of(holder)}{each.integer('id')}/")

    def _assignments(self, client: Client, holder: Holder) -> list[Record]:
        where = {"role_definition": self.id, "object_id": self.object_id, holder.kind: holder.id}
        return client.get(_list_of(holder), **where).records("results")


def _list_of(holder: Holder) -> str:
    return f"role_{holder.kind}_assignments/"


def named(client: Client, resource: Resource, text: str) -> Role:
    """Return the role of that name on a resource: `execute`, `execute_role`, `JobTemplate Execute`.

    Roles of the resource itself go first, definitions of the newer system (an administrator's own
    among them) second. Raises PreflightFailed with all that there are.
    """
    own = resource.row.maybe_record("summary_fields").maybe_record("object_roles")
    for field in own.fields:
        row = own.record(field)
        name = row.text("name")
        names = (field, name, resource.kind.definition + name)
        if _plain(text) in map(_plain, names):
            return ObjectRole(row.integer("id"), name, field)
    known = [field.removesuffix("_role") for field in own.fields]
    if systems.has_definitions(client):
        for row in client.walk("role_definitions/"):
            if row.maybe_text("content_type") != resource.kind.content_type:
                continue
            name, is_managed = row.text("name"), row.flag("managed", default=False)
            short = short_name(name, resource.kind, is_managed=is_managed)
            if _plain(text) in {_plain(name), _plain(short)}:
                return DefinedRole(row.integer("id"), name, "", resource.id)
            if not own.fields or not is_managed:
                known.append(name)
    raise PreflightFailed(f"{resource} has no role {text!r}; it has: {', '.join(known)}")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower()).removesuffix("role")
