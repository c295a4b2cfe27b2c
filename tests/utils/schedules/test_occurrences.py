"""AWX is asked when a rule falls due, and not again while it may still be reckoning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from utils.errors import Unreachable
from utils.schedules import occurrences

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

RULE = "DTSTART:20300101T080000Z RRULE:FREQ=DAILY;INTERVAL=1"
COMING = {"local": ["2030-01-01T08:00:00Z"], "utc": ["2030-01-01T08:00:00Z"]}


@pytest.mark.parametrize(
    ("answer", "status"), [(requests.exceptions.ReadTimeout("slow"), 200), ("late", 504)]
)
def test_one_that_takes_too_long_is_not_asked_for_again(
    client: Client, awx: FakeAwx, answer: object, status: int
) -> None:
    awx.post("schedules/preview/", answer, status=status)
    with pytest.raises(Unreachable, match=r"--at: does the rule never fall due") as told:
        occurrences.preview(client, RULE, "--at")
    assert "\n" not in str(told.value)
    assert awx.sent == ["POST schedules/preview/"]


@pytest.mark.parametrize("status", [502, 503])
def test_other_trouble_is_ridden_out(client: Client, awx: FakeAwx, status: int) -> None:
    awx.post("schedules/preview/", "<title>Bad Gateway</title>", status=status)
    awx.post("schedules/preview/", COMING)
    assert len(occurrences.preview(client, RULE, "--at").local) == 1
    assert awx.sent == ["POST schedules/preview/"] * 2
