"""What an AWX holds besides its runs: people, inventories, credentials, projects, templates."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

ASK_NAMES = (
    "scm_branch",
    "diff_mode",
    "variables",
    "limit",
    "tags",
    "skip_tags",
    "job_type",
    "verbosity",
    "inventory",
    "credential",
    "execution_environment",
    "labels",
    "forks",
    "job_slice_count",
    "timeout",
    "instance_groups",
)


@dataclass(eq=False)
class Grant:
    """A role on a row, given to a user or a team.

    `role_fields` are the roles on that row that it stands for: one, or for a custom definition what
    its permissions come to.
    """

    id: int
    definition_id: int
    role_fields: frozenset[str]
    holder: User | Team
    created: float = 0.0
    created_by: User | None = None


@dataclass(eq=False, kw_only=True)
class Entity:
    """What every row of AWX has: an id, a name, and when it was made and by whom."""

    id: int
    name: str
    description: str = ""
    created: float = 0.0
    created_by: User | None = None
    grants: list[Grant] = field(default_factory=list)

    @property
    def modified(self) -> float:
        """Return the time of the last change, in seconds since the epoch."""
        return self.created + 0.00001


@dataclass(eq=False, kw_only=True)
class User(Entity):
    """An account; what it may do is in the `grants` of what it may do it with."""

    password: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    is_superuser: bool = False
    is_system_auditor: bool = False
    last_login: float | None = None
    # Where the account is kept outside AWX, such as "ldap": then AWX gives it no token.
    external: str = ""

    @property
    def username(self) -> str:
        """Return the login name, which is how AWX calls a user's name."""
        return self.name


@dataclass(eq=False, kw_only=True)
class Organization(Entity):
    """An organization."""


@dataclass(eq=False, kw_only=True)
class Team(Entity):
    """People who share what the team may do."""

    organization: Organization


@dataclass(eq=False, kw_only=True)
class ExecutionEnvironment(Entity):
    """A container image that jobs run in."""

    image: str
    managed: bool = False


@dataclass(eq=False, kw_only=True)
class InstanceGroup(Entity):
    """A group of nodes that jobs run on."""


@dataclass(eq=False, kw_only=True)
class Instance(Entity):
    """The node that jobs run on; `size` is its capacity while it is enabled."""

    size: int
    enabled: bool = True

    @property
    def hostname(self) -> str:
        """Return the name that jobs show as their execution node."""
        return self.name

    @property
    def capacity(self) -> int:
        """Return the capacity, which a disabled node has not."""
        return self.size if self.enabled else 0


@dataclass(eq=False, kw_only=True)
class Label(Entity):
    """A label that templates and jobs wear."""

    organization: Organization


@dataclass(eq=False, kw_only=True)
class Inventory(Entity):
    """An inventory with its hosts and groups."""

    organization: Organization
    variables: str = ""
    kind: str = ""
    hosts: list[Host] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    sources: list[InventorySource] = field(default_factory=list)

    @property
    def total_hosts(self) -> int:
        """Return the number of hosts, disabled ones included."""
        return len(self.hosts)


@dataclass(eq=False, kw_only=True)
class Host(Entity):
    """A host of one inventory."""

    inventory: Inventory
    enabled: bool = True
    variables: str = ""


@dataclass(eq=False, kw_only=True)
class Group(Entity):
    """A group of one inventory."""

    inventory: Inventory
    hosts: list[Host] = field(default_factory=list)
    children: list[Group] = field(default_factory=list)
    variables: str = ""

    def all_hosts(self) -> list[Host]:
        """Return the hosts of this group and of the groups below it, each once."""
        seen = {host.id: host for host in self.hosts}
        for child in self.children:
            seen.update((host.id, host) for host in child.all_hosts())
        return list(seen.values())


@dataclass(eq=False, kw_only=True)
class InventorySource(Entity):
    """A source that an inventory is filled from."""

    inventory: Inventory
    source: str = "scm"
    status: str = "successful"


@dataclass(eq=False, kw_only=True)
class CredentialType(Entity):
    """A kind of credential with the fields it takes."""

    kind: str
    namespace: str
    inputs: dict[str, Any]
    managed: bool = True

    @property
    def cloud(self) -> bool:
        """Return whether AWX counts this kind among the clouds."""
        return self.kind == "cloud"


@dataclass(eq=False, kw_only=True)
class Credential(Entity):
    """A credential; secrets are kept the way AWX shows them."""

    organization: Organization
    credential_type: CredentialType
    inputs: dict[str, Any] = field(default_factory=dict)
    input_sources: list[InputSource] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return the short name of the credential's type."""
        return self.credential_type.namespace

    @property
    def passwords_needed(self) -> list[str]:
        """Return the passwords that are asked for at launch, as the launch answer names them."""
        names = {"password": "ssh_password", "vault_password": "vault_password"}
        vault_id = self.inputs.get("vault_id")
        asked = [names.get(key, key) for key, value in self.inputs.items() if value == "ASK"]
        return [f"{name}.{vault_id}" if vault_id else name for name in asked]


@dataclass(eq=False, kw_only=True)
class InputSource(Entity):
    """One field of a credential that another credential's plug-in fills in."""

    input_field_name: str
    source_credential: Credential
    target_credential: Credential
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, kw_only=True)
class Project(Entity):
    """A project; `behaviour` names the output that its updates print."""

    organization: Organization
    scm_type: str = "git"
    scm_url: str = ""
    scm_update_on_launch: bool = False
    credential: Credential | None = None
    behaviour: str = "project update"
    revision: str = "4f0e1c7d9a52b8836e1d40c7f5a9be21d3c86f70"
    playbooks: tuple[str, ...] = ()

    @property
    def local_path(self) -> str:
        """Return the folder name that AWX gives to the checkout."""
        return f"_{self.id}__{self.name.lower().replace(' ', '_')}"


@dataclass(eq=False, kw_only=True)
class JobTemplate(Entity):
    """A job template; `behaviour` names the playbook output that its jobs print.

    No job of it ends before `busy_until`, in seconds since the epoch: so a test says that a job
    runs for as long as the test needs it, however slow the machine is.
    """

    organization: Organization
    project: Project
    playbook: str
    behaviour: str
    inventory: Inventory | None = None
    credentials: list[Credential] = field(default_factory=list)
    asks: frozenset[str] = frozenset()
    extra_vars: str = ""
    survey: dict[str, Any] | None = None
    job_slice_count: int = 1
    allow_simultaneous: bool = False
    job_type: str = "run"
    limit: str = ""
    labels: list[Label] = field(default_factory=list)
    instance_groups: list[InstanceGroup] = field(default_factory=list)
    busy_until: float = -math.inf


@dataclass(eq=False, kw_only=True)
class NodeSpec:
    """One step of a workflow; the steps that follow it, by identifier, depend on how it ends."""

    id: int
    identifier: str
    template: JobTemplate | Project | ApprovalTemplate | WorkflowTemplate
    success: tuple[str, ...] = ()
    failure: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    all_parents_must_converge: bool = False


@dataclass(eq=False, kw_only=True)
class ApprovalTemplate(Entity):
    """A step at which a workflow waits for somebody's yes; `timeout` is in seconds, 0 for none."""

    timeout: int = 0


@dataclass(eq=False, kw_only=True)
class WorkflowTemplate(Entity):
    """A workflow job template."""

    organization: Organization
    nodes: tuple[NodeSpec, ...] = ()
    extra_vars: str = ""
    asks: frozenset[str] = frozenset()
    allow_simultaneous: bool = False
