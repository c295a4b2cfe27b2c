"""Routes of the instance and its users, and of organizations and what runs jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo import api_root, model, poses, rows_access
from demo.errors import Refused, detail, forbidden
from demo.tables import detail_of, list_of, listing

if TYPE_CHECKING:
    from starlette.responses import Response

    from demo.web import Call, Handler


ELSEWHERE = (
    "Creation of this resource is not allowed. Create this resource via the platform ingress."
)


def me(call: Call) -> dict[str, Any]:
    """Return the user himself, as a list of one."""
    return listing(call, "user", [call.user], rows_access.user)


def users(call: Call) -> dict[str, Any]:
    """Return the users."""
    return listing(call, "user", call.world.all(model.User), rows_access.user)


def refuse_creation(kind: str, needed: str) -> Handler:
    """Return a handler that refuses to make rows: this AWX is for running things."""

    def handler(call: Call) -> Response:
        body = call.body()
        if not call.user.is_superuser:
            raise forbidden()
        if call.world.pose is poses.GATEWAY:
            raise detail(403, ELSEWHERE)
        if not body.get(needed):
            raise Refused(400, {needed: ["This field is required."]})
        if needed == "name" and any(
            getattr(row, "name", None) == body["name"]
            for row in call.world.tables[model.Organization].values()
        ):
            raise Refused(400, {"name": [f"{kind} with this Name already exists."]})
        raise detail(405, "The embedded AWX makes no new rows of this type.")

    return handler


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    access = rows_access
    return {
        "config/": {"GET": api_root.config},
        "me/": {"GET": me},
        "users/": {"GET": users, "POST": refuse_creation("User", "username")},
        "users/{id:int}/": {"GET": detail_of(model.User, access.user)},
        "organizations/": {
            "GET": list_of(model.Organization, "organization", access.organization),
            "POST": refuse_creation("Organization", "name"),
        },
        "organizations/{id:int}/": {"GET": detail_of(model.Organization, access.organization)},
        "labels/": {"GET": list_of(model.Label, "label", access.label)},
        "labels/{id:int}/": {"GET": detail_of(model.Label, access.label)},
        "execution_environments/": {
            "GET": list_of(model.ExecutionEnvironment, "execution_environment", access.environment)
        },
        "execution_environments/{id:int}/": {
            "GET": detail_of(model.ExecutionEnvironment, access.environment)
        },
        "credential_types/": {
            "GET": list_of(model.CredentialType, "credential_type", access.credential_type)
        },
        "credential_types/{id:int}/": {
            "GET": detail_of(model.CredentialType, access.credential_type)
        },
        "credentials/": {"GET": list_of(model.Credential, "credential", access.credential)},
        "credentials/{id:int}/": {"GET": detail_of(model.Credential, access.credential)},
        "credentials/{id:int}/input_sources/": {"GET": input_sources},
    }


def input_sources(call: Call) -> dict[str, Any]:
    """Return which fields of a credential are filled by other credentials."""
    row = detail_row(call)
    return listing(call, "input_source", row.input_sources, rows_access.input_source)


def detail_row(call: Call) -> model.Credential:
    """Return the credential of the path."""
    from demo.tables import find  # noqa: PLC0415 - only this route needs it

    row = find(call, model.Credential)
    assert isinstance(row, model.Credential)  # noqa: S101 - the table has nothing else
    return row
