"""Files of schedules that AWX does not take whole, or that somebody writes in his own way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from demo.faults import Fault
from demo.model_schedules import Schedule
from tests.e2e.test_schedules import names, written

if TYPE_CHECKING:
    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain

APPLY = ("schedule", "apply", "-f", "-")


def on_template(*names: str, template: object = 9) -> str:
    entries = [{"name": name, "template": template, "at": "08:00", "tz": "UTC"} for name in names]
    return json.dumps({"schedules": entries})


def of_name(awx: DemoServer, name: str) -> Schedule:
    return next(row for row in awx.awx.all(Schedule) if row.name == name)


def test_what_was_made_before_a_refusal_is_told_and_the_same_goes_on(
    main: RunMain, awx: DemoServer
) -> None:
    text = on_template("one", "two", "three")
    fault = Fault("status", "POST", "/9/schedules/", code=403, skip=2)
    fault.content_type, fault.body = "application/json", '{"detail": "Not today."}'
    awx.faults.add(fault)
    ended = main(*APPLY, "-o", "json", stdin=text)
    assert ended.code == 4
    assert [each["name"] for each in json.loads(ended.out)] == ["one", "two"]
    assert "entry 3 ('three'): AWX answered 403" in ended.err
    assert "Not today. (2 of 3 changes are made; the same command goes on)" in ended.err
    assert main(*APPLY, stdin=text).code == 0
    assert {"one", "two", "three"} <= names(awx)


def test_many_of_one_template_ask_for_it_once(main: RunMain, awx: DemoServer) -> None:
    text = on_template(*map(str, range(1000, 1012)))
    assert main(*APPLY, stdin=text).code == 0
    awx.awx.requests.clear()
    assert main(*APPLY, stdin=text).code == 0
    asked = [path for method, path, _ in awx.awx.requests if method == "GET"]
    assert len(asked) == len(set(asked)) <= 12, asked
    assert written(awx) == []


def test_texts_with_blanks_at_their_ends_and_ends_that_are_past_stay_as_they_are(
    main: RunMain, awx: DemoServer
) -> None:
    text = """
        schedules:
          - name: "blanks "
            template: 9
            at: "08:00"
            start: 2026-01-01
            until: 2026-02-01
            tz: UTC
            description: |
              What it does
    """
    row = json.loads(on_template("blanks"))["schedules"][0]
    made = main(*APPLY, stdin=json.dumps({"schedules": [row]}))
    assert made.code == 0, made.err
    schedule = of_name(awx, "blanks")
    schedule.description = "What it does"
    rule = "RRULE:FREQ=DAILY;INTERVAL=1;UNTIL=20260201T235959Z"
    schedule.rrule = f"DTSTART:20260101T080000Z {rule}"
    for each in (text, text.replace("            start: 2026-01-01\n", "")):
        again = main(*APPLY, stdin=each)
        assert (again.code, again.out) == (0, ""), again.err
        assert "nothing to do" in again.err


def test_nothing_is_changed_where_awx_will_refuse_one_of_the_changes(
    main: RunMain, awx: DemoServer
) -> None:
    assert main("schedule", "add", "--template", "9", "--at", "06:00", "--name", "his").code == 0
    before = len(written(awx))
    person = {"AWX_USERNAME": "operator", "AWX_PASSWORD": "password"}
    changed = main(*APPLY, "--yes", stdin=on_template("mine", "his"), **person)
    assert changed.code == 4
    assert "entry 2 ('his'): AWX does not let this user change schedule" in changed.err
    pruned = main(*APPLY, "--yes", "--prune", stdin=on_template("mine"), **person)
    assert pruned.code == 4
    assert "--prune: AWX does not let this user remove schedule" in pruned.err
    assert len(written(awx)) == before


@pytest.mark.parametrize("ends_enabled", [True, False])
def test_it_runs_nothing_while_what_hangs_on_it_changes(
    main: RunMain, awx: DemoServer, *, ends_enabled: bool
) -> None:
    add = ("schedule", "add", "--template", "Prompts", "--at", "08:00", "--name", "x",
           "-e", "version=1", "--yes", "--tz", "UTC")  # fmt: skip
    assert main(*add, "--credential", "Machine without key").code == 0
    fault = Fault("status", "POST", r"/schedules/\d+/credentials/", code=403)
    if not ends_enabled:
        awx.faults.add(fault)
    ended = main(*add)
    row = of_name(awx, "x")
    assert (row.enabled, ended.code) == ((True, 0) if ends_enabled else (False, 4)), ended.err
    if not ends_enabled:
        assert f"schedule {row.id} is left disabled" in ended.err
