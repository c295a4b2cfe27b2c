"""docs/notifications.md and the examples beside it are what the code makes."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tests.slack_limits import check
from utils.errors import ExitCode
from utils.notifying.endings import ENDINGS
from utils.notifying.message import VARIABLES

DOCS = Path(__file__).resolve().parents[3] / "docs"
sys.path.insert(0, str(DOCS))

import make_notifications  # noqa: E402  # docs/ is no package
import refresh  # noqa: E402

TEXT = (DOCS / "notifications.md").read_text()


def test_every_variable_of_a_template_is_told_and_no_other() -> None:
    table = TEXT.partition("## Your own words")[2]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(VARIABLES)


def test_what_is_told_when_is_what_the_code_does() -> None:
    assert refresh.refreshed_notifications(TEXT) == TEXT, "run: make docs"


def test_every_exit_code_is_told_of_but_a_slip_and_a_defect() -> None:
    assert set(ExitCode) - set(ENDINGS) == {ExitCode.USAGE, ExitCode.DEFECT}


@pytest.mark.parametrize("name", make_notifications.files())
def test_the_examples_are_what_is_sent(name: str) -> None:
    example = (DOCS / "notifications" / name).read_text(encoding="utf-8")
    assert example == make_notifications.files()[name], "run: make docs"


def test_slack_takes_the_example() -> None:
    check(json.loads((DOCS / "notifications" / "slack.json").read_text(encoding="utf-8")))
