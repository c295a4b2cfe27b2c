from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from demo.aliases import Json
    from tests.demo.conftest import Api

GOOD = {"release": "1.2", "target_env": "dev"}


@pytest.mark.parametrize(
    ("template", "body", "refusal"),
    [
        (
            27,
            {},
            {"resources_needed_to_start": ["Job Template inventory is missing or undefined."]},
        ),
        (28, {}, {"passwords_needed_to_start": ["ssh_password", "become_password"]}),
        (15, {"inventory": 99}, {"inventory": ['Invalid pk "99" - object does not exist.']}),
        (15, {"job_type": "no"}, {"job_type": ['"no" is not a valid choice.']}),
        (15, {"scm_branch": "x"}, {"scm_branch": ["Project does not allow override of branch."]}),
        (
            15,
            {"inventory": 4, "job_slice_count": 3},
            {"job_slice_count": ["Job inventory does not have enough hosts for slicing"]},
        ),
        (
            14,
            {},
            {
                "variables_needed_to_start": [
                    "'release' value missing",
                    "'target_env' value missing",
                ]
            },
        ),
        (
            14,
            {"extra_vars": {**GOOD, "target_env": "moon", "count": 99}},
            {
                "variables_needed_to_start": [
                    "'count' value 99 is too large (must be no more than 9).",
                    "Value moon for 'target_env' expected to be one of ['dev', 'stage', 'prod'].",
                ]
            },
        ),
    ],
)
def test_refusals(api: Api, template: int, body: Json, refusal: Json) -> None:
    assert api.post(f"job_templates/{template}/launch/", body, 400) == refusal


def test_what_is_not_prompted_for_is_not_used(api: Api) -> None:
    body = {"limit": "web01", "extra_vars": {"a": 1}, "nosuch": 1}
    made = api.post("job_templates/9/launch/", body)
    assert made["ignored_fields"] == {"limit": "web01", "extra_vars": {"a": 1}}
    assert (made["limit"], made["extra_vars"]) == ("", "{}")


def test_what_is_prompted_for_is_used(api: Api) -> None:
    body = {"limit": "web01", "extra_vars": {"version": "2"}, "inventory": 5, "verbosity": 3}
    made = api.post("job_templates/15/launch/", body)
    assert made["ignored_fields"] == {}
    assert (made["limit"], made["inventory"], made["verbosity"]) == ("web01", 5, 3)
    assert json.loads(made["extra_vars"]) == {"version": "2"}


def test_survey_answers_and_secrets(api: Api) -> None:
    answers = {**GOOD, "api_secret": "hush", "unasked": 1}
    made = api.post("job_templates/14/launch/", {"extra_vars": answers})
    assert made["ignored_fields"] == {"extra_vars": {"unasked": 1}}
    shown = json.loads(made["extra_vars"])
    assert shown["api_secret"] == "$encrypted$"
    assert shown["count"] == 3
    assert "unasked" not in shown


def test_the_location_and_the_id(api: Api) -> None:
    answer = api.send("POST", "job_templates/9/launch/", {})
    assert answer.headers["Location"] == f"/api/v2/jobs/{answer.json()['job']}/"


def test_a_new_credential_replaces_its_kind(api: Api) -> None:
    made = api.post("job_templates/15/launch/", {"credentials": [4, 7], "vault_password.prod": "x"})
    assert [c["id"] for c in made["summary_fields"]["credentials"]] == [4, 7]
