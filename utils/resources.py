"""The thing in AWX that a command is about: a template, a project, an organization ..."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config import options
from utils.errors import BadAnswer, UsageError
from utils.find import find, find_template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record


@dataclass(frozen=True)
class Kind:
    """A type of resource: AWX's name for it, and its settings, list and name in definitions."""

    type: str
    setting: str
    collection: str
    definition: str

    @property
    def told(self) -> str:
        """Return what people call it."""
        return self.type.replace("_", " ")

    @property
    def flag(self) -> str:
        """Return the flag that names one."""
        return options()[self.setting].flags[0]

    @property
    def content_type(self) -> str:
        """Return its name in the newer role system."""
        prefix = "shared" if self.type in {"organization", "team"} else "awx"
        return f"{prefix}.{self.model}"

    @property
    def model(self) -> str:
        """Return that name without the service that it belongs to, as permissions end in it."""
        return self.definition.lower()


KINDS = (
    Kind("job_template", "of_template", "job_templates", "JobTemplate"),
    Kind("workflow_job_template", "of_workflow", "workflow_job_templates",
         "WorkflowJobTemplate"),
    Kind("project", "of_project", "projects", "Project"),
    Kind("inventory", "of_inventory", "inventories", "Inventory"),
    Kind("credential", "of_credential", "credentials", "Credential"),
    Kind("organization", "of_organization", "organizations", "Organization"),
    Kind("team", "of_team", "teams", "Team"),
    Kind("instance_group", "of_instance_group", "instance_groups", "InstanceGroup"),
)  # fmt: skip
BY_TYPE = {kind.type: kind for kind in KINDS}
SETTINGS = tuple(kind.setting for kind in KINDS)


@dataclass(frozen=True)
class Resource:
    """One of them, and its row as AWX has it."""

    kind: Kind
    row: Record

    @property
    def id(self) -> int:
        """Return its id."""
        return self.row.integer("id")

    @property
    def path(self) -> str:
        """Return where it is below the API's root."""
        return f"{self.kind.collection}/{self.id}/"

    def __str__(self) -> str:
        return told(self.kind.type, self.id, self.row.text("name"))


# Where AWX's own definitions have other words than the older roles that they stand for.
_OLDER_NAMES = {
    "Adhoc": "Ad Hoc",
    "Approval": "Approve",
    "Audit": "Auditor",
    "ExecutionEnvironment Admin": "Execution Environment Admin",
    "JobTemplate Admin": "Job Template Admin",
    "NotificationTemplate Admin": "Notification Admin",
    "WorkflowJobTemplate Admin": "Workflow Admin",
}


def short_name(definition: str, kind: Kind | None, *, is_managed: bool) -> str:
    """Return the name that a role of the newer system has in the older: `Execute` on a template.

    What AWX defines for an older role that has no definition ends in `Compat`. An administrator's
    own definition, which is not managed, keeps its words.
    """
    name = definition.removeprefix(f"{kind.definition} " if kind else "")
    older = name.removesuffix(" Compat")
    return _OLDER_NAMES.get(older, older) if is_managed or older != name else name


def told(kind: str, number: int | str, name: str) -> str:
    """Return how a resource is named to people: `job template 9 (Deploy web)`."""
    return f"{kind.replace('_', ' ')} {number} ({name})"


def of_row(row: Record) -> Resource:
    """Return the resource that a row of AWX's is; raises BadAnswer for one that has no roles."""
    kind = BY_TYPE.get(row.text("type"))
    if not kind:
        raise BadAnswer(f"{row.origin}: 'type' is {row.text('type')!r:.60}, which has no roles")
    return Resource(kind, row)


def chosen(settings: Settings, among: Sequence[str], *, or_none: bool = False) -> str:
    """Return which of these settings names what a command is about, "" where none needs to.

    What stands on the command line goes before what the environment or a file has. Raises
    UsageError for more than one, and for none unless that is allowed.
    """
    asked = [name for name in among if settings.asked(name)]
    typed = [name for name in asked if settings.source(name).startswith("-")]
    chosen = typed or asked
    if len(chosen) > 1:
        sources = " and ".join(settings.source(name) for name in chosen)
        raise UsageError(f"{sources} do not go together: name one of them")
    if chosen:
        return chosen[0]
    if or_none:
        return ""
    flags = [options()[name].flags[0] for name in among]
    raise UsageError(f"of what? pass {', '.join(flags[:-1])} or {flags[-1]}")


def found(client: Client, settings: Settings, setting: str) -> Resource:
    """Return the resource that a setting names, by its id or name.

    Raises PreflightFailed where there is none, or more than one.
    """
    text = getattr(settings, setting)
    if setting == "of_template":
        return of_row(find_template(client, text))
    kind = next(each for each in KINDS if each.setting == setting)
    return Resource(kind, find(client, kind.collection, text, kind.told))
