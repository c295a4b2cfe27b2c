from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest

from utils.awx_client.credentials import hide
from utils.errors import AppError, BadAnswer

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

# The word that these tests use for a password, and what must not be seen of it.
WORD, TELLTALE = 'p&"ss/ wörd', "ss"
FORM = urlencode({"username": "ann", "password": WORD})


@pytest.mark.parametrize(
    ("content_type", "echo"),
    [
        ("text/plain", f"cannot read {FORM}"),
        ("text/plain", f"cannot read password={quote(WORD)}"),
        ("text/plain", f"cannot read password={quote(WORD, safe='')}"),
        ("application/json", json.dumps({"detail": f"cannot read {WORD}"})),
        ("application/json", json.dumps({"detail": f"cannot read {WORD}"}, ensure_ascii=False)),
        ("application/json", json.dumps({"detail": f"cannot read {FORM}"})),
        ("text/html", "<title>cannot read p&amp;&quot;ss/ wörd</title>"),
    ],
)
def test_a_form_s_secret_is_hidden_however_it_is_echoed(
    client: Client, awx: FakeAwx, content_type: str, echo: str
) -> None:
    awx.on("POST", "/api/o/token/", echo.encode(), 400, content_type=content_type)
    with pytest.raises(BadAnswer) as error:
        client.submit("/api/o/token/", FORM, hidden=(WORD,))
    shown = str(error.value)
    assert TELLTALE not in shown.replace("password=", "")
    assert "cannot read" in shown
    assert "***" in shown


@pytest.mark.parametrize("status", [400, 500])
def test_the_password_of_a_request_is_hidden_likewise(
    client: Client, awx: FakeAwx, status: int
) -> None:
    awx.on("POST", "tokens/", json.dumps({"detail": f"{WORD} is wrong"}), status)
    with pytest.raises(AppError) as error, client.basic_auth("ann", WORD):
        client.post("tokens/")
    assert TELLTALE not in str(error.value)


def test_no_secret_hides_nothing(client: Client, awx: FakeAwx) -> None:
    awx.refuse("POST", "/api/o/token/", 400, "Unknown client.")
    with pytest.raises(BadAnswer, match=r": Unknown client\.$"):
        client.submit("/api/o/token/", "client_id=x", hidden=("",))


def test_a_secret_that_is_part_of_another_leaves_nothing_of_it() -> None:
    assert hide(b"is it abcd?", [b"ab", b"abcd"]) == b"is it ***?"
