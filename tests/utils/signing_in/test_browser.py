"""What a person pastes who logs in at a browser elsewhere; tests/e2e has the browser itself."""

from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from utils.errors import Refused, UsageError
from utils.signing_in import browser
from utils.signing_in.grants import Application

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

    Make = Callable[..., Settings]
    Paste = Callable[[str], None]

ROOT = {"current_version": "/api/v2/", "oauth2": "/api/o/"}
ANSWER = {"access_token": "acc3ss", "expires_in": 36000, "token_type": "Bearer", "scope": "write"}
ADDRESS = "http://127.0.0.1:8060/callback"


@pytest.fixture
def pasting(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Paste:
    """Let a person paste a text, in which {} is the state that the address asked for."""

    class Person(io.StringIO):
        text = ""

        def readline(self, *_: object) -> str:  # type: ignore[override]  # what it takes is nothing
            (state,) = re.findall(r"[?&]state=(\w+)", capsys.readouterr().err)
            return f"{self.text.format(state)}\n"

    def paste(text: str) -> None:
        person = Person()
        person.text = text
        monkeypatch.setattr(sys, "stdin", person)

    return paste


def logged_in(client: Client, made: Settings) -> str:
    return browser.log_in(client, made, Application(client, made))().token


@pytest.mark.parametrize(
    "text",
    [
        f"{ADDRESS}?code=wa0N&state={{}}",
        f"{ADDRESS}?state={{}}&code=wa0N#",
        "127.0.0.1:8060/callback?code=wa0N&state={}",
        "?code=wa0N&state={}",
        "code=wa0N&state={}",
        "?code=wa0N",
        "code=wa0N",
        "wa0N",
    ],
)
def test_the_code_is_taken_however_much_comes_with_it(
    client: Client, settings: Make, awx: FakeAwx, pasting: Paste, text: str
) -> None:
    awx.get("/api/", ROOT)
    awx.post("/api/o/token/", ANSWER)
    pasting(text)
    assert logged_in(client, settings(client_id="app", browser="false")) == "acc3ss"
    assert parse_qs(str(awx.requests[-1].body))["code"] == ["wa0N"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{ADDRESS}?code=wa0N&state=another", "answer to another login"),
        (f"{ADDRESS}?code=wa0N", "answer to another login"),
        ("code=wa0N&state=another", "answer to another login"),
        (f"{ADDRESS}?state={{}}", "without a code"),
        ("error=access_denied&state={}", "turned down"),
    ],
)
def test_what_has_no_code_for_us_is_told_and_not_sent(
    client: Client, settings: Make, awx: FakeAwx, pasting: Paste, text: str, told: str
) -> None:
    awx.get("/api/", ROOT)
    pasting(text)
    with pytest.raises(Refused, match=told):
        logged_in(client, settings(client_id="app", browser="false"))
    assert awx.sent == ["GET /api/"]


def test_without_a_browser_there_is_no_free_port(
    client: Client, settings: Make, awx: FakeAwx
) -> None:
    made = settings(client_id="app", browser="false", redirect_uri="http://127.0.0.1:0/callback")
    with pytest.raises(UsageError, match="--redirect-uri: --no-browser takes the address as"):
        logged_in(client, made)
    assert awx.sent == []
