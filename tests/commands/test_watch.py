from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest

from commands import watch
from monitor import Finished
from tests.fake_awx import address
from tests.receivers import webhook
from tests.rows import event, job, page
from utils import signals
from utils.errors import ExitCode, NotFound, Refused, UsageError
from utils.jobs import Launched
from utils.record import Record
from utils.results import Results

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
    call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    awx.refuse("GET", "me/", 401)
    with webhook() as server:
        environ = {"SLACK_WEBHOOK_URL": server.url}
        with pytest.raises(Refused):
            watch.run(call("40", "41", environ=environ, notify_on="failure", output="json"))
    (payload,) = server.posts
    assert payload["text"].startswith("REFUSED: job 40, 41: AWX refuses the login")
    found = json.loads(capsysbinary.readouterr().out)
    assert (found["jobs"], found["exit_code"]) == ([], 4)
    assert [each["state"] for each in found["notifications"]] == ["sent"]


@pytest.mark.usefixtures("me", "default_signals")
def test_what_ends_early_has_a_document_too(
    call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    def stop(_request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        signal.raise_signal(signal.SIGTERM)
        raise AssertionError("the signal ends it")

    awx.get("unified_jobs/", page(job(status="running")))
    awx.mock.add_callback("GET", address("jobs/40/"), stop)
    signals.install()
    with webhook() as server:
        environ = {"SLACK_WEBHOOK_URL": server.url}
        found = call("40", environ=environ, notify_on="failure", output="json")
        assert watch.run(found) == ExitCode.TERMINATED
    document = json.loads(capsysbinary.readouterr().out)
    assert document["exit_code"] == 143
    assert [each["state"] for each in document["notifications"]] == ["sent"]
    assert document["job"]["id"] == 40


def test_of_several_jobs_each_has_its_own_end_and_all_have_the_worst() -> None:
    each_done = [Results(), Results()]
    for number, results in enumerate(each_done, 40):
        results.add(Launched(number, "job", f"jobs/{number}/", "page"))
    each_done[0].add(Finished(Record(job(status="failed"), "")))
    found = watch._document(Results(), watch._End(ExitCode.TERMINATED, each_done), is_one=False)
    assert found["exit_code"] == 143
    jobs: Any = found["jobs"]
    assert [(each["job"]["id"], each["exit_code"]) for each in jobs] == [(40, 1), (41, 143)]
