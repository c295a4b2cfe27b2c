"""Messages about the end of a run, by main.py as a process, to servers on loopback."""

from __future__ import annotations

import json
import re
import signal
from typing import TYPE_CHECKING

import jsonschema
import pytest

from demo.faults import Fault
from tests.e2e.conftest import LONGEST_S, ROOT, keep_busy, new_jobs
from tests.e2e.conftest import PASSWORD as AWX_PASSWORD
from tests.e2e.test_interruptions import LONG, begun, running, start, wait_until
from tests.receivers import PASSWORD, SECRET, USER, Webhook, closed_port, dripping, mailbox, webhook
from tests.slack_limits import check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from demo.server import DemoServer
    from tests.certificates import Certificates
    from tests.e2e.conftest import RunMain

FAILING = ("--template", "Failing deploy", "--sync", "never", "--history", "0")
FINE = ("--template", "9", "--sync", "never", "--history", "0")
HOOK = "http://127.0.0.1:{}/services/" + SECRET


@pytest.fixture
def receiver() -> Iterator[Webhook]:
    with webhook() as server:
        yield server


def written(folder: Path) -> str:
    """Return all that a run has left behind."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pem"]
    assert any(path.name == "awx.log" for path in files)
    return "".join(path.read_text(errors="replace") for path in files)


def test_a_failure_goes_everywhere_once_and_no_secret_anywhere_else(
    main: RunMain, awx: DemoServer, receiver: Webhook, certificates: Certificates, tmp_path: Path
) -> None:
    tokens = []
    receiver.on_post = lambda: tokens.append(dict(awx.awx.tokens))
    with mailbox(certificates.server(), wants_login=True) as box:
        ended = main(
            *FAILING, "--notify-on", "failure", "-v", "-o", "json",
            SLACK_WEBHOOK_URL=receiver.url, SMTP_HOST="localhost", SMTP_PORT=str(box.port),
            SMTP_USER=USER, SMTP_PASSWORD=PASSWORD, SMTP_TO="ops@example.com",
            SMTP_TLS="starttls", SSL_CERT_FILE=certificates.authority,
            NOTIFY_URLS=receiver.url.replace("http://", "json://joe:s3cretWord@"),
        )  # fmt: skip
    assert ended.code == 1
    document = json.loads(ended.out)
    schema = json.loads((ROOT / "docs" / "run-summary.schema.json").read_text())
    jsonschema.validate(document, schema)
    assert [(each["kind"], each["state"], each["error"]) for each in document["notifications"]] == [
        ("slack", "sent", None), ("email", "sent", None), ("apprise", "sent", None),
    ]  # fmt: skip
    (job,) = new_jobs(awx)
    title = f"FAILED: Failing deploy (job {job.id}) on 1 of 3 hosts"
    by_slack = next(each for each in receiver.posts if "blocks" in each)
    by_apprise = next(each for each in receiver.posts if "blocks" not in each)
    check(by_slack)
    assert (by_slack["text"], by_apprise["title"]) == (title, title)
    assert len(receiver.posts) == 2
    (mail,) = box.mails
    assert mail["Subject"] == title
    text = mail.get_body(("plain",))
    assert text
    assert "web02, task 'Install nginx': No package matching" in text.get_content()
    assert "PLAY RECAP" in next(iter(mail.iter_attachments())).get_content()
    # The token was given back before anybody was told.
    assert tokens == [{}, {}]
    everything = ended.out + ended.err + written(tmp_path)
    for secret in (*SECRET.split("/"), PASSWORD, "s3cretWord", AWX_PASSWORD):
        assert secret not in everything


def test_a_success_is_not_told_to_who_wants_failures(main: RunMain, receiver: Webhook) -> None:
    ended = main(*FINE, SLACK_WEBHOOK_URL=receiver.url, AWX_NOTIFY_ON="failure, recovery")
    assert ended.code == 0
    assert receiver.posts == []


def test_the_first_success_after_a_failure(
    main: RunMain, awx: DemoServer, receiver: Webhook
) -> None:
    flaky = ("--template", "Flaky deploy", "--watch")
    assert main("launch", *flaky).code == 1
    (job,) = new_jobs(awx)
    on = ("--notify-on", "recovery")
    ended = main("relaunch", str(job.id), "--watch", *on, SLACK_WEBHOOK_URL=receiver.url)
    assert ended.code == 0
    (payload,) = receiver.posts
    assert payload["text"] == f"RECOVERED: Flaky deploy (job {job.id + 1})"
    assert re.search(r"It had failed since \d{4}-", json.dumps(payload))


def test_broken_destinations_change_no_exit_code(main: RunMain, receiver: Webhook) -> None:
    receiver.answers = [(404, "no_service", {})]
    port = closed_port()
    ended = main(
        *FAILING, "--notify-on", "always", "-o", "json", SLACK_WEBHOOK_URL=receiver.url,
        SMTP_HOST="localhost", SMTP_PORT=str(port), SMTP_TO="ops@example.com",
        SMTP_FROM="awx@example.com",
    )  # fmt: skip
    assert ended.code == 1
    document = json.loads(ended.out)
    slack, email = document["notifications"]
    assert (slack["state"], slack["tries"], slack["error"]) == (
        "failed", 1, "it answered 404: no_service",
    )  # fmt: skip
    error = f"localhost:{port}: Connection refused"
    assert (email["state"], email["tries"], email["error"]) == ("failed", 2, error)
    assert f"not notified by email: ops@example.com: {error}" in document["warnings"]
    assert "not notified by slack: http://127.0.0.1" in ended.err


def test_with_a_bad_destination_nothing_is_launched(main: RunMain, awx: DemoServer) -> None:
    ended = main(*FINE, "--notify-on", "always", SLACK_WEBHOOK_URL="hooks.slack.com/s3cret")
    assert (ended.code, awx.awx.requests) == (2, [])
    assert ended.err.count("\n") == 1
    assert "error: SLACK_WEBHOOK_URL: it takes the address of a webhook" in ended.err
    assert "s3cret" not in ended.err


def test_an_awx_that_is_gone(impatient: RunMain, receiver: Webhook) -> None:
    ended = impatient(
        *FINE, "--notify-on", "failure", AWX_HOST=f"http://127.0.0.1:{closed_port()}",
        SLACK_WEBHOOK_URL=receiver.url,
    )  # fmt: skip
    assert ended.code == 3
    (payload,) = receiver.posts
    assert payload["text"] == "AWX UNREACHABLE: template 9: AWX cannot be reached or is not healthy"
    check(payload)


def test_a_run_that_takes_too_long(awx: DemoServer, main: RunMain, receiver: Webhook) -> None:
    keep_busy(awx)
    ended = main(*LONG, "--timeout", "3s", "--notify-on", "failure", SLACK_WEBHOOK_URL=receiver.url)
    assert ended.code == 7
    (payload,) = receiver.posts
    assert payload["text"].startswith("TIMED OUT: Long migration (job ")
    assert "canceled" in json.dumps(payload)


def test_sigterm_is_told(awx: DemoServer, environment: dict[str, str], receiver: Webhook) -> None:
    environment |= {"SLACK_WEBHOOK_URL": receiver.url, "AWX_NOTIFY_ON": "failure"}
    keep_busy(awx)
    process = start(environment, *LONG)
    wait_until(lambda: begun(awx))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=LONGEST_S)
    assert process.returncode == 143
    (payload,) = receiver.posts
    assert payload["text"].startswith("TERMINATED: Long migration (job ")


def test_a_signal_while_it_is_sent_ends_that_and_leaves_the_exit_code(
    awx: DemoServer, environment: dict[str, str]
) -> None:
    with dripping(b"HTTP/1.1 200 OK\r\nX: ") as server:
        environment |= {"SLACK_WEBHOOK_URL": HOOK.format(server.port)}
        with running(environment, *FAILING, "--notify-on", "failure") as process:
            assert server.is_asked.wait(LONGEST_S)
            assert awx.awx.tokens == {}
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 1
    assert "not notified by slack: http://127.0.0.1" in err
    assert "stopped by SIGTERM" in err
    assert "Traceback" not in err


def test_a_signal_while_the_token_is_given_back_loses_nothing(
    awx: DemoServer, environment: dict[str, str], receiver: Webhook
) -> None:
    stall = awx.faults.add(Fault("stall", "DELETE", "/tokens/", seconds=1.0))
    environment |= {"SLACK_WEBHOOK_URL": receiver.url, "AWX_NOTIFY_ON": "failure"}
    with running(environment, *FAILING, "-o", "json") as process:
        wait_until(lambda: stall.times == 0)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 1
    assert "stopped by SIGTERM when it was over: its exit code stays" in err
    document = json.loads(out)
    assert (document["exit_code"], document["notifications"][0]["state"]) == (1, "sent")
    assert len(receiver.posts) == 1
    assert awx.awx.tokens == {}


def test_several_watched_jobs_are_one_message(
    main: RunMain, awx: DemoServer, receiver: Webhook
) -> None:
    ids = [main("launch", "--template", each).out.strip() for each in ("Failing deploy", "9")]
    ended = main(
        "watch", *ids, "--notify-on", "failure", "-o", "json", SLACK_WEBHOOK_URL=receiver.url
    )
    assert ended.code == 1
    document = json.loads(ended.out)
    assert len(document["jobs"]) == 2
    assert document["notifications"][0]["state"] == "sent"
    (payload,) = receiver.posts
    check(payload)
    assert payload["text"] == "FAILED: 1 of 2 jobs"
    assert all(each in json.dumps(payload) for each in ids)
    assert awx.awx.tokens == {}


def test_the_command_for_a_trial(main: RunMain, receiver: Webhook, awx: DemoServer) -> None:
    ended = main("notify", "test", SLACK_WEBHOOK_URL=receiver.url)
    assert (ended.code, ended.out) == (0, f"sent slack http://127.0.0.1:{receiver.server_port}\n")
    assert awx.awx.requests == []
