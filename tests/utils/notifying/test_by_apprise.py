from __future__ import annotations

import json
import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import requests

from tests.utils.notifying.conftest import JOB, made
from utils.errors import UsageError
from utils.notifying import by_apprise
from utils.notifying.message import compose
from utils.notifying.sending import Limits, Notification, deliver

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx

QUICK = Limits(try_s=5.0, total_s=10.0, pause_s=0.01)
ADDRESS = "http://chat.test/s3cretPath/"
URL = "json://joe:s3cretWord@chat.test/s3cretPath/"


def sent(settings: Callable[..., Settings], url: str = URL) -> Notification:
    (found,) = deliver(by_apprise.checked(settings({"NOTIFY_URLS": url})), compose(made()), QUICK)
    return found


def test_it_is_sent(awx: FakeAwx, settings: Callable[..., Settings]) -> None:
    awx.mock.post(ADDRESS)
    found = sent(settings)
    assert (found.kind, found.to, found.state, found.tries) == ("apprise", "json://…", "sent", 1)
    body = json.loads(awx.requests[0].body or "null")
    assert body["title"] == "FAILED: Deploy web (job 40) on 2 of 3 hosts"
    assert body["message"].startswith("Failed on:\n  web01, task 'Install': No package")
    assert body["type"] == "failure"


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (401, 1), (503, 2), (429, 2)])
def test_a_refusal(
    awx: FakeAwx, settings: Callable[..., Settings], status: int, tries: int
) -> None:
    awx.mock.post(ADDRESS, status=status)
    found = sent(settings)
    assert (found.state, found.tries, found.error) == ("failed", tries, f"it answered {status}")
    assert len(awx.requests) == tries


def test_nothing_out_of_awx_calls_everybody(
    awx: FakeAwx, settings: Callable[..., Settings]
) -> None:
    awx.mock.post(ADDRESS)
    job = replace(JOB, name="Deploy @everyone")
    message = compose(made(job=job, jobs=(job,), reason="@here, and <@&123>, and x@channel"))
    (found,) = deliver(by_apprise.checked(settings({"NOTIFY_URLS": URL})), message, QUICK)
    assert found.state == "sent"
    body = json.loads(awx.requests[0].body or "null")
    assert body["title"].startswith("FAILED: Deploy @\u200beveryone (job 40)")
    assert not re.search("@(?!\u200b)", body["title"] + body["message"])


def test_of_several_targets_none_gets_it_twice(
    awx: FakeAwx, settings: Callable[..., Settings]
) -> None:
    awx.mock.post("https://chat.test/hooks/s3cretToken")
    awx.mock.post("https://chat.test/hooks/s3cretToken", status=503)
    found = sent(settings, "mmosts://chat.test/s3cretToken/?channels=one,two")
    assert (found.state, found.tries, found.error) == ("failed", 1, "it answered 503")
    assert len(awx.requests) == 2


def test_of_two_addresses_of_a_kind_it_is_told_which(
    awx: FakeAwx, settings: Callable[..., Settings]
) -> None:
    awx.mock.post(ADDRESS)
    awx.mock.post("http://other.test/", status=404)
    services = by_apprise.checked(settings({"NOTIFY_URLS": f"{URL} json://other.test"}))
    found = deliver(services, compose(made()), QUICK)
    assert [(each.to, each.state) for each in found] == [
        ("json://… (address 1 of NOTIFY_URLS)", "sent"),
        ("json://… (address 2 of NOTIFY_URLS)", "failed"),
    ]
    with pytest.raises(UsageError, match=r"the address discord://… \(address 2 of NOTIFY_URLS\): "):
        by_apprise.checked(settings({"NOTIFY_URLS": "discord://1/abc discord://s3cret"}))


def test_a_service_that_is_not_there_tells_no_secret_anywhere(
    awx: FakeAwx, settings: Callable[..., Settings], caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    awx.mock.post(ADDRESS, body=requests.ConnectionError("no way to s3cretPath"))
    caplog.set_level(logging.DEBUG)
    found = sent(settings)
    assert (found.state, found.tries) == ("failed", 2)
    assert found.error == "it cannot be reached, or does not take it"
    written = capfd.readouterr()
    assert "s3cret" not in caplog.text + written.out + written.err + repr(found)


def test_several_addresses_with_commas_in_them(settings: Callable[..., Settings]) -> None:
    text = "json://a.test/?x=1,2, json://b.test json://c.test"
    found = by_apprise.checked(settings({"AWX_NOTIFY_URLS": text}))
    assert len(found) == 3


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("s3cretword", "it takes addresses of apprise such as discord://..."),
        ("bogus://s3cret/word", "apprise knows no bogus://"),
        ("discord://s3cret", "apprise cannot use the address discord://…"),
        ("json://ok.test bogus://s3cret", "apprise knows no bogus://"),
    ],
)
def test_what_apprise_cannot_read(
    settings: Callable[..., Settings], url: str, problem: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError) as caught:
        by_apprise.checked(settings({"NOTIFY_URLS": url}))
    assert str(caught.value).startswith(f"NOTIFY_URLS: {problem}")
    written = capfd.readouterr()
    assert "s3cret" not in str(caught.value) + written.out + written.err
