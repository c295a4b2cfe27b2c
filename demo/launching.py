"""What a launch is checked for, and the words of each refusal."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from demo.errors import Refused
from demo.model import Credential, InstanceGroup, Inventory, JobTemplate, Label
from demo.rows_launch import launch_form
from demo.run_kinds import Prompts
from demo.surveys import answers, problems

if TYPE_CHECKING:
    from demo.aliases import Json
    from demo.world import World

# the body's key -> the name in ask_NAME_on_launch
PROMPTED = {
    "extra_vars": "variables",
    "inventory": "inventory",
    "limit": "limit",
    "job_tags": "tags",
    "skip_tags": "skip_tags",
    "job_type": "job_type",
    "verbosity": "verbosity",
    "diff_mode": "diff_mode",
    "credentials": "credential",
    "scm_branch": "scm_branch",
    "execution_environment": "execution_environment",
    "labels": "labels",
    "forks": "forks",
    "job_slice_count": "job_slice_count",
    "timeout": "timeout",
    "instance_groups": "instance_groups",
}

LISTED = (("credentials", Credential), ("labels", Label), ("instance_groups", InstanceGroup))


@dataclass
class Checked:
    """A launch that is allowed: what it asks for and which fields were not used."""

    prompts: Prompts
    ignored: dict[str, Any] = field(default_factory=dict)


def variables(value: Json) -> dict[str, Any]:
    """Return variables given as an object, or as JSON or YAML text; raise what AWX says else."""
    if isinstance(value, dict):
        return value
    try:
        made = json.loads(value)
    except (TypeError, ValueError) as json_error:
        try:
            made = yaml.safe_load(str(value))
        except yaml.YAMLError as error:
            text = f"Cannot parse as JSON (error: {json_error}) or YAML (error: {error})."
            raise Refused(400, {"extra_vars": [text]}) from None
    if made is None:
        return {}
    if not isinstance(made, dict):
        text = "Input type `{}` is not a dictionary"
        raise Refused(400, {"extra_vars": [text.format(type(made).__name__)]})
    return made


def check(world: World, template: JobTemplate, body: dict[str, Any]) -> Checked:
    """Return what a launch asks for, or raise the first refusal that AWX would give.

    A value that equals the template's is neither used nor ignored.
    """
    passed = {k: v for k, v in body.items() if k in PROMPTED and not _same(template, k, v)}
    used = {k: v for k, v in passed.items() if PROMPTED[k] in template.asks}
    ignored = {k: v for k, v in passed.items() if k not in used}
    errors = _errors(world, template, used, body)
    if errors:
        raise Refused(400, errors)
    given = variables(body["extra_vars"]) if "extra_vars" in body else {}
    own = variables(template.extra_vars or {})
    if template.survey:
        asked = {question["variable"] for question in template.survey["spec"]}
        taken = {k: v for k, v in given.items() if k in asked or "variables" in template.asks}
        left = {k: v for k, v in given.items() if k not in taken}
        ignored.pop("extra_vars", None)
        if left:
            ignored["extra_vars"] = left
        wrong = problems(template.survey, taken)
        if wrong:
            raise Refused(400, {"variables_needed_to_start": wrong})
        given = answers(template.survey, taken)
    elif "extra_vars" not in used:
        given = {}
    chosen = _credentials(world, template, used)
    _passwords(template, chosen, body)
    return Checked(_prompts(world, template, used, {**own, **given}, chosen), ignored)


def _same(template: JobTemplate, key: str, value: Json) -> bool:
    if key == "extra_vars":
        return not value or value == "{}"
    if key == "credentials":
        return isinstance(value, list) and {each.id for each in template.credentials} == set(value)
    if key in {"labels", "instance_groups"}:
        return False
    own = launch_form(template)["defaults"][key]
    return value is None or bool(value == (own["id"] if key == "inventory" else own))


def _errors(
    world: World, template: JobTemplate, used: dict[str, Any], body: dict[str, Any]
) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    inventories = world.tables[Inventory]
    if used.get("inventory") is not None and used["inventory"] not in inventories:
        errors["inventory"] = [f'Invalid pk "{used["inventory"]}" - object does not exist.']
    for key, table in LISTED:
        for row_id in used.get(key) or []:
            if row_id not in world.tables[table]:
                errors[key] = [f'Invalid pk "{row_id}" - object does not exist.']
    if used.get("job_type", "run") not in {"run", "check"}:
        errors["job_type"] = [f'"{used["job_type"]}" is not a valid choice.']
    if str(used.get("verbosity", 0)) not in set("012345"):
        errors["verbosity"] = [f'"{used["verbosity"]}" is not a valid choice.']
    for key in ("forks", "timeout", "job_slice_count"):
        if key in used and not isinstance(used[key], int):
            errors[key] = ["A valid integer is required."]
    return errors or _misfits(world, template, used) or _shortages(world, template, used, body)


def _misfits(world: World, template: JobTemplate, used: dict[str, Any]) -> dict[str, Any]:
    """Return what the template asks for, and its project or inventory does not go with."""
    errors = {}
    if used.get("scm_branch"):  # the projects here have no branch, and let none be passed
        errors["scm_branch"] = ["Project does not allow override of branch."]
    passed = used.get("inventory")
    inventory = world.get(Inventory, passed) if passed else template.inventory
    slices = used.get("job_slice_count") or 1
    if slices > 1 and inventory and inventory.total_hosts <= 1:
        errors["job_slice_count"] = ["Job inventory does not have enough hosts for slicing"]
    return errors


def _shortages(
    world: World, template: JobTemplate, used: dict[str, Any], body: dict[str, Any]
) -> dict[str, Any]:
    if template.inventory is None and not used.get("inventory"):
        text = "Job Template inventory is missing or undefined."
        return {"resources_needed_to_start": [text]}
    last = next(world.jobs.recent(template=template.project), None)
    if last is not None and last.failed and not template.project.scm_update_on_launch:
        return {"playbook": ["Missing a revision to run due to failed project update."]}
    if "extra_vars" in body:
        variables(body["extra_vars"])
    return {}


def _credentials(
    world: World, template: JobTemplate, used: dict[str, Any]
) -> list[Credential] | None:
    if "credentials" not in used:
        return None
    chosen = [world.get(Credential, row_id) for row_id in used["credentials"]]
    new = [c for c in chosen if c not in template.credentials]
    kinds = [_slot(c) for c in new]
    for credential in new:
        if kinds.count(_slot(credential)) > 1:
            name = credential.credential_type.name
            raise Refused(400, {"credentials": [f"Cannot assign multiple {name} credentials."]})
    given = {c.credential_type.id for c in chosen}
    lost = [c for c in template.credentials if c.credential_type.id not in given]
    if lost:
        kind = lost[0].credential_type.name
        names = ", ".join(f"{c.name}-{c.id}" for c in lost)
        text = (
            f"Removing {kind} credential at launch time without replacement is not supported. "
            f"Provided list lacked credential(s): {names}."
        )
        raise Refused(400, {"credentials": [text]})
    # a new credential takes the place of the template's own of the same kind
    return [c for c in chosen if c in new or _slot(c) not in kinds]


def _slot(credential: Credential) -> tuple[int, str | None]:
    return credential.credential_type.id, credential.inputs.get("vault_id")


def _passwords(
    template: JobTemplate, chosen: list[Credential] | None, body: dict[str, Any]
) -> None:
    needed = [
        p for c in (template.credentials if chosen is None else chosen) for p in c.passwords_needed
    ]
    given = {**body, **(body.get("credential_passwords") or {})}
    if [name for name in needed if not given.get(name)]:
        raise Refused(400, {"passwords_needed_to_start": needed})


def _prompts(
    world: World,
    template: JobTemplate,
    used: dict[str, Any],
    extra_vars: dict[str, Any],
    chosen: list[Credential] | None,
) -> Prompts:
    spec = template.survey["spec"] if template.survey else []
    inventory = used.get("inventory")
    return Prompts(
        inventory=world.get(Inventory, inventory) if inventory else None,
        credentials=chosen,
        extra_vars=extra_vars,
        limit=used.get("limit"),
        job_type=used.get("job_type"),
        job_tags=used.get("job_tags") or "",
        skip_tags=used.get("skip_tags") or "",
        verbosity=int(used.get("verbosity") or 0),
        diff_mode=bool(used.get("diff_mode")),
        forks=used.get("forks") or 0,
        timeout=used.get("timeout") or 0,
        job_slice_count=used.get("job_slice_count"),
        scm_branch=used.get("scm_branch") or "",
        labels=[world.get(Label, row_id) for row_id in used["labels"]]
        if "labels" in used
        else None,
        instance_groups=[
            world.get(InstanceGroup, row_id) for row_id in used.get("instance_groups") or []
        ],
        secrets=frozenset(q["variable"] for q in spec if q["type"] == "password"),
    )
