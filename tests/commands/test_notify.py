from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from commands import notify
from tests.receivers import closed_port, webhook
from tests.slack_limits import check
from utils.errors import ExitCode, UsageError
from utils.notifying import trial
from utils.notifying.sending import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fake_awx import FakeAwx
    from utils.command_line import Call


def test_a_message_of_trial_without_asking_awx(
    call: Callable[..., Call], awx: FakeAwx, capsys: pytest.CaptureFixture[str]
) -> None:
    with webhook() as server:
        environ = {"SLACK_WEBHOOK_URL": server.url}
        assert notify.run_test(call(environ=environ)) == ExitCode.OK
    (payload,) = server.posts
    check(payload)
    assert payload["text"].startswith("TRIAL: ")
    assert capsys.readouterr().out == f"sent slack http://127.0.0.1:{server.server_port}\n"
    assert awx.requests == []


def test_one_that_is_not_reached_is_told_and_is_no_success(
    call: Callable[..., Call], capsys: pytest.CaptureFixture[str]
) -> None:
    quick, port = Limits(pause_s=0.0), closed_port()
    with webhook() as server:
        environ = {
            "SLACK_WEBHOOK_URL": server.url, "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(port), "SMTP_TO": "a@example.com",
            "SMTP_FROM": "b@example.com",
        }  # fmt: skip
        assert trial.run(call(environ=environ, output="json"), quick) == ExitCode.JOB_FAILED
    slack, email = json.loads(capsys.readouterr().out)["notifications"]
    assert (slack["kind"], slack["state"]) == ("slack", "sent")
    assert (email["kind"], email["to"], email["state"]) == ("email", "a@example.com", "failed")
    assert (email["tries"], email["error"]) == (2, f"127.0.0.1:{port}: Connection refused")


def test_a_template_that_goes_wrong_is_no_success(
    call: Callable[..., Call], tmp_path: Path
) -> None:
    path = tmp_path / "mine.j2"
    path.write_text("{{ job.nothing }}")
    with webhook() as server:
        found = call(environ={"SLACK_WEBHOOK_URL": server.url}, notify_template=path)
        assert notify.run_test(found) == ExitCode.JOB_FAILED
    assert len(server.posts) == 1


def test_with_nowhere_to_send_to(call: Callable[..., Call]) -> None:
    with pytest.raises(UsageError, match=r"notify test needs somewhere to send to: set AWX_SLACK"):
        notify.run_test(call())


@pytest.mark.parametrize(
    ("arguments", "flags", "problem"),
    [
        (
            (),
            {"test_timeout": "9s"},
            "--timeout does nothing without a notification template of AWX's",
        ),
        (("3",), {"notify_template": "x.j2"}, "--notify-template is for our own messages"),
        (("3", "4"), {}, "notify test takes one notification template at a time"),
    ],
)
def test_what_does_not_go_together(
    call: Callable[..., Call], arguments: tuple[str, ...], flags: dict[str, str], problem: str
) -> None:
    with pytest.raises(UsageError, match=problem):
        notify.run_test(call(*arguments, **flags))


@pytest.mark.usefixtures("me")
@pytest.mark.parametrize(
    ("kind", "result", "code", "told"),
    [
        ("webhook", {"status": "successful", "notifications_sent": 1}, 0,
         "webhook to hook.test: successful"),
        # So AWX 24.6.1 has it where a webhook answers 302.
        ("webhook", {"status": "successful", "notifications_sent": 0}, 1,
         "webhook to hook.test: nothing was sent, though AWX calls it successful: does the"),
        ("pagerduty", {"status": "failed", "error": "HTTP Error 400"}, 1,
         "pagerduty: failed: HTTP Error 400"),
    ],
)  # fmt: skip
def test_what_became_of_a_test_by_awx(
    call: Callable[..., Call], awx: FakeAwx, caplog: pytest.LogCaptureFixture,
    kind: str, result: dict[str, object], code: int, told: str,
) -> None:  # fmt: skip
    template = {
        "id": 3, "notification_type": kind,
        "notification_configuration": {"url": "https://hook.test/secret"},
    }  # fmt: skip
    awx.get("notification_templates/3/", template)
    awx.post("notification_templates/3/test/", {"notification": 7}, status=202)
    awx.get("notifications/7/", {"notification_type": kind, **result})
    assert notify.run_test(call("3")) == code
    assert told in caplog.messages[-1]
