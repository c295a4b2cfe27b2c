"""`schedule`: when AWX starts what by itself, made, listed, changed and removed."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import auth
import prompts
from utils import json_output, list_writers, logger, output
from utils.asking import confirm
from utils.errors import AppError, ExitCode, UsageError
from utils.files import replacing
from utils.find import find
from utils.schedules import (
    applying,
    doing,
    exporting,
    file,
    listing,
    occurrences,
    outcome,
    planning,
    showing,
    timing,
)
from utils.schedules.zones import Zones
from utils.session import session
from utils.signals import Interrupted
from utils.statistics.words import plural
from utils.statistics.zone import Zone

if TYPE_CHECKING:
    from datetime import tzinfo

    from config import Settings
    from utils.awx_client import Client
    from utils.command_line import Call

log = logger.get("schedule")


def run_add(call: Call) -> ExitCode:
    """Make a schedule, or change the one of that name so that it is as asked for.

    AWX is asked first when it would fall due (`POST /schedules/preview/`); nothing is sent that
    changes anything where all is as it should be.
    """
    asked, now = call.settings, _now()
    if not asked.first_asked("of_project", "template"):
        raise UsageError("nothing says what to run: pass --template or --project")
    timing.rule_of(asked, now)
    planning.refuse_nameless(asked)
    prompts.given_variables(asked)
    write = json_output.writer(asked)
    with session(asked) as (client, settings, done):
        user = auth.obtain(client, settings, done)
        wanted = planning.wanted(
            client, settings, _server_now(client, now), Zones(client), username=user.username
        )
        step = outcome.step(client, wanted, renew=settings.renew_secrets)
        coming = outcome.previewed(client, step)
        is_text = settings.output == "text"
        if is_text:
            step.tell()
            if coming:
                output.result("\n".join(coming.lines()) + "\n")
        if step.action == "none":
            log.info(
                "schedule %s (%s) is as asked for: nothing to do", step.schedule_id, wanted.name
            )
        if step.action == "update" and not settings.yes and not settings.dry_run:
            confirm(f"Change schedule {step.schedule_id} ({wanted.name})?", "not changed")
        row = None if settings.dry_run else step.do(client)
    if not is_text:
        write(step.document(row, coming, is_done=not settings.dry_run))
    return ExitCode.OK


def run_list(call: Call) -> ExitCode:
    """List schedules (`GET /api/v2/schedules/`), of templates, workflows and projects."""
    write = list_writers.chosen(call.settings, listing.columns(_zone(call.settings)))
    with session(call.settings) as (client, settings, done):
        auth.obtain(client, settings, done)
        rows = listing.rows(client, settings)
        with_results = settings.output in {"text", "csv"}
        write(client, listing.listed(client, rows, with_results=with_results))
    if not rows:
        log.info("no schedule fits")
    return ExitCode.OK


def run_show(call: Call) -> ExitCode:
    """Show a schedule (`GET /api/v2/schedules/N/`), when it falls due, and its last jobs."""
    zone = _zone(call.settings)
    write = json_output.writer(call.settings)
    with session(call.settings) as (client, settings, done):
        auth.obtain(client, settings, done)
        row = find(client, "schedules", call.arguments[0], "schedule")
        if settings.output == "json":
            write(showing.document(client, row))
        else:
            showing.write(client, row, zone)
    return ExitCode.OK


def run_enable(call: Call) -> ExitCode:
    """Let AWX start what schedules say (`PATCH /api/v2/schedules/N/`)."""
    return _switch(call, on=True)


def run_disable(call: Call) -> ExitCode:
    """Let AWX start nothing by schedules, and keep them."""
    return _switch(call, on=False)


def _switch(call: Call, *, on: bool) -> ExitCode:
    write = json_output.writer(call.settings)
    word = "enabled" if on else "disabled"
    documents = []
    with session(call.settings) as (client, settings, done):
        auth.obtain(client, settings, done)
        for row in listing.named(client, call.arguments):
            schedule_id, name = row.integer("id"), row.text("name")
            is_to_do = row.flag("enabled") is not on
            if is_to_do:
                row = client.patch(f"schedules/{schedule_id}/", {"enabled": on})  # noqa: PLW2901
            log.info("schedule %d (%s) is %s%s", schedule_id, name, word,
                     "" if is_to_do else " already")  # fmt: skip
            documents.append({"id": schedule_id, "name": name, "enabled": on, "changed": is_to_do,
                              "next_run": row.maybe_text("next_run") or None})  # fmt: skip
    if settings.output == "json":
        write(documents)
    return ExitCode.OK


def run_remove(call: Call) -> ExitCode:
    """Remove schedules (`DELETE /api/v2/schedules/N/`), what they have started stays."""
    write = json_output.writer(call.settings)
    documents = []
    with session(call.settings) as (client, settings, done):
        auth.obtain(client, settings, done)
        rows = listing.named(client, call.arguments, may_be_gone=True)
        told = [f"{row.integer('id')} ({row.text('name')}, {listing.told_target(row)})"
                for row in rows]  # fmt: skip
        if rows and not settings.yes:
            confirm(f"Remove {plural(len(rows), 'schedule')}: {', '.join(told)}?", "none removed")
        for row, text in zip(rows, told, strict=True):
            doing.remove(client, row.integer("id"))
            log.info("schedule %s is removed", text)
            documents.append({"id": row.integer("id"), "name": row.text("name"), "removed": True})
    if settings.output == "json":
        write(documents)
    return ExitCode.OK


def run_preview(call: Call) -> ExitCode:
    """Show when a schedule falls due next, or what `--every` and its like mean would."""
    asked, now = call.settings, _now()
    if bool(call.arguments) is timing.is_asked(asked):
        raise UsageError("schedule preview takes a schedule, or --every, --cron, --rrule or --at")
    if not call.arguments:
        timing.rule_of(asked, now)
    write = json_output.writer(asked)
    with session(asked) as (client, settings, done):
        auth.obtain(client, settings, done)
        if call.arguments:
            row = find(client, "schedules", call.arguments[0], "schedule")
            text, source = row.text("rrule"), f"schedule {row.integer('id')}"
        else:
            rule = timing.rule_of(settings, _server_now(client, now), Zones(client))
            text, source = str(rule), settings.source(timing.way_of(settings))
        coming = occurrences.preview(client, text, source)
    if settings.output == "json":
        write({"rrule": text, "occurrences": coming.document()})
    else:
        output.result("\n".join([text, *coming.lines()]) + "\n")
    if not coming.local:
        log.info("it never falls due any more")
    return ExitCode.OK


def run_export(call: Call) -> ExitCode:
    """Write schedules as a file that `schedule apply` takes, to standard output or `--save`."""
    with session(call.settings) as (client, settings, done):
        auth.obtain(client, settings, done)
        rows = listing.rows(client, settings)
        text = exporting.text(client, rows)
        if settings.save:
            with replacing(Path(settings.save)) as stream:
                stream.write(text.encode())
            log.info("written: %s (%s)", settings.save, plural(len(rows), "schedule"))
        else:
            output.result(text)
    return ExitCode.OK


def run_apply(call: Call) -> ExitCode:
    """Make AWX have the schedules of a file; all is checked before anything is changed."""
    entries, now = file.read(call.settings), _now()
    write = json_output.writer(call.settings)
    with session(call.settings) as (client, settings, done):
        user = auth.obtain(client, settings, done)
        now = _server_now(client, now)
        plan = applying.plan(
            client,
            entries,
            now,
            prune=settings.prune,
            renew=settings.renew_secrets,
            username=user.username,
        )
        is_text = settings.output == "text"
        if is_text:
            plan.tell()
        if plan.is_empty:
            log.info("%s: nothing to do", plural(len(entries), "schedule"))
        if plan.touches and not settings.yes and not settings.dry_run:
            confirm(f"In AWX, {' and '.join(plan.touches)}?", "nothing was changed")
        documents: list[dict[str, object]] = []
        try:
            documents.extend(plan.documents() if settings.dry_run else plan.do(client))
        except (AppError, Interrupted):
            # What was done before AWX refused something, or somebody stopped it.
            if not is_text:
                json_output.write_anyway(write, documents)
            raise
    if not is_text:
        json_output.write_surely(write, documents)
    return ExitCode.OK


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _server_now(client: Client, now: datetime) -> datetime:
    """Return the time by AWX's clock, which is what schedules go by."""
    return client.server_time or now


def _zone(settings: Settings) -> tzinfo | None:
    try:
        return Zone(settings.tz).info
    except ValueError as error:
        raise UsageError(f"{settings.source('tz')} is {settings.tz!r}: it {error}") from None
