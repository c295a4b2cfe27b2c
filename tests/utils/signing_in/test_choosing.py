from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from utils.errors import UsageError
from utils.signing_in.choosing import ways
from utils.signing_in.kept_logins import KeptLogins, Login

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results

    Make = Callable[..., Settings]

PASSWORD, TOKEN = {"AWX_PASSWORD": "s3cret"}, {"AWX_TOKEN": "t0ken"}
ID, SECRET = {"AWX_CLIENT_ID": "app"}, {"AWX_CLIENT_SECRET": "h1dden"}


@pytest.mark.parametrize(
    ("env", "is_kept", "first"),
    [
        (TOKEN | PASSWORD | ID | SECRET, True, "GivenToken"),
        (PASSWORD | ID | SECRET, True, "ApplicationToken"),
        (PASSWORD, True, "PersonalToken"),
        (ID | SECRET, True, "KeptToken"),
        ({}, True, "KeptToken"),
        (ID | SECRET, False, "ApplicationToken"),
        ({"AWX_AUTH": "basic"} | PASSWORD | TOKEN, True, "Basic"),
        ({"AWX_AUTH": "personal"} | PASSWORD | TOKEN, True, "PersonalToken"),
        ({"AWX_AUTH": "authorization-code"} | PASSWORD | TOKEN, True, "KeptToken"),
        ({"AWX_AUTH": "session"} | PASSWORD, False, "WebSession"),
        ({"AWX_AUTH": "authtoken"} | PASSWORD, False, "OldToken"),
    ],
)
def test_the_first_way_is_the_best_that_the_settings_allow(
    client: Client,
    settings: Make,
    done: Results,
    env: dict[str, str],
    is_kept: bool,
    first: str,
) -> None:
    if is_kept:
        logins = KeptLogins()
        with logins.locked():
            logins.keep(Login(client.host, "ann", "k3pt"))
    assert type(next(ways(client, settings(env), done))).__name__ == first


@pytest.mark.parametrize(
    ("auth", "told"),
    [
        ("token", "no AWX_TOKEN and no --token-file"),
        ("authorization-code", "token login"),
        ("password", "AWX_CLIENT_ID"),
        ("client-credentials", "AWX_CLIENT_ID"),
    ],
)
def test_a_way_that_lacks_a_setting_names_it(
    client: Client, settings: Make, done: Results, auth: str, told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        next(ways(client, settings({"AWX_AUTH": auth} | PASSWORD), done))


def test_a_login_of_another_user_is_not_taken(
    client: Client, settings: Make, done: Results
) -> None:
    logins = KeptLogins()
    with logins.locked():
        logins.keep(Login(client.host, "ann", "k3pt"))
    env = {"AWX_AUTH": "authorization-code", "AWX_USERNAME": "bob"}
    with pytest.raises(UsageError, match=r"no login of bob to .* is kept .there is ann at"):
        next(ways(client, settings(env), done))
