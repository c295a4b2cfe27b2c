"""The thing in AWX that a command is about: a template, a project, an organization ..."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config import options
from utils.errors import UsageError
from utils.find import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record

# Of each setting the list that it is found in, and the word for it.
KINDS = {
    "of_template": ("job_templates", "job template"),
    "of_workflow": ("workflow_job_templates", "workflow template"),
    "of_project": ("projects", "project"),
    "of_inventory": ("inventories", "inventory"),
    "of_credential": ("credentials", "credential"),
    "of_organization": ("organizations", "organization"),
}


@dataclass(frozen=True)
class Resource:
    """One thing in AWX: its row, and below which path it lives (`job_templates/9/`)."""

    setting: str
    row: Record

    @property
    def kind(self) -> str:
        """The word for what it is, such as "job template"."""
        return KINDS[self.setting][1]

    @property
    def collection(self) -> str:
        """The path of the list that it is in, such as `job_templates`."""
        return KINDS[self.setting][0]

    @property
    def path(self) -> str:
        """The path of itself."""
        return f"{self.collection}/{self.row.integer('id')}/"

    @property
    def name(self) -> str:
        """Its name."""
        return self.row.text("name")

    def __str__(self) -> str:
        return f"{self.kind} {self.name} ({self.row.integer('id')})"


def named(settings: Settings, among: Sequence[str], *, or_none: bool = False) -> str:
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
    """Return the resource that a setting names; raises PreflightFailed where there is none."""
    collection, word = KINDS[setting]
    return Resource(setting, find(client, collection, getattr(settings, setting), word))
