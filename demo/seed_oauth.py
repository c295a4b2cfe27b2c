"""The OAuth2 applications of the demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.model_oauth import CONFIDENTIAL, Application

if TYPE_CHECKING:
    from demo.model import Organization, User

SECRET = "demo-secret"
# Without a port, a loopback address stands for every port (RFC 8252, as AWX compares them).
LOOPBACK = "http://127.0.0.1:8060/callback http://127.0.0.1/callback"


def applications(default: Organization) -> list[Application]:
    """Return one application of each kind that AWX has: by password, by code, and public."""
    return [
        Application(
            id=1,
            name="Demo password",
            organization=default,
            client_id="demo-password",
            client_secret=SECRET,
            client_type=CONFIDENTIAL,
            authorization_grant_type="password",
        ),
        Application(
            id=2,
            name="Demo code",
            organization=default,
            client_id="demo-code",
            client_secret=SECRET,
            client_type=CONFIDENTIAL,
            authorization_grant_type="authorization-code",
            redirect_uris=LOOPBACK,
        ),
        Application(
            id=3,
            name="Demo public",
            organization=default,
            client_id="demo-public",
            client_secret="is-asked-for-by-nobody",
            client_type="public",
            authorization_grant_type="authorization-code",
            redirect_uris=LOOPBACK,
        ),
    ]


def machine(default: Organization, user: User) -> Application:
    """Return the application by which a program gets tokens of a user, which AWX has not."""
    return Application(
        id=4,
        name="Demo machine",
        organization=default,
        user=user,
        client_id="demo-machine",
        client_secret=SECRET,
        client_type=CONFIDENTIAL,
        authorization_grant_type="client-credentials",
    )
