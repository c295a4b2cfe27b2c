"""What Tower 3.2 has and AWX 24.6.1 has not: `authtoken/` and other roots.

After awx/api/views.py of AWX 1.0.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo import tower_tokens
from demo.authentication import by_password
from demo.errors import Refused
from demo.text import iso
from demo.web import answer

if TYPE_CHECKING:
    from starlette.responses import Response

    from demo.aliases import Json
    from demo.web import Call, Handler

WRONG = "Unable to login with provided credentials."
TOP = (
    "authtoken ping instances instance_groups config settings me dashboard organizations "
    "users projects project_updates teams credentials credential_types inventory "
    "inventory_scripts inventory_sources inventory_updates groups hosts job_templates jobs "
    "job_events ad_hoc_commands system_job_templates system_jobs schedules roles "
    "notification_templates notifications labels unified_job_templates unified_jobs "
    "activity_stream workflow_job_templates workflow_jobs workflow_job_template_nodes "
    "workflow_job_nodes"
)


def api_root(call: Call) -> dict[str, Any]:
    """Return which versions there are; needs no credentials."""
    v1, v2 = (f"{call.path}{version}/" for version in ("v1", "v2"))
    return {
        "description": "AWX REST API",
        "current_version": v2,
        "available_versions": {"v1": v1, "v2": v2},
        "custom_logo": "",
        "custom_login_info": "",
    }


def version_root(call: Call) -> dict[str, str]:
    """Return the collections; needs no credentials."""
    names = [
        name for name in TOP.split() if name != "credential_types" or call.path.endswith("/v2/")
    ]
    return {name: f"{call.path}{name}/" for name in names} | {
        "inventory": f"{call.path}inventories/"
    }


def log_in(call: Call) -> Response:
    """Return a token for a name and password: the same again, as long as it lives."""
    body = call.body()
    wrong = {name: text for name in ("username", "password") if (text := _unfit(body, name))}
    if wrong:
        raise Refused(400, wrong)
    user = by_password(call.world, str(body["username"]), str(body["password"]))
    if user is None:
        raise Refused(400, {"__all__": [WRONG]})
    token = tower_tokens.token_for(call.world, user, call.request)
    headers = {"Auth-Token-Timeout": str(tower_tokens.LIFE_S), "Pragma": "no-cache"}
    return answer({"token": token.key, "expires": iso(token.expires)}, headers=headers)


def _unfit(body: dict[str, Json], name: str) -> list[str]:
    if name not in body:
        return ["This field is required."]
    if body[name] is None:
        return ["This field may not be null."]
    return [] if str(body[name]).strip() else ["This field may not be blank."]


def log_out(call: Call) -> Response:
    """End the token of the Authorization header; anything else is as good as ended."""
    kind, _, key = call.request.headers.get("authorization", "").partition(" ")
    token = call.world.auth_tokens.get(key.strip()) if kind == "Token" else None
    if token:
        token.invalidated = True
    return answer(None, 204)


def routes(prefix: str) -> dict[str, dict[str, Handler]]:
    """Return the handlers that need no credentials, by path."""
    made: dict[str, dict[str, Handler]] = {f"{prefix}/": {"GET": api_root}}
    for version in ("v1", "v2"):
        made[f"{prefix}/{version}/"] = {"GET": version_root}
        made[f"{prefix}/{version}/authtoken/"] = {"POST": log_in, "DELETE": log_out}
    return made
