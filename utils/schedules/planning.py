"""What a schedule is to be, beside what it is: settled and checked before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import launch_plan
import prompts
from credentials import ASK
from utils.access import permission
from utils.errors import PreflightFailed, UsageError
from utils.find import find
from utils.printable import printable
from utils.schedules import timing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.schedules.rule import Rule
    from utils.schedules.zones import Zones

# The answers to prompts that a schedule keeps itself, by AWX's names.
ANSWERS = (
    "inventory", "limit", "job_tags", "skip_tags", "job_type", "verbosity", "diff_mode", "forks",
    "execution_environment",
)  # fmt: skip
# Those that hang on it, by their names, which are those of their collections, too.
RELATIONS = ("credentials", "labels", "instance_groups")
SWITCHES = {
    "credentials": "ask_credential_on_launch", "labels": "ask_labels_on_launch",
    "instance_groups": "ask_instance_groups_on_launch",
}  # fmt: skip
# The settings that a template asks for, or not.
PROMPTS = ("extra_vars", *(name for name, *_ in (*prompts.VALUES, *prompts.RESOURCES)))
LONGEST_NAME = 512


@dataclass(frozen=True)
class Target:
    """What a schedule runs: a template of jobs or of a workflow, or the update of a project."""

    kind: str
    target_id: int
    name: str

    @property
    def path(self) -> str:
        """Where its schedules are, below the API's root."""
        collection = launch_plan.COLLECTIONS.get(self.kind, "projects")
        return f"{collection}/{self.target_id}/schedules/"

    def __str__(self) -> str:
        what = {"project": "project", "workflow_job_template": "workflow"}
        return f"{what.get(self.kind, 'template')} {self.target_id} ({printable(self.name)})"


@dataclass(frozen=True)
class Wanted:
    """A schedule as it is to be; `fields` is what AWX keeps in its row, `relations` ids.

    `relations` has those that the template asks for, with no ids where none are given. `where` says
    where it comes from, for error messages.
    """

    target: Target
    rule: Rule
    fields: Mapping[str, object] = field(repr=False)
    relations: Mapping[str, tuple[int, ...]]
    where: str

    @property
    def name(self) -> str:
        """Its name, which its target has once."""
        return str(self.fields["name"])


def wanted(
    client: Client,
    settings: Settings,
    now: datetime,
    zones: Zones,
    *,
    where: str = "",
    username: str = "",
) -> Wanted:
    """Return the schedule that the settings describe, all names in it looked up in AWX.

    `where` is where it comes from, `username` who asks; both are for error messages.

    Raises UsageError for what makes no sense, PreflightFailed for what AWX does not have or the
    template does not ask for, Refused where this user may not launch it.
    """
    refuse_nameless(settings)
    made_rule = timing.rule_of(settings, now, zones)
    target, answers, relations = _target(client, settings, username)
    # AWX takes blanks off the ends of texts, and they would differ from what it has for ever.
    name = (settings.schedule_name or _name(settings, target)).strip()
    if len(name) > LONGEST_NAME:
        raise UsageError(f"{settings.source('schedule_name')}: AWX takes {LONGEST_NAME} characters "
                         "at most")  # fmt: skip
    fields: dict[str, object] = {
        "name": name,
        "description": settings.schedule_description.strip(),
        "enabled": not settings.disabled,
        "extra_data": answers.pop("extra_vars", {}),
        **{key: _stripped(answers.get(key)) for key in ANSWERS},
    }
    return Wanted(
        target, made_rule, fields, relations, where or settings.source(timing.way_of(settings))
    )


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def refuse_nameless(settings: Settings) -> None:
    """Raise UsageError for a rule of AWX's without a name: two of them would be told as one."""
    if timing.way_of(settings) == "rrule" and not settings.schedule_name:
        raise UsageError(f"{settings.source('rrule')}: a rule makes no name by itself: pass --name")


def _target(
    client: Client, settings: Settings, username: str
) -> tuple[Target, dict[str, object], dict[str, tuple[int, ...]]]:
    """Return what is run, and what it is given: answers, and the ids of what hangs on it."""
    if settings.first_asked("of_project", "template") == "of_project":
        for name in ("template", *PROMPTS):
            if timing.is_meant(settings, name):
                source = settings.source(name)
                raise UsageError(f"{source}: the update of a project takes no such thing")
        return _project(client, settings, username), {}, {}
    settings.require("template")
    plan = launch_plan.make(client, settings, username)
    answers = dict(plan.payload)
    target = Target(plan.template_type, plan.template_id, plan.template_name)
    template = client.get(plan.path)
    own = template.maybe_record("summary_fields").records("credentials")
    kept = {each.integer("id") for each in own}
    relations = {}
    for name in relations_of(template):
        given = answers.pop(name, None)
        ids = (
            tuple(each for each in given if isinstance(each, int))
            if isinstance(given, list)
            else ()
        )
        # AWX wants those beside the template's own here, and all of them at a launch.
        relations[name] = tuple(each for each in ids if name != "credentials" or each not in kept)
    _refuse_asking(client, relations.get("credentials", ()))
    return target, answers, relations


def _refuse_asking(client: Client, credential_ids: Iterable[int]) -> None:
    """Raise PreflightFailed for a credential that asks, which AWX takes for no schedule."""
    for credential_id in credential_ids:
        row = client.get(f"credentials/{credential_id}/")
        asked = [name for name, value in row.maybe_record("inputs").items() if value == ASK]
        if asked:
            raise PreflightFailed(
                f"credential {credential_id} ({printable(row.text('name'))}) asks at launch for "
                f"{', '.join(asked)}, and there is nobody to answer: store it there, or pass "
                "another with --credential"
            )


def relations_of(template: Record) -> list[str]:
    """Return what schedules of a template can have hanging on them."""
    return [name for name, switch in SWITCHES.items() if template.flag(switch, default=False)]


def _project(client: Client, settings: Settings, username: str) -> Target:
    row = find(client, "projects", settings.of_project, "project")
    found = Target("project", row.integer("id"), row.text("name"))
    if not row.maybe_text("scm_type"):
        raise PreflightFailed(f"{found} is a manual one: AWX cannot update it, nor schedule that")
    may = row.maybe_record("summary_fields").maybe_record("user_capabilities")
    if not may.flag("schedule", default=True):
        raise permission.lacking(username, "update", row, "project")
    return found


def _name(settings: Settings, target: Target) -> str:
    way = timing.way_of(settings)
    if way == "every":
        at = f" at {settings.at}" if timing.is_narrowed(settings) else ""
        return f"{target.name} every {settings.every}{at}"
    return f"{target.name} at {getattr(settings, way)}"
