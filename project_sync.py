"""Step 6, project sync: the playbooks as they are in the repository now."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING

import launch_plan
import overlap
from utils import logger
from utils.access import permission
from utils.errors import AppError, NotFound, PreflightFailed, ReadOnly, Refused, SyncFailed
from utils.results import Skipped
from utils.signing_in.who import User
from utils.waiting import until_events_stored, until_final

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("sync")

# With `--sync auto`, a successful update this young is not made again.
FRESH = timedelta(minutes=5)
SHORT_REVISION = 8


@dataclass(frozen=True)
class ProjectUpdate:
    """A successful update of the project, from `GET /api/v2/project_updates/N/`."""

    id: int
    project_id: int
    project_name: str
    revision: str
    elapsed_s: float

    def __str__(self) -> str:
        return f"{self.project_name} at {self.revision[:SHORT_REVISION]} (update {self.id})"


def sync(
    client: Client,
    settings: Settings,
    done: Results,
    sleep: Callable[[float], None] = time.sleep,
) -> ProjectUpdate | Skipped:
    """Update the plan's project and wait for it (`POST /api/v2/projects/N/update/`).

    Jobs of the template that are under way are looked at first, as `--if-running` says. An update
    that is under way is waited for, not doubled. Raises SyncFailed with Git's own words,
    Refused where `--sync` was asked for and this user may not update the project.
    """
    overlap.settle(client, settings, done)
    if settings.sync == "never":
        return Skipped("--sync never")
    plan = launch_plan.of_run(client, settings, done)
    if plan.is_workflow and plan.project_id is None:
        return Skipped("a workflow's jobs have projects of their own")
    if plan.project_id is None:
        raise PreflightFailed(f"{plan} has no project")
    try:
        project = _look(client, plan.project_id)
        if reason := _needless(client, project, settings.sync):
            return Skipped(reason)
        update_id = _running_update(project) or _start(client, project, done)
    except NotFound as error:
        raise PreflightFailed(f"project {plan.project_id} does not exist: {error}") from error
    except Refused as error:
        if settings.asked("sync"):
            raise
        return Skipped.because_of("project", error)
    return _wait(client, project, update_id, sleep)


def _look(client: Client, project_id: int) -> Record:
    """Return the project; raises Refused, with the role that it takes, where it is not shown."""
    try:
        return client.get(f"projects/{project_id}/")
    except Refused as error:
        words = f"to sync it takes the update role on project {project_id}"
        raise permission.with_words(error, words) from error


def _needless(client: Client, project: Record, when: str) -> str:
    """Return why no update is needed, or the empty string."""
    if not project.maybe_text("scm_type"):
        return "a manual project has nothing to sync from"
    if when != "auto" or _running_update(project):
        return ""
    if project.flag("scm_update_on_launch", default=False):
        return "AWX updates this project at launch by itself"
    return "it was updated just now" if _is_fresh(client, project) else ""


def _is_fresh(client: Client, project: Record) -> bool:
    """Tell whether the last update was successful, is young, and is what the project is at."""
    updated = project.time("last_updated")
    last = project.maybe_record("summary_fields").maybe_record("last_update")
    now = client.server_time or datetime.now(timezone.utc)
    if updated is None or now - updated > FRESH or last.maybe_text("status") != "successful":
        return False
    update = client.get(f"project_updates/{last.integer('id')}/")
    return update.maybe_text("scm_revision") == project.maybe_text("scm_revision")


def _running_update(project: Record) -> int | None:
    current = project.maybe_record("summary_fields").maybe_record("current_update")
    return current.maybe_integer("id")


def _start(client: Client, project: Record, done: Results) -> int:
    """Start an update; where the answer is lost, one that began since will do as well.

    Raises Refused, naming the role that lacks where AWX says no.
    """
    project_id = project.integer("id")
    path = f"projects/{project_id}/update/"
    try:
        return client.post(path).integer("project_update")
    except ReadOnly:
        raise
    except Refused as error:
        user = done.get(User)
        words = permission.lacking(user.username if user else "", "update", project, "project")
        raise permission.with_words(error, str(words)) from error
    except AppError as error:
        if not error.is_lost:
            raise
        log.warning("%s: looking whether the update began", error)
    last = project.maybe_record("summary_fields").maybe_record("last_update").maybe_integer("id")
    began = client.get(
        "project_updates/", project=project_id, id__gt=last or 0, order_by="-id", page_size=1
    )
    for row in began.records("results"):
        return row.integer("id")
    return client.post(path).integer("project_update")


def _wait(
    client: Client, project: Record, update_id: int, sleep: Callable[[float], None]
) -> ProjectUpdate:
    path = f"project_updates/{update_id}/"
    name = project.text("name")
    end = until_final(client, path, partial(_tell, update_id), sleep)
    if end.text("status") != "successful":
        until_events_stored(client, path, end, sleep)
        raise SyncFailed(
            f"project {project.integer('id')} ({name}): update {update_id} ended "
            f"{end.text('status')}: {_reason(client, end, path)}"
        )
    return ProjectUpdate(
        update_id,
        project.integer("id"),
        name,
        end.maybe_text("scm_revision"),
        end.number("elapsed"),
    )


def _tell(update_id: int, update: Record) -> None:
    log.info("project update %d is %s", update_id, update.text("status"))


def _reason(client: Client, update: Record, path: str) -> str:
    """Return Git's own words out of the failed event, or the best there is instead."""
    try:
        for event in client.walk(f"{path}events/", event="runner_on_failed"):
            result = event.maybe_record("event_data").maybe_record("res")
            if words := result.maybe_text("msg") or result.maybe_text("stderr"):
                return " ".join(words.split())
    except AppError as error:
        log.debug("no events of update at %s: %s", path, error)
    return update.maybe_text("job_explanation") or f"see {client.url(path)}stdout/?format=txt"
