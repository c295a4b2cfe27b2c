"""Routes of role definitions and of who they are assigned to: the newer of AWX's role systems.

After ansible_base/rbac/api/ of django-ansible-base.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from demo import model, poses
from demo.errors import Refused, forbidden, missing
from demo.fields import TABLES
from demo.paging import page, selected
from demo.permissions import administers, sees
from demo.role_definitions import BY_CLASS, FIELD_OF, RoleDefinition, full_name
from demo.role_kinds import KINDS
from demo.roles import ContentType, holds
from demo.rows_assignments import assignment, definition
from demo.tables import detail_of, list_of, shown
from demo.web import answer, created

if TYPE_CHECKING:
    from starlette.responses import Response

    from demo.aliases import Json
    from demo.rows_common import Row
    from demo.web import Call, Handler

HOLDERS: dict[str, type[model.Entity]] = {"user": model.User, "team": model.Team}
# The ids of assignments on nothing, which hold for the whole system.
OF_THE_SYSTEM = 100_000
NOT_LOCAL = "Not managed locally, use the resource server instead"
REQUIRED = "This field is required."


class Assignment(NamedTuple):
    """A grant with the names that filters give to its parts."""

    id: int
    created: float
    created_by: model.User | None
    role_definition: model.Entity
    object_id: str | None
    content_type: ContentType | None
    user: model.User | None
    team: model.Team | None
    resource: model.Entity | None


def _assignments(call: Call, holder: str) -> list[Assignment]:
    found = []
    for row, grant in call.world.roles.all():
        if not isinstance(grant.holder, HOLDERS[holder]) or not sees(call.user, row):
            continue
        kind = KINDS[type(row)]
        user = grant.holder if isinstance(grant.holder, model.User) else None
        team = grant.holder if isinstance(grant.holder, model.Team) else None
        defined = call.world.roles.definitions[grant.definition_id]
        on = ContentType(kind.number + 1, kind.model_class.lower())
        found.append(
            Assignment(
                grant.id, grant.created, grant.created_by, defined, str(row.id), on, user, team, row
            )
        )
    return found + (_of_the_system(call) if holder == "user" else [])


def _of_the_system(call: Call) -> list[Assignment]:
    """Return what AWX keeps of each system auditor; of superusers it keeps none."""
    (defined,) = (
        each for each in call.world.roles.definitions.values() if each.name == "System Auditor"
    )
    sees_all = call.user.is_superuser or call.user.is_system_auditor
    return [
        Assignment(
            OF_THE_SYSTEM + user.id, user.created, None, defined, None, None, user, None, None
        )
        for user in call.world.all(model.User)
        if user.is_system_auditor and sees_all
    ]


def _list(holder: str) -> Handler:
    def handler(call: Call) -> Row:
        table = TABLES[f"role_{holder}_assignment"]
        chosen = selected(_assignments(call, holder), table, call.params)
        return page(
            call.path, call.params, chosen, lambda each: assignment(call.frame, each, holder)
        )

    return handler


def _found(call: Call, holder: str) -> Assignment:
    for each in _assignments(call, holder):
        if each.id == call.row_id:
            return each
    raise missing(f"Role{holder.title()}Assignment")


def _delete(holder: str) -> Handler:
    def handler(call: Call) -> Response:
        each = _found(call, holder)
        if not each.resource or not administers(call.user, each.resource):
            raise forbidden()
        assert isinstance(each.role_definition, RoleDefinition)  # noqa: S101 - there are no others
        _refuse_elsewhere(call, each.role_definition)
        grants = each.resource.grants
        grants[:] = [grant for grant in grants if grant.id != each.id]
        call.world.roles.version += 1
        return answer(None, 204)

    return handler


def _refuse_elsewhere(call: Call, defined: RoleDefinition) -> None:
    shared = [each for each in defined.permissions if each.startswith("shared.")]
    changes = [each for each in shared if not each.startswith("shared.view")]
    if changes and call.world.pose is poses.GATEWAY:
        raise Refused(400, [NOT_LOCAL])


def _unknown(name: str, value: Json) -> Refused:
    return Refused(400, {name: [f'Invalid pk "{value}" - object does not exist.']})


def _create(holder: str) -> Handler:
    def handler(call: Call) -> Response:
        body = call.body()
        defined = _definition(call, body)
        actor = _actor(call, body, holder)
        resource = _resource(call, body, defined)
        _refuse_actor(actor, resource, defined)
        if not administers(call.user, resource):
            raise forbidden()
        _refuse_elsewhere(call, defined)
        grant = call.world.roles.give(resource, defined, actor, by=call.user)
        made = next(each for each in _assignments(call, holder) if each.id == grant.id)
        row = assignment(call.frame, made, holder)
        return created(row, row["url"])

    return handler


def _definition(call: Call, body: dict[str, Any]) -> RoleDefinition:
    number = body.get("role_definition")
    if number is None:
        raise Refused(400, {"role_definition": [REQUIRED]})
    found = call.world.roles.definitions.get(_as_id(number))
    if not isinstance(found, RoleDefinition):
        raise _unknown("role_definition", number)
    return found


def _as_id(value: Json) -> int:
    return int(value) if str(value).isdecimal() and not isinstance(value, bool) else 0


def _actor(call: Call, body: dict[str, Any], holder: str) -> model.User | model.Team:
    number = body.get(holder)
    if number is None:
        text = f"Provide exactly one of {holder} or {holder}_ansible_id"
        raise Refused(400, {holder: text, f"{holder}_ansible_id": text})
    found = call.world.tables[HOLDERS[holder]].get(_as_id(number))
    if not isinstance(found, model.User | model.Team) or not shown(call, found):
        raise _unknown(holder, number)
    return found


def _resource(call: Call, body: dict[str, Any], defined: RoleDefinition) -> model.Entity:
    number = body.get("object_id")
    kind = BY_CLASS.get((defined.content_type or "").rpartition(".")[2])
    if not defined.content_type:
        raise Refused(400, {"object_id": "System role does not allow for object assignment"})
    if not number:
        text = "Object must be specified for this role assignment"
        raise Refused(400, {"object_id": text})
    of = next((each for each, known in KINDS.items() if known is kind), model.Label)
    found = call.world.tables[of].get(_as_id(number)) if kind else None
    if found is None or not sees(call.user, found):
        raise _unknown("object_id", number)
    return found


def _refuse_actor(
    actor: model.User | model.Team, resource: model.Entity, defined: RoleDefinition
) -> None:
    if isinstance(resource, model.Credential):
        if isinstance(actor, model.User):
            is_fit = holds(actor, resource.organization, "admin_role")
        else:
            is_fit = actor.organization is resource.organization
        if not is_fit:
            text = (
                f"You cannot grant credential access to a {type(actor).__name__} "
                "not in the credentials' organization"
            )
            raise Refused(400, {"detail": text})
    manages = any(each.endswith("_team") for each in defined.permissions)
    if isinstance(actor, model.Team) and isinstance(resource, model.Organization) and manages:
        text = "Assigning organization permissions that manage other teams is not allowed"
        raise Refused(400, [text])


def _definition_create(call: Call) -> Response:
    """Make a definition out of what this AWX knows to tell apart: what may be started and used."""
    if not call.user.is_superuser:
        raise forbidden()
    body = call.body()
    for name in ("name", "permissions"):
        if not body.get(name):
            raise Refused(400, {name: [REQUIRED]})
    definitions = call.world.roles.definitions
    if any(each.name == body["name"] for each in definitions.values()):
        raise Refused(400, {"name": ["role definition with this name already exists."]})
    model_name = str(body.get("content_type") or "").rpartition(".")[2]
    if not model_name:
        text = "System-wide roles are not enabled"
        raise Refused(400, {"content_type": [text]})
    known = {full_name(f"{action}_{model_name}"): FIELD_OF[action] for action in FIELD_OF}
    given = [full_name(str(each).rpartition(".")[2]) for each in body["permissions"]]
    wrong = {str(n): each for n, each in enumerate(given) if each not in known}
    if wrong or model_name not in BY_CLASS:
        texts = {n: [f'Invalid pk "{each}" - object does not exist.'] for n, each in wrong.items()}
        raise Refused(400, {"permissions": texts})
    made = RoleDefinition(
        id=call.world.roles.new_definition_id(),
        name=str(body["name"]),
        description=str(body.get("description") or ""),
        created=call.world.now(),
        created_by=call.user,
        content_type=BY_CLASS[model_name].content_type,
        permissions=sorted(given),
        role_fields=frozenset(known[each] for each in given),
        managed=False,
    )
    definitions[made.id] = made
    row = definition(call.frame, made)
    return created(row, row["url"])


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    made: dict[str, dict[str, Handler]] = {
        "role_definitions/": {
            "GET": list_of(RoleDefinition, "role_definition", definition),
            "POST": _definition_create,
        },
        "role_definitions/{id:int}/": {"GET": detail_of(RoleDefinition, definition)},
    }
    for holder in HOLDERS:
        path = f"role_{holder}_assignments/"
        made[path] = {"GET": _list(holder), "POST": _create(holder)}
        made[f"{path}{{id:int}}/"] = {
            "GET": _one(holder),
            "DELETE": _delete(holder),
        }
    return made


def _one(holder: str) -> Handler:
    return lambda call: assignment(call.frame, _found(call, holder), holder)
