"""Applications and their tokens, after awx/main/tests/functional/api/test_oauth.py of 24.6.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from tests.demo.conftest import Api
from tests.demo.people import People

if TYPE_CHECKING:
    from demo.aliases import Json
    from demo.server import DemoServer
    from tests.demo.stage import Clock

NEW = {
    "name": "Mine", "organization": 1, "client_type": "confidential",
    "authorization_grant_type": "password",
}  # fmt: skip


def ids(answer: Json) -> set[int]:
    return {row["id"] for row in answer["results"]}


def test_a_secret_is_shown_once_and_fits(api: Api, server: DemoServer) -> None:
    made = api.post("applications/", NEW)
    assert api.get(f"applications/{made['id']}/")["client_secret"] == "************"
    form = {"grant_type": "password", "username": "admin", "password": "password"}
    auth = (made["client_id"], made["client_secret"])
    answer = requests.post(f"{server.url}/api/o/token/", data=form, auth=auth, timeout=10)
    assert answer.status_code == 200
    shown = api.get(f"applications/{made['id']}/")["summary_fields"]["tokens"]
    assert shown["count"] == 1
    assert shown["results"][0]["token"] == "************"


@pytest.mark.parametrize(
    ("change", "body"),
    [
        ({"client_type": "odd"}, {"client_type": ['"odd" is not a valid choice.']}),
        ({"organization": 99}, {"organization": ['Invalid pk "99" - object does not exist.']}),
        (
            {"authorization_grant_type": "authorization-code"},
            {"__all__": ["redirect_uris cannot be empty with grant_type authorization-code"]},
        ),
        ({"redirect_uris": "ftp://x/"}, {"__all__": ["Unauthorized redirect scheme: ftp"]}),
        (
            {"name": "Demo code"},
            {"__all__": ["Application with this Name and Organization already exists."]},
        ),
    ],
)
def test_what_makes_no_application(api: Api, change: Json, body: Json) -> None:
    answer = api.send("POST", "applications/", {**NEW, **change})
    assert (answer.status_code, answer.json()) == (400, body)


def test_who_may_make_and_see_applications(api: Api, server: DemoServer) -> None:
    operator = Api(server, "operator")
    assert operator.send("POST", "applications/", NEW).status_code == 403
    assert operator.send("POST", "tokens/", {"application": 1}).status_code == 403
    assert operator.send("GET", "applications/1/").status_code == 403
    assert ids(api.get("organizations/1/applications/")) == {1, 2, 3}
    made = api.post("organizations/1/applications/", {**NEW, "organization": None})
    assert made["organization"] == 1
    assert api.get("applications/Demo code++Default/")["client_id"] == "demo-code"


def test_the_tokens_of_an_application(api: Api, server: DemoServer) -> None:
    made = api.post("applications/1/tokens/", {"scope": "read"})
    assert made["application"] == 1
    assert made["refresh_token"]
    assert ids(api.get("applications/1/tokens/")) == {made["id"]}
    assert ids(api.get("users/1/authorized_tokens/")) == {made["id"]}
    assert ids(api.get("users/1/personal_tokens/")) == {api.token_id}
    assert ids(api.get("users/1/tokens/")) == {made["id"], api.token_id}
    shown = api.get(f"tokens/{made['id']}/")
    assert shown["refresh_token"] == shown["token"] == "************"
    assert api.send("DELETE", f"tokens/{made['id']}/").status_code == 204
    assert list(server.awx.refresh_tokens) == [made["refresh_token"]]
    assert api.send("DELETE", "applications/1/").status_code == 204
    assert server.awx.refresh_tokens == {}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"application": 99}, {"application": ['Invalid pk "99" - object does not exist.']}),
        (
            {"application": "x"},
            {"application": ["Incorrect type. Expected pk value, received str."]},
        ),
        ({"scope": None}, {"scope": ["This field may not be null."]}),
    ],
)
def test_what_makes_no_token(api: Api, fields: Json, wrong: Json) -> None:
    answer = api.send("POST", "tokens/", fields)
    assert (answer.status_code, answer.json()) == (400, wrong)


def test_tokens_are_found_by_use_and_owner(api: Api, server: DemoServer, clock: Clock) -> None:
    """After ansible_base/rest_filters/rest_framework/field_lookup_backend.py."""
    operator = Api(server, "operator")
    People(server.url).password_grant()
    made = api.post("tokens/", {"description": "run 7 of main"})
    clock.tick(100)
    operator.get("me/")
    since = "2026-09-21T14:14:00Z"
    assert ids(api.get(f"tokens/?last_used__gte={since}")) == {api.token_id, operator.token_id}
    clock.tick(100)
    assert ids(operator.get("tokens/?user=2&last_used__lt=2026-09-21T14:15:00Z")) == set()
    assert ids(api.get("tokens/?description__startswith=run 7")) == {made["id"]}
    assert ids(api.get("tokens/?user=2")) == {operator.token_id}
    assert ids(api.get("tokens/?user__username=operator")) == {operator.token_id}
    assert len(ids(api.get("tokens/?application=1"))) == 1
    personal = {api.token_id, operator.token_id, made["id"]}
    assert ids(api.get("tokens/?application__isnull=true")) == personal


def test_use_does_not_change_a_token(api: Api, clock: Clock) -> None:
    """AWX saves only `last_used` then (OAuth2AccessToken.is_valid in awx/main/models/oauth.py)."""
    before = api.get(f"tokens/{api.token_id}/")
    clock.tick(50)
    assert api.get(f"tokens/{api.token_id}/") == before
