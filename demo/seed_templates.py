"""The job templates of the demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo import seed_workflows
from demo.model import ASK_NAMES, JobTemplate

if TYPE_CHECKING:
    from demo.aliases import Passed
    from demo.model import Credential, Entity, Inventory, Organization, Project

# how often each template ran in the past: ids, with repetitions
WITH_HISTORY = (9,) * 10 + (21,) * 6 + (11, 12, 14, 15) * 2 + (10, 16)


def _question(kind: str, variable: str, name: str, **more: Passed) -> dict[str, Any]:
    asked = {
        "question_name": name,
        "question_description": "",
        "required": False,
        "type": kind,
        "variable": variable,
        "default": "",
        "choices": "",
    }
    return asked | more


SURVEY = {
    "name": "Release survey",
    "description": "what to release",
    "spec": [
        _question("text", "release", "Release", required=True, min=1, max=20),
        _question("textarea", "notes", "Notes", min=0, max=4000),
        _question("password", "api_secret", "Secret", default="$encrypted$", min=0, max=40),
        _question("integer", "count", "Count", default=3, min=1, max=9),
        _question("float", "ratio", "Ratio", default=0.5, min=0, max=1),
        _question(
            "multiplechoice",
            "target_env",
            "Environment",
            required=True,
            default="dev",
            choices=["dev", "stage", "prod"],
        ),
        _question("multiselect", "regions", "Regions", choices=["eu", "us", "asia"], default="eu"),
    ],
}


def templates(
    organizations: dict[int, Organization],
    inventories: dict[int, Inventory],
    credentials: dict[int, Credential],
    projects: dict[int, Project],
) -> list[Entity]:
    """Return the job templates, the workflows and their approval steps."""

    def made(number: int, name: str, behaviour: str, **more: Passed) -> JobTemplate:
        key = more.pop("key", 3)
        return JobTemplate(
            id=number,
            name=name,
            organization=organizations[more.pop("org", 1)],
            project=projects[more.pop("project", 8)],
            playbook=more.pop("playbook", f"{behaviour.replace(' ', '_')}.yml"),
            behaviour=behaviour,
            inventory=inventories.get(more.pop("on", 2)),
            credentials=[credentials[key]] if key else [],
            **more,
        )

    deploy = made(9, "Deploy web", "deploy", description="Deploys the web tier")
    health = made(21, "Apache health check", "health")
    jobs = [
        deploy,
        made(10, "Failing deploy", "failing"),
        made(11, "Flaky deploy", "flaky"),
        made(12, "Long migration", "migration"),
        made(13, "Big output", "big"),
        made(14, "Survey", "simple", survey=SURVEY),
        made(15, "Prompts", "simple", asks=frozenset(ASK_NAMES), extra_vars='---\nversion: "1.0"'),
        made(16, "Unreachable hosts", "unreachable", on=5),
        made(17, "Sliced inventory", "health", job_slice_count=2),
        made(18, "No key", "no key", key=4),
        made(19, "Broken project", "deploy", project=6),
        made(20, "Empty inventory", "deploy", on=4),
        health,
        made(25, "Duplicate name", "simple"),
        made(26, "Duplicate name", "simple", org=2),
        made(27, "No inventory", "simple", on=0),
        made(28, "Asks passwords", "simple", key=5),
        made(29, "Update on launch", "simple", project=5),
        made(30, "Missing playbook", "missing playbook", playbook="doomed.yml"),
        made(31, "Broken worker", "broken worker"),
        made(32, "Huge output", "huge"),
        made(33, "Looked-up key", "simple", key=8),
        made(34, "Some hosts disabled", "deploy", on=6),
        made(35, "Simultaneous", "migration", allow_simultaneous=True),
        made(36, "Private project", "simple", project=4, org=2),
        made(37, "Whole fleet", "health", on=3),
        made(38, "No credential", "simple", key=0),
    ]
    return [*jobs, *seed_workflows.workflows(organizations[1], {job.id: job for job in jobs})]
