"""Approvals: listed, given and denied, by who may and who may not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import requests

from demo.faults import Fault
from demo.run_workflows import WorkflowApproval
from tests.e2e.conftest import PASSWORD
from tests.e2e.test_interruptions import wait_until
from tests.e2e.test_workflows import launched

if TYPE_CHECKING:
    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain


@pytest.fixture
def waiting(awx: DemoServer, main: RunMain) -> tuple[str, WorkflowApproval]:
    """The id of a workflow job, and the approval that it waits for."""
    workflow = launched(main, "Release with approval")
    address = f"{awx.url}/api/v2/workflow_approvals/"
    # A workflow goes on when somebody asks.
    wait_until(lambda: requests.get(address, auth=("admin", PASSWORD), timeout=10).json()["count"])
    (approval,) = awx.awx.runs(WorkflowApproval)
    return workflow, approval


def test_what_waits_is_listed_and_the_workflow_goes_on_when_it_is_approved(
    main: RunMain, waiting: tuple[str, WorkflowApproval]
) -> None:
    workflow, approval = waiting
    (row,) = json.loads(main("approval", "list", "-o", "json").out)
    assert (row["id"], row["can_approve_or_deny"]) == (approval.id, True)
    shown = main("approval", "list").out.splitlines()
    assert shown[0].split() == ["id", "approval", "workflow", "job", "launched", "by", "waiting",
                                "left", "yours"]  # fmt: skip
    assert str(approval.id) in shown[1]
    assert main("approval", "approve", workflow).code == 2  # nobody to ask
    ended = main("approval", "approve", workflow, "--yes", "--jq", ".status")
    assert (ended.code, ended.out) == (0, "successful\n")
    assert f"of Release with approval {workflow} is approved by admin" in ended.err
    assert main("watch", workflow).code == 0
    assert main("approval", "list", "-o", "json").out.strip() == "[]"
    late = main("approval", "deny", str(approval.id), "--yes")
    assert late.code == 10
    assert "is approved by admin: it cannot be denied now" in late.err


def test_only_who_may_can_deny_it(
    awx: DemoServer, main: RunMain, waiting: tuple[str, WorkflowApproval]
) -> None:
    workflow, approval = waiting
    operator = {"AWX_USERNAME": "operator", "AWX_PASSWORD": "password"}
    refused = main("approval", "deny", str(approval.id), "--yes", **operator)
    assert refused.code == 4
    assert "You do not have permission" in refused.err
    assert approval.active
    approver = {"AWX_USERNAME": "approver", "AWX_PASSWORD": "password"}
    # The answer is lost on its way: it was given all the same, and only once.
    awx.faults.add(Fault("drop_after", "POST", "/deny/"))
    denied = main("approval", "deny", str(approval.id), "--yes", **approver)
    assert denied.code == 0, denied.err
    assert "is denied by approver" in denied.err
    assert approval.answered_by
    assert approval.answered_by.username == "approver"
    assert main("watch", workflow).code == 1
