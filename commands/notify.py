"""`notify list|create|test|attach|detach`: AWX's own notification templates.

`notify test` without one tries our own messages, those of `--notify-on`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import auth
from utils import json_output, list_writers, logger, resources, signals
from utils.errors import AppError, ExitCode, UsageError
from utils.find import find
from utils.notification_templates import attaching, fields, rows, testing
from utils.printable import printable
from utils.session import session

if TYPE_CHECKING:
    from utils.awx_client import Client
    from utils.command_line import Call
    from utils.record import Record

log = logger.get("notify")

WHAT = "notification template"


def run_list(call: Call) -> ExitCode:
    """List notification templates (`GET /api/v2/notification_templates/`), or what one thing has.

    With `--template` and the like: those attached to it, each with its events.
    """
    asked = call.settings
    of = resources.chosen(asked, attaching.RESOURCES, or_none=True)
    write = list_writers.chosen(asked, rows.columns(is_attached=bool(of)))
    with session(asked) as (client, settings, done):
        auth.obtain(client, settings, done)
        if of:
            found = attaching.attached(client, resources.found(client, settings, of))
            count = write(client, found)
        else:
            count = write(client, client.walk(fields.PATH))
    if not count:
        log.info("none is attached" if of else "this AWX shows no notification templates")
    return ExitCode.OK


def run_create(call: Call) -> ExitCode:
    """Make a notification template (`POST /api/v2/notification_templates/`).

    Its fields are checked against AWX's own schema before anything is made.
    """
    (name,) = call.arguments
    asked = call.settings
    write = json_output.writer(asked)
    asked.require("notification_type")
    asked.require("of_organization")
    kind = asked.notification_type
    with session(asked) as (client, settings, done):
        auth.obtain(client, settings, done)
        types = fields.schema(client)
        source = settings.source("notification_field")
        takes = fields.type_of(types, kind, settings.source("notification_type"))
        made = fields.configuration(
            takes, settings.notification_field, kind,
            source if settings.notification_field else "--field",
        )  # fmt: skip
        organization = resources.found(client, settings, "of_organization")
        body = {
            "name": name,
            "organization": organization.row.integer("id"),
            "notification_type": kind,
            "notification_configuration": made,
        }
        row = _created(client, body)
    log.info("%s %s is made (id %d)", WHAT, printable(name), row.integer("id"))
    if settings.output == "json":
        write(row.fields)
    return ExitCode.OK


def _created(client: Client, body: dict[str, object]) -> Record:
    """Make it, and look for it where the answer is lost: AWX has no two of that name."""
    try:
        return client.post(fields.PATH, body)
    except AppError as error:
        if not error.is_lost:
            raise
        keys = {"name": str(body["name"]), "organization": str(body["organization"])}
        found = client.get(fields.PATH, **keys).records("results")
        if not found:
            raise
        return found[0]


def run_test(call: Call) -> ExitCode:
    """Let AWX send a test by a notification template, wait for the result, and show it.

    Without one, send a test to where messages about runs go, and ask AWX nothing.
    """
    if len(call.arguments) > 1:
        raise UsageError("notify test takes one notification template at a time")
    for_awx, for_us = call.settings.source("test_timeout"), call.settings.source("notify_template")
    if not call.arguments:
        if for_awx.startswith("-"):
            raise UsageError(f"{for_awx} does nothing without a notification template of AWX's")
        from utils.notifying import trial  # noqa: PLC0415  # only where it is asked for

        return trial.run(call)
    if for_us.startswith("-"):
        raise UsageError(f"{for_us} is for our own messages: AWX has templates of its own")
    (text,) = call.arguments
    write = json_output.writer(call.settings)
    with (
        session(call.settings) as (client, settings, done),
        signals.deadline(settings.test_timeout),
    ):
        auth.obtain(client, settings, done)
        template = find(client, "notification_templates", text, WHAT)
        sent = testing.send(client, template.integer("id"))
    status, error = sent.text("status"), " ".join(printable(sent.maybe_text("error")).split())
    is_sent = status == "successful"
    if is_sent and sent.maybe_integer("notifications_sent") == 0:
        # So AWX has it where a webhook is answered by a redirect that it does not follow.
        is_sent, status = False, "nothing was sent, though AWX calls it successful"
        if sent.text("notification_type") == "webhook":
            error = "does the address redirect?"
    say = log.info if is_sent else log.error
    to = rows.receivers(template)
    say(
        "%s%s: %s%s",
        sent.text("notification_type"),
        f" to {to}" if to else "",
        status,
        f": {error}" if error else "",
    )
    if settings.output == "json":
        write(sent.fields)
    return ExitCode.OK if is_sent else ExitCode.JOB_FAILED


def run_attach(call: Call) -> ExitCode:
    """Let AWX send by notification templates when something starts, succeeds, fails or waits."""
    return _change(call, attach=True)


def run_detach(call: Call) -> ExitCode:
    """Let AWX send by these notification templates no more: at some events, or at any."""
    return _change(call, attach=False)


def _change(call: Call, *, attach: bool) -> ExitCode:
    asked = call.settings
    write = json_output.writer(asked)
    of = resources.chosen(asked, attaching.RESOURCES)
    events = tuple(dict.fromkeys(asked.notification_events))
    if attach and not events:
        raise UsageError(f"at which events? pass --on {','.join(attaching.events_of(of))}")
    attaching.check_events(events, of, asked.source("notification_events"))
    document = []
    with session(asked) as (client, settings, done):
        auth.obtain(client, settings, done)
        resource = resources.found(client, settings, of)
        found = [find(client, "notification_templates", text, WHAT) for text in call.arguments]
        for template in found:
            changed = attaching.change(
                client, template.integer("id"), resource,
                events or attaching.events_of(resource.kind.setting), attach=attach,
            )  # fmt: skip
            _tell(template, resource, changed, attach=attach)
            document.append(
                {"id": template.integer("id"), "name": template.text("name"), "changed": changed}
            )
    if settings.output == "json":
        write({"resource": {"type": resource.row.text("type"), "id": resource.row.integer("id")},
               "notification_templates": document})  # fmt: skip
    return ExitCode.OK


def _tell(
    template: Record, resource: resources.Resource, changed: list[str], *, attach: bool
) -> None:
    name = printable(template.text("name"))
    if not changed:
        log.info("nothing to do: %s %s %s", name, "is on" if attach else "is not on", resource)
        return
    word = "attached to" if attach else "detached from"
    log.info("%s is %s %s at %s", name, word, resource, ", ".join(changed))
