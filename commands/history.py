"""`history`: past jobs, newest first."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import auth
import history
from utils import json_output, logger, output
from utils.errors import ExitCode, UsageError
from utils.find import find
from utils.session import session
from utils.table import aligned
from utils.values import duration_s

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config import Settings
    from utils.awx_client import Client
    from utils.command_line import Call
    from utils.record import Record

log = logger.get("history")

LARGEST_PAGE = 200


def run(call: Call) -> ExitCode:
    """Print the jobs that fit the filters (`GET /api/v2/jobs/`), a table or a JSON list."""
    write = json_output.writer(call.settings)
    since = _since(call.settings)
    with session(call.settings) as (client, settings, done):
        auth.obtain(client, settings, done)
        params = {**since, **_filters(client, settings)}
        at_most = None if settings.all else settings.history
        chosen = client.walk("jobs/", newest_first=True, at_most=at_most, **params)
        if settings.output == "json":
            _write_json(settings, chosen, write)
            return ExitCode.OK
        table = [history.cells(row) for row in chosen]
    if not table:
        log.info("no jobs")
    output.result("\n".join(aligned(history.COLUMNS, table)) + "\n")
    return ExitCode.OK


def _write_json(settings: Settings, rows: Iterable[Record], write: json_output.Write) -> None:
    """Write a list of AWX's own rows as they come, whole only where jq has to see all of it."""
    if settings.jq:
        write([dict(row.items()) for row in rows])
        return
    lead = "[\n"
    for row in rows:
        output.result(lead + json.dumps(row.fields))
        lead = ",\n"
    output.result("[]\n" if lead == "[\n" else "\n]\n")


def _filters(client: Client, settings: Settings) -> dict[str, str | int]:
    params: dict[str, str | int] = {}
    if not settings.all:
        params["page_size"] = max(1, min(settings.history, LARGEST_PAGE))
    if settings.template:
        row = find(client, "job_templates", settings.template, "job template")
        params["job_template"] = row.integer("id")
    if settings.status:
        params["status__in"] = ",".join(settings.status)
    return params


def _since(settings: Settings) -> dict[str, str | int]:
    """Return the filter for a time: a duration back from now, or a local date or time."""
    text = settings.since
    if not text:
        return {}
    try:
        if re.fullmatch(r"[\d.]+[smhd]", text):
            moment = datetime.now(timezone.utc) - timedelta(seconds=duration_s(text))
        else:
            moment = datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        source = settings.source("since")
        message = f"{source} is {text!r}: it takes a duration such as 7d or 12h, or a date"
        raise UsageError(f"{message} such as 2026-01-31") from None
    return {"created__gte": moment.isoformat()}
