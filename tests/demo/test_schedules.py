"""Schedules: what AWX takes, what it says against the rest, and who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.server import DemoServer
from tests.demo.conftest import Api
from tests.demo.stage import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.aliases import Json

START = "DTSTART:20300101T020000Z"
DAILY = "RRULE:FREQ=DAILY;INTERVAL=1"
RULE = f"{START} {DAILY}"
UNASKED = (
    "Variables x are not allowed on launch. Check the Prompt on Launch setting on the Job Template "
    "to include Extra Variables."
)
BERLIN = "DTSTART;TZID=Europe/Berlin"
# The clock of these tests stands at 2026-09-21 14:13:20 UTC.


@pytest.fixture(scope="module")
def still() -> Iterator[Api]:
    """One server for all that is only asked, at the time at which the clock begins."""
    with DemoServer(clock=Clock()) as server:
        yield Api(server)


def preview(api: Api, rule: str) -> list[str]:
    answer = api.post("schedules/preview/", {"rrule": rule}, status=200)
    return [str(each) for each in answer["local"]]


def refusal(api: Api, rule: Json) -> list[str]:
    return [str(each) for each in api.post("schedules/preview/", {"rrule": rule}, 400)["rrule"]]


class TestRules:
    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            (f"{RULE};COUNT=1000", "COUNT > 999 is unsupported: RULE:FREQ=DAILY;INTERVAL=1;"),
            (f"{RULE};COUNT=2;UNTIL=20300201T000000Z", "RRULE may not contain both COUNT and"),
            (f"{RULE};BYDAY=1MO", "BYDAY with numeric prefix not supported: RULE:"),
            (f"{START} {RULE}", "Multiple DTSTART is not supported."),
            (f"DTSTART:20300101T020000 {DAILY}", "DTSTART cannot be a naive datetime.  Specify"),
            (f"DTSTART:20300101T020000 {DAILY}", "A valid TZID must be provided"),
            (f"DTSTART;TZID=Mars/Base:20300101T020000 {DAILY}", "A valid TZID must be provided"),
            (f"{START} EXDATE:20300102T020000Z {DAILY}", "EXDATE not allowed in rrule."),
            (f"{START} RDATE:20300102T020000Z {DAILY}", "RDATE not allowed in rrule."),
            (f"{START} EXRULE:FREQ=DAILY;INTERVAL=1", "One or more rule required in rrule."),
            (f"{RULE} EXRULE:FREQ=YEARLY", "INTERVAL required in rrule: RULE:FREQ=YEARLY"),
            (f"{RULE};UNTIL=20300201", "'NoneType' object has no attribute 'group'"),
            (f"{RULE};BYSOMEDAY=1", "unknown parameter 'BYSOMEDAY'"),
            ("", "This field may not be blank."),
            (None, "A DTSTART field needs to be in the rrule"),
        ],
    )  # fmt: skip
    def test_what_is_refused(self, still: Api, rule: Json, words: str) -> None:
        assert any(words in text for text in refusal(still, rule))

    def test_last_days_of_a_month_and_several_rules_are_taken(self, still: Api) -> None:
        rule = f"{START} RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR RRULE:FREQ=YEARLY;INTERVAL=1"
        assert preview(still, rule)[:3] == [
            "2030-01-01T02:00:00Z", "2030-01-25T02:00:00Z", "2030-02-22T02:00:00Z",
        ]  # fmt: skip

    def test_exceptions_are_rules_of_their_own(self, still: Api) -> None:
        rule = f"{RULE} EXRULE:FREQ=DAILY;INTERVAL=2"
        assert preview(still, rule)[0] == "2030-01-02T02:00:00Z"

    def test_a_time_that_the_clock_leaves_out_is_left_out(self, still: Api) -> None:
        rule = f"{BERLIN}:20270326T023000 {DAILY}"
        assert [each[5:] for each in preview(still, rule)[:3]] == [
            "03-26T02:30:00+01:00", "03-27T02:30:00+01:00", "03-29T02:30:00+02:00",
        ]  # fmt: skip

    def test_hours_that_divide_no_day_get_out_of_step_after_a_week(
        self, api: Api, clock: Clock
    ) -> None:
        rule = f"{BERLIN}:20260921T000000 RRULE:FREQ=HOURLY;INTERVAL=7"
        before = preview(api, rule)
        clock.tick(9 * 86400)
        later = preview(api, rule)
        hours = {int(each[11:13]) for each in later if each[8:10] == "30"}
        assert before[0] == "2026-09-21T21:00:00+02:00"
        assert hours == {21}  # in step it were 22

    def test_the_zones_of_rules(self, still: Api) -> None:
        found = still.get("schedules/zoneinfo/")
        assert {"Europe/Berlin", "UTC"} <= set(found["zones"])
        assert "Europe/Jersey" in found["links"]


def make(api: Api, template: int, status: int = 201, **fields: Json) -> Json:
    body = {"name": "new", "rrule": RULE, **fields}
    return api.post(f"job_templates/{template}/schedules/", body, status)


class TestMaking:
    def test_computed_fields(self, api: Api) -> None:
        rule = f"{BERLIN}:20270101T020000 RRULE:FREQ=WEEKLY;INTERVAL=1;UNTIL=20270115T020000"
        made = make(api, 9, rrule=rule)
        assert made["rrule"] == rule.replace("0115T020000", "0115T010000Z")
        assert (made["dtstart"], made["dtend"]) == ("2027-01-01T01:00:00Z", "2027-01-15T01:00:00Z")
        assert (made["timezone"], made["until"]) == ("Europe/Berlin", "2027-01-15T02:00:00")
        assert made["next_run"] == "2027-01-01T01:00:00Z"
        assert api.get("job_templates/9/")["next_job_run"] < made["next_run"]

    def test_a_name_is_taken_once_by_a_template(self, api: Api) -> None:
        make(api, 9)
        text = "Schedule with this Unified job template and Name already exists."
        assert make(api, 9, 400) == {"__all__": [text]}
        make(api, 21)

    @pytest.mark.parametrize(
        ("template", "fields", "refused"),
        [
            (9, {"limit": "web01"}, {"limit": ["Field is not configured to prompt on launch."]}),
            (9, {"extra_data": {"x": 1}}, {"extra_data": [UNASKED]}),
            (14, {"extra_data": {"release": 1, "target_env": "dev"}},
             {"variables_needed_to_start": ["Value 1 for 'release' expected to be a string."]}),
            (27, {}, {"resources_needed_to_start": [
                "Job Template inventory is missing or undefined."]}),
            (28, {}, {"passwords_needed_to_start": [
                "Saved launch configurations cannot provide passwords needed to start."]}),
            (15, {"inventory": 99}, {"inventory": ['Invalid pk "99" - object does not exist.']}),
            (15, {"verbosity": 9}, {"verbosity": ['"9" is not a valid choice.']}),
            (15, {"forks": -1}, {"forks": ["Ensure this value is greater than or equal to 0."]}),
            (9, {"name": ""}, {"name": ["This field may not be blank."]}),
            (9, {"enabled": "x"}, {"enabled": ["Must be a valid boolean."]}),
            (9, {"name": None}, {"name": ["This field cannot be blank."]}),
            (9, {"inventory": "x"}, {"inventory": [
                "Incorrect type. Expected pk value, received str."]}),
            (9, {"extra_data": None}, {"extra_data": ["This field may not be null."]}),
        ],
    )  # fmt: skip
    def test_what_is_refused(self, still: Api, template: int, fields: Json, refused: Json) -> None:
        assert make(still, template, 400, **fields) == refused

    @pytest.mark.parametrize(
        ("where", "fields", "refused"),
        [
            ("projects/8", {"limit": "x"}, {"limit": ["Field is not allowed on launch."]}),
            ("projects/8", {"extra_data": {"a": 1}},
             {"extra_data": ["Field is not allowed on launch."]}),
            ("system_job_templates/1", {"limit": "x"},
             {"limit": ["Field is not allowed on launch."]}),
            ("system_job_templates/1", {"extra_data": {"days": "x"}},
             {"extra_data": ["days must be a positive integer."]}),
            ("system_job_templates/1", {"extra_data": {"days": 5, "x": 1}},
             {"extra_data": ["Variables x are not allowed for system jobs."]}),
        ],
    )  # fmt: skip
    def test_what_projects_and_cleanups_do_not_take(
        self, still: Api, where: str, fields: Json, refused: Json
    ) -> None:
        body = {"name": "x", "rrule": RULE, **fields}
        assert still.post(f"{where}/schedules/", body, 400) == refused

    def test_a_whole_one_names_its_template(self, api: Api) -> None:
        path = f"schedules/{make(api, 9)['id']}/"
        answer = api.send("PUT", path, {"name": "new", "rrule": RULE})
        assert answer.json() == {"unified_job_template": ["This field is required."]}
        body = {"name": "new", "rrule": RULE, "unified_job_template": None}
        assert api.send("PUT", path, body).json() == {
            "unified_job_template": ["This field may not be null."]
        }

    def test_a_plain_answer_alone_is_changed_unseen(self, api: Api) -> None:
        path, not_asked = f"schedules/{make(api, 9)['id']}/", "not configured to prompt on launch"
        assert api.send("PATCH", path, {"limit": "web01"}).json()["limit"] == "web01"
        assert not_asked in api.send("PATCH", path, {"extra_data": {}}).json()["limit"][0]
        assert not_asked in api.send("PATCH", path, {"inventory": 3}).json()["inventory"][0]

    def test_variables_that_came_as_text_stay_text(self, api: Api) -> None:
        made = make(api, 15, extra_data="x: 1")
        assert made["extra_data"] == "x: 1"
        answer = api.send("PATCH", f"schedules/{made['id']}/", {"extra_data": {"x": 2}})
        assert answer.json()["extra_data"] == {"x": 2}
        answers = "release: '1'\ntarget_env: dev\napi_secret: hush"
        assert make(api, 14, extra_data=answers)["extra_data"] == {
            "release": "1", "target_env": "dev", "api_secret": "$encrypted$",
        }  # fmt: skip

    def test_a_label_is_made_where_it_is_put_on_and_gone_where_it_is_taken_off_last(
        self, api: Api
    ) -> None:
        where = f"schedules/{make(api, 15)['id']}/labels/"
        made = api.post(where, {"name": "nightly", "organization": 1})
        assert made["related"]["named_url"].endswith("/labels/nightly++Default/")
        api.post(where, {"name": "nightly", "organization": 1}, 204)
        api.post(where, {"id": made["id"], "disassociate": True}, 204)
        assert api.send("GET", f"labels/{made['id']}/").json() == {
            "detail": "No Label matches the given query."
        }

    @pytest.mark.parametrize(
        ("relation", "body", "refused"),
        [
            ("labels", {"name": "", "organization": 1}, {"name": ["This field may not be blank."]}),
            ("labels", {"name": "a"}, {"organization": ["This field is required."]}),
            ("labels", {"disassociate": True}, {"msg": '"id" is required to disassociate'}),
            ("labels", {"id": 99}, {"detail": "Label matching query does not exist."}),
            ("credentials", {"id": 99}, {"detail": "Credential matching query does not exist."}),
        ],
    )
    def test_what_cannot_be_put_on(
        self, still: Api, relation: str, body: Json, refused: Json
    ) -> None:
        assert still.post(f"schedules/115/{relation}/", body, 400) == refused

    def test_a_manual_project_has_none(self, api: Api) -> None:
        body = {"name": "x", "rrule": RULE}
        assert api.post("projects/7/schedules/", body, 400) == {
            "unified_job_template": ["Manual Project cannot have a schedule set."]
        }
        assert api.post("projects/8/schedules/", body)["related"]["project"].endswith("projects/8/")

    def test_answers_to_password_questions_are_masked_and_kept(self, api: Api) -> None:
        data = {"release": "1", "target_env": "dev", "api_secret": "hush"}
        made = make(api, 14, extra_data=data)
        assert made["extra_data"]["api_secret"] == "$encrypted$"
        changed = api.send("PATCH", f"schedules/{made['id']}/", {"extra_data": made["extra_data"]})
        assert changed.json()["extra_data"]["api_secret"] == "$encrypted$"
        assert "hush" not in changed.text

    def test_what_it_runs_with_is_put_on_and_off(self, api: Api) -> None:
        made = make(api, 15)
        path = f"schedules/{made['id']}"
        text = {"msg": "Related template already uses Machine with key credential."}
        assert api.post(f"{path}/credentials/", {"id": 3}, 400) == text
        api.post(f"{path}/credentials/", {"id": 4}, 204)
        text = {"msg": "This launch configuration already provides a Machine credential."}
        assert api.post(f"{path}/credentials/", {"id": 4}, 400) == text
        for name in ("labels", "instance_groups"):
            api.post(f"{path}/{name}/", {"id": 1}, 204)
            assert [row["id"] for row in api.get(f"{path}/{name}/")["results"]] == [1]
            api.post(f"{path}/{name}/", {"id": 1, "disassociate": True}, 204)
            assert api.get(f"{path}/{name}/")["results"] == []


class TestWhoMay:
    def test_who_may_launch_may_schedule_and_change_his_own(self, server: DemoServer) -> None:
        operator = Api(server, "operator")
        shown = operator.get("schedules/")["results"]
        assert {row["unified_job_template"] for row in shown} == {9}
        assert not any(row["summary_fields"]["user_capabilities"]["edit"] for row in shown)
        assert operator.send("PATCH", "schedules/109/", {"enabled": False}).status_code == 403
        assert operator.send("DELETE", "schedules/109/").status_code == 403
        assert operator.send("GET", "schedules/110/").status_code == 403
        made = make(operator, 9)
        assert operator.send("DELETE", f"schedules/{made['id']}/").status_code == 204
        assert operator.send("GET", f"schedules/{made['id']}/").status_code == 404
        make(operator, 13, 403)
        # What the body says is only read where some template may be started, or that one.
        assert set(operator.post("schedules/", {}, 400)) == {
            "name", "rrule", "unified_job_template"
        }  # fmt: skip
        assert operator.post("schedules/", {"unified_job_template": 999}, 400) == {
            "detail": "UnifiedJobTemplate matching query does not exist."
        }
        assert operator.post("schedules/", {"unified_job_template": "x"}, 400) == {
            "detail": "Bad data found in related field unified_job_template."
        }
        operator.post("schedules/", {"name": "x"}, 403)
        Api(server, "newcomer").post("schedules/", {}, 403)

    def test_who_administers_the_template_may_change_all_of_it(
        self, api: Api, server: DemoServer
    ) -> None:
        roles = api.get("job_templates/9/")["summary_fields"]["object_roles"]
        api.post("users/2/roles/", {"id": roles["admin_role"]["id"]}, 204)
        operator = Api(server, "operator")
        answer = operator.send("PATCH", "schedules/109/", {"enabled": False})
        assert (answer.status_code, answer.json()["next_run"]) == (200, None)
        assert answer.json()["summary_fields"]["user_capabilities"]["edit"]
        assert operator.send("PATCH", "schedules/121/", {"enabled": False}).status_code == 403

    def test_lists_are_by_id_and_of_a_template_the_latest_first(self, api: Api) -> None:
        ids = [row["id"] for row in api.get("schedules/")["results"]]
        assert ids == sorted(ids)
        late = make(api, 9)
        rows = api.get("job_templates/9/schedules/")["results"]
        assert [row["id"] for row in rows] == [late["id"], 109]
        found = api.get("schedules/?unified_job_template__name=Deploy+web&enabled=true")
        assert found["count"] == 2

    def test_past_jobs_lead_to_their_schedule(self, api: Api) -> None:
        row = api.get("jobs/?launch_type=scheduled&unified_job_template=9")["results"][0]
        assert row["summary_fields"]["schedule"]["name"] == "Deploy web by night"
        path = row["related"]["schedule"].removeprefix("/api/v2/")
        assert row["id"] in [
            each["id"] for each in api.get(f"{path}jobs/?page_size=200")["results"]
        ]
        api.send("DELETE", path)
        assert "schedule" not in api.get(f"jobs/{row['id']}/")["related"]


class TestFallingDue:
    @pytest.fixture
    def running(self, clock: Clock) -> Iterator[Api]:
        with DemoServer(clock=clock, runs_schedules=True) as server:
            yield Api(server)

    def test_what_falls_due_is_started_once_at_its_time(self, running: Api, clock: Clock) -> None:
        rule = "DTSTART:20260921T150000Z RRULE:FREQ=HOURLY;INTERVAL=1"
        answers = {"limit": "web01", "extra_data": {"version": "7"}}
        made = [
            running.post(f"{path}/schedules/", {"name": "x", "rrule": rule, **more})["id"]
            for path, more in (
                ("job_templates/15", answers), ("job_templates/17", {}), ("projects/8", {}),
                ("workflow_job_templates/22", {}),
            )
        ]  # fmt: skip
        clock.tick(3600)
        for each in made:
            rows = running.get(f"schedules/{each}/jobs/")["results"]
            assert [row["created"][:19] for row in rows] == ["2026-09-21T15:00:00"]
            after = running.get(f"schedules/{each}/")
            assert after["next_run"] == "2026-09-21T16:00:00Z"
        prompted = running.get("jobs/?launch_type=scheduled&unified_job_template=15&order_by=-id")
        job = prompted["results"][0]
        assert (job["limit"], job["extra_vars"]) == ("web01", '{"version": "7"}')
        assert job["launched_by"]["type"] == "schedule"

    def test_elsewhere_times_pass_by(self, api: Api, clock: Clock) -> None:
        rule = "DTSTART:20260921T150000Z RRULE:FREQ=HOURLY;INTERVAL=1;COUNT=1"
        made = make(api, 9, rrule=rule)
        clock.tick(3600)
        assert api.get(f"schedules/{made['id']}/jobs/")["results"] == []
        assert api.get(f"schedules/{made['id']}/")["next_run"] is None
