"""Schedules from the command line, against the embedded AWX."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from demo.model_schedules import Schedule

if TYPE_CHECKING:
    from pathlib import Path

    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain

HEALTH = ("--template", "Apache health check", "--every", "6h", "--tz", "Europe/Berlin")
FILE = """
schedules:
  - {name: Prompted, template: Prompts, at: Mon-Fri 10:30, tz: Europe/Berlin, limit: web01,
     credentials: [Machine without key], labels: [production], diff: true,
     except: [2026-12-24, 2026-12-31], extra_vars: {version: "2.0", n: 3}}
  - {name: Update, project: Web playbooks, cron: "@daily", tz: UTC, enabled: false}
  - {name: Sunday, template: Release, at: Sun 03:00, tz: America/New_York}
  - name: Surveyed
    template: Survey
    cron: 0 4 1 * mon
    tz: UTC
    extra_vars: {release: "3", target_env: prod, api_secret: hush-hush}
"""


def written(awx: DemoServer) -> list[str]:
    """Return the requests that changed something, those for tokens left out."""
    asked = [(method, path) for method, path, _ in awx.awx.requests]
    return [
        f"{method} {path.removeprefix('/api/v2/')}"
        for method, path in asked
        if method not in {"GET", "HEAD"} and "tokens" not in path and "preview" not in path
    ]


def names(awx: DemoServer) -> set[str]:
    return {row.name for row in awx.awx.all(Schedule) if row.id > 100}


def test_a_health_check_every_six_hours(main: RunMain, awx: DemoServer) -> None:
    made = main("schedule", "add", *HEALTH, "-o", "json", "--jq", ".action, .rrule, .id")
    action, rule, number = made.out.splitlines()
    assert (made.code, action) == (0, "created")
    assert rule.endswith("RRULE:FREQ=HOURLY;INTERVAL=6")
    again = main("schedule", "add", *HEALTH)
    assert (again.code, again.out) == (0, "")
    assert "is as asked for: nothing to do" in again.err
    assert len(written(awx)) == 1
    other = ("--description", "x", "--except", "2099-12-24", "--except", "2026-12-24T06:00")
    refused = main("schedule", "add", *HEALTH, *other[:2])
    assert refused.code == 2
    assert "description: none -> x" in refused.out
    assert "pass --yes" in refused.err
    too_far = main("schedule", "add", *HEALTH, *other)
    assert (too_far.code, "AWX would leave out" in too_far.err) == (2, True)
    assert len(written(awx)) == 1
    changed = main("schedule", "add", *HEALTH, "--yes", *other[:2], *other[4:])
    assert changed.code == 0
    assert "+ EXRULE:FREQ=DAILY" in changed.out
    row = awx.awx.get(Schedule, int(number))
    assert row.description == "x"
    assert row.rrule.startswith(rule)


def test_list_show_and_switches(main: RunMain, awx: DemoServer) -> None:
    table = main("schedule", "list", "--tz", "Europe/Berlin", "--template", "9")
    assert table.out.splitlines()[0].split() == [
        "id", "name", "runs", "enabled", "next", "run", "last", "result", "made", "by",
    ]  # fmt: skip
    assert "109  Deploy web by night  template Deploy web" in table.out
    assert re.search(r" yes      \S+ \S+ 02:00 CES?T  successful   admin\n", table.out)
    everything = json.loads(main("schedule", "list", "--all", "-o", "json").out)
    assert [row["id"] for row in everything][:5] == [1, 2, 3, 4, 109]
    off = main("schedule", "disable", "Deploy web by night", "110", "-o", "json", "--jq",
               ".[].changed")  # fmt: skip
    assert off.out.split() == ["true", "true"]
    again = main("schedule", "disable", "109", "111")
    assert "schedule 109 (Deploy web by night) is disabled already" in again.err
    assert len(written(awx)) == 3
    shown = main("schedule", "show", "109")
    assert "enabled          no" in shown.out
    assert "rule             RRULE:FREQ=DAILY;INTERVAL=1" in shown.out
    assert "\njob  status" in shown.out
    refused = main("schedule", "remove", "109", "110")
    assert (refused.code, "pass --yes" in refused.err) == (2, True)
    gone = main("schedule", "remove", "--yes", "109", "110", "999")
    assert gone.code == 0
    assert "999" in gone.err
    assert not {"Deploy web by night", "Failing deploy by night"} & names(awx)


def test_a_file_is_applied_once_and_exported_as_it_is(
    main: RunMain, awx: DemoServer, tmp_path: Path
) -> None:
    path = tmp_path / "schedules.yml"
    path.write_text(FILE)
    before = names(awx)
    dry = main("schedule", "apply", "-f", str(path), "--dry-run")
    assert (dry.code, written(awx), names(awx)) == (0, [], before)
    made = main("schedule", "apply", "-f", str(path))
    assert made.code == 0, made.err
    assert names(awx) - before == {"Prompted", "Update", "Sunday", "Surveyed"}
    prompted = next(row for row in awx.awx.all(Schedule) if row.name == "Prompted")
    assert prompted.enabled
    assert [row.name for row in prompted.credentials] == ["Machine without key"]
    assert prompted.rrule.count("EXRULE") == 2
    awx.awx.requests.clear()
    again = main("schedule", "apply", "-f", str(path))
    assert (again.code, again.out, written(awx)) == (0, "", [])
    assert "4 schedules: nothing to do" in again.err
    exported = main("schedule", "export")
    assert "api_secret: $encrypted$" in exported.out
    applied = main("schedule", "apply", "-f", "-", stdin=exported.out)
    assert (applied.code, written(awx)) == (0, []), applied.out + applied.err
    path.write_text(FILE.replace("limit: web01", "limit: web02").replace("Sunday", "Weekly"))
    pruned = main("schedule", "apply", "-f", str(path), "--prune", "--yes", "--renew-secrets")
    assert pruned.code == 0
    assert "limit: web01 -> web02" in pruned.out
    assert "Sunday" not in names(awx)
    assert {"Weekly", "Deploy web by night"} <= names(awx)
    assert not {"Prompts by night", "Survey by night"} & names(awx)
    for each in (dry, made, again, exported, applied, pruned):
        assert "hush-hush" not in each.out + each.err


BAD = """
schedules:
  - {name: good, template: Deploy web, at: "08:00", tz: UTC}
  - {name: bad, template: Deploy wep, at: "08:00", tz: UTC}
  - {name: good, template: 9, at: "09:00", tz: UTC}
  - {name: many, template: 9, rrule: "DTSTART:20300101T000000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=1000"}
  - {name: limited, template: 9, at: "09:00", tz: UTC, limit: web01}
"""  # noqa: E501  # as a user may write it


def test_a_bad_entry_changes_nothing_and_all_are_told(main: RunMain, awx: DemoServer) -> None:
    ended = main("schedule", "apply", "-f", "-", stdin=BAD)
    assert (ended.code, ended.out, written(awx)) == (2, "", [])
    told = ended.err
    assert "standard input, entry 2 ('bad'): AWX has no job template 'Deploy wep', is " in told
    assert "entry 3 ('good'): template 9 (Deploy web) has that name already" in told
    assert "entry 4 ('many'): AWX answered 400" in told
    assert "COUNT > 999 is unsupported" in told
    assert "does not ask for --limit (from standard input, entry 5 ('limited'), line 7, lim" in told
    assert "(nothing was changed)" in told


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("add", "--every", "6h", "--project", "Manual project"), 5, "is a manual one"),
        (("add", "--every", "6h", "--project", "8", "--limit", "x"), 2, "--limit: the update of"),
        (("add", "--every", "1d", "--template", "9", "--tz", "Mars/Base"), 2, "is no zone such as"),
        (("preview", "--rrule", "RRULE:FREQ=DAILY", "--start", "2030-01-01"), 2, "INTERVAL requir"),
        (("preview",), 2, "takes a schedule, or --every"),
        (("enable", "Nosuch"), 5, "AWX has no schedule 'Nosuch'"),
    ],
)
def test_what_cannot_be_done(
    main: RunMain, awx: DemoServer, args: tuple[str, ...], code: int, words: str
) -> None:
    ended = main("schedule", *args)
    assert (ended.code, ended.out, written(awx)) == (code, "", [])
    assert words in ended.err


def test_who_may_launch_may_schedule(main: RunMain, awx: DemoServer) -> None:
    operator = {"AWX_USERNAME": "operator", "AWX_PASSWORD": "password"}
    ended = main("schedule", "disable", "109", **operator)
    assert ended.code == 4
    ended = main("schedule", "add", "--template", "9", "--at", "08:00", "--tz", "UTC", **operator)
    assert ended.code == 0
    assert "Deploy web at 08:00" in names(awx)
    preview = main("schedule", "preview", "--at", "02:30", "--tz", "Europe/Berlin", "--start",
                   "2036-03-28")  # fmt: skip
    assert "the clock is put forward, from +01:00 to +02:00" in preview.out
