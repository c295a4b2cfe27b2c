from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from commands import cancel
from tests.rows import job, page
from utils.errors import BadAnswer, ExitCode, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_awx import FakeAwx
    from utils.command_line import Call

POST = "POST jobs/40/cancel/"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _found(awx: FakeAwx, me: None) -> None:
    del me
    awx.get("unified_jobs/", page(job(status="running")))


def test_it_is_asked_for_once_and_waited_for(call: Callable[..., Call], awx: FakeAwx) -> None:
    awx.get("jobs/40/", job(status="running"))
    awx.post("jobs/40/cancel/", status=202)
    awx.get("jobs/40/", job(status="canceled"))
    assert cancel.run(call("40", yes="true")) == ExitCode.OK
    assert awx.sent.count(POST) == 1
    assert awx.sent[-1] == "GET jobs/40/"


@pytest.mark.parametrize("status", ["successful", "failed", "canceled"])
def test_a_job_that_is_over_is_told(call: Callable[..., Call], awx: FakeAwx, status: str) -> None:
    awx.get("jobs/40/", job(status=status))
    with pytest.raises(BadAnswer, match=rf"job 40 is over \({status}\)"):
        cancel.run(call("40", yes="true"))
    assert POST not in awx.sent


def test_a_job_that_was_quicker_is_told(call: Callable[..., Call], awx: FakeAwx) -> None:
    awx.get("jobs/40/", job(status="running"))
    awx.post("jobs/40/cancel/", status=202)
    awx.get("jobs/40/", job(status="successful"))
    with pytest.raises(BadAnswer, match="ended successful before it could be canceled"):
        cancel.run(call("40", yes="true"))


def test_a_refusal_is_told(call: Callable[..., Call], awx: FakeAwx) -> None:
    awx.get("jobs/40/", job(status="running"))
    awx.refuse("POST", "jobs/40/cancel/", 403)
    with pytest.raises(Refused):
        cancel.run(call("40", yes="true"))


def test_nobody_to_ask_is_told(
    call: Callable[..., Call], awx: FakeAwx, monkeypatch: pytest.MonkeyPatch
) -> None:
    awx.get("jobs/40/", job(status="running"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(UsageError, match="pass --yes"):
        cancel.run(call("40"))
    assert POST not in awx.sent


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yesterday\n"])
def test_anything_but_a_yes_is_a_no(
    call: Callable[..., Call], awx: FakeAwx, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    awx.get("jobs/40/", job(status="running"))
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    with pytest.raises(UsageError, match="not canceled"):
        cancel.run(call("40"))
    assert POST not in awx.sent


@pytest.mark.parametrize("answer", ["y\n", "YES\n"])
def test_a_yes_is_one(
    call: Callable[..., Call],
    awx: FakeAwx,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
) -> None:
    awx.get("jobs/40/", job(status="running"))
    awx.post("jobs/40/cancel/", status=202)
    awx.get("jobs/40/", job(status="canceled"))
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    assert cancel.run(call("40")) == ExitCode.OK
    assert capsys.readouterr() == ("", "Cancel job 40? [y/N] ")
