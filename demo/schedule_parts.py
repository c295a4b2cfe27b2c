"""The credentials, labels and instance groups that a schedule runs with: listed, put on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo import model
from demo.errors import Refused, detail, forbidden, missing
from demo.model_schedules import Schedule
from demo.permissions import sees
from demo.roles import holds
from demo.rows_schedules import changes, shown_to
from demo.tables import listing
from demo.web import answer, created

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from demo.rows_common import Row
    from demo.web import Call, Handler

NAMES = {model.Credential: "Credential", model.InstanceGroup: "Instance Group"}


def find_schedule(call: Call, may: Callable[[model.User, Schedule], bool] = shown_to) -> Schedule:
    """Return the schedule of the path; raise the 404, or the 403 of who may not do that to it."""
    row = call.world.tables[Schedule].get(call.row_id)
    if not isinstance(row, Schedule):
        raise missing("Schedule")
    if not may(call.user, row):
        raise forbidden()
    return row


def parts(
    relation: str, kind: type[model.Entity], table: str, make: Callable[..., Row]
) -> dict[str, Handler]:
    """Return the handlers of what a schedule has of one kind."""

    def listed(call: Call) -> Row:
        return listing(call, table, getattr(find_schedule(call), relation), make)

    def put(call: Call) -> Response:
        row, body = find_schedule(call), call.body()
        known = set(call.world.tables[kind])
        by_name = kind is model.Label and not body.get("id") and "disassociate" not in body
        sub = _label(call, body) if by_name else _meant(call, kind, body)
        may_use = (
            holds(call.user, sub, "use_role")
            if isinstance(sub, model.Credential)
            else sees(call.user, sub)
        )
        if not changes(call.user, row) or not may_use:
            raise forbidden()
        having: list[model.Entity] = getattr(row, relation)
        if "disassociate" in body:
            if sub in having:
                having.remove(sub)
            if isinstance(sub, model.Label) and not _is_worn(call, sub):
                del call.world.tables[model.Label][sub.id]
        elif isinstance(sub, model.Credential):
            _attach_credential(row, sub)
        elif sub not in having:
            having.append(sub)
        if sub.id not in known:
            made = make(call.frame, sub, detail=True)
            return created(made, made["url"])
        return answer(None, 204)

    return {"GET": listed, "POST": put}


def _meant(call: Call, kind: type[model.Entity], body: dict[str, Any]) -> model.Entity:
    row_id = body.get("id")
    if not row_id:
        if kind is model.Label:
            raise Refused(400, {"msg": '"id" is required to disassociate'})
        raise Refused(400, {"msg": f"{NAMES[kind]} 'id' field is missing."})
    if not isinstance(row_id, int):
        raise Refused(400, {"msg": '"id" field must be an integer.'})
    row = call.world.tables[kind].get(row_id)
    if row is None:
        raise detail(400, f"{kind.__name__} matching query does not exist.")
    return row


def _is_worn(call: Call, label: model.Label) -> bool:
    """Return whether anything has a label: AWX forgets one that is taken off the last that had."""
    wearers: list[model.Entity] = [
        *call.world.all(Schedule), *call.world.all(model.JobTemplate),
        *call.world.all(model.WorkflowTemplate),
    ]  # fmt: skip
    runs = (getattr(run, "prompts", None) for run in call.world.jobs.values())
    return any(label in (getattr(each, "labels", None) or ()) for each in (*wearers, *runs))


def _label(call: Call, body: dict[str, Any]) -> model.Label:
    """Return the label of that name, made where there is none."""
    wanting = {
        name: ["This field is required."] for name in ("name", "organization") if name not in body
    }
    if wanting:
        raise Refused(400, wanting)
    name, organization_id = str(body["name"] or ""), body["organization"]
    if not name.strip():
        raise Refused(400, {"name": ["This field may not be blank."]})
    organization = call.world.tables[model.Organization].get(organization_id)
    if not isinstance(organization, model.Organization):
        text = f'Invalid pk "{organization_id}" - object does not exist.'
        raise Refused(400, {"organization": [text]})
    for each in call.world.all(model.Label):
        if each.name == name and each.organization is organization:
            return each
    table = call.world.tables[model.Label]
    row_id, now = max(table, default=0) + 1, call.world.now()
    made = model.Label(
        id=row_id, name=name, organization=organization, created=now, created_by=call.user
    )
    table[row_id] = made
    return made


def _attach_credential(row: Schedule, credential: model.Credential) -> None:
    template = row.unified_job_template
    refused = ""
    if not isinstance(template, model.JobTemplate):
        refused = "Related template cannot accept credentials on launch."
    elif credential.passwords_needed:
        refused = (
            "Credential that requires user input on launch cannot be used in saved launch "
            "configuration."
        )
    elif "credential" not in template.asks:
        refused = "Related template is not configured to accept credentials on launch."
    elif _slot(credential) in map(_slot, row.credentials):
        name = _told(credential)
        refused = f"This launch configuration already provides a {name} credential."
    elif credential in template.credentials:
        refused = f"Related template already uses {credential.name} credential."
    if refused:
        raise Refused(400, {"msg": refused})
    row.credentials.append(credential)


def _slot(credential: model.Credential) -> tuple[int, str | None]:
    return credential.credential_type.id, credential.inputs.get("vault_id")


def _told(credential: model.Credential) -> str:
    kind, vault_id = credential.credential_type.name, credential.inputs.get("vault_id")
    return f"{kind} (id={vault_id})" if vault_id else kind
