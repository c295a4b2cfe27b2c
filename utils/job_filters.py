"""Which jobs are meant: the settings of `history` as AWX's own filters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone, tzinfo
from typing import TYPE_CHECKING

from utils.errors import UsageError
from utils.find import find, find_template
from utils.moments import moment

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.awx_client.params import Params

# Where it is said what takes the place of a parameter of AWX's that is no filter.
_INSTEAD = {
    "order_by": "--order", "order": "--order", "page_size": "--limit or --all",
    "page": "--limit or --all", "limit": "--limit",
}  # fmt: skip
_NO_FILTERS = {*_INSTEAD, "count_disabled", "format", "type", "no_truncate"}


@dataclass(frozen=True)
class JobList:
    """A list of AWX's: its path below the API's root, and the filters that hold."""

    path: str
    params: Params


def plain_filters(settings: Settings, now: datetime) -> Params:
    """Return the filters that need nothing of AWX; raises UsageError for what makes no sense."""
    found: Params = {}
    since, until = period(settings, now)
    if since:
        found["created__gte"] = since.astimezone(timezone.utc).isoformat()
    if until:
        found["created__lt"] = until.astimezone(timezone.utc).isoformat()
    if settings.status:
        found["status__in"] = ",".join(settings.status)
    if settings.launch_type:
        found["launch_type__in"] = ",".join(settings.launch_type)
    if settings.only_user:
        found["created_by__username"] = settings.only_user
    source = settings.source("filter")
    for text in settings.filter:
        name, value = _filter(source, text)
        before = found.get(name, ())
        # All of them hold, or with or__ any of them: that is for AWX to say.
        found[name] = (*(before if isinstance(before, tuple) else (str(before),)), value)
    return found


def job_list(client: Client, settings: Settings, plain: Params) -> JobList:
    """Return the list with the filters, what is named by a name looked up in AWX.

    A workflow template's is that of its workflow jobs. Raises PreflightFailed for what AWX does
    not have, UsageError for what such jobs do not have.
    """
    params, path = dict(plain), "jobs/"
    if settings.only_template:
        row = find_template(client, settings.only_template)
        kind = row.text("type")
        params[kind] = row.integer("id")
        path = "workflow_jobs/" if kind == "workflow_job_template" else path
    if settings.only_inventory:
        row = find(client, "inventories", settings.only_inventory, "inventory")
        params["inventory"] = row.integer("id")
    if settings.only_project:
        if path != "jobs/":
            source, workflow = settings.source("only_project"), settings.only_template
            raise UsageError(f"{source}: {workflow} is a workflow, which has no project")
        row = find(client, "projects", settings.only_project, "project")
        params["project"] = row.integer("id")
    return JobList(path, params)


def period(
    settings: Settings, now: datetime, zone: tzinfo | None = None
) -> tuple[datetime | None, datetime | None]:
    """Return `--since` and `--until`, None where they are not set; dates are meant in that zone.

    Raises UsageError for what is no time, and for a period that ends before it begins.
    """
    since, until = (_time(settings, name, now, zone) for name in ("since", "until"))
    if since and (until or now) <= since:
        end = f"{settings.source('until')} {settings.until}" if until else "now"
        raise UsageError(f"{settings.source('since')} {settings.since} is not before {end}")
    return since, until


def _time(settings: Settings, name: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    text = getattr(settings, name)
    if not text:
        return None
    try:
        return moment(text, now, zone)
    except ValueError as error:
        raise UsageError(f"{settings.source(name)} is {text!r}: it {error}") from None


def _filter(source: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not re.fullmatch(r"\w+", name):
        raise UsageError(
            f"{source} is {text!r}: it takes AWX's filters, such as elapsed__gt=60 or name=Deploy"
        )
    if name in _NO_FILTERS:
        instead = f": use {_INSTEAD[name]}" if name in _INSTEAD else ""
        raise UsageError(f"{source} {text}: {name} is no filter{instead}")
    return name, value
