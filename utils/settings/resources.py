"""Settings that name one thing in AWX which a command is about, and runs are not."""

from __future__ import annotations

from dataclasses import dataclass

from utils.options import option


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Resources:
    """Settings that name one thing in AWX which a command is about, and runs are not.

    They are others than those of a run, lest what a `.env` says of runs be meant here.
    """

    of_template: str = option("", "the job template", flags=("--template",), metavar="ID|NAME")
    of_workflow: str = option("", "the workflow template", flags=("--workflow",), metavar="ID|NAME")
    of_project: str = option("", "the project", flags=("--project",), metavar="ID|NAME")
    of_inventory: str = option("", "the inventory", flags=("--inventory",), metavar="ID|NAME")
    of_credential: str = option("", "the credential", flags=("--credential",), metavar="ID|NAME")
    of_organization: str = option(
        "", "the organization", flags=("--organization",), metavar="ID|NAME"
    )
    of_instance_group: str = option(
        "", "the instance group", flags=("--instance-group",), metavar="ID|NAME"
    )
