"""What AWX takes for a schedule, and its words where it does not, after its ScheduleSerializer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from demo import rrule_checks
from demo.errors import Refused
from demo.launching import PROMPTED
from demo.model import (
    Entity,
    ExecutionEnvironment,
    Inventory,
    JobTemplate,
    Project,
    WorkflowTemplate,
)
from demo.model_schedules import Schedule, SystemJobTemplate
from demo.rows_schedules import MASK
from demo.surveys import problems

if TYPE_CHECKING:
    from demo.aliases import Json
    from demo.world import World

LONGEST_NAME = 512
KINDS: tuple[type[Entity], ...] = (JobTemplate, WorkflowTemplate, Project, SystemJobTemplate)
BOOLEANS = ("enabled", "diff_mode")
CHOICES = {"job_type": ("run", "check", ""), "verbosity": (0, 1, 2, 3, 4, 5)}
RESOURCES: dict[str, type[Entity]] = {
    "inventory": Inventory,
    "execution_environment": ExecutionEnvironment,
}
TEXTS = ("scm_branch", "job_tags", "skip_tags", "limit")
NUMBERS = ("forks", "job_slice_count", "timeout")
# The prompts that a workflow template may ask for.
OF_WORKFLOW = ("inventory", "limit", "scm_branch", "job_tags", "skip_tags")
OWN = {"verbosity": 0, "forks": 0, "timeout": 0, "diff_mode": False}


def template_of(world: World, given: Json) -> Entity:
    """Return the template of that id, or raise what AWX says of any other."""
    if not isinstance(given, int | str) or isinstance(given, bool) or not str(given).isdecimal():
        text = f"Incorrect type. Expected pk value, received {type(given).__name__}."
        raise Refused(400, {"unified_job_template": [text]})
    for table in map(world.tables.get, KINDS):
        row = table.get(int(given)) if table else None
        if row:
            return row
    text = f'Invalid pk "{given}" - object does not exist.'
    raise Refused(400, {"unified_job_template": [text]})


def checked(
    world: World, given: dict[str, Json], old: Schedule | None, *, is_whole: bool
) -> dict[str, Json]:
    """Return the fields to set on a schedule, or raise what AWX says against them.

    `is_whole` says that what is not given takes its default (POST, PUT), not what it was (PATCH).
    """
    wrong = _wrong_fields(world, given, is_whole=is_whole)
    template = old.unified_job_template if old else None
    if "unified_job_template" in given:
        try:
            template = template_of(world, given["unified_job_template"])
        except Refused as refusal:
            wrong |= refusal.body
    elif template is None:
        wrong["unified_job_template"] = ["This field is required."]
    if isinstance(template, Project) and "unified_job_template" in given and not template.scm_type:
        wrong["unified_job_template"] = ["Manual Project cannot have a schedule set."]
    if wrong or template is None:
        raise Refused(400, wrong)
    made = _fields(world, given, is_whole=is_whole)
    made["unified_job_template"] = template
    if old and given == {"enabled": False} and not is_whole:
        return made
    _refuse_twin(world, made, old, template)
    if "extra_data" in made:
        made["secrets"] = _secrets(template, made["extra_data"], old)
    if is_whole or {*PROMPTED, "extra_data"} & set(given):
        _refuse_prompts(template, _merged(made, old), has_variables="extra_data" in given)
    return made


def _wrong_fields(world: World, given: dict[str, Json], *, is_whole: bool) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    for name in ("name", "rrule"):
        if name not in given and is_whole:
            wrong[name] = ["This field is required."]
    if "rrule" in given and (found := rrule_checks.problems(given["rrule"], world.now())):
        wrong["rrule"] = found
    for name, value in given.items():
        if text := _wrong_value(world, name, value):
            wrong[name] = [text]
    return wrong


def _wrong_value(world: World, name: str, value: Json) -> str:
    """Return what AWX says against the value of one field other than the rule and the template."""
    if name == "name":
        return _wrong_name(value)
    if name in BOOLEANS:
        is_right = isinstance(value, bool) or (value is None and name != "enabled")
        return "" if is_right else "Must be a valid boolean."
    if value is None:
        return ""
    if name in NUMBERS:
        return _wrong_number(name, value)
    refused = {
        **{text: "Not a valid string." for text in TEXTS if not isinstance(value, str | int)},
        **dict.fromkeys(CHOICES, f'"{value}" is not a valid choice.'),
        **dict.fromkeys(RESOURCES, f'Invalid pk "{value}" - object does not exist.'),
    }
    allowed = [*CHOICES.get(name, ()), *world.tables.get(RESOURCES.get(name, Entity), {})]
    is_right = value in allowed
    return "" if is_right else refused.get(name, "")


def _wrong_number(name: str, value: Json) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return "A valid integer is required."
    is_below = value < 0 and name != "timeout"
    return "Ensure this value is greater than or equal to 0." if is_below else ""


def _wrong_name(value: Json) -> str:
    if value is None:
        return "This field may not be null."
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return "Not a valid string."
    if not str(value).strip():
        return "This field may not be blank."
    if len(str(value)) > LONGEST_NAME:
        return f"Ensure this field has no more than {LONGEST_NAME} characters."
    return ""


def _fields(world: World, given: dict[str, Json], *, is_whole: bool) -> dict[str, Json]:
    made: dict[str, Json] = {}
    for name in ("name", "rrule", "description"):
        if name in given:
            made[name] = str(given[name] or "").strip()
    if "enabled" in given or is_whole:
        made["enabled"] = given.get("enabled", True)
    if "extra_data" in given:
        made["extra_data"] = _variables(given["extra_data"])
    plain = [*TEXTS, *NUMBERS, "diff_mode", "job_type", "verbosity"]
    made["prompts"] = {name: given.get(name) for name in plain if name in given or is_whole}
    for name, kind in RESOURCES.items():
        if name in given or is_whole:
            row_id = given.get(name)
            made[name] = None if row_id is None else world.tables[kind][row_id]
    return made


def _variables(value: Json) -> dict[str, Any]:
    """Return variables as AWX reads them here: what makes no sense are none."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            try:
                value = yaml.safe_load(value)
            except yaml.YAMLError:
                value = {}
    return dict(value) if isinstance(value, dict) else {}


def _refuse_twin(
    world: World, made: dict[str, Json], old: Schedule | None, template: Entity
) -> None:
    name = made.get("name", old.name if old else "")
    for row in world.all(Schedule):
        if row is not old and row.name == name and row.unified_job_template is template:
            text = "Schedule with this Unified job template and Name already exists."
            raise Refused(400, {"__all__": [text]})


def _secrets(template: Entity, given: dict[str, Any], old: Schedule | None) -> frozenset[str]:
    """Return which variables are answers to password questions, with masks made good."""
    survey = getattr(template, "survey", None) or {"spec": []}
    questions = {q["variable"]: q for q in survey["spec"] if q["type"] == "password"}
    for name in [name for name in given if given[name] == MASK]:
        if name not in questions:
            text = f'"$encrypted$ is a reserved keyword, may not be used for {name}."'
            raise Refused(400, {"extra_data": [text]})
        if old and name in old.extra_data:
            given[name] = old.extra_data[name]
        elif questions[name]["default"]:
            del given[name]
        else:
            text = f"Provided variable {name} has no database value to replace with."
            raise Refused(400, {"extra_data": [text]})
    return frozenset(questions) & frozenset(given)


def _merged(made: dict[str, Json], old: Schedule | None) -> dict[str, Json]:
    """Return the answers to all prompts as they would be, without those that are null."""
    before: dict[str, Json] = {}
    if old:
        before = {**old.prompts, "extra_vars": old.extra_data, "inventory": old.inventory}
        before["execution_environment"] = old.execution_environment
    after = {**before, **made["prompts"]}
    for name in RESOURCES:
        after[name] = made.get(name, before.get(name))
    after["extra_vars"] = made.get("extra_data", before.get("extra_vars")) or {}
    return {name: value for name, value in after.items() if value is not None}


def _refuse_prompts(template: Entity, answers: dict[str, Json], *, has_variables: bool) -> None:
    given = answers.pop("extra_vars")
    wrong: dict[str, Any] = {}
    if isinstance(template, Project | SystemJobTemplate):
        # Anything is kept for these unless variables come with it, and those cleanup jobs take.
        if has_variables and isinstance(template, Project):
            names = [*answers, *(["extra_data"] if given else [])]
            wrong = {name: ["Field is not allowed on launch."] for name in names}
    else:
        assert isinstance(template, JobTemplate | WorkflowTemplate)  # noqa: S101 - no others
        wrong = _wrong_variables(template, given) | _unasked(template, answers)
    if isinstance(template, JobTemplate):
        if "credential" not in template.asks and any(
            each.passwords_needed for each in template.credentials
        ):
            text = "Saved launch configurations cannot provide passwords needed to start."
            wrong["passwords_needed_to_start"] = [text]
        if template.inventory is None and not (
            "inventory" in template.asks and "inventory" in answers
        ):
            text = "Job Template inventory is missing or undefined."
            wrong["resources_needed_to_start"] = [text]
    if wrong:
        raise Refused(400, wrong)


def _wrong_variables(
    template: JobTemplate | WorkflowTemplate, given: dict[str, Any]
) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    survey = getattr(template, "survey", None)
    asked = {question["variable"] for question in survey["spec"]} if survey else set()
    if survey and (found := problems(survey, given)):
        wrong["variables_needed_to_start"] = found
    own = _variables(template.extra_vars)
    left = [k for k, v in given.items() if k not in asked and not (k in own and own[k] == v)]
    if left and "variables" not in template.asks:
        kind = "Job Template" if isinstance(template, JobTemplate) else "Workflow Job Template"
        hint = f"Check the Prompt on Launch setting on the {kind} to include Extra Variables."
        wrong["extra_data"] = [f"Variables {', '.join(left)} are not allowed on launch. {hint}"]
    return wrong


def _unasked(
    template: JobTemplate | WorkflowTemplate, answers: dict[str, Json]
) -> dict[str, list[str]]:
    wrong = {}
    is_workflow = isinstance(template, WorkflowTemplate)
    for name, value in answers.items():
        if is_workflow and name not in OF_WORKFLOW:
            continue  # kept, and of no use
        own = OWN.get(name, None if is_workflow else "")
        if value == getattr(template, name, own):
            continue
        if PROMPTED[name] not in template.asks:
            wrong[name] = ["Field is not configured to prompt on launch."]
        elif name == "scm_branch" and not is_workflow:
            wrong[name] = ["Project does not allow override of branch."]
    return wrong
