"""Rows of a gateway's tokens and applications.

After ansible_base/oauth2_provider/serializers/ of django-ansible-base and the
CommonModelSerializer that they build on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import rows_common as common
from demo import rows_oauth
from demo.text import iso

if TYPE_CHECKING:
    from demo.model import Entity, User
    from demo.model_oauth import Application, Token
    from demo.rows_common import Frame, Row

HIDDEN = "$encrypted$"


def token(frame: Frame, row: Token, *, clear: bool = False) -> Row:
    """Return a token; `clear` shows its value, as the answer that made it does."""
    made = _common(frame, row, "tokens", row.user)
    made["related"]["user"] = frame.url("users", row.user.id)
    made["summary_fields"]["user"] = common.user(row.user)
    if row.application:
        made["related"]["application"] = frame.url("applications", row.application.id)
        made["summary_fields"]["application"] = _short(row.application)
    refresh = row.refresh_token.token if row.refresh_token else None
    return made | {
        "user": row.user.id,
        "token": row.token if clear else HIDDEN,
        "refresh_token": refresh if clear or refresh is None else HIDDEN,
        "application": row.application.id if row.application else None,
        "expires": iso(row.expires),
        "scope": row.scope,
        "description": row.description,
        "last_used": iso(row.last_used),
    }


def application(frame: Frame, row: Application, *, clear: bool = False) -> Row:
    """Return an application; `clear` shows its secret, as the answer that made it does."""
    made = _common(frame, row, "applications", row.created_by)
    made["related"]["tokens"] = frame.url("applications", row.id, "tokens")
    made["summary_fields"]["tokens"] = rows_oauth.tokens_of(frame, row, HIDDEN)
    if row.organization:
        made["related"]["organization"] = frame.url("organizations", row.organization.id)
        made["summary_fields"]["organization"] = _short(row.organization)
    if row.user:
        made["related"]["user"] = frame.url("users", row.user.id)
        made["summary_fields"]["user"] = common.user(row.user)
    secret = {"client_secret": row.client_secret if clear else HIDDEN}
    return made | {
        "name": row.name,
        "description": row.description,
        "client_id": row.client_id,
        **(secret if row.confidential else {}),
        "client_type": row.client_type,
        "redirect_uris": row.redirect_uris,
        "post_logout_redirect_uris": "",
        "authorization_grant_type": row.authorization_grant_type,
        "skip_authorization": row.skip_authorization,
        "algorithm": "",
        "organization": row.organization.id if row.organization else None,
        "user": row.user.id if row.user else None,
    }


def _short(row: Entity) -> Row:
    return {"id": row.id, "name": row.name}


def _common(frame: Frame, row: Entity, collection: str, author: User | None) -> Row:
    by = {name: author for name in ("created_by", "modified_by") if author}
    return {
        "id": row.id,
        "url": frame.url(collection, row.id),
        "related": {name: frame.url("users", who.id) for name, who in by.items()},
        "summary_fields": {name: common.user(who) for name, who in by.items()},
        "created": iso(row.created),
        "created_by": author.id if author else None,
        "modified": iso(row.modified),
        "modified_by": author.id if author else None,
    }
