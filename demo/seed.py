"""The data of the demonstration, with the ids that the flow document uses."""

from __future__ import annotations

from demo import seed_notifications, seed_oauth, seed_people, seed_templates
from demo.model import (
    Credential,
    CredentialType,
    Entity,
    ExecutionEnvironment,
    Group,
    Host,
    InputSource,
    Instance,
    InstanceGroup,
    Inventory,
    InventorySource,
    Label,
    Organization,
    Project,
    User,
)

WITH_HISTORY = seed_templates.WITH_HISTORY
BIG = 5000
CAPACITY = 220
AGE_S = 90 * 86400.0
SSH_FIELDS = [
    {"id": "username", "label": "Username", "type": "string"},
    {
        "id": "password",
        "label": "Password",
        "type": "string",
        "secret": True,
        "ask_at_runtime": True,
    },
    {
        "id": "ssh_key_data",
        "label": "SSH Private Key",
        "type": "string",
        "format": "ssh_private_key",
        "secret": True,
        "multiline": True,
    },
    {"id": "become_method", "label": "Privilege Escalation Method", "type": "string"},
]
SCM_FIELDS = [
    {"id": "username", "label": "Username", "type": "string"},
    {"id": "password", "label": "Password", "type": "string", "secret": True},
]
VAULT_FIELDS = [
    {"id": "vault_password", "label": "Vault Password", "type": "string", "secret": True},
    {"id": "vault_id", "label": "Vault Identifier", "type": "string"},
]
LOOKUP_FIELDS = [
    {"id": "url", "label": "Server URL", "type": "string"},
    {"id": "token", "label": "Token", "type": "string", "secret": True},
]

Tables = dict[type[Entity], dict[int, Entity]]


def tables(password: str, now: float, big: int = BIG) -> Tables:
    """Return every table, each a dict by id.

    `password` is the administrator's, `big` how many hosts the big inventory has.
    """
    made: Tables = {}
    machinery = _organizations()
    for row in [*seed_people.people(password, machinery, now), *machinery]:
        made.setdefault(type(row), {})[row.id] = row
    admin = made[User][1]
    organizations = {o.id: o for o in made[Organization].values() if isinstance(o, Organization)}
    rows = [
        *_inventories(organizations[1], big),
        *_credentials(organizations[1]),
    ]
    credentials = {row.id: row for row in rows if isinstance(row, Credential)}
    inventories = {row.id: row for row in rows if isinstance(row, Inventory)}
    projects = _projects(organizations, credentials)
    rows += projects.values()
    rows += seed_templates.templates(organizations, inventories, credentials, projects)
    rows += seed_oauth.applications(organizations[1])
    failing = next(row for row in rows if row.name == "Failing deploy")
    rows += seed_notifications.notification_templates(organizations[1], failing)
    for row in rows:
        made.setdefault(type(row), {})[row.id] = row
    for table in made.values():
        for row in table.values():
            row.created = now - AGE_S + row.id
            if isinstance(admin, User) and row is not admin and not isinstance(row, User):
                row.created_by = admin
    return made


def _organizations() -> list[Entity]:
    image = "quay.io/ansible/awx-ee:latest"
    default = Organization(id=1, name="Default", description="The default organization")
    return [
        default,
        Organization(id=2, name="Second org"),
        ExecutionEnvironment(id=1, name="AWX EE (latest)", image=image),
        ExecutionEnvironment(
            id=2, name="Control Plane Execution Environment", image=image, managed=True
        ),
        Instance(id=1, name="awx-demo", size=CAPACITY),
        InstanceGroup(id=1, name="controlplane"),
        InstanceGroup(id=2, name="default"),
        Label(id=1, name="production", organization=default),
    ]


def _inventories(default: Organization, size: int) -> list[Entity]:
    web = Inventory(id=2, name="Web servers", organization=default)
    big = Inventory(id=3, name="Big", organization=default, variables="ansible_connection: local")
    nobody = Inventory(id=4, name="Empty", organization=default)
    dead = Inventory(id=5, name="Unreachable", organization=default)
    partly = Inventory(id=6, name="With disabled host", organization=default)
    variables = "ansible_connection: local\nhttp_port: 8080"
    web.hosts = [
        Host(id=1 + n, name=f"web0{n}", description=text, inventory=web, variables=variables)
        for n, text in ((1, "first web server"), (2, ""), (3, ""))
    ]
    frontend = Group(id=1, name="frontend", inventory=web, hosts=web.hosts[:2])
    backend = Group(id=2, name="backend", inventory=web, hosts=web.hosts[2:])
    everything = Group(id=3, name="everything", inventory=web, children=[frontend, backend])
    web.groups = [frontend, backend, everything]
    dead.hosts = [Host(id=10 + n, name=f"dead0{n}", inventory=dead) for n in (1, 2)]
    partly.hosts = [
        Host(id=21, name="app01", inventory=partly),
        Host(id=22, name="app02", inventory=partly, enabled=False),
    ]
    big.hosts = [Host(id=1000 + n, name=f"node{n:04d}", inventory=big) for n in range(size)]
    partly.sources = [InventorySource(id=41, name="From the repository", inventory=partly)]
    found: list[Entity] = [web, big, nobody, dead, partly, *web.groups, *partly.sources]
    for inventory in (web, big, dead, partly):
        found += inventory.hosts
    return found


def _credentials(default: Organization) -> list[Entity]:
    machine = CredentialType(
        id=1, name="Machine", kind="ssh", namespace="ssh", inputs={"fields": SSH_FIELDS}
    )
    scm = CredentialType(
        id=2, name="Source Control", kind="scm", namespace="scm", inputs={"fields": SCM_FIELDS}
    )
    vault = CredentialType(
        id=3,
        name="Vault",
        kind="vault",
        namespace="vault",
        inputs={"fields": VAULT_FIELDS, "required": ["vault_password"]},
    )
    lookup = CredentialType(
        id=4,
        name="HashiCorp Vault Secret Lookup",
        kind="external",
        namespace="hashivault_kv",
        inputs={"fields": LOOKUP_FIELDS, "required": ["url"]},
    )
    key, secret = "ssh_key_data", "$encrypted$"
    kinds = {1: machine, 2: scm, 3: vault, 4: lookup}

    def made(number: int, name: str, kind: int, **inputs: str) -> Credential:
        return Credential(
            id=number, name=name, organization=default, credential_type=kinds[kind], inputs=inputs
        )

    plugged = made(8, "Machine with looked-up key", 1, username="deploy")
    store = made(9, "Secret store", 4, url="https://vault.example.invalid", token=secret)
    plugged.input_sources = [
        InputSource(
            id=1,
            name="",
            input_field_name=key,
            source_credential=store,
            target_credential=plugged,
            metadata={"secret_path": "ssh/deploy", "secret_key": "private_key"},
        )
    ]
    return [
        *kinds.values(),
        made(3, "Machine with key", 1, username="deploy", ssh_key_data=secret),
        made(4, "Machine without key", 1),
        made(
            5,
            "Machine asking password",
            1,
            username="deploy",
            password="ASK",
            become_password="ASK",
        ),
        made(6, "Git account without password", 2),
        made(7, "Vault", 3, vault_id="prod", vault_password="ASK"),
        plugged,
        store,
    ]


def _projects(
    organizations: dict[int, Organization], credentials: dict[int, Credential]
) -> dict[int, Project]:
    default = organizations[1]
    url = "https://git.example.invalid/web/playbooks.git"
    return {
        8: Project(
            id=8,
            name="Web playbooks",
            organization=default,
            scm_url=url,
            playbooks=("deploy.yml", "health.yml", "migrate.yml"),
        ),
        6: Project(
            id=6,
            name="Broken project",
            organization=default,
            scm_url="file:///srv/git/does-not-exist",
            behaviour="broken",
            revision="",
        ),
        7: Project(id=7, name="Manual project", organization=default, scm_type=""),
        5: Project(
            id=5,
            name="Always fresh playbooks",
            organization=default,
            scm_url=url,
            scm_update_on_launch=True,
        ),
        4: Project(
            id=4,
            name="Private playbooks",
            organization=organizations[2],
            scm_url="https://git.example.invalid/private.git",
            credential=credentials[6],
        ),
    }
