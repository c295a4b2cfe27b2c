"""Runs the program in this process, on recorded answers, with trouble here and there."""

from __future__ import annotations

import contextlib
import io
import json
import re
import signal
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import responses

import main
from tests.fake_awx import HOST, FakeTime
from tests.fuzz.nonsense import Lost
from tests.fuzz.passing_time import passing
from tests.fuzz.true_answers import Answer, recording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from requests import PreparedRequest

    from tests.fuzz.nonsense import Trouble

# A run on true answers takes some forty requests and some seconds.
MOST_REQUESTS, LONGEST_S = 3000, 6 * 3600.0
# Of this machine's own time.
LONGEST_HERE_S = 30.0
NOT_FOUND = Answer(404, "application/json", b'{"detail": "Not found."}')


class Stuck(BaseException):
    """The program asks on and on, or does not come back at all."""


@dataclass
class Ended:
    """How a run went: its exit code, what it printed, what it asked, what it left."""

    code: int
    out: bytes
    err: str
    asked: list[str]
    files: list[str]
    log: str


@dataclass
class RecordedAwx:
    """Answers as was recorded, each request its next answer, the last one from then on."""

    troubles: Sequence[Trouble]
    requests: Sequence[str]
    time: FakeTime
    asked: list[str] = field(default_factory=list)
    _given: Counter[str] = field(default_factory=Counter)
    _struck: Counter[int] = field(default_factory=Counter)

    def __call__(self, request: PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        """Answer a request."""
        url = urlsplit(str(request.url))
        key = f"{request.method} {url.path}"
        self.asked.append(key)
        if len(self.asked) > MOST_REQUESTS or self.time.now > LONGEST_S:
            raise Stuck(f"{len(self.asked)} requests in {self.time.now:.0f} s")
        answer = _chosen(self._next(key), parse_qs(url.query))
        for number, trouble in enumerate(self.troubles):
            if self.requests and key == self.requests[trouble.request % len(self.requests)]:
                self._struck[number] += 1
                if trouble.skip < self._struck[number] <= trouble.skip + trouble.times:
                    if isinstance(trouble.change, Lost):
                        raise trouble.change.error("it is lost")
                    answer = trouble.change(answer)
        head = {"Content-Type": answer.content_type} if answer.content_type else {}
        return answer.status, {**head, **answer.headers}, answer.body

    def _next(self, key: str) -> Answer:
        answers = recording().answers.get(key, [NOT_FOUND])
        self._given[key] += 1
        return answers[min(self._given[key], len(answers)) - 1]


def _chosen(answer: Answer, query: dict[str, list[str]]) -> Answer:
    """Leave out the rows that were not asked for, as far as the program relies on it."""
    if not query or "json" not in answer.content_type:
        return answer
    body = json.loads(answer.body)
    if not isinstance(body.get("results"), list):
        return answer
    rows = body["results"]
    for name, (text, *_) in query.items():
        key, _, lookup = name.partition("__")
        if lookup in {"gt", "lt"}:
            bound, sign = int(text), 1 if lookup == "gt" else -1
            rows = [row for row in rows if row[key] * sign > bound * sign]
        elif lookup == "in":
            rows = [row for row in rows if str(row.get(key)) in text.split(",")]
        elif name in {"id", "name", "status"}:
            rows = [row for row in rows if str(row.get(name)) == text]
    more = {"next": None} if len(rows) < len(body["results"]) else {}
    body = {**body, **more, "results": rows}
    return Answer(answer.status, answer.content_type, json.dumps(body).encode(), answer.headers)


def run(argv: Sequence[str], troubles: Sequence[Trouble], requests: Sequence[str]) -> Ended:
    """Run a command line to its end."""
    time = FakeTime()
    awx = RecordedAwx(troubles, requests, time)
    out, err = io.BytesIO(), io.StringIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        responses.RequestsMock(assert_all_requests_are_fired=False) as mock,
        contextlib.redirect_stdout(io.TextIOWrapper(out)),
        contextlib.redirect_stderr(err),
        passing(time),
        _alarm(),
    ):
        for method in ("GET", "POST", "DELETE"):
            mock.add_callback(method, re.compile(f"{re.escape(HOST)}/.*"), awx, content_type=None)
        code = main.main([*argv, "--log-dir", folder])
        sys.stdout.flush()
        found = [path for path in Path(folder).rglob("*") if path.is_file()]
        names = [str(path.relative_to(folder)) for path in found]
        log = (Path(folder) / "awx.log").read_text()
        return Ended(code, out.getvalue(), err.getvalue(), awx.asked, names, log)


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    """Raise Stuck in a program that goes round and round without a question."""

    def ring(*_: object) -> None:
        raise Stuck(f"no end within {LONGEST_HERE_S:.0f} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_HERE_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
