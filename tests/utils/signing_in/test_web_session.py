from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

import auth
from tests.fake_awx import HOST
from tests.rows import page
from utils.awx_client import Client
from utils.errors import ExitCode, Refused, Unreachable
from utils.results import Results

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx

    Make = Callable[..., Settings]

SESSION = {"AWX_AUTH": "session", "AWX_USERNAME": "ann", "AWX_PASSWORD": "s3cret"}
OLD = {**SESSION, "AWX_AUTH": "authtoken"}
ME = page({"id": 1, "type": "user", "username": "ann"})
LOST = [502, requests.ConnectionError("Connection aborted."), requests.ReadTimeout("timed out")]
WENT_WELL = {"Location": "/api/v2/"}
LEFT = "there may be a session that is left behind"


def fail(awx: FakeAwx, path: str, trouble: int | Exception) -> None:
    """Let the next POST to that path do its work and lose its answer."""
    if isinstance(trouble, int):
        awx.post(path, "Bad Gateway", trouble)
    else:
        awx.post(path, trouble)


def offer_session(awx: FakeAwx, base: str = "") -> None:
    """Let AWX have a page to log in at, below that path."""
    awx.get(f"{base}/api/", {"current_version": "/api/v2/", "available_versions": {"v2": ""}})
    cookie = {"Set-Cookie": "csrftoken=c5rf; Path=/"}
    awx.get(f"{base}/api/login/", "<form>", headers=cookie)


def begin(awx: FakeAwx, base: str = "") -> None:
    """Let AWX take a login and a logout, below that path."""
    cookie = {"Set-Cookie": "awx_sessionid=s3ssion; Path=/"}
    awx.post(f"{base}/api/login/", status=302, headers=WENT_WELL | cookie)
    awx.get(f"{base}/api/v2/me/", ME)
    awx.post(f"{base}/api/logout/", status=302, headers=WENT_WELL)


@pytest.mark.parametrize("base", ["", "/login", "/my/login/awx"])
def test_a_session_is_ended_where_awx_ends_sessions(
    settings: Make, awx: FakeAwx, base: str, caplog: pytest.LogCaptureFixture
) -> None:
    offer_session(awx, base)
    begin(awx, base)
    with Results() as done:
        auth.obtain(Client(HOST + base), settings(SESSION), done)
    assert awx.sent[-1] == f"POST {base}/api/logout/"
    assert "left behind" not in caplog.text


@pytest.mark.parametrize("trouble", LOST, ids=str)
def test_a_login_whose_answer_is_lost_is_made_again_and_told(
    settings: Make,
    awx: FakeAwx,
    client: Client,
    caplog: pytest.LogCaptureFixture,
    trouble: int | Exception,
) -> None:
    offer_session(awx)
    fail(awx, "/api/login/", trouble)
    begin(awx)
    with Results() as done:
        auth.obtain(client, settings(SESSION), done)
    assert awx.sent.count("POST /api/login/") == 2
    assert caplog.text.count(LEFT) == 1


def test_a_login_whose_answer_never_comes_is_told(
    settings: Make, awx: FakeAwx, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    offer_session(awx)
    fail(awx, "/api/login/", 502)
    with pytest.raises(Unreachable), Results() as done:
        auth.obtain(client, settings(SESSION), done)
    assert caplog.text.count(LEFT) == 1


def test_a_wrong_password_is_sent_once_and_leaves_nothing(
    settings: Make, awx: FakeAwx, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    offer_session(awx)
    awx.post("/api/login/", "<form>", 401)
    with pytest.raises(Refused, match="AWX_PASSWORD") as error, Results() as done:
        auth.obtain(client, settings(SESSION), done)
    assert error.value.exit_code == ExitCode.REFUSED
    assert awx.sent.count("POST /api/login/") == 1
    assert LEFT not in caplog.text


def test_a_logout_whose_answer_is_lost_is_made_again(
    settings: Make, awx: FakeAwx, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    offer_session(awx)
    fail(awx, "/api/logout/", 502)
    begin(awx)
    with Results() as done:
        auth.obtain(client, settings(SESSION), done)
    assert awx.sent[-2:] == ["POST /api/logout/"] * 2
    assert "left behind" not in caplog.text


@pytest.mark.parametrize("trouble", LOST, ids=str)
def test_a_token_of_the_old_kind_is_asked_for_again(
    settings: Make, awx: FakeAwx, client: Client, trouble: int | Exception
) -> None:
    fail(awx, "authtoken/", trouble)
    awx.post("authtoken/", {"token": "0ld", "expires": "2018-01-01T00:30:00Z"})
    awx.get("me/", ME)
    awx.on("DELETE", "authtoken/", status=204)
    with Results() as done:
        auth.obtain(client, settings(OLD), done)
    assert awx.sent == ["POST authtoken/", "POST authtoken/", "GET me/", "DELETE authtoken/"]
