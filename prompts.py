"""What a template asks for at launch, and what was passed for it: the launch request's body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import survey
from utils import extra_vars, logger
from utils.access import permission
from utils.errors import PreflightFailed, Refused
from utils.find import find, own_of
from utils.options import flag_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record

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

# Those of which one is passed, not a list.
SINGLE = frozenset({"inventory", "execution_environment"})


def given_variables(settings: Settings) -> dict[str, object]:
    """Return the variables that were passed; raises UsageError for what cannot be read."""
    name = "extra_vars"
    return extra_vars.merge(settings.extra_vars, settings.source(name), settings.folder(name))


def answered(
    client: Client, settings: Settings, path: str, launch: Record
) -> tuple[dict[str, object], list[Record]]:
    """Return the body of the launch request, and the rows of what it passes.

    `launch` is what `GET .../launch/` says.

    AWX drops what a template does not ask for without a word, so that is refused here, as are
    missing survey answers and passwords: PreflightFailed names all of them.
    """
    rows = _resources(client, settings, launch)
    payload = {**_values(settings), **_ids(rows, launch)}
    variables = _variables(client, settings, path, launch)
    _refuse_unasked(settings, launch, payload)
    _refuse_lacking(launch, payload)
    passed = [row for key, found in rows.items() if key in payload for row in found]
    return {**payload, **({"extra_vars": variables} if variables else {})}, passed


def _values(settings: Settings) -> dict[str, object]:
    return {key: getattr(settings, name) for name, _, key in VALUES if settings.asked(name)}


def _resources(client: Client, settings: Settings, launch: Record) -> dict[str, list[Record]]:
    """Return the rows of what was named beside the template's own, by key in the launch request.

    Of credentials, which go to AWX as a whole, its own are among them.
    """
    found: dict[str, list[Record]] = {}
    for name, _, key, collection in RESOURCES:
        given = getattr(settings, name)
        if not given:
            continue
        what = name.replace("_", " ").removesuffix("s")
        texts = given if isinstance(given, tuple) else (given,)
        try:
            own = _own(launch, key)
            rows = [
                own_of(client, collection, text, what, own) or find(client, collection, text, what)
                for text in texts
            ]
        except Refused as error:
            raise permission.not_shown(error, what) from error
        own_ids = {each.maybe_integer("id") for each in own}
        if not own_ids.issuperset(row.integer("id") for row in rows):
            found[key] = rows
    return found


def _own(launch: Record, key: str) -> list[Record]:
    """Return what a template has by itself: AWX drops it where it is passed."""
    defaults = launch.maybe_record("defaults")
    if key == "credentials":
        return defaults.records(key)
    return [defaults.maybe_record(key)] if key in SINGLE else []


def _ids(rows: dict[str, list[Record]], launch: Record) -> dict[str, object]:
    """Return the ids of what was named, as the launch request takes them."""
    found: dict[str, object] = {}
    for name, _, key, _ in RESOURCES:
        if key not in rows:
            continue
        ids = [row.integer("id") for row in rows[key]]
        if name == "credential":
            found[key] = _with_kept_credentials(rows[key], launch)
        else:
            found[key] = ids[0] if name in SINGLE else ids
    return found


def _with_kept_credentials(given: list[Record], launch: Record) -> list[int]:
    """Return the given credentials and the template's own of other kinds.

    AWX takes the list as a whole and refuses one that leaves out a kind the template has. Of a
    kind there is one, but for vaults, which differ by their vault id.
    """
    kinds = set(map(_kind_of, given))
    kept = [
        each.integer("id") for each in _own(launch, "credentials") if _kind_of(each) not in kinds
    ]
    return [each.integer("id") for each in given] + kept


def _kind_of(credential: Record) -> tuple[int, str]:
    """Return what there is one of: defaults have the vault id beside the type, rows have inputs."""
    vault_id = credential.maybe_record("inputs").maybe_text("vault_id")
    return credential.integer("credential_type"), vault_id or credential.maybe_text("vault_id")


def default_credentials(launch: Record) -> list[int]:
    """Return the ids of the credentials that the template has by itself."""
    return [each.integer("id") for each in _own(launch, "credentials")]


def _variables(client: Client, settings: Settings, path: str, launch: Record) -> dict[str, object]:
    """Return the variables to send, the survey's answers among them, checked against it."""
    given = given_variables(settings)
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
    defaults = launch.maybe_record("defaults").fields
    own = {key: defaults.get(key) for _, _, key in VALUES}
    refused = []
    for name, switch, key, *_ in (*VALUES, *RESOURCES):
        if key not in payload or launch.flag(switch, default=False):
            continue
        if key in own and payload[key] == own[key]:
            del payload[key]
        else:
            flag, source = flag_name(name), settings.source(name)
            refused.append(flag if source == flag else f"{flag} (from {source})")
    if refused:
        listed = ", ".join(refused)
        hint = "leave it out, or turn on 'Prompt on launch' for it in the template"
        raise PreflightFailed(f"this template does not ask for {listed}, AWX would drop it: {hint}")


def _refuse_lacking(launch: Record, payload: Mapping[str, object]) -> None:
    """Refuse a launch that AWX would answer with "needed to start"."""
    if gone := launch.texts("node_templates_missing"):
        listed = ", ".join(gone)
        raise PreflightFailed(f"the templates of these nodes of the workflow are gone: {listed}")
    passwords = launch.texts("passwords_needed_to_start")
    if passwords and "credentials" not in payload:
        listed = ", ".join(passwords)
        raise PreflightFailed(
            f"the template's credentials ask at launch for: {listed}; this program passes none on: "
            "store them in the credential, or pass another with --credential"
        )
    if launch.flag("credential_needed_to_start", default=False) and "credentials" not in payload:
        raise PreflightFailed("this template needs a credential: pass --credential")
