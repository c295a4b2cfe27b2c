"""What AWX takes for a schedule, and its words where it does not, after its ScheduleSerializer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo import rrule_checks
from demo.errors import Refused
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
from demo.schedule_prompts import read_variables, refuse_prompts
from demo.wrong_values import wrong_id, wrong_name

if TYPE_CHECKING:
    from demo.aliases import Json
    from demo.world import World

KINDS: tuple[type[Entity], ...] = (JobTemplate, WorkflowTemplate, Project, SystemJobTemplate)
BOOLEANS = ("enabled", "diff_mode")
CHOICES = {"job_type": ("run", "check", ""), "verbosity": (0, 1, 2, 3, 4, 5)}
RESOURCES: dict[str, type[Entity]] = {
    "inventory": Inventory,
    "execution_environment": ExecutionEnvironment,
}
TEXTS = ("scm_branch", "job_tags", "skip_tags", "limit")
NUMBERS = ("forks", "job_slice_count", "timeout")


def template_of(world: World, given: Json) -> Entity:
    """Return the template of that id, or raise what AWX says of any other."""
    if given is None:
        raise Refused(400, {"unified_job_template": ["This field may not be null."]})
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
    elif template is None or is_whole:
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
        # Text is kept as it came, unless something in it is a secret.
        made["extra_text"] = "" if made["secrets"] else made["extra_text"]
    # Of a PATCH, answers that are no row of their own are looked at together with others only.
    if is_whole or {"extra_data", *_rows_asked_for(template)} & set(given):
        refuse_prompts(template, _merged(made, old))
    return made


def _rows_asked_for(template: Entity) -> tuple[str, ...]:
    if isinstance(template, JobTemplate):
        return tuple(RESOURCES)
    return ("inventory",) if isinstance(template, WorkflowTemplate) else ()


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
        return wrong_name(value)
    if name in BOOLEANS:
        is_right = isinstance(value, bool) or (value is None and name != "enabled")
        return "" if is_right else "Must be a valid boolean."
    if value is None:
        return "This field may not be null." if name == "extra_data" else ""
    if name in NUMBERS:
        return _wrong_number(name, value)
    refused = {
        **{text: "Not a valid string." for text in TEXTS if not isinstance(value, str | int)},
        **dict.fromkeys(CHOICES, f'"{value}" is not a valid choice.'),
        **dict.fromkeys(RESOURCES, wrong_id(value)),
    }
    allowed = [*CHOICES.get(name, ()), *world.tables.get(RESOURCES.get(name, Entity), {})]
    is_right = value in allowed
    return "" if is_right else refused.get(name, "")


def _wrong_number(name: str, value: Json) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return "A valid integer is required."
    is_below = value < 0 and name != "timeout"
    return "Ensure this value is greater than or equal to 0." if is_below else ""


def _fields(world: World, given: dict[str, Json], *, is_whole: bool) -> dict[str, Json]:
    made: dict[str, Json] = {}
    for name in ("name", "rrule", "description"):
        if name in given:
            made[name] = str(given[name] or "").strip()
    if "enabled" in given or is_whole:
        made["enabled"] = given.get("enabled", True)
    if "extra_data" in given:
        made["extra_data"] = read_variables(given["extra_data"])
        made["extra_text"] = given["extra_data"] if isinstance(given["extra_data"], str) else ""
    plain = [*TEXTS, *NUMBERS, "diff_mode", "job_type", "verbosity"]
    made["prompts"] = {name: given.get(name) for name in plain if name in given or is_whole}
    for name in TEXTS:
        if isinstance(made["prompts"].get(name), int):
            made["prompts"][name] = str(made["prompts"][name])
    for name, kind in RESOURCES.items():
        if name in given or is_whole:
            row_id = given.get(name)
            made[name] = None if row_id is None else world.tables[kind][row_id]
    return made


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
