"""What is sent to AWX for a schedule, and what is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from commands import schedule
from tests.rows import default_credential, launch_facts, page, template
from utils.errors import BadAnswer, ExitCode, PreflightFailed, Refused, Unreachable, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fake_awx import FakeAwx
    from utils.command_line import Call

    Calling = Callable[..., Call]

RULE = "DTSTART:20300101T080000Z RRULE:FREQ=DAILY;INTERVAL=1"
PREVIEW = {"local": ["2030-01-01T08:00:00Z"], "utc": ["2030-01-01T08:00:00Z"]}
SCHEDULES = "job_templates/9/schedules/"
ANSWERS = (
    "inventory", "limit", "job_tags", "skip_tags", "job_type", "verbosity", "diff_mode", "forks",
    "execution_environment", "scm_branch", "timeout", "job_slice_count",
)  # fmt: skip


def row(**fields: object) -> dict[str, object]:
    return {
        "id": 201, "type": "schedule", "name": "nightly", "description": "", "enabled": True,
        "rrule": RULE, "extra_data": {}, "unified_job_template": 9, "timezone": "UTC",
        "next_run": "2030-01-01T08:00:00Z", **dict.fromkeys(ANSWERS),
        "summary_fields": {"unified_job_template": {
            "id": 9, "name": "Deploy web", "unified_job_type": "job"}},
        **fields,
    }  # fmt: skip


@pytest.fixture
def asked(awx: FakeAwx, me: None) -> Callable[..., None]:
    """Let AWX know the template, which asks for those, and its zones."""
    del me

    def asking(*names: str) -> None:
        switches = {f"ask_{name}_on_launch": True for name in names}
        summary = {"user_capabilities": {"start": True}, "credentials": [default_credential()]}
        awx.get("job_templates/9/", template(summary_fields=summary, **switches))
        awx.get("job_templates/9/launch/", launch_facts(*names))

    return asking


def adding(call: Calling, **flags: object) -> ExitCode:
    return schedule.run_add(call(rrule=RULE, schedule_name="nightly", **flags))


def bodies(awx: FakeAwx, method: str) -> list[tuple[str, object]]:
    return [
        (str(each.url).partition("/api/v2/")[2], json.loads(each.body or "null"))
        for each in awx.requests
        if each.method == method and "preview" not in str(each.url)
    ]


def test_it_is_made_after_awx_has_told_when(
    call: Calling, awx: FakeAwx, asked: Callable[..., None], capfd: pytest.CaptureFixture[str]
) -> None:
    asked()
    awx.get(SCHEDULES, page())
    awx.post("schedules/preview/", PREVIEW)
    awx.post(SCHEDULES, row(), status=201)
    assert adding(call) == ExitCode.OK
    assert awx.sent[-2:] == ["POST schedules/preview/", f"POST {SCHEDULES}"]
    body = awx.body_of("POST", SCHEDULES)
    assert (body["rrule"], body["enabled"], body["extra_data"]) == (RULE, True, {})
    assert "Tue 2030-01-01 08:00 +00:00  2030-01-01 08:00" in capfd.readouterr().out


def test_a_rule_that_awx_refuses_or_that_never_falls_due_is_not_made(
    call: Calling, awx: FakeAwx, asked: Callable[..., None]
) -> None:
    asked()
    awx.get(SCHEDULES, page())
    awx.post("schedules/preview/", {"rrule": ["COUNT > 999 is unsupported"]}, status=400)
    awx.post("schedules/preview/", {"local": [], "utc": []})
    with pytest.raises(UsageError, match=r"--rrule: .*COUNT > 999 is unsupported"):
        adding(call)
    with pytest.raises(UsageError, match="this never falls due"):
        adding(call)
    assert bodies(awx, "POST") == []


def test_what_hangs_on_it_is_there_before_it_is_enabled(
    call: Calling, awx: FakeAwx, asked: Callable[..., None]
) -> None:
    asked("credential", "labels")
    awx.get("credentials/4/", {"id": 4, "name": "Key", "credential_type": 2, "inputs": {}})
    awx.get("labels/7/", {"id": 7, "name": "web"})
    awx.get(SCHEDULES, page())
    awx.post("schedules/preview/", PREVIEW)
    awx.post(SCHEDULES, row(enabled=False), status=201)
    awx.post("schedules/201/credentials/", status=204)
    awx.post("schedules/201/labels/", status=204)
    awx.on("PATCH", "schedules/201/", row())
    assert adding(call, credential=["4"], labels=["7"]) == ExitCode.OK
    posted = bodies(awx, "POST")
    assert awx.body_of("POST", SCHEDULES)["enabled"] is False
    # Not the template's own credential, which AWX has beside those of the schedule.
    assert posted[1:] == [
        ("schedules/201/credentials/", {"id": 4}), ("schedules/201/labels/", {"id": 7}),
    ]  # fmt: skip
    assert bodies(awx, "PATCH") == [("schedules/201/", {"enabled": True})]


def test_a_credential_that_asks_is_refused_before_anything_is_made(
    call: Calling, awx: FakeAwx, asked: Callable[..., None]
) -> None:
    asked("credential")
    inputs = {"username": "deploy", "password": "ASK"}
    awx.get("credentials/4/", {"id": 4, "name": "Asking", "credential_type": 2, "inputs": inputs})
    with pytest.raises(PreflightFailed, match=r"credential 4 \(Asking\) asks at launch for passw"):
        adding(call, credential=["4"])
    assert not [each for each in awx.sent if each.startswith("POST")]


def test_where_something_cannot_hang_on_it_it_is_removed_again(
    call: Calling, awx: FakeAwx, asked: Callable[..., None]
) -> None:
    asked("labels")
    awx.get("labels/7/", {"id": 7, "name": "web"})
    awx.get(SCHEDULES, page())
    awx.post("schedules/preview/", PREVIEW)
    awx.post(SCHEDULES, row(enabled=False), status=201)
    awx.post("schedules/201/labels/", {"msg": "Maximum number of labels reached."}, status=400)
    awx.on("DELETE", "schedules/201/", status=204)
    with pytest.raises(BadAnswer, match="Maximum number of labels"):
        adding(call, labels=["7"])
    assert awx.sent[-1] == "DELETE schedules/201/"


def test_a_lost_answer_is_looked_for_by_its_name(
    call: Calling, awx: FakeAwx, asked: Callable[..., None]
) -> None:
    asked()
    awx.get(SCHEDULES, page())
    awx.get(SCHEDULES, page(row()))
    awx.post("schedules/preview/", PREVIEW)
    awx.post(SCHEDULES, "<title>Bad Gateway</title>", status=502)
    assert adding(call) == ExitCode.OK
    assert awx.sent.count(f"POST {SCHEDULES}") == 1


def test_one_that_never_arrived_is_told(
    call: Calling, awx: FakeAwx, asked: Callable[..., None]
) -> None:
    asked()
    awx.get(SCHEDULES, page())
    awx.post("schedules/preview/", PREVIEW)
    awx.post(SCHEDULES, "<title>Bad Gateway</title>", status=502)
    with pytest.raises(Unreachable, match="502"):
        adding(call)


def test_only_what_differs_is_sent(
    call: Calling, awx: FakeAwx, asked: Callable[..., None], capfd: pytest.CaptureFixture[str]
) -> None:
    asked("limit")
    awx.get(SCHEDULES, page(row(limit="web01", description="old", next_run=None)))
    awx.on("PATCH", "schedules/201/", row())
    assert adding(call, limit="web02", yes="true") == ExitCode.OK
    assert bodies(awx, "PATCH") == [("schedules/201/", {"limit": "web02", "description": ""})]
    assert "limit: web01 -> web02" in capfd.readouterr().out
    assert "POST schedules/preview/" not in awx.sent


def test_nothing_is_sent_where_nothing_differs(
    call: Calling, awx: FakeAwx, asked: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    asked()
    # An empty text is none to a command line; two spaces are one to AWX.
    awx.get(SCHEDULES, page(row(limit="", rrule=RULE.replace(" ", "  "))))
    assert adding(call) == ExitCode.OK
    assert {each.partition(" ")[0] for each in awx.sent} == {"GET"}
    assert "nothing to do" in caplog.text


def test_the_zone_of_a_whole_rule_is_not_looked_for_in_a_list_that_is_not_whole(
    call: Calling, awx: FakeAwx, asked: Callable[..., None]
) -> None:
    """AWX 24.6.1 takes Europe/Kyiv, and lists Europe/Kiev only."""
    asked()
    text = "DTSTART;TZID=Europe/Kyiv:20300101T080000 RRULE:FREQ=DAILY;INTERVAL=1"
    awx.get(SCHEDULES, page(row(rrule=text, timezone="")))
    assert schedule.run_add(call(rrule=text, schedule_name="nightly")) == ExitCode.OK
    assert awx.sent[-1] == f"GET {SCHEDULES}"


def test_variables_that_awx_has_as_text_are_read_as_it_reads_them(
    call: Calling, awx: FakeAwx, asked: Callable[..., None], capfd: pytest.CaptureFixture[str]
) -> None:
    asked("variables")
    awx.get(SCHEDULES, page(row(extra_data="---\nrelease: '1'\nold: 2")))
    awx.on("PATCH", "schedules/201/", row())
    assert adding(call, extra_vars=["release=1"], yes="true") == ExitCode.OK
    assert bodies(awx, "PATCH") == [("schedules/201/", {"extra_data": {"release": "1"}})]
    assert "variables: old goes" in capfd.readouterr().out


def test_secrets_stay_unless_they_are_sent_again(
    call: Calling, awx: FakeAwx, asked: Callable[..., None], capfd: pytest.CaptureFixture[str]
) -> None:
    asked("variables")
    awx.get(SCHEDULES, page(row(extra_data={"key": "$encrypted$"})))
    awx.on("PATCH", "schedules/201/", row())
    given = {"extra_vars": ["key=hush"], "yes": "true"}
    assert adding(call, **given) == ExitCode.OK
    assert bodies(awx, "PATCH") == []
    assert adding(call, **given, renew_secrets="true") == ExitCode.OK
    assert bodies(awx, "PATCH") == [("schedules/201/", {"extra_data": {"key": "hush"}})]
    told = capfd.readouterr()
    assert "variables: key changes" in told.out
    assert "hush" not in told.out + told.err


@pytest.mark.usefixtures("awx")
@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"at": "08:00", "cron": "@daily"}, "do not go together"),
        ({"at": "08:00", "tz": "Nowhere"}, "is no zone"),
        ({"rrule": RULE}, "--rrule: a rule makes no name by itself: pass --name"),
        ({"at": "08:00", "tz": "UTC", "extra_vars": ["{"]}, "JSON or YAML"),
        ({"at": "08:00", "tz": "UTC", "jq": ".["}, "--jq"),
    ],
)
def test_bad_usage_sends_nothing(call: Calling, flags: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError) as told:
        schedule.run_add(call(**flags))
    assert words in str(told.value)


@pytest.mark.usefixtures("me")
def test_who_may_not_launch_may_not_schedule(call: Calling, awx: FakeAwx) -> None:
    summary = {"user_capabilities": {"start": False}}
    awx.get("job_templates/9/", template(summary_fields=summary))
    awx.get("job_templates/9/access_list/", page())
    with pytest.raises(Refused, match="admin lacks the execute role on template 9"):
        adding(call)


@pytest.mark.usefixtures("me")
def test_a_name_that_several_have_is_no_name(call: Calling, awx: FakeAwx) -> None:
    awx.get("schedules/", page(row(), row(id=202)))
    with pytest.raises(PreflightFailed, match=r"2 schedules are named 'nightly': 201, 202"):
        schedule.run_disable(call("nightly"))


@pytest.mark.usefixtures("me")
def test_variables_that_are_text_are_shown_and_exported(
    call: Calling, awx: FakeAwx, capfd: pytest.CaptureFixture[str]
) -> None:
    has = row(extra_data="release: 1")
    awx.get("schedules/201/", has)
    awx.get("schedules/", page(has))
    for name in ("credentials", "labels", "instance_groups", "jobs"):
        awx.get(f"schedules/201/{name}/", page())
    awx.get("unified_job_templates/", page(template()))
    awx.get("job_templates/9/", template())
    awx.post("schedules/preview/", PREVIEW)
    assert schedule.run_show(call("201")) == ExitCode.OK
    assert "variable         release=1" in capfd.readouterr().out
    assert schedule.run_export(call()) == ExitCode.OK
    assert "extra_vars:\n    release: 1\n" in capfd.readouterr().out


@pytest.mark.usefixtures("me")
def test_a_token_that_only_reads_shows_all_but_the_times(
    call: Calling, awx: FakeAwx, capfd: pytest.CaptureFixture[str]
) -> None:
    awx.get("schedules/201/", row(extra_data={"key": "$encrypted$"}, limit="web01"))
    for name in ("credentials", "labels", "instance_groups", "jobs"):
        awx.get(f"schedules/201/{name}/", page())
    awx.refuse("POST", "schedules/preview/", 403)
    assert schedule.run_show(call("201")) == ExitCode.OK
    out = capfd.readouterr().out
    assert "limit            web01" in out
    assert "variable         key=$encrypted$" in out
    assert "LOCAL" not in out


class TestFiles:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "it is empty; it takes schedules:"),
            ("schedules: [", "expected the node content"),
            ("schedules: {}", "it takes schedules: and a list"),
            ("schedule: []", "line 1: there is no key 'schedule': is 'schedules' meant?"),
            ("schedules: [x]", "entry 1, line 1: this takes keys and values"),
            ("schedules: [{name: a, crom: x}]", "there is no key 'crom': is 'cron' meant?"),
            ("schedules: [{name: a, name: b}]", "the key 'name' is there twice"),
            ("schedules: [{name: a, at: '8:00'}]", "it names neither template nor project"),
            ("schedules: [{name: a, template: b, project: c}]", "it takes one of them"),
            ("schedules: [{template: b}]", "it has no name"),
            ("schedules: [{name: a, template: b, verbosity: 9}]", "verbosity is '9': it takes"),
            ("schedules: [{name: a, template: b, enabled: maybe}]", "it takes true or false"),
            ("schedules: [{name: a, template: b, limit: [x, y]}]", "it takes one text, not 2"),
            ("schedules: [{name: a, template: b, limit: {x: y}}]", "it takes a text"),
            ("schedules: [{name: a, template: b, extra_vars: x}]", "it takes names and values"),
            ("schedules: [{name: a, template: b, start: 2h}]", "another time at each apply"),
            ("schedules: [{name: a, template: b, extra_vars: &a {x: *a}}]", "as JSON can carry"),
            ("schedules: [{name: a, template: b, extra_vars: {2030-01-01: x}}]", "as JSON can"),
            ("schedules: &a [*a]", "this takes keys and values"),
            ("schedules: [{name: a, template: b, ? [x] : y}]", "there is no key"),
            ("schedules:\n\t- x", "found character"),
            ("schedules: [{name: a, template: b, tz: [UTC]}, {}]", "names neither template nor"),
        ],
    )
    @pytest.mark.usefixtures("awx")
    def test_what_cannot_be_read_is_told_with_its_place(
        self, call: Calling, tmp_path: Path, text: str, words: str
    ) -> None:
        path = tmp_path / "schedules.yml"
        path.write_text(text)
        with pytest.raises(UsageError) as told:
            schedule.run_apply(call(file=path))
        assert words in str(told.value)
        assert str(told.value).startswith(str(path))
        assert "\n" not in str(told.value)

    def test_texts_are_read_as_they_are_written(
        self, call: Calling, awx: FakeAwx, asked: Callable[..., None], tmp_path: Path
    ) -> None:
        """YAML would take 10:30 for seconds, a day for a date, and 1.10 for 1.1."""
        asked("variables", "limit")
        awx.get("schedules/zoneinfo/", {"zones": ["Europe/Berlin"], "links": {}})
        awx.get(SCHEDULES, page())
        awx.post("schedules/preview/", PREVIEW)
        awx.post(SCHEDULES, row(), status=201)
        path = tmp_path / "schedules.yml"
        path.write_text(
            "schedules: [{name: 'yes', template: 9, at: 10:30, start: 2030-01-01, limit: 1.10,\n"
            "  tz: Europe/Berlin, except: [2030-12-24, 2030-12-25],\n"
            "  extra_vars: {day: 2030-12-24, n: 3}}]\n"
        )
        assert schedule.run_apply(call(file=path)) == ExitCode.OK
        body = awx.body_of("POST", SCHEDULES)
        assert body["rrule"].startswith(
            "DTSTART;TZID=Europe/Berlin:20300101T103000 RRULE:FREQ=DAILY"
        )
        assert body["rrule"].count("EXRULE") == 2
        assert (body["name"], body["limit"]) == ("yes", "1.10")
        assert body["extra_data"] == {"day": "2030-12-24", "n": 3}
