"""What all rows of the API share: links, and the short forms in summary_fields."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from demo import model
from demo.permissions import capability
from demo.roles import roles_of
from demo.text import iso

if TYPE_CHECKING:
    from demo.aliases import AnyRow
    from demo.runs import Run
    from demo.world import World

Row = dict[str, Any]


@dataclass(frozen=True)
class Frame:
    """Who looks at which world, and the root of its links, such as /api/v2.

    `writes` says that he may change things by what he signed in with. `recent` has what was found
    of inventories already: time stands still while one answer is made.
    """

    world: World
    viewer: model.User
    root: str
    writes: bool = True
    recent: dict[tuple[int, int], list[Run]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def url(self, *parts: object) -> str:
        """Return the link to a collection, a row or something below it."""
        return "/".join([self.root, *map(str, parts), ""])

    def below(self, collection: str, row_id: int, *names: str) -> dict[str, str]:
        """Return links to what lies below a row, keyed by its name."""
        return {name: self.url(collection, row_id, name) for name in names}

    @property
    def full(self) -> bool:
        """Return whether the viewer may change things."""
        return self.viewer.is_superuser


def head(frame: Frame, entity: model.Entity, kind: str, collection: str) -> Row:
    """Return the first keys of a row, which are the same for every type."""
    return {
        "id": entity.id,
        "type": kind,
        "url": frame.url(collection, entity.id),
        "related": {},
        "summary_fields": {},
        "created": iso(entity.created),
        "modified": iso(entity.modified),
        "name": entity.name,
        "description": entity.description,
    }


def authors(frame: Frame, entity: model.Entity) -> tuple[dict[str, str], Row]:
    """Return links to who made a row, and their short forms."""
    if entity.created_by is None:
        return {}, {}
    link, short = frame.url("users", entity.created_by.id), user(entity.created_by)
    return {"created_by": link, "modified_by": link}, {"created_by": short, "modified_by": short}


def named(frame: Frame, collection: str, *names: str) -> dict[str, str]:
    """Return the link by name that a detail has and a list row lacks."""
    return {"named_url": frame.url(collection, "++".join(names))}


def user(who: model.User) -> Row:
    """Return the short form of a user."""
    return {
        "id": who.id,
        "username": who.username,
        "first_name": who.first_name,
        "last_name": who.last_name,
    }


def short(entity: model.Entity) -> Row:
    """Return the short form of most rows."""
    return {"id": entity.id, "name": entity.name, "description": entity.description}


def environment(frame: Frame, row_id: int) -> Row:
    """Return the short form of an execution environment."""
    row = frame.world.get(model.ExecutionEnvironment, row_id)
    return {**short(row), "image": row.image}


def instance_group(frame: Frame, row_id: int) -> Row:
    """Return the short form of an instance group."""
    row = frame.world.get(model.InstanceGroup, row_id)
    return {"id": row.id, "name": row.name, "is_container_group": False}


def credential(row: model.Credential) -> Row:
    """Return the short form of a credential."""
    return {**short(row), "kind": row.kind, "cloud": row.credential_type.cloud}


def project(frame: Frame, row: model.Project) -> Row:
    """Return the short form of a project with the status of its last update."""
    return {
        **short(row),
        "status": project_status(frame, row),
        "scm_type": row.scm_type,
        "allow_override": False,
    }


def last_run(frame: Frame, template: model.Entity) -> Run | None:
    """Return the newest run of a template or project."""
    return next(frame.world.jobs.recent(template=template), None)


def project_status(frame: Frame, row: model.Project) -> str:
    """Return the status of a project, which is that of its newest update."""
    updates = list(itertools.islice(frame.world.jobs.recent(template=row), 10))
    update = next((run for run in reversed(updates) if run.active), None)
    update = update or next(iter(updates), None)
    if update is None:
        return "never updated" if row.scm_type else "ok"
    return update.status


def inventory(frame: Frame, row: model.Inventory) -> Row:
    """Return the short form of an inventory with its figures."""
    return {
        **short(row),
        **inventory_figures(frame, row),
        "organization_id": row.organization.id,
        "kind": row.kind,
    }


def inventory_figures(frame: Frame, row: model.Inventory) -> Row:
    """Return how many hosts an inventory has, how many failed last, and its sources."""
    bad = failed_hosts(frame, row)
    return {
        "has_active_failures": bool(bad),
        "total_hosts": row.total_hosts,
        "hosts_with_active_failures": len(bad),
        "total_groups": len(row.groups),
        "has_inventory_sources": bool(row.sources),
        "total_inventory_sources": len(row.sources),
        "inventory_sources_with_failures": sum(s.status == "failed" for s in row.sources),
    }


def recent_jobs_on(frame: Frame, row: model.Inventory, count: int = 5) -> list[Run]:
    """Return the newest finished jobs on an inventory."""
    if (row.id, count) not in frame.recent:
        jobs = frame.world.jobs.recent(inventory=row)
        ended = (run for run in jobs if run.kind == "job" and run.stats())
        frame.recent[row.id, count] = list(itertools.islice(ended, count))
    return frame.recent[row.id, count]


def failed_hosts(frame: Frame, row: model.Inventory) -> set[str]:
    """Return the names of the hosts that failed in the newest finished job."""
    newest = recent_jobs_on(frame, row, 1)
    stats = newest[0].stats() if newest else {}
    return {name for name, counts in stats.items() if counts.get("failures") or counts.get("dark")}


def shared(kind: str, row_id: int) -> Row:
    """Return what services of a platform know a row by."""
    ansible_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}-{row_id}"))
    return {"ansible_id": ansible_id, "resource_type": f"shared.{kind}"}


def object_roles(row: model.Entity) -> Row:
    """Return the roles on a row."""
    user_only = {"admin_role", "member_role"} if isinstance(row, model.Organization) else set()
    return {
        role.role_field: {
            "description": role.description,
            "name": role.name,
            "id": role.id,
            **({"user_only": True} if role.role_field in user_only else {}),
        }
        for role in roles_of(row)
    }


def may(frame: Frame, row: AnyRow, *names: str) -> Row:
    """Return user_capabilities: what the viewer may do with a row."""
    return {
        # AWX says that nothing can be done with a token to read, but for this.
        name: (frame.writes or name == "use") and capability(frame.viewer, row, name)
        for name in names
    }


def label_list(labels: list[model.Label]) -> Row:
    """Return labels the way summary_fields lists them."""
    return {"count": len(labels), "results": [{"id": x.id, "name": x.name} for x in labels]}
