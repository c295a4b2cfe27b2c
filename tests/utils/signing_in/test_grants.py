"""What is asked of AWX's OAuth2, held to the requests and answers that a real AWX 24.6.1 showed."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from utils.errors import AppError, BadAnswer, NotOffered, Refused, UsageError
from utils.signing_in.grants import Application, Granted

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

    Make = Callable[..., Settings]

ROOT = {"current_version": "/api/v2/", "oauth2": "/api/o/"}
ANSWER = {
    "access_token": "acc3ss", "expires_in": 31536000000, "token_type": "Bearer",
    "scope": "write", "refresh_token": "r3fresh",
}  # fmt: skip
CONFIDENTIAL = {"AWX_CLIENT_ID": "app", "AWX_CLIENT_SECRET": "s3cret"}
PUBLIC = {"AWX_CLIENT_ID": "app"}
CALLBACK = "http%3A%2F%2F127.0.0.1%3A8060%2Fcallback"
CODE = f"code=wa0N&code_verifier=v3r&redirect_uri={CALLBACK}"
BASIC = f"Basic {b64encode(b'app:s3cret').decode()}"


@pytest.fixture
def application(client: Client, settings: Make, awx: FakeAwx) -> Callable[..., Application]:
    def make(env: dict[str, str]) -> Application:
        awx.get("/api/", ROOT)
        return Application(client, settings(env))

    return make


def asked(awx: FakeAwx) -> tuple[str, str, str]:
    """Return Authorization, type and body of the last request."""
    request = awx.requests[-1]
    return (
        request.headers.get("Authorization", ""),
        str(request.headers["Content-Type"]),
        str(request.body),
    )


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("env", "ask", "authorization", "body"),
    [
        (CONFIDENTIAL, lambda app: app.by_password("admin", "labpassword", "write"), BASIC,
         "grant_type=password&username=admin&password=labpassword&scope=write"),
        (PUBLIC, lambda app: app.by_password("admin", "labpassword", "read"), "",
         "grant_type=password&username=admin&password=labpassword&client_id=app&scope=read"),
        (CONFIDENTIAL, lambda app: app.by_itself("write"), BASIC,
         "grant_type=client_credentials&scope=write"),
        (CONFIDENTIAL, lambda app: app.refreshed("cbIfiQKp"), BASIC,
         "grant_type=refresh_token&refresh_token=cbIfiQKp"),
        (PUBLIC, lambda app: app.refreshed("cbIfiQKp"), "",
         "grant_type=refresh_token&client_id=app&refresh_token=cbIfiQKp"),
        (CONFIDENTIAL, lambda app: app.by_code("wa0N", "http://127.0.0.1:8060/callback", "v3r"),
         BASIC, f"grant_type=authorization_code&{CODE}"),
        (PUBLIC, lambda app: app.by_code("wa0N", "http://127.0.0.1:8060/callback", "v3r"), "",
         f"grant_type=authorization_code&client_id=app&{CODE}"),
    ],
)  # fmt: skip
def test_each_grant_is_asked_for_once_as_awx_takes_it(
    application: Callable[..., Application],
    awx: FakeAwx,
    env: dict[str, str],
    ask: Callable[[Application], Granted],
    authorization: str,
    body: str,
) -> None:
    awx.post("/api/o/token/", ANSWER)
    granted = ask(application(env))
    assert awx.sent == ["GET /api/", "POST /api/o/token/"]
    sent = asked(awx)
    assert sent[:2] == (authorization, FORM)
    assert sorted(sent[2].split("&")) == sorted(body.split("&"))
    assert (granted.token, granted.refresh_token, granted.scope) == ("acc3ss", "r3fresh", "write")
    assert granted.ends
    assert granted.ends.year - datetime.now(timezone.utc).year in {998, 999, 1000}
    assert "acc3ss" not in repr(granted)
    assert "r3fresh" not in repr(granted)


@pytest.mark.parametrize(
    ("env", "token", "refresh", "body"),
    [
        (CONFIDENTIAL, "acc3ss", "", "token=acc3ss&token_type_hint=access_token"),
        (CONFIDENTIAL, "acc3ss", "r3fresh", "token=r3fresh&token_type_hint=refresh_token"),
        (PUBLIC, "acc3ss", "", "token=acc3ss&token_type_hint=access_token&client_id=app"),
    ],
)
def test_a_token_is_taken_back_with_the_one_to_refresh_it_by(
    application: Callable[..., Application],
    awx: FakeAwx,
    env: dict[str, str],
    token: str,
    refresh: str,
    body: str,
) -> None:
    awx.post("/api/o/revoke_token/", "")
    application(env).revoke(Granted(token, refresh, None, "write"))
    assert asked(awx) == (BASIC if env is CONFIDENTIAL else "", FORM, body)


REFUSALS: list[tuple[int, dict[str, str], type[AppError], str]] = [
    (401, {"error": "invalid_client"}, Refused, "does not know application 'app' .*or its secret"),
    (400, {"error": "unauthorized_client"}, Refused, "must be 'Resource owner password-based'"),
    (400, {"error": "unsupported_grant_type"}, Refused, "may not use the password grant"),
    (400, {"error": "invalid_scope"}, BadAnswer, "invalid_scope"),
    (400, {"error": "invalid_grant", "error_description": "Invalid credentials given."}, BadAnswer,
     "Invalid credentials given"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "kind", "told"), REFUSALS)
def test_a_refusal_says_what_is_wrong_and_shows_no_secret(
    application: Callable[..., Application],
    awx: FakeAwx,
    status: int,
    body: dict[str, Any],
    kind: type[AppError],
    told: str,
) -> None:
    awx.post("/api/o/token/", body, status)
    with pytest.raises(kind, match=told) as error:
        application(CONFIDENTIAL).by_password("admin", "hunter22", "write")
    assert error.value.code == body["error"]
    assert "s3cret" not in str(error.value)


def test_what_an_answer_echoes_is_not_shown(
    application: Callable[..., Application], awx: FakeAwx
) -> None:
    awx.post("/api/o/token/", {"detail": "password=hunter22 and s3cret"}, 400)
    with pytest.raises(BadAnswer) as error:
        application(CONFIDENTIAL).by_password("admin", "hunter22", "write")
    assert str(error.value).endswith("password=*** and ***")


def test_an_awx_without_oauth2_is_told_before_a_secret_is_sent(
    client: Client, settings: Make, awx: FakeAwx
) -> None:
    awx.get("/api/", {"current_version": "/api/v2/"})
    with pytest.raises(NotOffered, match="has no OAuth2; it takes --auth session, basic"):
        Application(client, settings(CONFIDENTIAL)).by_password("admin", "hunter22", "write")
    assert awx.sent == ["GET /api/"]


def test_a_gateway_is_asked_at_its_own_place(client: Client, settings: Make, awx: FakeAwx) -> None:
    awx.get("/api/", {"apis": {"gateway": "/api/gateway/", "controller": "/api/controller/"}})
    awx.get("/api/controller/", {"current_version": "/api/controller/v2/"})
    awx.post("/o/token/", ANSWER, 201)
    Application(client, settings(CONFIDENTIAL)).by_itself("read")
    assert awx.sent[-1] == "POST /o/token/"


def test_settings_that_are_missing_are_named(client: Client, settings: Make) -> None:
    with pytest.raises(UsageError, match="pass --client-id or set AWX_CLIENT_ID"):
        Application(client, settings())
    with pytest.raises(UsageError, match="set AWX_CLIENT_SECRET"):
        Application(client, settings(PUBLIC)).by_itself("read")
