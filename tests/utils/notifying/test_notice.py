from __future__ import annotations

import signal
import time as real_time
from typing import TYPE_CHECKING, NoReturn

import pytest

from monitor import Finished
from tests.fake_awx import address
from tests.receivers import Webhook, webhook
from tests.rows import job, page
from utils import signals
from utils.errors import ExitCode, UsageError
from utils.jobs import Launched
from utils.notifying import notice
from utils.notifying.endings import ENDINGS
from utils.notifying.notice import prepare
from utils.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client
    from utils.results import Results

SLACK = {"SLACK_WEBHOOK_URL": "https://hooks.slack.test/services/T/B/s3cret"}


@pytest.fixture
def receiver() -> Iterator[Webhook]:
    with webhook() as server:
        yield server


@pytest.fixture
def told(
    receiver: Webhook, settings: Callable[..., Settings], client: Client, done: Results
) -> Callable[..., list[str]]:
    """Goes through the end of a run with that code and returns the headlines that were sent."""

    def end(on: str, code: int, status: str = "") -> list[str]:
        if status:
            done.add(Launched(40, "job", "jobs/40/", "http://awx.test/#/40", name="Deploy web"))
            row = job(status=status, unified_job_template=9)
            done.add(Finished(Record(row, "GET jobs/40/")))
        found = settings({"SLACK_WEBHOOK_URL": receiver.url}, notify_on=on)
        made = prepare(found)
        assert made
        made.gather(client, found, done, ExitCode(code))
        sent = made.send()
        assert [each.state for each in sent.sent] == ["sent"] * len(receiver.posts)
        return [post["text"] for post in receiver.posts]

    return end


def test_without_notify_on_there_is_nothing(settings: Callable[..., Settings]) -> None:
    assert prepare(settings({**SLACK, "SMTP_HOST": "only"})) is None
    with pytest.raises(UsageError, match="--notify-template does nothing without --notify-on"):
        prepare(settings(notify_template="x.j2"))


@pytest.mark.parametrize(
    ("environ", "flags", "problem"),
    [
        ({}, {"notify_on": "failure"}, "--notify-on needs somewhere to send to: set AWX_SLACK_"),
        ({"AWX_NOTIFY_ON": "always,failure"}, {}, "AWX_NOTIFY_ON needs somewhere to send to"),
        ({**SLACK, "NOTIFY_URLS": "s3cret"}, {"notify_on": "always"}, "NOTIFY_URLS: it takes"),
    ],
)
def test_with_nowhere_to_send_to_no_run_begins(
    settings: Callable[..., Settings], environ: dict[str, str], flags: dict[str, str], problem: str
) -> None:
    with pytest.raises(UsageError) as caught:
        prepare(settings(environ, **flags))
    assert str(caught.value).startswith(problem)
    assert "s3cret" not in str(caught.value)


def test_occasions_are_joined_and_repeated(settings: Callable[..., Settings]) -> None:
    found = settings(SLACK, notify_on=["failure,recovery", "success"])
    assert found.notify_on == ("failure", "recovery", "success")
    with pytest.raises(UsageError, match="takes failure, success, always or recovery"):
        settings(SLACK, notify_on="never")


def test_a_failure(told: Callable[..., list[str]], awx: FakeAwx) -> None:
    awx.get("unified_jobs/", page(job(elapsed=2.0)))
    assert told("failure", 1, "failed") == ["FAILED: Deploy web (job 40)"]


def test_where_nobody_wants_to_know_awx_is_asked_nothing(
    told: Callable[..., list[str]], awx: FakeAwx
) -> None:
    assert told("failure", 0, "successful") == []
    assert awx.requests == []


def test_a_success_that_is_a_recovery_to_who_asked_for_that(
    told: Callable[..., list[str]], awx: FakeAwx
) -> None:
    awx.get("jobs/", page(job(id=39, status="failed")))
    awx.get("jobs/", page())
    awx.get("jobs/", page(job(id=39, status="failed")))
    awx.get("unified_jobs/", page())
    assert told("failure,recovery", 0, "successful") == ["RECOVERED: Deploy web (job 40)"]


def test_a_success_that_is_none(told: Callable[..., list[str]], awx: FakeAwx) -> None:
    awx.get("jobs/", page(job(id=39)))
    awx.get("unified_jobs/", page())
    assert told("failure,recovery", 0, "successful") == []


def test_awx_that_answers_no_more_is_done_without(
    told: Callable[..., list[str]], awx: FakeAwx
) -> None:
    awx.get("jobs/", status=502)
    assert told("success", 0, "successful") == ["SUCCEEDED: Deploy web (job 40)"]


@pytest.mark.usefixtures("default_signals")
def test_awx_that_takes_too_long_is_done_without(
    told: Callable[..., list[str]], awx: FakeAwx, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(_request: object) -> NoReturn:
        real_time.sleep(20)
        raise AssertionError("it was waited for")

    monkeypatch.setattr(notice, "ASKING_S", 0.05)
    awx.mock.add_callback("GET", address("unified_jobs/"), hang)
    signals.install()
    assert told("failure", 1, "failed") == ["FAILED: Deploy web (job 40)"]


@pytest.mark.parametrize("code", [3, 143, 130])
def test_awx_that_is_gone_is_not_asked(
    told: Callable[..., list[str]], awx: FakeAwx, code: int
) -> None:
    (title,) = told("failure", code)
    assert title.endswith(f": template 9: {ENDINGS[ExitCode(code)].meaning}")
    assert awx.requests == []


@pytest.mark.parametrize(("on", "count"), [("success,failure,recovery", 0), ("always", 1)])
def test_a_run_that_was_not_needed(told: Callable[..., list[str]], on: str, count: int) -> None:
    assert len(told(on, 0)) == count


@pytest.mark.parametrize("code", [ExitCode.USAGE, ExitCode.DEFECT])
def test_a_slip_is_told_to_nobody(told: Callable[..., list[str]], code: ExitCode) -> None:
    assert told("always", code) == []


@pytest.mark.usefixtures("default_signals")
def test_a_signal_while_awx_is_asked_for_more_sends_what_is_known(
    told: Callable[..., list[str]], awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    def stop(_request: object) -> NoReturn:
        signal.raise_signal(signal.SIGTERM)
        raise AssertionError("the signal ends it")

    awx.mock.add_callback("GET", address("unified_jobs/"), stop)
    signals.install()
    with signals.held():  # as at the end of a run
        assert told("failure", 1, "failed") == ["FAILED: Deploy web (job 40)"]
    assert "stopped by SIGTERM: the message does not wait for what AWX might add" in caplog.text


@pytest.mark.usefixtures("default_signals")
def test_a_signal_while_the_users_template_is_filled_in_sends_ours(
    receiver: Webhook, settings: Callable[..., Settings], client: Client, done: Results,
    tmp_path: Path,
) -> None:  # fmt: skip
    path = tmp_path / "mine.j2"
    path.write_text("{{ (facts.title | upper) }}")
    found = settings({"SLACK_WEBHOOK_URL": receiver.url}, notify_on="failure", notify_template=path)
    made = prepare(found)
    assert made
    signals.install()
    with signals.held():
        signal.raise_signal(signal.SIGTERM)  # which is let through at the first wait
        made.gather(client, found, done, ExitCode.UNREACHABLE)
        assert [each.state for each in made.send().sent] == ["sent"]
    (payload,) = receiver.posts
    assert payload["text"].startswith("AWX UNREACHABLE: template 9")


def test_trouble_with_a_message_is_told_and_not_raised(
    settings: Callable[..., Settings], client: Client, done: Results,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr("os.uname", lambda: 1 / 0)
    found = settings(SLACK, notify_on="failure")
    made = prepare(found)
    assert made
    made.gather(client, found, done, ExitCode.UNREACHABLE)
    assert "nobody is notified: division by zero" in caplog.text
    assert made.is_due
    assert made.send().rows == [
        {"kind": "slack", "to": "https://hooks.slack.test", "state": "failed", "tries": 0,
         "error": "division by zero"},
    ]  # fmt: skip
