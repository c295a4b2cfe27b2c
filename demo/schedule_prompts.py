"""Which answers to a template's prompts AWX takes for a schedule, and its words for the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from demo.errors import Refused
from demo.launching import PROMPTED
from demo.model import JobTemplate, Project, WorkflowTemplate
from demo.model_schedules import SystemJobTemplate
from demo.surveys import problems

if TYPE_CHECKING:
    from demo.aliases import Json
    from demo.model import Entity

# The prompts that a workflow template may ask for.
OF_WORKFLOW = ("inventory", "limit", "scm_branch", "job_tags", "skip_tags")
# What a clean-up takes, and which of them delete what is so many days old.
OPTIONS = frozenset({"days", "older_than", "granularity"})
WITH_DAYS = frozenset({"cleanup_jobs", "cleanup_activitystream"})
OWN = {"verbosity": 0, "forks": 0, "timeout": 0, "diff_mode": False}


def read_variables(value: Json) -> dict[str, Any]:
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


def refuse_prompts(template: Entity, answers: dict[str, Json]) -> None:
    """Raise what AWX says against answers that a template does not ask for, or that are missing.

    `answers` has those by AWX's names, `extra_vars` among them.
    """
    given = answers.pop("extra_vars")
    wrong: dict[str, Any] = {}
    if isinstance(template, Project | SystemJobTemplate):
        wrong = {name: ["Field is not allowed on launch."] for name in answers}
        if isinstance(template, SystemJobTemplate):
            found = _wrong_options(template, given)
        else:
            found = ["Field is not allowed on launch."] if given else []
        wrong |= {"extra_data": found} if found else {}
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
    own = read_variables(template.extra_vars)
    left = [k for k, v in given.items() if k not in asked and not (k in own and own[k] == v)]
    if left and "variables" not in template.asks:
        kind = "Job Template" if isinstance(template, JobTemplate) else "Workflow Job Template"
        hint = f"Check the Prompt on Launch setting on the {kind} to include Extra Variables."
        wrong["extra_data"] = [f"Variables {', '.join(left)} are not allowed on launch. {hint}"]
    return wrong


def _wrong_options(template: SystemJobTemplate, given: dict[str, Any]) -> list[str]:
    """Return what AWX says against the options of a clean-up."""
    left = [name for name in given if name not in OPTIONS]
    wrong = [f"Variables {', '.join(left)} are not allowed for system jobs."] if left else []
    if template.job_type in WITH_DAYS and "days" in given and not _is_whole(given["days"]):
        wrong.append("days must be a positive integer.")
    return wrong


def _is_whole(days: Json) -> bool:
    try:
        return not isinstance(days, bool) and float(days) == int(days) >= 0
    except (TypeError, ValueError, OverflowError):
        return False


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
