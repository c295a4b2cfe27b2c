"""Logins by form and cookie, after awx/api/generics.py, awx/main/middleware.py and Django 4.2."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
import requests
import websocket

from tests.demo.people import REDIRECT_URI, People

if TYPE_CHECKING:
    from demo.server import DemoServer
    from tests.demo.stage import Clock


@pytest.fixture
def people(server: DemoServer) -> People:
    return People(server.url)


def fields_of(page: str) -> dict[str, str]:
    """Return what a browser would send of a form's inputs."""
    inputs = re.findall(r"<input [^>]*>", page)
    pairs = {}
    for each in inputs:
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', each))
        if attributes.get("type") != "submit":
            pairs[attributes["name"]] = unescape(attributes.get("value", ""))
    return pairs


def log_in(people: People, **form: str) -> requests.Response:
    browser = requests.Session()
    page = browser.get(f"{people.url}/api/login/", timeout=10)
    sent = {**fields_of(page.text), "username": "admin", "password": "password", **form}
    url = f"{people.url}/api/login/"
    return browser.post(url, data=sent, allow_redirects=False, timeout=10)


def test_a_browser_gets_from_the_application_to_its_code(server: DemoServer) -> None:
    """Log in where AWX sends an anonymous user, be sent back, and allow it."""
    browser = requests.Session()
    url = f"{server.url}/api/o/authorize/"
    asked = {"client_id": "demo-code", "response_type": "code", "state": "a b&c", "scope": "write"}
    asked["redirect_uri"] = REDIRECT_URI
    page = browser.get(url, params=asked, timeout=10)
    assert page.url.startswith(f"{server.url}/api/login/?next=/api/o/authorize/")
    action = re.findall(r'<form action="([^"]*)"', page.text)
    assert action == ["/api/login/"]
    form = fields_of(page.text) | {"username": "operator", "password": "password"}
    page = browser.post(f"{server.url}{action[0]}", data=form, timeout=10)
    assert page.url.startswith(f"{url}?client_id=demo-code")
    assert "Authorize Demo code?" in page.text
    assert "Writing scope" in page.text
    form = {k: v for k, v in fields_of(page.text).items() if v} | {"allow": "Authorize"}
    answer = browser.post(page.url, data=form, allow_redirects=False, timeout=10)
    code = re.fullmatch(
        re.escape(REDIRECT_URI) + r"\?code=(\w+)&state=a\+b%26c", answer.headers["Location"]
    )
    assert code is not None
    given = People(server.url).code_grant(code[1])
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    me = requests.get(f"{server.url}/api/v2/me/", headers=headers, timeout=10).json()
    assert me["results"][0]["username"] == "operator"


def test_a_session_slides_and_ends(people: People, clock: Clock) -> None:
    url = f"{people.url}/api/v2/me/"
    for _ in range(3):
        clock.tick(1799)
        answer = people.browser.get(url, timeout=10)
        assert answer.status_code == 200
        assert answer.headers["Session-Timeout"] == "1800"
    clock.tick(1800)
    assert people.browser.get(url, timeout=10).status_code == 401


@pytest.mark.parametrize(
    ("token", "origin", "status", "text"),
    [
        ("right", "", 201, '"scope":"read"'),
        ("", "", 403, "CSRF Failed: CSRF token missing."),
        ("x" * 32, "", 403, "CSRF token from the 'X-Csrftoken' HTTP header incorrect."),
        ("right", "http://other.invalid", 403, "does not match any trusted origins."),
    ],
)
def test_what_changes_things_needs_the_csrf_token(
    people: People, token: str, origin: str, status: int, text: str
) -> None:
    value = people.browser.cookies["csrftoken"] if token == "right" else token
    headers = {k: v for k, v in (("X-CSRFToken", value), ("Origin", origin)) if v}
    url = f"{people.url}/api/v2/tokens/"
    answer = people.browser.post(url, json={"scope": "read"}, headers=headers, timeout=10)
    assert answer.status_code == status
    assert text in answer.text


def test_a_token_beside_a_session_needs_no_csrf_token(people: People) -> None:
    """A good Bearer is looked at first (DEFAULT_AUTHENTICATION_CLASSES)."""
    headers = {"Authorization": f"Bearer {people.password_grant('operator')['access_token']}"}
    url = f"{people.url}/api/v2/tokens/"
    answer = people.browser.post(url, json={}, headers=headers, timeout=10)
    assert answer.status_code == 201
    assert answer.json()["summary_fields"]["user"]["username"] == "operator"


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("/api/v2/me/?a=b", "/api/v2/me/?a=b"),
        ("//evil.invalid/", "/accounts/profile/"),
        ("https://evil.invalid/", "/accounts/profile/"),
        ("/\\evil.invalid/", "/accounts/profile/"),
        ("javascript:alert(1)", "/accounts/profile/"),
        ("", "/accounts/profile/"),
    ],
)
def test_a_login_leads_nowhere_else(people: People, place: str, where: str) -> None:
    answer = log_in(people, next=place)
    assert answer.status_code == 302
    assert answer.headers["Location"] == where
    assert answer.headers["X-API-Session-Cookie-Name"] == "awx_sessionid"


def test_a_wrong_password_shows_the_form_again(people: People) -> None:
    answer = log_in(people, password='"><b>', username='"><b>')
    assert answer.status_code == 401
    assert "Please enter a correct username and password." in answer.text
    assert "<b>" not in answer.text
    assert "awx_sessionid" not in answer.cookies


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_logout(people: People, server: DemoServer, method: str) -> None:
    headers = {"X-CSRFToken": people.browser.cookies["csrftoken"]}
    url = f"{people.url}/api/logout/"
    answer = people.browser.request(method, url, headers=headers, allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/api/")
    assert "awx_sessionid" not in people.browser.cookies
    assert people.browser.cookies["userLoggedIn"] == "false"
    assert server.awx.sessions == {}
    assert people.browser.get(f"{people.url}/api/v2/me/", timeout=10).status_code == 401


def test_a_logout_by_post_needs_the_csrf_token(people: People) -> None:
    answer = people.browser.post(f"{people.url}/api/logout/", timeout=10)
    assert answer.status_code == 403
    assert people.browser.get(f"{people.url}/api/v2/me/", timeout=10).status_code == 200


def test_basic_can_be_switched_off(people: People, server: DemoServer) -> None:
    """After LoggedBasicAuthentication in awx/api/authentication.py."""
    url = f"{people.url}/api/v2/me/"
    assert requests.get(url, auth=("admin", "password"), timeout=10).status_code == 200
    server.awx.basic_enabled = False
    answer = requests.get(url, auth=("admin", "password"), timeout=10)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_websocket_takes_a_session(people: People) -> None:
    """After DrfAuthMiddleware in ansible_base/lib/channels/middleware.py."""
    cookies = people.browser.cookies
    cookie = "; ".join(f"{name}={cookies[name]}" for name in ("awx_sessionid", "csrftoken"))
    url = people.url.replace("http", "ws", 1)
    socket = websocket.create_connection(f"{url}/websocket/", timeout=5, cookie=cookie)
    assert json.loads(socket.recv())["user"] == 1
    socket.shutdown()  # type: ignore[no-untyped-call]
