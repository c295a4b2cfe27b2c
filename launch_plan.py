"""What is going to be launched, settled before anything is changed in AWX.

Steps 3 to 6 look at what the plan names; step 7 sends it as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import survey
from utils import extra_vars, logger
from utils.adoption import Newest
from utils.errors import AppError, BadAnswer, PreflightFailed, Refused, UsageError
from utils.find import find, find_template
from utils.options import flag_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("plan")

# Setting, the template's switch that lets it be passed, and its name in the launch request.
VALUES = (
    ("limit", "ask_limit_on_launch", "limit"),
    ("tags", "ask_tags_on_launch", "job_tags"),
    ("skip_tags", "ask_skip_tags_on_launch", "skip_tags"),
    ("job_type", "ask_job_type_on_launch", "job_type"),
    ("verbosity", "ask_verbosity_on_launch", "verbosity"),
    ("diff", "ask_diff_mode_on_launch", "diff_mode"),
    ("forks", "ask_forks_on_launch", "forks"),
)
RESOURCES = (
    ("inventory", "ask_inventory_on_launch", "inventory", "inventories"),
    ("credential", "ask_credential_on_launch", "credentials", "credentials"),
    ("labels", "ask_labels_on_launch", "labels", "labels"),
    ("execution_environment", "ask_execution_environment_on_launch", "execution_environment",
     "execution_environments"),
    ("instance_group", "ask_instance_groups_on_launch", "instance_groups", "instance_groups"),
)  # fmt: skip


# The types of templates that can be launched, and where AWX lists them.
COLLECTIONS = {
    "job_template": "job_templates",
    "workflow_job_template": "workflow_job_templates",
}


@dataclass(frozen=True)
class LaunchPlan:
    """A template and what goes to it: `payload` is the body of the launch request.

    `takes_variables` says that any variable may be passed. A workflow template may have no
    inventory; its jobs have their own, and their own projects.
    """

    template_id: int
    template_name: str
    inventory_id: int | None
    credential_ids: tuple[int, ...]
    project_id: int | None
    limit: str
    payload: Mapping[str, object] = field(repr=False)
    template_type: str = "job_template"
    takes_variables: bool = False
    newest_job: Newest | None = field(default=None, compare=False)

    @property
    def is_workflow(self) -> bool:
        """Whether it is a workflow template."""
        return self.template_type == "workflow_job_template"

    @property
    def path(self) -> str:
        """Where the template is below the API's root."""
        return f"{COLLECTIONS[self.template_type]}/{self.template_id}/"

    def __str__(self) -> str:
        return f"template {self.template_id} ({self.template_name})"


def require(settings: Settings) -> None:
    """Raise UsageError where no template is named or a setting says nothing that can be done."""
    settings.require("template")
    if settings.same_limit and not settings.asked("if_running"):
        raise UsageError(f"{settings.source('same_limit')} needs --if-running wait, skip or fail")
    _given_variables(settings)


def _given_variables(settings: Settings) -> dict[str, object]:
    name = "extra_vars"
    return extra_vars.merge(settings.extra_vars, settings.source(name), settings.folder(name))


def of_run(client: Client, settings: Settings, done: Results) -> LaunchPlan:
    """Return the plan of this run, made when the first step asks for it."""
    try:
        return done.once(LaunchPlan, lambda: make(client, settings))
    except AppError as error:
        error.step = "template"
        raise


def make(client: Client, settings: Settings) -> LaunchPlan:
    """Look at the template and settle what to send (`GET /job_templates/N/`, `.../launch/`).

    AWX drops what a template does not ask for without a word, so that is refused here, as are
    missing survey answers and passwords: PreflightFailed names all of them. Refused where this
    user may not launch the template.
    """
    template = find_template(client, settings.template)
    newest_job = Newest.told_with(template, client)
    kind, template_id, name = template.text("type"), template.integer("id"), template.text("name")
    if kind not in COLLECTIONS:
        raise BadAnswer(f"{template.origin}: 'type' is {kind!r:.60} and no template's")
    path = f"{COLLECTIONS[kind]}/{template_id}/"
    capabilities = template.maybe_record("summary_fields").maybe_record("user_capabilities")
    if not capabilities.flag("start", default=True):
        raise Refused(
            f"you may not launch template {template_id} ({name}): ask for its Execute role"
        )
    launch = client.get(f"{path}launch/")
    payload = {**_values(settings), **_resources(client, settings, launch)}
    variables = _variables(client, settings, path, launch)
    _refuse_unasked(settings, launch, payload)
    _refuse_lacking(launch, payload)
    inventory = payload.get("inventory", template.maybe_integer("inventory"))
    if not isinstance(inventory, int) and kind == "job_template":
        raise PreflightFailed(f"template {template_id} ({name}) has no inventory: pass --inventory")
    credentials = payload.get("credentials", _default_credentials(launch))
    return LaunchPlan(
        template_id,
        name,
        inventory if isinstance(inventory, int) else None,
        tuple(credentials) if isinstance(credentials, list) else (),
        _project(client, settings, template),
        settings.limit or template.maybe_text("limit"),
        {**payload, **({"extra_vars": variables} if variables else {})},
        kind,
        launch.flag("ask_variables_on_launch", default=False),
        newest_job,
    )


def _values(settings: Settings) -> dict[str, object]:
    return {key: getattr(settings, name) for name, _, key in VALUES if settings.asked(name)}


def _resources(client: Client, settings: Settings, launch: Record) -> dict[str, object]:
    """Return the ids of all resources that were named, as the launch request takes them."""
    found: dict[str, object] = {}
    for name, _, key, collection in RESOURCES:
        given = getattr(settings, name)
        if not given:
            continue
        what = name.replace("_", " ").removesuffix("s")
        several = isinstance(given, tuple)
        rows = [find(client, collection, text, what) for text in (given if several else (given,))]
        if name == "credential":
            found[key] = _with_kept_credentials(rows, launch)
        else:
            ids = [row.integer("id") for row in rows]
            found[key] = ids if several else ids[0]
    return found


def _with_kept_credentials(given: list[Record], launch: Record) -> list[int]:
    """Return the given credentials and the template's own of other kinds.

    AWX takes the list as a whole and refuses one that leaves out a kind the template has. Of a
    kind there is one, but for vaults, which differ by their vault id.
    """
    kinds = {
        (each.integer("credential_type"), each.maybe_record("inputs").maybe_text("vault_id"))
        for each in given
    }
    kept = [
        each.integer("id")
        for each in launch.maybe_record("defaults").records("credentials")
        if (each.integer("credential_type"), each.maybe_text("vault_id")) not in kinds
    ]
    return [each.integer("id") for each in given] + kept


def _default_credentials(launch: Record) -> list[int]:
    return [each.integer("id") for each in launch.maybe_record("defaults").records("credentials")]


def _variables(client: Client, settings: Settings, path: str, launch: Record) -> dict[str, object]:
    """Return the variables to send, the survey's answers among them, checked against it."""
    given = _given_variables(settings)
    spec: list[Record] = []
    if launch.flag("survey_enabled", default=False):
        spec = client.get(f"{path}survey_spec/").records("spec")
    names = {each.text("variable") for each in spec}
    unasked = sorted(name for name in given if name not in names)
    if unasked and not launch.flag("ask_variables_on_launch", default=False):
        what = f"its survey asks for {', '.join(sorted(names))}" if names else "it asks for none"
        listed = ", ".join(unasked)
        raise PreflightFailed(f"AWX would drop these variables of this template, {what}: {listed}")
    variables = survey.answers(spec, given)
    if problems := survey.problems(spec, variables):
        raise PreflightFailed(f"the survey of this template: {'; '.join(problems)}")
    for name in sorted(variables.keys() - given.keys()):
        log.info("survey answer by default: %s=%s", name, variables[name])
    return variables


def _refuse_unasked(settings: Settings, launch: Record, payload: dict[str, object]) -> None:
    """Refuse what AWX would drop; naming what the template has anyway is no harm."""
    own = {
        **{key: [launch.maybe_record("defaults").fields.get(key)] for _, _, key in VALUES},
        "inventory": launch.maybe_record("defaults").maybe_record("inventory").fields.get("id"),
        "credentials": _default_credentials(launch),
    }
    refused = []
    for name, switch, key, *_ in (*VALUES, *RESOURCES):
        if key not in payload or launch.flag(switch, default=False):
            continue
        if key in own and all(each in _as_list(own[key]) for each in _as_list(payload[key])):
            del payload[key]
        else:
            refused.append(f"{flag_name(name)} (from {settings.source(name)})")
    if refused:
        listed = ", ".join(refused)
        hint = "leave it out, or turn on 'Prompt on launch' for it in the template"
        raise PreflightFailed(f"this template does not ask for {listed}, AWX would drop it: {hint}")


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _refuse_lacking(launch: Record, payload: Mapping[str, object]) -> None:
    """Refuse a launch that AWX would answer with "needed to start"."""
    if gone := launch.texts("node_templates_missing"):
        listed = ", ".join(gone)
        raise PreflightFailed(f"the templates of these nodes of the workflow are gone: {listed}")
    passwords = launch.texts("passwords_needed_to_start")
    if passwords and "credentials" not in payload:
        listed = ", ".join(passwords)
        raise PreflightFailed(
            f"the template's credentials ask at launch for: {listed}; there is nobody to ask: "
            "store them in the credential, or pass another with --credential"
        )
    if launch.flag("credential_needed_to_start", default=False) and "credentials" not in payload:
        raise PreflightFailed("this template needs a credential: pass --credential")


def _project(client: Client, settings: Settings, template: Record) -> int | None:
    if settings.project:
        return find(client, "projects", settings.project, "project").integer("id")
    return template.maybe_integer("project")
