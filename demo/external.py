"""Accounts kept outside AWX, such as in LDAP: it gives them no tokens unless told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.model import User


def refusal(user: User) -> str:
    """Return AWX's words for why a user gets no token, nothing where he does.

    After OAuth2AccessToken.validate_external_users in awx/main/models/oauth.py; the setting
    ALLOW_OAUTH2_FOR_EXTERNAL_USERS is off, as AWX comes.
    """
    if not user.external:
        return ""
    text = "OAuth2 Tokens cannot be created by users associated with an external "
    return f"{text}authentication provider ({user.external})"
