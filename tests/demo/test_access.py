from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from demo.server import DemoServer
from tests.demo.conftest import Api
from tests.demo.people import People

if TYPE_CHECKING:
    from tests.demo.stage import Clock

UNAUTHORIZED = (
    "Authentication credentials were not provided. To establish a login session, visit /api/login/."
)


def assert_unauthorized(answer: requests.Response) -> None:
    assert answer.status_code == 401
    assert answer.json() == {"detail": UNAUTHORIZED}
    assert answer.headers["WWW-Authenticate"].startswith("Bearer realm=api")
    assert "X-API-Product-Version" not in answer.headers


def test_a_revoked_token_is_refused(api: Api) -> None:
    assert api.send("DELETE", f"tokens/{api.token_id}/").status_code == 204
    assert_unauthorized(api.send("GET", "me/"))


def test_all_tokens_can_be_revoked_or_expired(server: DemoServer) -> None:
    api = Api(server)
    server.awx.expire_tokens()
    assert_unauthorized(api.send("GET", "me/"))
    api = Api(server)
    server.awx.revoke_all_tokens()
    assert_unauthorized(api.send("GET", "me/"))
    assert server.awx.tokens == {}


def test_a_token_is_shown_once(api: Api) -> None:
    assert api.get(f"tokens/{api.token_id}/")["token"] == "************"
    assert api.get("me/")["results"][0]["username"] == "admin"


def test_a_read_token_starts_nothing(server: DemoServer) -> None:
    reader = Api(server, scope="read")
    assert reader.send("GET", "jobs/").status_code == 200
    before = server.awx.jobs.next_id
    assert reader.send("POST", "job_templates/9/launch/", {}).status_code == 403
    assert server.awx.jobs.next_id == before


def test_the_operator_runs_template_9_and_nothing_else(api: Api, server: DemoServer) -> None:
    operator = Api(server, "operator")
    mine, others = operator.launch(9), api.launch(12)
    for path in ("job_templates/10/", "credentials/3/", f"jobs/{others}/", "inventories/2/"):
        assert operator.send("GET", path).status_code == 403, path
    assert operator.send("POST", "projects/8/update/", {}).status_code == 403
    assert {row["id"] for row in operator.get("job_templates/")["results"]} == {9}
    jobs = operator.get("jobs/?page_size=200&order_by=-id")["results"]
    assert {row["job_template"] for row in jobs} == {9}
    assert operator.send("POST", f"jobs/{mine}/cancel/").status_code == 202
    assert operator.send("DELETE", f"tokens/{api.token_id}/").status_code == 403


@pytest.mark.parametrize("path", ["inventories/abc/", "no_such_thing/", "authtoken/"])
def test_what_has_no_route_is_html(api: Api, path: str) -> None:
    answer = api.send("GET", path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_another_prefix(clock: Clock) -> None:
    with DemoServer(clock=clock, prefix="/awx/api") as server:
        root = requests.get(f"{server.url}/api/", timeout=10).json()
        assert root["current_version"] == "/awx/api/v2/"
        assert requests.get(f"{server.url}/awx/api/v2/ping/", timeout=10).status_code == 200
        assert requests.get(f"{server.url}/api/v2/ping/", timeout=10).status_code == 404


def test_the_administrators_password_is_the_given_one(clock: Clock) -> None:
    with DemoServer(clock=clock, password="other") as server:
        url = f"{server.url}/api/v2/me/"
        assert requests.get(url, auth=("admin", "other"), timeout=10).status_code == 200
        assert requests.get(url, auth=("admin", "password"), timeout=10).status_code == 401


@pytest.mark.parametrize("given", ["Basic \xff", "Basic !!!", "Basic", "Session x", "Bearer"])
def test_nonsense_for_credentials_is_a_401(server: DemoServer, given: str) -> None:
    headers = {"Authorization": given.encode("latin-1")}
    assert_unauthorized(requests.get(f"{server.url}/api/v2/me/", headers=headers, timeout=10))


def test_a_taken_port_is_an_os_error(server: DemoServer) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"):
        DemoServer(port=port)


def test_only_the_login_page_moves_the_last_login(server: DemoServer) -> None:
    newcomer = Api(server, "newcomer")  # by Basic, to get a token
    assert newcomer.get("me/")["results"][0]["last_login"] is None
    People(server.url).log_in(requests.Session(), "newcomer")
    assert newcomer.get("me/")["results"][0]["last_login"] is not None
