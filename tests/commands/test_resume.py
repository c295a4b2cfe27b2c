from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import retry
from commands.resume import _able_to_notify, _settings_of
from commands.table import COMMANDS
from utils.journal import Journal
from utils.notifying.notice import prepare

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from utils.command_line import Call

SLACK = {"SLACK_WEBHOOK_URL": "https://hooks.slack.test/services/T/B/s3cret"}


def test_a_run_is_gone_on_with_where_it_is_no_longer_known_whom_to_notify(
    call: Callable[..., Call], settings: Callable[..., Settings], caplog: pytest.LogCaptureFixture
) -> None:
    as_it_was = settings(notify_on="failure", notify_template="mine.j2")
    found, notice = _able_to_notify(as_it_was, call())
    assert (found.notify_on, notice) == ((), None)
    assert "nobody is notified: --notify-on needs somewhere to send to" in caplog.text
    assert prepare(found) is None


def test_what_is_asked_for_now_or_can_be_done_stays(
    call: Callable[..., Call], settings: Callable[..., Settings]
) -> None:
    as_it_was = settings(SLACK, notify_on="failure")
    found, notice = _able_to_notify(as_it_was, call())
    assert found is as_it_was
    assert notice  # and so nothing warns of it again
    now = settings(notify_on="always")
    assert _able_to_notify(now, call(notify_on="always")) == (now, None)


@pytest.mark.parametrize(
    ("now", "what"),
    [
        pytest.param({}, "cancel", id="of no further use"),
        pytest.param({"timeout": "5m"}, "leave", id="of use again"),
    ],
)
def test_a_run_that_was_left_when_its_time_was_over_can_be_gone_on_with(
    call: Callable[..., Call], tmp_path: Path, now: dict[str, str], what: str
) -> None:
    journal = Journal(tmp_path)
    flags = {"template": ["9"], "timeout": ["8s"], "on_timeout": ["leave"]}
    journal.note(command="run", flags=flags)
    settings = _settings_of(replace(call(**now), commands=COMMANDS), journal)
    retry.require(settings)
    assert (settings.timeout, settings.on_timeout) == (300 if now else 0, what)
