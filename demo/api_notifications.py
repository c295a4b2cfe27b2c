"""Routes of notification templates, of what they sent, and of what they are attached to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo import model, notifying, rows_notifications
from demo.errors import Refused, detail, forbidden
from demo.model_notifications import EVENTS, Notification, NotificationTemplate
from demo.notification_checks import wrong_fields
from demo.notification_types import completed, faults
from demo.permissions import attaches, notifies
from demo.tables import detail_of, find, list_of, listing
from demo.web import answer, created

if TYPE_CHECKING:
    from starlette.responses import Response

    from demo.aliases import Json
    from demo.rows_common import Row
    from demo.web import Call, Handler

ATTACHED_TO: dict[str, tuple[type[model.Entity], tuple[str, ...]]] = {
    "job_templates": (model.JobTemplate, EVENTS[:3]),
    "projects": (model.Project, EVENTS[:3]),
    "workflow_job_templates": (model.WorkflowTemplate, EVENTS),
    "organizations": (model.Organization, EVENTS),
}
# What AWX answers for, whoever it is that asks: the base address of a fresh installation.
HOME = "https://towerhost"


def fields(call: Call) -> dict[str, Any]:
    """Return the fields by what may be done with them: who makes none is told of none."""
    made: dict[str, Any] = {"GET": {}}
    makes = any(notifies(call.user, row) for row in call.world.all(model.Organization))
    return {**made, "POST": rows_notifications.template_fields()} if makes else made


def create(call: Call) -> Response:
    """Make a notification template."""
    given = call.body()
    if not call.user.is_superuser:
        _refuse_elsewhere(call, given.get("organization"))
    return _kept(call, _made(call, given))


def _refuse_elsewhere(call: Call, organization_id: Json) -> None:
    """Raise what AWX says to who does not administer the notifications of that organization."""
    if organization_id is None:
        raise forbidden()
    if not str(organization_id).isdecimal():
        raise detail(400, "Bad data found in related field organization.")
    try:
        organization = call.world.get(model.Organization, int(organization_id))
    except KeyError:
        raise detail(400, "Organization matching query does not exist.") from None
    if not notifies(call.user, organization):
        raise forbidden()


def _kept(call: Call, made: NotificationTemplate) -> Response:
    call.world.tables.setdefault(NotificationTemplate, {})[made.id] = made
    row = rows_notifications.notification_template(call.frame, made, detail=True)
    return created(row, row["url"])


def _create_in(call: Call, parent: model.Entity, event: str) -> Response:
    """Make a notification template that is attached to a row from the beginning."""
    made = _made(call, call.body())
    if not attaches(call.user, made, parent):
        raise forbidden()
    made.attached[event].append(parent)
    return _kept(call, made)


def _made(call: Call, given: dict[str, Json]) -> NotificationTemplate:
    """Return what the fields given describe, or raise the 400."""
    organizations = {row.id: row for row in call.world.all(model.Organization)}
    kind, organization = given.get("notification_type"), given.get("organization")
    wrong = wrong_fields(given, organizations)
    if wrong:
        raise Refused(400, wrong)
    assert isinstance(kind, str)  # noqa: S101 - it is one of the types
    configuration = completed(kind, dict(given.get("notification_configuration") or {}))
    if found := faults(kind, configuration):
        raise Refused(400, {"__all__": found})
    if organization is None:
        raise Refused(400, {"organization": ["This field cannot be blank."]})
    table = call.world.tables.setdefault(NotificationTemplate, {})
    for row in call.world.all(NotificationTemplate):
        if (row.name, row.organization.id) == (given["name"], organization):
            text = "Notification template with this Organization and Name already exists."
            raise Refused(400, {"__all__": [text]})
    return NotificationTemplate(
        id=max(table, default=0) + 1,
        name=str(given["name"]),
        description=str(given.get("description", "")),
        created=call.world.now(),
        created_by=call.user,
        organization=organizations[organization],
        notification_type=kind,
        configuration=configuration,
        messages=given.get("messages"),
    )


def _changed(call: Call) -> NotificationTemplate:
    """Return the notification template of the path, or raise the 403 of who may only see it."""
    row = find(call, NotificationTemplate)
    assert isinstance(row, NotificationTemplate)  # noqa: S101 - the table has nothing else
    if not notifies(call.user, row.organization):
        raise forbidden()
    return row


def delete(call: Call) -> Response:
    """Remove a notification template with all that it sent."""
    row = _changed(call)
    if any(each.status == "pending" for each in rows_notifications.sent_by(call.frame, row)):
        raise Refused(405, {"error": "Delete not allowed while there are pending notifications"})
    for each in rows_notifications.sent_by(call.frame, row):
        del call.world.tables[Notification][each.id]
    del call.world.tables[NotificationTemplate][row.id]
    return answer(None, 204)


def send_test(call: Call) -> Response:
    """Send a message that says only that it is a test."""
    row = _changed(call)
    call.body()
    text: Json = f"Test Notification {row.id} {HOME}"
    if row.notification_type in {"webhook", "grafana"}:
        text = f'{{"body": "{text}"}}'
    elif row.notification_type not in {"email", "pagerduty"}:
        text = {"body": text}
    table = call.world.tables.setdefault(Notification, {})
    made = Notification(
        id=max(table, default=0) + 1,
        name="",
        created=call.world.now(),
        notification_template=row,
        recipients=row.recipients,
        subject=f"Notification Test {row.id} {HOME}",
        body=text,
    )
    table[made.id] = made
    shown = rows_notifications.notification(call.frame, made)
    response = answer({"notification": made.id, **shown}, 202, {"Location": shown["url"]})
    notifying.send(made)
    return response


def sent(call: Call) -> Row:
    """Return what was sent by a notification template."""
    rows = rows_notifications.sent_by(call.frame, find(call, NotificationTemplate))
    return listing(call, "notification", rows, rows_notifications.notification)


def attached(kind: type[model.Entity], event: str) -> Handler:
    """Return a handler that lists what is attached to a row for an event."""

    def handler(call: Call) -> Row:
        parent = find(call, kind)
        rows = [
            row for row in call.world.all(NotificationTemplate) if parent in row.attached[event]
        ]
        return listing(
            call, "notification_template", rows, rows_notifications.notification_template
        )

    return handler


def attach(kind: type[model.Entity], event: str) -> Handler:
    """Return a handler that attaches a notification template to a row, or detaches it."""

    def handler(call: Call) -> Response:
        parent, given = find(call, kind), call.body()
        detaches, row_id = "disassociate" in given, given.get("id")
        if detaches and not row_id:
            raise Refused(400, {"msg": '"id" is required to disassociate'})
        if row_id and not isinstance(row_id, int):
            raise Refused(400, {"msg": '"id" field must be an integer.'})
        if not row_id:
            return _create_in(call, parent, event)
        try:
            row = call.world.get(NotificationTemplate, row_id)
        except KeyError:
            text = "NotificationTemplate matching query does not exist."
            raise detail(400, text) from None
        if not attaches(call.user, row, parent):
            raise forbidden()
        others = [each for each in row.attached[event] if each is not parent]
        row.attached[event] = others if detaches else [*others, parent]
        return answer(None, 204)

    return handler


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    rows = rows_notifications
    template = "notification_templates/{id:int}/"
    listed = list_of(NotificationTemplate, "notification_template", rows.notification_template)
    return {
        "notification_templates/": {"GET": listed, "POST": create, "OPTIONS": fields},
        template: {
            "GET": detail_of(NotificationTemplate, rows.notification_template),
            "DELETE": delete,
        },
        f"{template}test/": {"POST": send_test},
        f"{template}notifications/": {"GET": sent},
        "notifications/": {"GET": list_of(Notification, "notification", rows.notification)},
        "notifications/{id:int}/": {"GET": detail_of(Notification, rows.notification)},
        **{
            f"{collection}/{{id:int}}/notification_templates_{event}/": {
                "GET": attached(kind, event),
                "POST": attach(kind, event),
            }
            for collection, (kind, events) in ATTACHED_TO.items()
            for event in events
        },
    }
