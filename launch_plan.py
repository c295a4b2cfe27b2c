"""What is going to be launched, settled before anything is changed in AWX.

Steps 3 to 6 look at what the plan names; step 7 sends it as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import prompts
from utils import logger
from utils.access import permission
from utils.adoption import Newest
from utils.errors import AppError, BadAnswer, PreflightFailed, Refused, UsageError
from utils.find import find, find_template
from utils.signing_in.who import User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("plan")

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
    prompts.given_variables(settings)


def of_run(client: Client, settings: Settings, done: Results) -> LaunchPlan:
    """Return the plan of this run, made when the first step asks for it."""
    try:
        user = done.get(User)
        return done.once(LaunchPlan, lambda: make(client, settings, user.username if user else ""))
    except AppError as error:
        error.step = "template"
        raise


def make(client: Client, settings: Settings, username: str = "") -> LaunchPlan:
    """Look at the template and settle what to send (`GET /job_templates/N/`, `.../launch/`).

    AWX drops what a template does not ask for without a word, so that is refused here, as are
    missing survey answers and passwords: PreflightFailed names all of them. Refused where this
    user may not launch the template, or not with what was passed; it names the role that lacks.
    """
    try:
        template = find_template(client, settings.template)
    except Refused as error:
        raise permission.template_not_shown(error, username, settings.template) from error
    newest_job = Newest.told_with(template, client)
    kind, template_id, name = template.text("type"), template.integer("id"), template.text("name")
    if kind not in COLLECTIONS:
        raise BadAnswer(f"{template.origin}: 'type' is {kind!r:.60} and no template's")
    path = f"{COLLECTIONS[kind]}/{template_id}/"
    permission.require_execute(client, username, template, is_sure=settings.needs == "write")
    launch = client.get(f"{path}launch/")
    payload, passed = prompts.answered(client, settings, path, launch)
    permission.require_use(client, username, passed, prompts.default_credentials(launch), path)
    inventory = payload.get("inventory", template.maybe_integer("inventory"))
    if not isinstance(inventory, int) and kind == "job_template":
        raise PreflightFailed(f"template {template_id} ({name}) has no inventory: pass --inventory")
    credentials = payload.get("credentials", prompts.default_credentials(launch))
    return LaunchPlan(
        template_id,
        name,
        inventory if isinstance(inventory, int) else None,
        tuple(credentials) if isinstance(credentials, list) else (),
        _project(client, settings, template),
        settings.limit or template.maybe_text("limit"),
        payload,
        kind,
        launch.flag("ask_variables_on_launch", default=False),
        newest_job,
    )


def _project(client: Client, settings: Settings, template: Record) -> int | None:
    if settings.project:
        return find(client, "projects", settings.project, "project").integer("id")
    return template.maybe_integer("project")
