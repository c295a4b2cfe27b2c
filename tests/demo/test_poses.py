"""The embedded AWX as another server; each test names the source it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
import websocket

from demo.model import User
from demo.poses import NAMES
from demo.server import DemoServer
from demo.world import World
from tests.demo.people import REDIRECT_URI, SECRET, People
from tests.demo.stage import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.aliases import Json, Passed

ADMIN = ("admin", "password")


class Server:
    """Asks a server, by paths from its root."""

    def __init__(self, server: DemoServer, clock: Clock) -> None:
        self.awx, self.url, self.clock = server.awx, server.url, clock

    def ask(self, method: str, path: str, **more: Passed) -> requests.Response:
        return requests.request(
            method, f"{self.url}{path}", allow_redirects=False, timeout=10, **more
        )

    def get(self, path: str, **more: Passed) -> Json:
        answer = self.ask("GET", path, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def is_missing(self, path: str, method: str = "GET") -> bool:
        answer = self.ask(method, path, auth=ADMIN)
        return answer.status_code == 404 and answer.headers["Content-Type"].startswith("text/html")

    def me(self, path: str, kind: str, token: str, **headers: str) -> requests.Response:
        return self.ask("GET", path, headers={"Authorization": f"{kind} {token}", **headers})


def served(name: str) -> Iterator[Server]:
    clock = Clock()
    with DemoServer(posing_as=name, clock=clock) as running:
        yield Server(running, clock)


@pytest.fixture
def gateway() -> Iterator[Server]:
    yield from served("gateway")


@pytest.fixture
def no_oauth() -> Iterator[Server]:
    yield from served("no-oauth")


@pytest.fixture
def tower() -> Iterator[Server]:
    yield from served("tower-3.2")


def test_the_names() -> None:
    assert NAMES == ("awx", "gateway", "no-oauth", "tower-3.2")
    with pytest.raises(KeyError):
        World(posing_as="nothing")


# Gateway: django-ansible-base, ansible_base/oauth2_provider/, and what was seen of AAP 2.5


def test_the_way_to_the_controller(gateway: Server) -> None:
    apis = gateway.get("/api/")["apis"]
    assert apis == {"gateway": "/api/gateway/", "controller": "/api/controller/"}
    root = gateway.get(apis["controller"])
    assert root["current_version"] == "/api/controller/v2/"
    assert "oauth2" not in root
    collections = gateway.get(root["current_version"])
    assert collections["jobs"] == "/api/controller/v2/jobs/"
    assert not {"tokens", "applications"} & set(collections)
    assert gateway.get("/api/gateway/")["current_version"] == "/api/gateway/v1/"
    assert gateway.get("/api/gateway/v1/ping/")["status"] == "good"
    assert gateway.get("/api/controller/v2/ping/")["version"] == "4.6.0"


def test_links_lead_past_the_gateway(gateway: Server) -> None:
    rows = gateway.get("/api/controller/v2/job_templates/?page_size=1", auth=ADMIN)
    assert rows["next"].startswith("/api/controller/v2/job_templates/?page=2")
    link = rows["results"][0]["url"]
    assert link.startswith("/api/v2/job_templates/")
    assert gateway.is_missing(link)
    assert gateway.ask("GET", link.replace("v2", "controller/v2"), auth=ADMIN).ok
    started = gateway.ask("POST", "/api/controller/v2/job_templates/9/launch/", auth=ADMIN, json={})
    assert started.status_code == 201


@pytest.mark.parametrize(
    "path",
    [
        "/api/controller/v2/tokens/",
        "/api/controller/v2/applications/",
        "/api/v2/",
        "/api/v2/authtoken/",
        "/api/controller/v2/authtoken/",
        "/api/login/",
        "/api/controller/login/",
        "/api/o/",
        "/api/o/token/",
    ],
)
def test_what_a_gateway_has_not(gateway: Server, path: str) -> None:
    assert gateway.is_missing(path)


def test_a_personal_token_of_the_gateway(gateway: Server) -> None:
    body = {"description": "of a test", "scope": "read"}
    answer = gateway.ask("POST", "/api/gateway/v1/tokens/", json=body, auth=ADMIN)
    made = answer.json()
    assert answer.status_code == 201
    assert set(made) == {
        "id", "url", "related", "summary_fields", "created", "created_by", "modified",
        "modified_by", "user", "application", "expires", "scope", "description", "last_used",
        "token", "refresh_token",
    }  # fmt: skip
    assert made["url"] == f"/api/gateway/v1/tokens/{made['id']}/"
    assert made["created_by"] == made["user"] == 1
    assert gateway.me("/api/controller/v2/me/", "Bearer", made["token"]).status_code == 200
    shown = gateway.get(made["url"], auth=ADMIN)
    assert shown["token"] == "$encrypted$"
    assert shown["last_used"] is not None
    found = gateway.get("/api/gateway/v1/tokens/?description__startswith=of", auth=ADMIN)
    assert [row["id"] for row in found["results"]] == [made["id"]]
    headers = {"Authorization": f"Bearer {made['token']}"}
    refused = gateway.ask("DELETE", made["url"], headers=headers)
    assert refused.status_code == 403  # it may only read
    assert gateway.ask("DELETE", made["url"], auth=ADMIN).status_code == 204
    gone = gateway.me("/api/controller/v2/me/", "Bearer", made["token"])
    assert gone.status_code == 401
    assert gone.json() == {"detail": "Authentication credentials were not provided."}
    assert gone.headers["WWW-Authenticate"] == 'Bearer realm="api"'


def test_client_credentials_at_the_gateway(gateway: Server) -> None:
    """TokenView there turns the 200 of a success into 201."""
    form = {"grant_type": "client_credentials", "scope": "write"}
    auth = ("demo-machine", SECRET)
    answer = gateway.ask("POST", "/o/token/", data=form, auth=auth)
    assert answer.status_code == 201
    given = answer.json()
    assert set(given) == {"access_token", "expires_in", "token_type", "scope"}
    me = gateway.me("/api/controller/v2/me/", "Bearer", given["access_token"]).json()
    assert me["results"][0]["username"] == "admin"
    refused = gateway.ask("POST", "/o/token/", data=form, auth=("demo-password", SECRET))
    assert (refused.status_code, refused.json()) == (400, {"error": "unauthorized_client"})
    assert gateway.get("/o/")["token"] == "/o/token/"
    ended = gateway.ask(
        "POST", "/o/revoke_token/", data={"token": given["access_token"]}, auth=auth
    )
    assert ended.status_code == 200
    assert gateway.me("/api/controller/v2/me/", "Bearer", given["access_token"]).status_code == 401


def test_a_query_at_the_token_endpoint_of_the_gateway(gateway: Server) -> None:
    """TokenView there catches what AWX's does not."""
    answer = gateway.ask("POST", "/o/token/?a=b", data={"grant_type": "password"})
    assert answer.status_code == 400
    assert answer.text.startswith("(invalid_request) URL query parameters are not allowed")


def test_a_code_of_the_gateway(gateway: Server) -> None:
    browser = requests.Session()
    asked = {"client_id": "demo-code", "response_type": "code", "redirect_uri": REDIRECT_URI}
    page = browser.get(f"{gateway.url}/o/authorize/", params=asked, timeout=10)
    assert page.url.startswith(f"{gateway.url}/api/gateway/v1/login/?next=/o/authorize/")
    form = {
        "username": "admin", "password": "password",
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
        "next": f"/o/authorize/?client_id=demo-code&response_type=code&redirect_uri={REDIRECT_URI}",
    }  # fmt: skip
    page = browser.post(f"{gateway.url}/api/gateway/v1/login/", data=form, timeout=10)
    assert "Authorize Demo code?" in page.text
    assert "gateway_sessionid" in browser.cookies


def test_the_applications_of_the_gateway(gateway: Server) -> None:
    rows = gateway.get("/api/gateway/v1/applications/", auth=ADMIN)["results"]
    assert [row["client_id"] for row in rows] == [
        "demo-code", "demo-machine", "demo-password", "demo-public",
    ]  # fmt: skip
    assert [row.get("client_secret") for row in rows] == ["$encrypted$"] * 3 + [None]
    body = {
        "name": "Mine", "organization": 1, "client_type": "confidential",
        "authorization_grant_type": "password",
    }  # fmt: skip
    made = gateway.ask("POST", "/api/gateway/v1/applications/", json=body, auth=ADMIN)
    assert made.status_code == 201
    assert len(made.json()["client_secret"]) == 128
    token = gateway.ask(
        "POST", "/api/gateway/v1/tokens/", json={"application": 1}, auth=ADMIN
    ).json()
    assert token["refresh_token"]
    operator = ("operator", "password")
    refused = gateway.ask("POST", "/api/gateway/v1/tokens/", json={"application": 1}, auth=operator)
    assert refused.status_code == 403


def test_the_websocket_behind_the_gateway(gateway: Server) -> None:
    """OPTIONAL_API_URLPATTERN_PREFIX in awx/main/routing.py."""
    made = gateway.ask("POST", "/api/gateway/v1/tokens/", json={}, auth=ADMIN).json()
    header = {"Authorization": f"Bearer {made['token']}"}
    url = gateway.url.replace("http", "ws", 1)
    path = "/api/controller/v2/websocket/"
    socket = websocket.create_connection(f"{url}{path}", timeout=5, header=header)
    assert '"accept": true' in str(socket.recv())
    socket.shutdown()  # type: ignore[no-untyped-call]
    with pytest.raises(websocket.WebSocketBadStatusException, match="404"):
        websocket.create_connection(f"{url}/websocket/", timeout=5, header=header)


# A later AWX, without OAuth2


def test_an_awx_without_oauth(no_oauth: Server) -> None:
    root = no_oauth.get("/api/")
    assert "oauth2" not in root
    assert root["current_version"] == "/api/v2/"
    assert not {"tokens", "applications"} & set(no_oauth.get("/api/v2/"))
    for path in ("/api/o/", "/api/o/token/", "/api/v2/tokens/", "/api/v2/applications/"):
        assert no_oauth.is_missing(path), path
    assert no_oauth.ask("GET", "/api/v2/me/", auth=ADMIN).status_code == 200
    token = no_oauth.awx.new_token(no_oauth.awx.all(User)[0], "write", "")
    assert no_oauth.me("/api/v2/me/", "Bearer", token.token).status_code == 401
    people = People(no_oauth.url)
    assert people.browser.get(f"{no_oauth.url}/api/v2/me/", timeout=10).status_code == 200


# Tower 3.2: AWX 1.0.0, awx/api/views.py, authentication.py and urls.py


def old_token(tower: Server, version: str = "v2", **more: Passed) -> str:
    body = {"username": "admin", "password": "password"}
    answer = tower.ask("POST", f"/api/{version}/authtoken/", json=body, **more)
    assert answer.status_code == 200
    assert answer.headers["Auth-Token-Timeout"] == "1800"
    assert set(answer.json()) == {"token", "expires"}
    return str(answer.json()["token"])


def test_the_roots_of_tower(tower: Server) -> None:
    root = tower.get("/api/")
    assert root["available_versions"] == {"v1": "/api/v1/", "v2": "/api/v2/"}
    assert root["current_version"] == "/api/v2/"
    assert "oauth2" not in root
    v1, v2 = tower.get("/api/v1/"), tower.get("/api/v2/")
    assert v2["authtoken"] == "/api/v2/authtoken/"
    assert v2["inventory"] == "/api/v2/inventories/"
    assert set(v2) - set(v1) == {"credential_types"}
    assert "tokens" not in v2
    assert tower.get("/api/v2/ping/")["version"] == "3.2.0"


@pytest.mark.parametrize("path", ["/api/login/", "/api/v2/tokens/", "/api/o/token/"])
def test_what_tower_has_not(tower: Server, path: str) -> None:
    """A 404 below /api/ is JSON there (handle_error in awx/main/views.py)."""
    answer = tower.ask("POST", path, auth=ADMIN)
    assert answer.status_code == 404
    assert answer.json() == {"detail": "The requested resource could not be found."}


def test_a_token_of_tower(tower: Server) -> None:
    token = old_token(tower)
    assert old_token(tower, "v1") == token
    assert tower.me("/api/v2/me/", "Token", token).status_code == 200
    headers = {"X-Auth-Token": f"Token {token}"}
    assert tower.ask("GET", "/api/v2/me/", headers=headers).status_code == 200
    assert tower.ask("GET", "/api/v2/me/", cookies={"token": f'"{token}"'}).status_code == 200
    assert tower.me("/api/v2/me/", "Bearer", token).status_code == 401
    assert tower.ask("GET", "/api/v2/me/", auth=ADMIN).status_code == 200


def test_a_token_of_tower_is_bound_to_the_user_agent(tower: Server) -> None:
    token = old_token(tower)
    other = tower.me("/api/v2/me/", "Token", token, **{"User-Agent": "another"})
    assert (other.status_code, other.json()) == (401, {"detail": "Invalid token"})
    assert other.headers["WWW-Authenticate"] == "Token"
    assert old_token(tower, headers={"User-Agent": "another"}) != token


def test_a_token_of_tower_slides_and_ends(tower: Server) -> None:
    token = old_token(tower)
    for _ in range(2):
        tower.clock.tick(1799)
        assert tower.me("/api/v2/me/", "Token", token).status_code == 200
    tower.clock.tick(1800)
    ended = tower.me("/api/v2/me/", "Token", token)
    assert (ended.status_code, ended.json()) == (401, {"detail": "Token is expired"})
    token = old_token(tower)
    headers = {"Authorization": f"Token {token}"}
    assert tower.ask("DELETE", "/api/v2/authtoken/", headers=headers).status_code == 204
    assert tower.me("/api/v2/me/", "Token", token).status_code == 401
    assert old_token(tower) != token


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (
            {"username": "admin", "password": "x"},
            {"__all__": ["Unable to login with provided credentials."]},
        ),
        ({"username": "admin"}, {"password": ["This field is required."]}),
        (
            {"username": "admin", "password": ""},
            {"password": ["This field may not be blank."]},
        ),
    ],
)
def test_what_gets_no_token_of_tower(tower: Server, body: Json, wrong: Json) -> None:
    answer = tower.ask("POST", "/api/v2/authtoken/", json=body)
    assert (answer.status_code, answer.json()) == (400, wrong)


@pytest.mark.parametrize(
    ("given", "words", "challenge"),
    [
        ("", "Authentication credentials were not provided.", 'Basic realm="api"'),
        ("Basic YWRtaW46eA==", "Invalid username/password.", 'Basic realm="api"'),
        ("Token", "Invalid token header. No credentials provided.", "Token"),
        (
            "Token a b",
            "Invalid token header. Token string should not contain spaces.",
            "Token",
        ),
        ("Token nosuch", "Invalid token", "Token"),
    ],
)
def test_a_401_of_tower(tower: Server, given: str, words: str, challenge: str) -> None:
    headers = {"Authorization": given} if given else {}
    answer = tower.ask("GET", "/api/v2/me/", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"detail": words})
    assert answer.headers["WWW-Authenticate"] == challenge
    assert tower.ask("GET", "/api/v2/ping/", headers=headers).status_code == 200
