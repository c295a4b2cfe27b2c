"""The kinds of runs: jobs, project updates, ad hoc commands, workflow jobs, approvals."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from demo.model import Entity, Inventory, JobTemplate, Project
from demo.playbooks import Scene, script_for
from demo.runs import Run
from demo.updates import ad_hoc, project_update

if TYPE_CHECKING:
    from demo.aliases import Passed
    from demo.model import Credential, Host, InstanceGroup, Label, Organization, User
    from demo.script import Script
    from demo.world import World


@dataclass(kw_only=True)
class Prompts:
    """What a launch asked for, where the template let it; None is the template's own."""

    inventory: Inventory | None = None
    credentials: list[Credential] | None = None
    extra_vars: dict[str, Any] = field(default_factory=dict)
    limit: str | None = None
    job_type: str | None = None
    job_tags: str = ""
    skip_tags: str = ""
    verbosity: int = 0
    diff_mode: bool = False
    forks: int = 0
    timeout: int = 0
    job_slice_count: int | None = None
    scm_branch: str = ""
    labels: list[Label] | None = None
    instance_groups: list[InstanceGroup] = field(default_factory=list)
    secrets: frozenset[str] = frozenset()


def matching(hosts: list[Host], limit: str) -> list[Host]:
    """Return the enabled hosts that a limit leaves: names, groups and !names, comma or colon."""
    enabled = [host for host in hosts if host.enabled]
    words = [word for word in limit.replace(":", ",").split(",") if word.strip()]
    wanted = {word.strip() for word in words if not word.strip().startswith("!")}
    dropped = {word.strip()[1:] for word in words if word.strip().startswith("!")}
    if wanted and "all" not in wanted:
        groups = {g.name: g for host in hosts[:1] for g in host.inventory.groups}
        for name in list(wanted):
            if name in groups:
                wanted |= {host.name for host in groups[name].all_hosts()}
        enabled = [host for host in enabled if host.name in wanted]
    return [host for host in enabled if host.name not in dropped]


class Job(Run):
    """A run of a job template."""

    template: JobTemplate

    def __init__(
        self, world: World, run_id: int, template: JobTemplate, user: User | None, **more: Passed
    ) -> None:
        self.prompts: Prompts = more.pop("prompts", None) or Prompts()
        self.slice_number: int = more.pop("slice_number", 0)
        self.slice_count: int = more.pop("slice_count", 1)
        super().__init__(world, run_id, template, user, **more)

    @property
    def job_template(self) -> JobTemplate:
        """Return the template."""
        return self.template

    @property
    def natural_end(self) -> float:
        """Return when the job would end if it were left alone."""
        return max(super().natural_end, self.template.busy_until)

    @property
    def inventory(self) -> Inventory | None:
        """Return the inventory that the job runs on."""
        return self.prompts.inventory or self.template.inventory

    @property
    def project(self) -> Project:
        """Return the project that the playbook comes from."""
        return self.template.project

    @property
    def organization(self) -> Organization:
        """Return the template's organization."""
        return self.template.organization

    @property
    def revision(self) -> str:
        """Return the project's commit that the playbook is of."""
        return self.project.revision

    @property
    def playbook(self) -> str:
        """Return the playbook's file name."""
        return self.template.playbook

    @property
    def credentials(self) -> list[Credential]:
        """Return the credentials that the job uses."""
        chosen = self.prompts.credentials
        return self.template.credentials if chosen is None else chosen

    @property
    def limit(self) -> str:
        """Return the host pattern that the job is limited to."""
        return self.template.limit if self.prompts.limit is None else self.prompts.limit

    @property
    def job_type(self) -> str:
        """Return run or check."""
        return self.prompts.job_type or self.template.job_type

    @property
    def verbosity(self) -> int:
        """Return Ansible's verbosity, 0 to 5."""
        return self.prompts.verbosity

    @property
    def allow_simultaneous(self) -> bool:
        """Return whether other runs of the template may go on beside this one."""
        return self.template.allow_simultaneous or self.slice_count > 1

    @property
    def labels(self) -> list[Label]:
        """Return the labels of the job."""
        return self.template.labels if self.prompts.labels is None else self.prompts.labels

    @property
    def extra_vars(self) -> str:
        """Return the variables as JSON text, answers to password questions masked."""
        hidden = self.prompts.secrets
        shown = {k: "$encrypted$" if k in hidden else v for k, v in self.prompts.extra_vars.items()}
        return json.dumps(shown)

    @cached_property
    def script(self) -> Script:
        """Return what the playbook prints on the hosts that the job reaches."""
        enabled = matching(self.inventory.hosts, "") if self.inventory else []
        hosts = matching(enabled, self.limit)
        is_limited_away = bool(enabled and not hosts)
        hosts = hosts[self.slice_number - 1 :: self.slice_count] if self.slice_count > 1 else hosts
        scene = Scene(
            job_id=self.id,
            playbook=self.playbook,
            hosts=[host.name for host in hosts],
            variables=self.prompts.extra_vars,
            relaunched=self.launch_type == "relaunch",
            ssh_key=any("ssh_key_data" in c.inputs for c in self.credentials),
            is_limited_away=is_limited_away,
        )
        return script_for(self.template.behaviour, scene)


class ProjectUpdate(Run):
    """An update of a project from its source."""

    kind: ClassVar[str] = "project_update"
    model: ClassVar[str] = "ProjectUpdate"
    template: Project

    @property
    def project(self) -> Project:
        """Return the project."""
        return self.template

    @property
    def organization(self) -> Organization:
        """Return the project's organization."""
        return self.template.organization

    @cached_property
    def script(self) -> Script:
        """Return what the update prints."""
        return project_update(self.id, self.template)


class AdHocCommand(Run):
    """A single module run on the hosts of an inventory."""

    kind: ClassVar[str] = "ad_hoc_command"
    model: ClassVar[str] = "AdHocCommand"

    def __init__(self, world: World, run_id: int, user: User | None, **more: Passed) -> None:
        self.inventory: Inventory = more.pop("inventory")
        self.credential: Credential = more.pop("credential")
        self.module_name: str = more.pop("module_name", "command")
        self.module_args: str = more.pop("module_args", "")
        self.limit: str = more.pop("limit", "")
        super().__init__(world, run_id, Entity(id=0, name=self.module_name), user, **more)

    @property
    def unified_job_template(self) -> Entity | None:
        """Return None: an ad hoc command has no template."""
        return None

    @cached_property
    def script(self) -> Script:
        """Return what the module answers from each host."""
        hosts = [host.name for host in matching(self.inventory.hosts, self.limit)]
        usable = {"ssh_key_data", "password"} & set(self.credential.inputs)
        reachable = self.inventory.name != "Unreachable" and bool(usable)
        return ad_hoc(self.id, self.module_name, hosts, reachable=reachable)
