"""Rows of OAuth2 tokens and applications; their secrets are shown once, when they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import rows_common as common
from demo.text import iso

if TYPE_CHECKING:
    from demo.model_oauth import Application, Token
    from demo.rows_common import Frame, Row

HIDDEN = "************"
LISTED = 10


def token(frame: Frame, row: Token, *, detail: bool = False, clear: bool = False) -> Row:
    """Return a token; `clear` shows its value, as the answer that made it does."""
    del detail
    related = {"user": frame.url("users", row.user.id)}
    summary: Row = {"user": common.user(row.user)}
    if row.application:
        related["application"] = frame.url("applications", row.application.id)
        summary["application"] = {"id": row.application.id, "name": row.application.name}
    refresh = row.refresh_token.token if row.refresh_token else None
    return {
        "id": row.id,
        "type": "o_auth2_access_token",
        "url": frame.url("tokens", row.id),
        "related": {**related, **frame.below("tokens", row.id, "activity_stream")},
        "summary_fields": summary,
        "created": iso(row.created),
        "modified": iso(row.modified),
        "description": row.description,
        "user": row.user.id,
        "token": row.token if clear else HIDDEN,
        "refresh_token": refresh if clear or refresh is None else HIDDEN,
        "application": row.application.id if row.application else None,
        "expires": iso(row.expires),
        "scope": row.scope,
    }


def application(
    frame: Frame, row: Application, *, detail: bool = False, clear: bool = False
) -> Row:
    """Return an application; `clear` shows its secret, as the answer that made it does."""
    made = common.head(frame, row, "o_auth2_application", "applications")
    made["related"] = frame.below("applications", row.id, "tokens", "activity_stream")
    made["summary_fields"] = {}
    if row.organization:
        by_name = common.named(frame, "applications", row.name, row.organization.name)
        link = frame.url("organizations", row.organization.id)
        made["related"] = {
            **(by_name if detail else {}),
            **made["related"],
            "organization": link,
        }
        made["summary_fields"]["organization"] = common.short(row.organization)
    made["summary_fields"] |= {
        "user_capabilities": common.may(frame, row, "edit", "delete"),
        "tokens": tokens_of(frame, row, HIDDEN),
    }
    secret = {"client_secret": row.client_secret if clear else HIDDEN}
    return made | {
        "client_id": row.client_id,
        **(secret if row.confidential else {}),
        "client_type": row.client_type,
        "redirect_uris": row.redirect_uris,
        "authorization_grant_type": row.authorization_grant_type,
        "skip_authorization": row.skip_authorization,
        "organization": row.organization.id if row.organization else None,
    }


def tokens_of(frame: Frame, row: Application, hidden: str) -> Row:
    """Return the short forms of an application's first tokens, their values hidden so."""
    tokens = [token for token in frame.world.tokens.values() if token.application is row]
    shown = [{"id": each.id, "token": hidden, "scope": each.scope} for each in tokens[:LISTED]]
    return {"count": len(tokens), "results": shown}
