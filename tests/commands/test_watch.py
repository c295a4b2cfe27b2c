from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from commands import watch
from tests.fake_awx import address
from tests.receivers import webhook
from tests.rows import event, job, page
from utils import signals
from utils.errors import ExitCode, NotFound, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from requests import PreparedRequest

    from tests.fake_awx import FakeAwx
    from utils.command_line import Call


@pytest.mark.usefixtures("me")
@pytest.mark.parametrize(("status", "code"), [("successful", 0), ("error", 1), ("canceled", 8)])
def test_a_finished_job_is_shown_and_its_end_is_the_code(
    call: Callable[..., Call],
    awx: FakeAwx,
    capsysbinary: pytest.CaptureFixture[bytes],
    status: str,
    code: int,
) -> None:
    awx.get("unified_jobs/", page(job(status=status)))
    awx.get("jobs/40/", job(status=status))
    awx.get("jobs/40/job_events/", {"results": [event(1, "\x1b[0;32mok: [web01]\x1b[0m")]})
    if status == "error":
        awx.get("jobs/40/job_host_summaries/", page())
    assert watch.run(call("40")) == code
    assert capsysbinary.readouterr().out == b"ok: [web01]\n"
    assert {each.method for each in awx.requests} == {"GET"}


@pytest.mark.usefixtures("me")
def test_as_json(
    call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    awx.get("unified_jobs/", page(job()))
    awx.get("jobs/40/", job())
    awx.get("jobs/40/job_events/", {"results": [event(1, "ok: [web01]")]})
    watch.run(call("40", output="json"))
    found = json.loads(capsysbinary.readouterr().out)
    assert (found["job"]["id"], found["exit_code"]) == (40, 0)


@pytest.mark.usefixtures("me")
def test_a_job_that_is_not_there(call: Callable[..., Call], awx: FakeAwx) -> None:
    awx.get("unified_jobs/", page())
    with pytest.raises(NotFound):
        watch.run(call("40"))


def test_a_name_is_no_job(call: Callable[..., Call]) -> None:
    with pytest.raises(UsageError, match="named by its id"):
        watch.run(call("Deploy web"))


@pytest.mark.usefixtures("me", "default_signals")
def test_an_interrupt_says_how_to_go_on_and_ends_it(
    call: Callable[..., Call], awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    def leave(_request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("the signal ends it")

    awx.get("unified_jobs/", page(job(status="running")))
    awx.mock.add_callback("GET", address("jobs/40/"), leave)
    signals.install()
    assert watch.run(call("40")) == ExitCode.INTERRUPTED
    errors = [each.message for each in caplog.records if each.levelname == "ERROR"]
    assert errors == [
        "stopped by SIGINT",
        "job 40 was not followed to its end, and may go on in AWX: http://awx.test/#/jobs/playbook/40/output",
        "next: python main.py watch 40",
        "next: python main.py cancel 40",
    ]


@pytest.mark.usefixtures("me")
def test_a_filter_that_does_not_fit_does_not_change_the_code(
    call: Callable[..., Call],
    awx: FakeAwx,
    capsysbinary: pytest.CaptureFixture[bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:
    awx.get("unified_jobs/", page(job(status="canceled")))
    awx.get("jobs/40/", job(status="canceled"))
    awx.get("jobs/40/job_events/", {"results": [event(1, "ok")]})
    assert watch.run(call("40", jq=".job[0]")) == 8
    assert json.loads(capsysbinary.readouterr().out)["exit_code"] == 8
    assert "--jq: Cannot index object with number" in caplog.text


def test_who_wants_to_know_is_told_that_awx_refuses_it(
    call: Callable[..., Call], awx: FakeAwx
) -> None:
    awx.refuse("GET", "me/", 401)
    with webhook() as server:
        environ = {"SLACK_WEBHOOK_URL": server.url}
        with pytest.raises(Refused):
            watch.run(call("40", "41", environ=environ, notify_on="failure"))
    (payload,) = server.posts
    assert payload["text"].startswith("REFUSED: job 40, 41: AWX refuses the login")
