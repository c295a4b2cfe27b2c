from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.receivers import SECRET, Webhook, webhook
from tests.slack_limits import check, texts
from tests.utils.notifying.conftest import JOB, made
from utils.errors import UsageError
from utils.notifying import slack
from utils.notifying.excerpt import Excerpt
from utils.notifying.facts import FailureFacts
from utils.notifying.message import Message, compose
from utils.notifying.sending import Limits, Notification, deliver
from utils.notifying.slack_blocks import payload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config import Settings
    from tests.certificates import Certificates

QUICK = Limits(try_s=5.0, total_s=10.0, pause_s=0.01)
ODD = "a & b <c> ```code``` *bold* \U0001f600 \u202e | \\"


@pytest.fixture
def receiver() -> Iterator[Webhook]:
    with webhook() as server:
        yield server


@pytest.fixture
def message() -> Message:
    return compose(made())


def told(found: dict[str, Any]) -> str:
    return "\n".join(each["text"] for block in found["blocks"] for each in texts(block))


def test_what_slack_gets(message: Message) -> None:
    found = payload(message)
    check(found)
    text = told(found)
    assert text.startswith("\N{CROSS MARK} FAILED: Deploy web (job 40) on 2 of 3 hosts\n")
    order = ["*web01, task 'Install'*: No package", "*Exit code*", JOB.page, "fatal: [web01]",
             "python main.py relaunch 40", "20260131T031500Z-0a1b2c"]  # fmt: skip
    places = [text.index(each) for each in order]
    assert places == sorted(places)
    assert found["text"] == message.title


def test_nothing_out_of_awx_links_or_calls_anybody_by_itself() -> None:
    found = payload(compose(made(reason="@here #general https://evil.test")))
    every = [each for block in found["blocks"] for each in texts(block)]
    assert {(each["type"], each.get("verbatim")) for each in every} == {
        ("plain_text", None), ("mrkdwn", True),
    }  # fmt: skip


def test_of_a_success_only_little_is_told() -> None:
    found = payload(compose(made("success", 0, failures=(), next=())))
    check(found)
    assert "```" not in told(found)
    assert len(found["blocks"]) <= 4


def test_odd_and_long_texts_keep_to_the_limits() -> None:
    long = ODD * 200
    failures = tuple(FailureFacts(long, long, long, unreachable=False) for _ in range(40))
    job = replace(JOB, name=long, explanation=long, limit=long, launched_by=long)
    message = compose(
        made(
            template=long, reason=long, job=job, jobs=(job,) * 60, failures=failures, next=(long,),
            awx=long, run_id=long, excerpt=Excerpt((long[:400],) * 20, long, long, 9),
        )
    )  # fmt: skip
    found = payload(message)
    check(found)
    assert re.search(r"^and \d\d more$", told(found), re.MULTILINE)


def test_the_output_cannot_end_its_block_and_its_last_lines_stay() -> None:
    lines = (*("```<&>" * 60,) * 19, "``` the last")
    found = payload(compose(made(excerpt=Excerpt(lines, "", "", 9))))
    check(found)
    (code,) = [each for block in found["blocks"] for each in texts(block) if "last" in each["text"]]
    assert code["text"].count("```") == 2
    assert code["text"].startswith("```\n")
    assert code["text"].endswith(" the last\n```")


@hypothesis_settings(max_examples=40)
@given(name=st.text(max_size=400), text=st.text(max_size=4000), count=st.integers(0, 30))
def test_whatever_stands_in_awx_slack_can_take_it(name: str, text: str, count: int) -> None:
    job = replace(JOB, name=name, explanation=text)
    failures = (FailureFacts(name, name, text, unreachable=False),) * count
    excerpt = Excerpt(tuple(text.splitlines()), text, name, len(text))
    facts = made(job=job, jobs=(job,), reason=text, failures=failures, excerpt=excerpt)
    check(payload(Message(facts.title, text, None, facts)))


def test_text_of_the_users_is_parted_where_it_is_long() -> None:
    facts = made()
    text = "*mine* <!channel>\n" * 500 + "&" * 4000
    found = payload(Message(facts.title, text, None, facts, is_own=True))
    check(found)
    assert told(found).count("*mine* &lt;!channel&gt;") == 500
    assert told(found).count("&amp;") == 4000


@pytest.fixture
def sent(settings: Callable[..., Settings], message: Message) -> Callable[[str], Notification]:
    def send(url: str) -> Notification:
        (found,) = deliver(slack.checked(settings({"SLACK_WEBHOOK_URL": url})), message, QUICK)
        return found

    return send


def test_it_is_sent_once(receiver: Webhook, sent: Callable[[str], Notification]) -> None:
    found = sent(receiver.url)
    assert (found.kind, found.state, found.tries, found.error) == ("slack", "sent", 1, None)
    assert found.to == f"http://127.0.0.1:{receiver.server_port}"
    assert receiver.posts == [json.loads(json.dumps(payload(compose(made()))))]
    assert receiver.paths == [f"/services/{SECRET}"]


@pytest.mark.parametrize(
    ("answer", "tries", "error"),
    [
        ((404, "no_service", {}), 1, "it answered 404: no_service"),
        ((403, "invalid_token", {}), 1, "it answered 403: invalid_token"),
        ((302, "", {"Location": "http://127.0.0.1:1/"}), 1, "it answered 302:"),
        ((500, "<html>", {}), 2, "it answered 500"),
        ((429, "rate_limited", {"Retry-After": "0"}), 2, "it answered 429: rate_limited"),
        ((429, "", {"Retry-After": "3600"}), 1, "it answered 429:"),
        ((400, f"no such hook {SECRET}", {}), 1, "it answered 400: no such hook ***/***/***"),
    ],
)
def test_a_refusal_is_told_and_tried_again_where_it_may_pass(
    receiver: Webhook, sent: Callable[[str], Notification], answer: tuple[int, str, dict[str, str]],
    tries: int, error: str,
) -> None:  # fmt: skip
    receiver.answers = [answer]
    found = sent(receiver.url)
    assert (found.state, found.tries, found.error) == ("failed", tries, error)
    assert len(receiver.posts) == tries


@pytest.mark.parametrize("status", [201, 204])
def test_any_success_is_one(
    receiver: Webhook, sent: Callable[[str], Notification], status: int
) -> None:
    receiver.answers = [(status, "", {})]
    assert sent(receiver.url).state == "sent"


def test_what_passes_is_sent_at_the_second_try(
    receiver: Webhook, sent: Callable[[str], Notification]
) -> None:
    receiver.answers = [(503, "", {}), (200, "ok", {})]
    found = sent(receiver.url)
    assert (found.state, found.tries, found.error) == ("sent", 2, None)


def test_its_certificate_is_verified(
    settings: Callable[..., Settings], message: Message, certificates: Certificates
) -> None:
    with webhook() as server:
        server.socket = certificates.server().wrap_socket(server.socket, server_side=True)
        url = server.url.replace("http://", "https://")
        (found,) = deliver(slack.checked(settings({"SLACK_WEBHOOK_URL": url})), message, QUICK)
        trusted = settings({"SLACK_WEBHOOK_URL": url, "AWX_CA_BUNDLE": certificates.authority})
        (other,) = deliver(slack.checked(trusted), message, QUICK)
    assert (found.state, found.tries) == ("failed", 1)
    assert str(found.error).startswith("its certificate is not trusted: ")
    assert other.state == "sent"


def test_a_certificate_of_another_host_is_not_trusted(
    settings: Callable[..., Settings], message: Message, certificates: Certificates
) -> None:
    with webhook() as server:
        context = certificates.server("hooks.example.com")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        url = server.url.replace("http://", "https://")
        trusted = settings({"SLACK_WEBHOOK_URL": url, "AWX_CA_BUNDLE": certificates.authority})
        (found,) = deliver(slack.checked(trusted), message, QUICK)
    assert (found.state, found.tries, server.posts) == ("failed", 1, [])
    assert str(found.error).startswith("its certificate is not trusted: IP address mismatch")


@pytest.mark.parametrize(
    "url",
    [
        "hooks.slack.com/services/T/B/s3cret", "ftp://hooks.slack.com/s3cret", "https:///s3cret",
        "https://hooks.slack.com/s3 cret", "https://[s3cret", "https://hooks.slack.com:99999/s3cret",
        "https://joe:s3cret@hooks.slack.com/services/x", "https://s3cret@hooks.slack.com/x",
        "https://hooks.slack.com", "https://hooks.slack.com/", "https://h\u00f6oks.com/s3cret",
    ],
)  # fmt: skip
def test_what_is_no_webhook_is_told_without_it(settings: Callable[..., Settings], url: str) -> None:
    with pytest.raises(UsageError) as caught:
        slack.checked(settings({"SLACK_WEBHOOK_URL": url}))
    assert str(caught.value).startswith("SLACK_WEBHOOK_URL: ")
    assert "s3" not in str(caught.value)


def test_without_tls_the_secret_can_be_read(
    settings: Callable[..., Settings], caplog: pytest.LogCaptureFixture
) -> None:
    (found,) = slack.checked(settings({"SLACK_WEBHOOK_URL": "http://chat.test/hooks/s3cret"}))
    assert "http://chat.test is not encrypted" in caplog.text
    assert "s3cret" not in caplog.text + repr(found)
