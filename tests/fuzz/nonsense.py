"""Nonsense made of true answers: what an AWX, or whatever poses as one, may send instead."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import requests
from hypothesis import strategies as st

from tests.fuzz.true_answers import Answer, recording

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[Answer], Answer]

# No nonsense may make a job successful: what did not succeed must never end with exit code 0.
LITERALS = (
    "null", "true", "false", "0", "1", "-1", "3.5", "2", "9007199254740993", "9" * 30, "9" * 400,
    "9" * 5000, "1e308", "-1e308", "1e999", "NaN", "Infinity", "-Infinity",
    '""', '"x"', '"0"', '"running"', '"failed"', '"canceled"', '"pending"', '"banana"',
    r'"\ud800"', r'"\udfff x"', r'"\u0000"', r'"\u001b[2J\u001b]0;x\u0007\r\n"', r'"\u202e\u2028"',
    '"../../x?y=#"', '"http://other.test/api/v2/jobs/1/"', '"//other.test/"', '"http://["',
    '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.9-23:59"', '"2026-02-30T00:00:00Z"',
    '"' + "x" * 100_000 + '"', '"' + r"\u001b[K" * 2_000 + '"',
    "[]", "[null]", "[[]]", '[1, "a", {}]', "{}", '{"x": null}', '{"id": 1}',
    "[" * 60 + "]" * 60, "[" * 500 + "]" * 500, '{"a":' * 900 + "1" + "}" * 900,
    "[" * 960 + "]" * 960, "[" * 20_000 + "]" * 20_000,
)  # fmt: skip
literals = st.one_of(
    st.sampled_from(LITERALS),
    st.integers().map(json.dumps),
    st.text(max_size=12).map(json.dumps),
)
STATUSES = (
    200, 201, 202, 204, 206, 226, 300, 301, 302, 304, 307, 308, 400, 401, 402, 403, 404, 405, 409,
    410, 415, 418, 429, 451, 500, 501, 502, 503, 504, 507, 599, 600, 999,
)  # fmt: skip
CONTENT_TYPES = (
    "", "text/html", "TEXT/HTML; charset=utf-8", "text/plain", "application/octet-stream",
    "application/json; charset=utf-16", "application/json; charset=idna",
    "text/plain; charset=punycode", "application/json; charset=rot13", ";;;=", "x" * 5000,
)  # fmt: skip
HEADERS = (
    ("Location", "/elsewhere/"), ("Location", "http://["), ("Location", "//other.test/api/v2/"),
    ("Location", "https://awx.test/"), ("Location", "http://awx.test:99999/"), ("Location", ""),
    ("Location", "http://awx.test:port/"), ("Location", "javascript:alert(1)"),
    ("Date", "yesterday"), ("Date", ""), ("Date", "Mon, 20 Nov 99999999999 10:00:00 GMT"),
    ("Date", "Mon, 20 Nov 1995 19:12:08 -9999"), ("Date", "Mon, 01 Jan 0001 00:00:00 +2359"),
    ("Retry-After", "9" * 400), ("Retry-After", "٣"), ("Retry-After", "-1"),
    ("Retry-After", "Wed, 21 Oct 2099 07:28:00 GMT"),
    ("Content-Encoding", "gzip"), ("Content-Encoding", "deflate"), ("Content-Encoding", "x"),
)  # fmt: skip
BODIES = (
    b"", b" ", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\x80" * 50, b"<html>Sign in",
    b"<html><title>" + b"&#x1b;" * 50, b")]}',\n{}", b"{}{}", b'{"a": 1, "a": 2}', b"Standard",
    b"\\", b"\x1b]0;title\x07\x1b[2J", b"x" * 300_000, b"[" * 20_000,
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-32", "utf-16-le", "utf-8-sig", "cp037", "utf-7")
LOST = (requests.ConnectionError, requests.ReadTimeout, requests.exceptions.ChunkedEncodingError)


@dataclass(frozen=True)
class Lost:
    """No answer: the connection breaks."""

    error: type[requests.RequestException]


@dataclass(frozen=True)
class Trouble:
    """What is wrong with the answers to one request, and with how many of them.

    `request` is an index into all requests of a run, `skip` lets the first answers be.
    """

    request: int
    what: str
    change: Change | Lost = field(repr=False)
    times: int = 1
    skip: int = 0


def trouble() -> st.SearchStrategy[Trouble]:
    """Return what may be wrong: a request, and the change to its answer."""
    return st.builds(
        lambda request, change, times, skip: Trouble(request, change[0], change[1], times, skip),
        st.integers(0, 99),
        st.one_of(*(of_a_field for _ in range(6)), of_the_body, of_the_head),
        st.sampled_from((1, 1, 2, 25)),
        st.sampled_from((0, 0, 0, 1, 3)),
    )


@st.composite
def _of_a_field(draw: st.DrawFn) -> tuple[str, Change]:
    """Change one place in a JSON answer: by nonsense, by less, or by more of the same."""
    way = tuple(draw(st.lists(st.integers(0, 60), min_size=1, max_size=6)))
    how = draw(st.sampled_from(("replace",) * 5 + ("remove", "remove", "twice", "wrap", "many")))
    literal = draw(literals)
    return f"{how} {way} {literal[:60]}", lambda answer: replace(
        answer, body=in_json(answer.body, way, how, literal)
    )


def in_json(body: bytes, way: tuple[int, ...], how: str, literal: str) -> bytes:
    """Return a JSON text with one place changed; `way` leads there, an index at each level."""
    try:
        tree: Any = json.loads(body)
    except (ValueError, RecursionError):  # it is nonsense already
        return body
    if not isinstance(tree, dict | list) or not tree:
        return literal.encode()
    here: Any = tree
    key: Any = None
    for step in way:
        inner = here if key is None else here[key]
        if not isinstance(inner, dict | list) or not inner:
            break
        keys = list(inner) if isinstance(inner, dict) else range(len(inner))
        here, key = inner, keys[step % len(inner)]
    mark = '"@nonsense@"'
    name = json.dumps(key)
    if how == "remove":
        del here[key]
    elif how == "wrap":
        here[key] = [here[key]]
    elif how == "many":
        here[key] = here[key] * 300 if isinstance(here[key], list) else [here[key]] * 300
    else:
        if how == "twice" and isinstance(here, dict):
            literal = f"{json.dumps(here[key])}, {name}: {literal}"
        here[key] = mark[1:-1]
    return json.dumps(tree).replace(mark, literal).encode("utf-8", "surrogatepass")


def _body(text: bytes) -> Change:
    return lambda answer: replace(answer, body=text)


def _cut(share: int) -> Change:
    return lambda answer: replace(answer, body=answer.body[: len(answer.body) * share // 100])


def _encoded(encoding: str) -> Change:
    return lambda answer: replace(
        answer, body=answer.body.decode(errors="replace").encode(encoding, "replace")
    )


@st.composite
def _of_another(draw: st.DrawFn) -> tuple[str, Change]:
    """Answer what another request should be answered."""
    key = draw(st.sampled_from(sorted(recording().answers)))
    return f"answers as {key}", _body(recording().answers[key][-1].body)


def _status(status: int) -> Change:
    return lambda answer: replace(answer, status=status)


def _content_type(text: str) -> Change:
    return lambda answer: replace(answer, content_type=text)


def _header(pair: tuple[str, str], status: int) -> Change:
    name, text = pair
    # A place to go to counts with a redirect only.
    status = status if name == "Location" else 0
    return lambda answer: replace(
        answer, headers={**answer.headers, name: text}, status=status or answer.status
    )


of_a_field = _of_a_field()
of_the_body = st.one_of(
    st.sampled_from(BODIES).map(lambda text: (f"body {text[:30]!r}", _body(text))),
    literals.map(lambda text: (f"body {text[:30]}", _body(text.encode("utf-8", "surrogatepass")))),
    st.binary(max_size=40).map(lambda text: (f"body {text!r}", _body(text))),
    st.integers(0, 99).map(lambda share: (f"cut at {share} %", _cut(share))),
    st.sampled_from(ENCODINGS).map(lambda name: (f"in {name}", _encoded(name))),
    st.deferred(_of_another),
)
of_the_head = st.one_of(
    st.sampled_from(STATUSES).map(lambda status: (f"status {status}", _status(status))),
    st.sampled_from(CONTENT_TYPES).map(lambda text: (f"type {text[:40]}", _content_type(text))),
    st.tuples(st.sampled_from(HEADERS), st.sampled_from((301, 302, 307))).map(
        lambda both: (f"{both[0]!r:.60} {both[1]}", _header(*both))
    ),
    st.sampled_from(LOST).map(lambda error: (error.__name__, Lost(error))),
)
