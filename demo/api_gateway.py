"""What a gateway (Ansible Automation Platform 2.5) has of its own in front of the controller.

After ansible_base/oauth2_provider/ of django-ansible-base. Rows of tokens and applications have
its form, and the endpoints of OAuth2 are at /o/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo import rows_gateway
from demo.api_applications import application_delete, new_application
from demo.api_tokens import found_token, new_token, token_delete
from demo.errors import forbidden
from demo.model_oauth import Application
from demo.tables import find, listing
from demo.web import created

if TYPE_CHECKING:
    from starlette.responses import Response

    from demo.rows_common import Row
    from demo.web import Call, Handler

PARTS = ("gateway", "controller")


def api_root(call: Call) -> dict[str, Any]:
    """Return which services there are; needs no credentials."""
    apis = {name: f"{call.path}{name}/" for name in PARTS}
    return {"description": "AAP gateway REST API", "apis": apis}


def gateway_root(call: Call) -> dict[str, Any]:
    """Return the gateway's own versions; needs no credentials."""
    v1 = f"{call.path}v1/"
    return {
        "description": "AAP gateway REST API",
        "current_version": v1,
        "available_versions": {"v1": v1},
    }


def ping(call: Call) -> dict[str, Any]:
    """Return that the gateway is up; needs no credentials."""
    del call
    return {"version": "2.5", "status": "good", "db_connected": True, "proxy_connected": True}


def _tokens(call: Call) -> Row:
    return listing(call, "token", list(call.world.tokens.values()), rows_gateway.token)


def _token_create(call: Call) -> Response:
    body = call.body()
    if body.get("application") and not call.user.is_superuser:
        raise forbidden()
    row = rows_gateway.token(call.frame, new_token(call, body), clear=True)
    return created(row, row["url"])


def _token(call: Call) -> Row:
    return rows_gateway.token(call.frame, found_token(call))


def _applications(call: Call) -> Row:
    rows = call.world.all(Application)
    return listing(call, "application", rows, rows_gateway.application)


def _application_create(call: Call) -> Response:
    made = new_application(call, call.body())
    row = rows_gateway.application(call.frame, made, clear=True)
    return created(row, row["url"])


def _application(call: Call) -> Row:
    return rows_gateway.application(call.frame, find(call, Application))


def _application_tokens(call: Call) -> Row:
    application = find(call, Application)
    rows = [token for token in call.world.tokens.values() if token.application is application]
    return listing(call, "token", rows, rows_gateway.token)


def open_routes(prefix: str) -> dict[str, dict[str, Handler]]:
    """Return the handlers that need no credentials, by path."""
    return {
        f"{prefix}/": {"GET": api_root},
        f"{prefix}/gateway/": {"GET": gateway_root},
        f"{prefix}/gateway/v1/ping/": {"GET": ping},
    }


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below the gateway's own root by path."""
    return {
        "tokens/": {"GET": _tokens, "POST": _token_create},
        "tokens/{id:int}/": {"GET": _token, "DELETE": token_delete},
        "applications/": {"GET": _applications, "POST": _application_create},
        "applications/{id:int}/": {"GET": _application, "DELETE": application_delete},
        "applications/{id:int}/tokens/": {"GET": _application_tokens},
    }
