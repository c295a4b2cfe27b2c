"""Which schedule is meant, and whether it is as asked for."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from tests.rows import launch_facts, template
from tests.utils.schedules.falling_due import NOW
from utils.errors import UsageError
from utils.record import Record
from utils.schedules import differences, planning, timing
from utils.schedules.differences import Existing
from utils.schedules.planning import Target, Wanted
from utils.schedules.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

    Make = Callable[..., Settings]


@pytest.mark.parametrize(
    ("environ", "flags", "name"),
    [
        ({"AWX_EVERY": "6h"}, {"at": "08:00"}, "at 08:00"),
        ({"AWX_AT": "08:00"}, {"every": "6h"}, "every 6h"),
        ({"AWX_AT": "08:00"}, {"cron": "@daily"}, "at @daily"),
        ({}, {"every": "1w", "at": "Mon 08:00"}, "every 1w at Mon 08:00"),
        ({"AWX_EVERY": "1d", "AWX_AT": "08:00"}, {}, "every 1d at 08:00"),
    ],
)
def test_its_name_is_that_of_the_way_chosen(
    settings: Make, client: Client, awx: FakeAwx,
    environ: dict[str, str], flags: dict[str, str], name: str,
) -> None:  # fmt: skip
    awx.get("job_templates/9/", template(summary_fields={"user_capabilities": {"start": True}}))
    awx.get("job_templates/9/launch/", launch_facts())
    found = planning.wanted(client, settings(environ, tz="UTC", **flags), NOW, Zones(client))
    assert found.name == f"Deploy web {name}"


def test_a_rule_has_to_be_named(settings: Make, client: Client) -> None:
    asked = settings(rrule="DTSTART:20300101T000000Z RRULE:FREQ=DAILY;INTERVAL=1")
    with pytest.raises(UsageError, match=r"--rrule: .*pass --name"):
        planning.wanted(client, asked, NOW, Zones(client))


def test_one_that_had_all_its_times_begins_anew(settings: Make) -> None:
    """As long as it runs, it is as asked for, since nobody has said when it is to begin."""
    asked, later = settings(at="08:00", count=3, tz="UTC"), NOW.replace(month=12)
    was = timing.rule_of(asked, NOW)
    wanted = Wanted(Target("job_template", 9, "x"), timing.rule_of(asked, later), {}, {}, "--at")

    def kept(dtend: datetime) -> str:
        fields = {"id": 7, "rrule": str(was), "dtend": dtend.isoformat()}
        old = Existing(Record(fields, "AWX"), {})
        return str(differences.as_kept(wanted, old).rule)

    assert kept(datetime(2026, 12, 25, 8, tzinfo=timezone.utc)) == str(was)
    assert kept(datetime(2026, 11, 25, 8, tzinfo=timezone.utc)) == str(wanted.rule)
    assert str(wanted.rule).startswith("DTSTART:20261223T080000Z")
