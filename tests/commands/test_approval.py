from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from commands import approval
from tests.rows import page
from utils.errors import AppError, BadAnswer, ExitCode, NotFound, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_awx import FakeAwx
    from tests.rows import Row
    from utils.command_line import Call

APPROVE = "POST workflow_approvals/41/approve/"
PENDING = "workflow_approvals/"


def row(status: str = "pending", number: int = 41, by: str = "", **fields: object) -> Row:
    summary: Row = {"source_workflow_job": {"id": 40, "name": "Release"}}
    if by:
        summary["approved_or_denied_by"] = {"id": 3, "username": by}
    return {
        "id": number, "type": "workflow_approval", "name": "Go?", "status": status,
        "created": "2026-11-22T11:00:00Z", "approval_expiration": None, "timed_out": False,
        "can_approve_or_deny": status == "pending", "launched_by": {"id": 2, "name": "operator"},
        "summary_fields": summary, **fields,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _signed_in(me: None) -> None:
    del me


@pytest.mark.parametrize(
    ("verb", "status", "word"),
    [("approve", "successful", "approved"), ("deny", "failed", "denied")],
)
def test_it_is_answered_once_and_how_it_stands_then_is_told(
    call: Callable[..., Call], awx: FakeAwx, caplog: pytest.LogCaptureFixture,
    verb: str, status: str, word: str,
) -> None:  # fmt: skip
    awx.get("workflow_approvals/41/", row())
    awx.post(f"workflow_approvals/41/{verb}/", status=204)
    awx.get("workflow_approvals/41/", row(status, by="admin"))
    assert getattr(approval, f"run_{verb}")(call("41", yes="true")) == ExitCode.OK
    assert [each for each in awx.sent if "POST" in each] == [f"POST workflow_approvals/41/{verb}/"]
    assert caplog.messages[-1] == f"approval 41 (Go?) of Release 40 is {word} by admin"


def test_the_same_answer_again_changes_nothing(
    call: Callable[..., Call], awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    awx.get("workflow_approvals/41/", row("successful", by="ann"))
    assert approval.run_approve(call("41")) == ExitCode.OK
    assert "approval 41 (Go?) of Release 40 is already approved by ann" in caplog.messages
    assert awx.sent[-1] == "GET workflow_approvals/41/"


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (row("failed", by="ann"), "is denied by ann: it cannot be approved now"),
        (row("failed", timed_out=True), "is timed out: it cannot be approved now"),
        (row("canceled"), "is canceled: it cannot be approved now"),
    ],
)
def test_what_has_another_end_is_told(
    call: Callable[..., Call], awx: FakeAwx, found: Row, told: str
) -> None:
    awx.get("workflow_approvals/41/", found)
    with pytest.raises(BadAnswer, match=told):
        approval.run_approve(call("41", yes="true"))
    assert APPROVE not in awx.sent


def test_somebody_who_was_quicker_is_told(call: Callable[..., Call], awx: FakeAwx) -> None:
    words = "This workflow step has already been approved or denied."
    awx.get("workflow_approvals/41/", row())
    awx.post("workflow_approvals/41/approve/", {"error": words}, status=400)
    awx.get("workflow_approvals/41/", row("failed", by="ann"))
    with pytest.raises(BadAnswer, match="is denied by ann: it cannot be approved now"):
        approval.run_approve(call("41", yes="true"))
    assert awx.sent.count(APPROVE) == 1


def test_who_may_not_answer_is_told_before_he_is_asked(
    call: Callable[..., Call], awx: FakeAwx
) -> None:
    awx.get("workflow_approvals/41/", row(can_approve_or_deny=False))
    with pytest.raises(Refused, match=r"of Release 40 is not admin's to answer"):
        approval.run_approve(call("41"))
    assert APPROVE not in awx.sent


def test_a_refusal_is_awxs(call: Callable[..., Call], awx: FakeAwx) -> None:
    awx.get("workflow_approvals/41/", row())
    awx.refuse("POST", "workflow_approvals/41/approve/", 403, "You do not have permission.")
    with pytest.raises(Refused, match="You do not have permission"):
        approval.run_approve(call("41", yes="true"))
    assert awx.sent.count(APPROVE) == 1


def test_an_answer_that_is_not_read_back_is_given_all_the_same(
    call: Callable[..., Call], awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    awx.get("workflow_approvals/41/", row())
    awx.post("workflow_approvals/41/approve/", status=204)
    awx.refuse("GET", "workflow_approvals/41/", 500)
    assert approval.run_approve(call("41", yes="true")) == ExitCode.OK
    assert "AWX has taken the answer; what is told of it is not read back" in caplog.text
    assert caplog.messages[-1] == "approval 41 (Go?) of Release 40 is approved"


def test_that_nobody_knows_of_a_lost_answer_is_told(
    call: Callable[..., Call], awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    awx.get("workflow_approvals/41/", row())
    awx.refuse("POST", "workflow_approvals/41/approve/", 502)
    awx.refuse("GET", "workflow_approvals/41/", 500)
    with pytest.raises(AppError):
        approval.run_approve(call("41", yes="true"))
    assert "whether it is answered is not known: see python main.py approval list" in caplog.text
    assert awx.sent.count(APPROVE) == 1


def test_a_workflow_that_waits_for_one_may_be_named(
    call: Callable[..., Call], awx: FakeAwx
) -> None:
    awx.refuse("GET", "workflow_approvals/40/", 404)
    awx.get(PENDING, page(row("successful", number=39), row()))
    awx.post("workflow_approvals/41/approve/", status=204)
    awx.get("workflow_approvals/41/", row("successful"))
    assert approval.run_approve(call("40", yes="true")) == ExitCode.OK
    (asked,) = awx.queries(PENDING)
    assert asked["unified_job_node__workflow_job"] == "40"


def test_the_same_answer_again_by_the_workflow_changes_nothing(
    call: Callable[..., Call], awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    awx.refuse("GET", "workflow_approvals/40/", 404)
    awx.get(PENDING, page(row("successful", by="ann")))
    assert approval.run_approve(call("40")) == ExitCode.OK
    assert "approval 41 (Go?) of Release 40 is already approved by ann" in caplog.messages
    assert APPROVE not in awx.sent


@pytest.mark.parametrize(
    ("status", "told"), [("pending", "waits for several"), ("successful", "has had several")]
)
def test_a_workflow_of_several_names_them(
    call: Callable[..., Call], awx: FakeAwx, status: str, told: str
) -> None:
    awx.refuse("GET", "workflow_approvals/40/", 404)
    awx.get(PENDING, page(row(status), row(status, number=42)))
    with pytest.raises(UsageError, match=rf"{told} approvals, name one: 41 \(Go\?\), 42 \(Go\?\)"):
        approval.run_deny(call("40", yes="true"))


def test_neither_an_approval_nor_a_workflow(call: Callable[..., Call], awx: FakeAwx) -> None:
    awx.refuse("GET", "workflow_approvals/40/", 404)
    awx.get(PENDING, page())
    with pytest.raises(NotFound, match="no approval 40, and no workflow job 40 with one"):
        approval.run_approve(call("40", yes="true"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_person_is_asked_what_is_approved(
    call: Callable[..., Call],
    awx: FakeAwx,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    awx.get("workflow_approvals/41/", row())
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    with pytest.raises(UsageError, match="not answered"):
        approval.run_approve(call("41"))
    question = "Approve approval 41 (Go?) of Release 40, launched by operator? [y/N] "
    assert capsys.readouterr().err.endswith(question)
    assert APPROVE not in awx.sent


def test_what_waits_is_listed(
    call: Callable[..., Call], awx: FakeAwx, capsys: pytest.CaptureFixture[str]
) -> None:
    awx.get(PENDING, page(row(), row(number=42, name="=cmd()", launched_by={})))
    assert approval.run_list(call(output="csv")) == ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    page_of = "http://awx.test/#/workflow_approvals/{}/details"
    assert lines[1:] == [
        f"41,Go?,Release,40,operator,2026-11-22T11:00:00Z,,True,{page_of.format(41)}",
        f"42,'=cmd(),Release,40,,2026-11-22T11:00:00Z,,True,{page_of.format(42)}",
    ]


def test_nothing_waits(
    call: Callable[..., Call], awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    awx.get(PENDING, page())
    assert approval.run_list(call()) == ExitCode.OK
    assert "no workflow waits for an approval" in caplog.messages
