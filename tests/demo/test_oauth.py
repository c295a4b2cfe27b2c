"""What no recording shows of AWX as an OAuth2 server; each test names the source it rests on."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests

from demo.model import User
from tests.demo.people import REDIRECT_URI, People

if TYPE_CHECKING:
    from demo.server import DemoServer
    from tests.demo.conftest import Api
    from tests.demo.stage import Clock

VERIFIER = "a-verifier-of-at-least-forty-three-characters-in-length"
ROOT = Path(__file__).parents[2]
SAYS = """
import sys
from demo.app import build
assert not [name for name in sys.modules if name.startswith("oauthlib")]
"""


@pytest.fixture
def people(server: DemoServer) -> People:
    return People(server.url)


def me(people: People, token: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{people.url}/api/v2/me/", headers=headers, timeout=10)


def refresh(people: People, token: str, client: str = "demo-password") -> requests.Response:
    return people.token_request(client, {"grant_type": "refresh_token", "refresh_token": token})


def challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def exchange(people: People, code: str, **fields: str) -> requests.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    return people.token_request("demo-code", {**form, **fields})


def test_a_start_needs_no_oauthlib() -> None:
    subprocess.run([sys.executable, "-c", SAYS], cwd=ROOT, check=True)


def test_a_refreshed_token_dies_at_once(people: People) -> None:
    first = people.password_grant()
    assert me(people, first["access_token"]).status_code == 200
    second = refresh(people, first["refresh_token"]).json()
    assert me(people, first["access_token"]).status_code == 401
    assert me(people, second["access_token"]).status_code == 200
    again = refresh(people, first["refresh_token"])
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    assert second["scope"] == first["scope"]


def test_a_refresh_token_is_its_clients_own(people: People) -> None:
    given = people.password_grant()["refresh_token"]
    other = refresh(people, given, "demo-code")
    assert (other.status_code, other.json()) == (400, {"error": "invalid_grant"})


def test_a_refresh_token_does_not_widen_the_scope(people: People) -> None:
    given = people.password_grant(scope="read")["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": given, "scope": "read write"}
    answer = people.token_request("demo-password", form)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_scope"})


def test_an_old_refresh_token(people: People, server: DemoServer, clock: Clock) -> None:
    """After TokenView in awx/api/urls/oauth2_root.py: a 403 that is no JSON."""
    server.awx.refresh_life_s = 60
    given = people.password_grant()["refresh_token"]
    clock.tick(61)
    answer = refresh(people, given)
    assert (answer.status_code, answer.text) == (403, "The refresh token has expired.")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_access_tokens_live_as_long_as_told(
    people: People, server: DemoServer, clock: Clock, api: Api
) -> None:
    server.awx.access_life_s = 90
    given = people.password_grant()
    assert given["expires_in"] == 90
    clock.tick(89)
    assert me(people, given["access_token"]).status_code == 200
    clock.tick(1)
    assert me(people, given["access_token"]).status_code == 401
    renewed = refresh(people, given["refresh_token"]).json()
    assert me(people, renewed["access_token"]).status_code == 200
    made = api.post("tokens/", {"scope": "read", "expires": "3000-01-01T00:00:00Z"})
    assert made["expires"] == "2026-09-21T14:16:20.000000Z"


def test_revoking_an_access_token_leaves_a_refresh_token_that_crashes_awx(people: People) -> None:
    """After AccessToken.revoke and get_original_scopes of django-oauth-toolkit 1.7.1.

    Deleting the access token leaves its refresh token valid, but AWX no longer finds the scopes
    to give again.
    """
    url, auth = f"{people.url}/api/o/revoke_token/", ("demo-password", "demo-secret")
    given = people.password_grant()
    form = {"token": given["access_token"]}
    assert requests.post(url, data=form, auth=auth, timeout=10).status_code == 200
    assert me(people, given["access_token"]).status_code == 401
    answer = refresh(people, given["refresh_token"])
    assert answer.status_code == 500
    assert "Server Error (500)" in answer.text


def test_revoking_a_refresh_token_ends_both(people: People) -> None:
    """After AbstractRefreshToken.revoke of django-oauth-toolkit 1.7.1."""
    url, auth = f"{people.url}/api/o/revoke_token/", ("demo-password", "demo-secret")
    given = people.password_grant()
    form = {"token": given["refresh_token"], "token_type_hint": "refresh_token"}
    assert requests.post(url, data=form, auth=auth, timeout=10).status_code == 200
    assert me(people, given["access_token"]).status_code == 401
    assert refresh(people, given["refresh_token"]).json() == {"error": "invalid_grant"}
    wrong = requests.post(url, data=form, auth=("demo-password", "x"), timeout=10)
    assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})


def test_a_code_without_a_challenge_and_its_end(people: People, clock: Clock) -> None:
    code = people.code()
    clock.tick(600)
    assert exchange(people, code).json() == {"error": "invalid_grant"}
    code = people.code()
    clock.tick(599)
    assert me(people, exchange(people, code).json()["access_token"]).status_code == 200


@pytest.mark.parametrize(
    ("verifier", "status", "error"),
    [
        (VERIFIER, 200, None),
        ("another-verifier-of-at-least-forty-three-characters", 400, "invalid_grant"),
        ("", 400, "invalid_request"),
    ],
)
def test_a_challenge_is_verified(
    people: People, verifier: str, status: int, error: str | None
) -> None:
    code = people.code(code_challenge=challenge(VERIFIER), code_challenge_method="S256")
    fields = {"code_verifier": verifier} if verifier else {}
    answer = exchange(people, code, **fields)
    assert answer.status_code == status
    assert answer.json().get("error") == error


def test_a_public_client_needs_no_secret(people: People) -> None:
    code = people.code(
        "demo-public", code_challenge=challenge(VERIFIER), code_challenge_method="S256"
    )
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI,
        "client_id": "demo-public", "code_verifier": VERIFIER,
    }  # fmt: skip
    url = f"{people.url}/api/o/token/"
    given = requests.post(url, data=form, timeout=10).json()
    assert me(people, given["access_token"]).status_code == 200
    form = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    form["client_id"] = "demo-public"
    assert requests.post(url, data=form, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("uri", "allowed"),
    [
        ("http://127.0.0.1:8060/callback", True),
        ("http://127.0.0.1:49152/callback", True),  # any port, since one is allowed without
        ("http://127.0.0.1:8060/callback?more=1", True),
        ("http://127.0.0.1:8060/other", False),
        ("http://localhost:8060/callback", False),
        ("https://127.0.0.1:8060/callback", False),
        ("http://evil.example.invalid/callback", False),
    ],
)
def test_where_a_code_may_be_sent(people: People, uri: str, allowed: bool) -> None:
    """After redirect_to_uri_allowed of django-oauth-toolkit 1.7.1."""
    query = f"client_id=demo-code&response_type=code&redirect_uri={quote(uri, safe='')}"
    page = people.browser.get(f"{people.url}/api/o/authorize/?{query}", timeout=10)
    assert page.status_code == (200 if allowed else 400)
    assert ("Mismatching redirect URI" in page.text) is not allowed
    answer = people.authorize(redirect_uri=uri)
    assert answer.status_code == (302 if allowed else 400)


def test_a_code_is_bound_to_its_redirect_uri(people: People) -> None:
    code = people.code()
    answer = exchange(people, code, redirect_uri="http://127.0.0.1:1/callback")
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"


def test_a_refusal_comes_back_with_the_state(people: People) -> None:
    """After OAuthLibCore.create_authorization_response of django-oauth-toolkit 1.7.1."""
    answer = people.authorize(allow="")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{REDIRECT_URI}?error=access_denied&state=xyz"


def test_who_allowed_it_once_need_not_be_asked_again(people: People) -> None:
    """After AuthorizationView.get of django-oauth-toolkit 1.7.1: only if so wished."""
    query = f"client_id=demo-code&response_type=code&redirect_uri={quote(REDIRECT_URI, safe='')}"
    auto = f"{people.url}/api/o/authorize/?{query}&approval_prompt=auto&scope="
    assert people.browser.get(f"{auto}write", timeout=10).status_code == 200
    people.code_grant(people.code())
    answer = people.browser.get(f"{auto}write", allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{REDIRECT_URI}?code=")
    for asked in (f"{auto}read", f"{auto.replace('auto', 'force')}write"):
        assert people.browser.get(asked, timeout=10).status_code == 200


def test_what_an_application_may_not_ask(people: People) -> None:
    url = f"{people.url}/api/o/authorize/?redirect_uri={quote(REDIRECT_URI, safe='')}"
    query = "&client_id=demo-code&state=s"
    for more, error in (
        ("&response_type=token", "unauthorized_client"),
        ("&response_type=code&scope=everything", "invalid_scope"),
    ):
        answer = people.browser.get(url + query + more, allow_redirects=False, timeout=10)
        assert answer.status_code == 302
        given = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert (given["error"], given["state"]) == ([error], ["s"])
    unknown = people.browser.get(f"{url}&client_id=nope&response_type=code", timeout=10)
    assert unknown.status_code == 400
    assert "invalid_request" in unknown.text


def test_an_external_user_gets_no_token(people: People, server: DemoServer, api: Api) -> None:
    """After OAuth2AccessToken.validate_external_users, with the setting off as AWX comes."""
    server.awx.get(User, 1).external = "ldap"
    words = (
        "(access_denied) OAuth2 Tokens cannot be created by users associated with an external "
        "authentication provider (ldap)"
    )
    answer = api.send("POST", "tokens/", {"scope": "write"})
    assert (answer.status_code, answer.json()) == (403, {"detail": words})
    form = {"grant_type": "password", "username": "admin", "password": "password"}
    by_password = people.token_request("demo-password", form)
    assert (by_password.status_code, by_password.text) == (403, words)
    assert by_password.headers["Content-Type"] == "text/html; charset=utf-8"
    assert api.get("me/")["results"][0]["external_account"] == "ldap"


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe=1&grant_type=password",
        b"grant_type=password&username=a%zz&password=%",
        "grant_type=password&username=\u00e4&password=\u00fc".encode(),
        b"grant_type=password&grant_type=refresh_token",
        b"grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=1",
        b"",
    ],
)
def test_nonsense_is_a_400(people: People, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = people.token_request("demo-password", body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_what_awx_does_not_expect_is_a_500(people: People) -> None:
    """A query at the token endpoint, no redirect URI at all, an unknown client that is allowed.

    None of these is caught by TokenView of AWX or AuthorizationView of django-oauth-toolkit.
    """
    url = f"{people.url}/api/o"
    query = requests.post(f"{url}/token/?a=b", data={"grant_type": "password"}, timeout=10)
    nowhere = "?client_id=demo-password&response_type=code"
    page = people.browser.get(f"{url}/authorize/{nowhere}", timeout=10)
    for answer in (query, page, people.authorize("nope")):
        assert answer.status_code == 500
        assert "Server Error (500)" in answer.text


def test_the_token_endpoint_takes_only_posts(people: People) -> None:
    answer = requests.get(f"{people.url}/api/o/token/", timeout=10)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST, OPTIONS"
