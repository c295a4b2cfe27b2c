"""AWX's own notification templates, by main.py as a process."""

from __future__ import annotations

import csv
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from demo.faults import Fault
from demo.model import JobTemplate
from demo.model_notifications import NotificationTemplate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from demo.server import DemoServer
    from tests.e2e.conftest import Ended, RunMain


class Receiver(HTTPServer):
    """Takes what is posted to it and answers with one status."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[object] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.bodies.append(json.loads(self.rfile.read(length)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def writes(awx: DemoServer) -> list[str]:
    """Return what was asked to be changed, tokens left out."""
    return [
        f"{method} {path} {status}" for method, path, status in awx.awx.requests
        if method not in {"GET", "OPTIONS"} and "/tokens/" not in path
    ]  # fmt: skip


def create(main: RunMain, *more: str) -> Ended:
    return main("notify", "create", "Ops", "--organization", "Default", *more)


def webhook(main: RunMain, receiver: Receiver) -> None:
    made = create(main, "--type", "webhook", "--field", f"url={receiver.url}",
                  "--field", "headers={}")  # fmt: skip
    assert made.code == 0, made.err
    assert "notification template Ops is made (id 3)" in made.err


def test_a_webhook_is_made_tested_and_attached(
    main: RunMain, awx: DemoServer, receiver: Receiver
) -> None:
    webhook(main, receiver)
    tested = main("notify", "test", "Ops", "-o", "json")
    assert tested.code == 0, tested.err
    assert json.loads(tested.out)["status"] == "successful"
    assert receiver.bodies == [{"body": "Test Notification 3 https://towerhost"}]
    assert f"webhook to 127.0.0.1:{receiver.server_port}: successful" in tested.err

    attach = ("notify", "attach", "Ops", "Slack", "--template", "9", "--on", "error,success")
    assert main(*attach).code == 0
    row, template = awx.awx.get(NotificationTemplate, 3), awx.awx.get(JobTemplate, 9)
    assert row.attached == {"started": [], "success": [template], "error": [template],
                            "approvals": []}  # fmt: skip
    before = writes(awx)
    again = main(*attach)
    assert again.code == 0
    assert "nothing to do: Ops is on job template 9 (Deploy web)" in again.err
    assert writes(awx) == before

    listed = main("notify", "list", "--template", "Deploy web", "-o", "csv")
    rows = list(csv.DictReader(io.StringIO(listed.out)))
    assert [(each["name"], each["last_status"], each["attached_at"]) for each in rows] == [
        ("Slack", "", "success error"), ("Ops", "successful", "success error"),
    ]  # fmt: skip
    gone = main("notify", "detach", "Ops", "--template", "9", "-o", "json")
    assert json.loads(gone.out)["notification_templates"][0]["changed"] == ["success", "error"]
    assert row.attached["error"] == []
    assert main("notify", "list").out.splitlines()[3].split()[:3] == ["3", "Ops", "webhook"]


def test_a_test_that_fails_exits_1_with_the_words_of_awx(main: RunMain, receiver: Receiver) -> None:
    webhook(main, receiver)
    receiver.status = 410
    ended = main("notify", "test", "3")
    assert ended.code == 1
    assert "failed: Error sending webhook notification: 410" in ended.err


def test_a_lost_answer_is_looked_for(main: RunMain, awx: DemoServer, receiver: Receiver) -> None:
    awx.faults.add(Fault("drop_after", "POST", "/notification_templates/$"))
    webhook(main, receiver)
    assert [each for each in writes(awx) if each.startswith("POST")] == [
        "POST /api/v2/notification_templates/ 0"  # of which no answer came
    ]


def test_what_does_not_fit_makes_nothing(main: RunMain, awx: DemoServer, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-1")
    token = f"token=@{tmp_path}/token"
    for code, words, *flags in (
        (2, "--type is 'slak': this AWX sends by awssns", "--type", "slak"),
        (2, "slack needs more: --field channels=LIST", "--type", "slack", "--field", token),
        (2, "no field 'chanels'", "--type", "slack", "--field", token, "--field", "chanels=#a"),
    ):
        ended = create(main, *map(str, flags))
        assert (ended.code, str(words) in ended.err) == (code, True), ended.err
        assert "xoxb" not in ended.err
    assert writes(awx) == []
    twice = main("notify", "create", "Slack", "--organization", "1", "--type", "slack",
                 "--field", token, "--field", "channels=#a")  # fmt: skip
    assert twice.code == 10
    assert "Notification template with this Organization and Name already exists." in twice.err


def test_bad_attachments_are_told(main: RunMain, awx: DemoServer) -> None:
    for words, *flags in (
        ("at which events? pass --on started,success,error", "--template", "9"),
        ("only workflows and organizations have approval", "--project", "8", "--on", "approval"),
        ("of what? pass --template, --workflow, --project or --organization", "--on", "error"),
        ("--template and --project do not go together", "--template", "9", "--project", "8"),
    ):
        ended = main("notify", "attach", "Slack", *flags)
        assert (ended.code, words in ended.err) == (2, True), ended.err
    assert main("notify", "attach", "Slak", "--template", "9", "--on", "error").code == 5
    assert writes(awx) == []


def test_who_may_not_is_told(main: RunMain) -> None:
    ended = main("notify", "create", "Ops", "--organization", "1", "--type", "slack",
                 AWX_USERNAME="operator", AWX_PASSWORD="password")  # fmt: skip
    assert ended.code == 4
    assert "notification admin role of an organization" in ended.err
