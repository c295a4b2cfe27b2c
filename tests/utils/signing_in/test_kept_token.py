from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.rows import page
from utils.errors import Refused, UsageError
from utils.signing_in.kept_logins import KeptLogins, Login
from utils.signing_in.kept_token import KeptToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client
    from utils.results import Results

    Make = Callable[..., Settings]

ANN = Login("http://awx.test", "ann", "t1", "r1", scope="write", client_id="app")
ROOT = {"current_version": "/api/v2/", "oauth2": "/api/o/"}
NEXT = {"access_token": "t2", "refresh_token": "r2", "token_type": "Bearer", "scope": "write"}


@pytest.fixture
def logins() -> KeptLogins:
    made = KeptLogins()
    with made.locked():
        made.keep(ANN)
    return made


def begin(client: Client, settings: Settings, done: Results, logins: KeptLogins) -> None:
    KeptToken(client, settings, done, logins, ANN).sign_in()


def test_the_next_token_is_kept_before_it_is_used(
    client: Client, settings: Make, done: Results, awx: FakeAwx, logins: KeptLogins
) -> None:
    awx.refuse("GET", "jobs/5/", 401)
    awx.get("/api/", ROOT)
    awx.post("/api/o/token/", NEXT)
    awx.get("jobs/5/", {"id": 5})
    begin(client, settings(), done, logins)
    client.get("jobs/5/")
    assert awx.requests[-1].headers["Authorization"] == "Bearer t2"
    kept = logins.find("http://awx.test")
    assert kept
    assert (kept.token, kept.refresh_token, kept.username) == ("t2", "r2", "ann")


def test_nothing_is_refreshed_that_could_not_be_kept(
    client: Client, settings: Make, done: Results, awx: FakeAwx, logins: KeptLogins
) -> None:
    awx.refuse("GET", "jobs/5/", 401)
    begin(client, settings(), done, logins)
    shutil.rmtree(logins.path.parent)
    logins.path.parent.write_text("in the way")
    with pytest.raises(UsageError, match="cannot write"):
        client.get("jobs/5/")
    assert awx.sent == ["GET jobs/5/"]


def test_that_of_another_process_is_used(
    client: Client, settings: Make, done: Results, awx: FakeAwx, logins: KeptLogins
) -> None:
    awx.refuse("GET", "jobs/5/", 401)
    awx.get("jobs/5/", {"id": 5})
    begin(client, settings(), done, logins)
    with logins.locked():
        logins.keep(Login("http://awx.test", "ann", "theirs", "r9"))
    client.get("jobs/5/")
    assert awx.sent == ["GET jobs/5/", "GET jobs/5/"]
    assert awx.requests[-1].headers["Authorization"] == "Bearer theirs"


@pytest.mark.parametrize("secret", ["", "of-app"])
def test_the_secret_of_another_application_is_not_sent(
    client: Client, settings: Make, done: Results, awx: FakeAwx, logins: KeptLogins, secret: str
) -> None:
    awx.refuse("GET", "me/", 401)
    awx.get("/api/", ROOT)
    awx.post("/api/o/token/", NEXT)
    awx.get("me/", page({"id": 1}))
    name = "app" if secret else "other"
    env = {"AWX_CLIENT_ID": name, "AWX_CLIENT_SECRET": secret or "of-other"}
    begin(client, settings(env), done, logins)
    client.get("me/")
    assert ("Authorization" in awx.requests[2].headers) is bool(secret)
    assert ("client_id=app" in str(awx.requests[2].body)) is not bool(secret)


def test_where_awx_has_no_tokens_any_more_that_is_said(
    client: Client, settings: Make, done: Results, awx: FakeAwx, logins: KeptLogins
) -> None:
    awx.get("/api/", {"current_version": "/api/v2/"})
    way = KeptToken(client, settings(), done, logins, ANN)
    assert "has no tokens; it takes --auth session" in str(way.refused(Refused("401")))


def test_a_confidential_login_without_its_secret_cannot_be_refreshed(
    client: Client, settings: Make, done: Results, logins: KeptLogins
) -> None:
    login = Login("http://awx.test", "ann", "t1", "r1", client_id="app", is_confidential=True)
    secret = {"AWX_CLIENT_SECRET": "s3cret"}
    for env, expected in (({}, False), (secret, True)):
        way = KeptToken(client, settings(env), done, logins, login)
        assert way.life().is_renewable is expected
