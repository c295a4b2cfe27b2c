from __future__ import annotations

import pytest

from utils.errors import AppError, BadAnswer
from utils.http_answers import (
    explain_lost_connection,
    innermost,
    read_json,
    server_words,
)

JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"detail": "Not found."}', "Not found."),
        ('{"detail": ["Too", "many"]}', "Too; many"),
        ('{"name": ["This field is required."]}', "name: This field is required."),
        ('{"name": "Taken."}', "name: Taken."),
        ('{"a": ["One."], "b": ["Two.", "Three."]}', "a: One.; b: Two.; Three."),
        ('{"__all__": ["Must be unique."]}', "Must be unique."),
        ('{"error": "Standard Output is gone"}', "Standard Output is gone"),
        ('{"msg": "invalid"}', "invalid"),
        ('{"msg": {"inventory": ["bad"]}}', "inventory: bad"),
        ('["first", {"x": "second"}]', "first; x: second"),
        ('{"count": 3, "ok": null}', "count: 3; ok: None"),
        ('"just text"', "just text"),
        ("", ""),
        ("{'detail': 'as Python shows it'}", "{'detail': 'as Python shows it'}"),
        ('{"detail": "two\\n  lines"}', "two lines"),
        ('{"detail": "cut o', '{"detail": "cut o'),
        (
            '{"variables_needed_to_start": ["\'release\' value missing"]}',
            "variables_needed_to_start: 'release' value missing",
        ),
    ],
)
def test_the_servers_own_words_come_out_of_each_shape(body: str, words: str) -> None:
    assert server_words(JSON, body) == words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<html><TITLE>\n 502 Bad &amp; Gateway </TITLE></html>", "502 Bad & Gateway"),
        ("<h1>no title</h1>", "a web page"),
    ],
)
def test_of_a_web_page_its_title_is_told(body: str, words: str) -> None:
    assert server_words("text/html; charset=utf-8", body) == words


def test_endless_words_are_cut() -> None:
    words = server_words(JSON, "x" * 100_000)
    assert len(words) < 500
    assert words.endswith(" ...")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError("[Errno -2] Name or service not known"), "no such host"),
        (OSError("[Errno 111] Connection refused"), "connection refused"),
        (ValueError("BadStatusLine('SSH-2.0')"), "no HTTP on this port"),
        (
            OSError("Connection aborted.", ConnectionResetError(104, "reset by peer")),
            "reset by peer",
        ),
    ],
)
def test_a_lost_connection_is_explained(error: Exception, told: str) -> None:
    assert told in explain_lost_connection(error)


def test_the_innermost_reason_is_found() -> None:
    inner = OSError("Caused by: nothing at all")
    outer = AppError("outer")
    vars(outer)["reason"] = ValueError("middle", inner)
    assert innermost(outer) == "nothing at all"


def test_json_too_deep_to_work_on_is_no_answer() -> None:
    with pytest.raises(BadAnswer, match="something that is not JSON"):
        read_json(
            "GET", "http://awx.test/x/", 200, JSON, b'{"a": ' + b"[" * 900 + b"]" * 900 + b"}"
        )


def test_words_have_nothing_that_no_file_takes() -> None:
    assert server_words(JSON, r'{"detail": "half \ud800"}') == "half ?"
