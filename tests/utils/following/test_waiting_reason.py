from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rows import job, page
from utils.following.waiting_reason import FIRST_S, WaitingReason, reason
from utils.jobs import Launched
from utils.record import Record

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx, FakeTime
    from utils.awx_client import Client

    Row = dict[str, object]

JOB = Launched(40, "job", "jobs/40/", "page", "pending", "Deploy web")
FREE = {"name": "default", "capacity": 100, "consumed_capacity": 20.0, "is_container_group": False}
FULL = {**FREE, "consumed_capacity": 100.0}
NO_REASON = "AWX has not taken it up yet"


def pending(**fields: object) -> Row:
    row = job(status="pending", unified_job_template=9, project=8, inventory=2, started=None)
    return {**row, "allow_simultaneous": False, **fields}


def other(job_id: int, kind: str = "job", status: str = "running", **fields: object) -> Row:
    return job(id=job_id, type=kind, status=status, name="Other", **fields)


def why(
    client: Client, awx: FakeAwx, *active: Row, groups: Row | None = None, **fields: object
) -> str:
    """Return the reason; of capacity AWX is asked only where a test says what it answers."""
    awx.get("unified_jobs/", page(pending(), *active))
    if groups:
        awx.get("instance_groups/", page(groups))
    return reason(client, JOB, Record(pending(**fields), ""))


@pytest.mark.parametrize(
    ("active", "told"),
    [
        (other(41, "project_update", project=8),
         "project update 41 (Other) is running, which it needs"),
        (other(41, "inventory_update", inventory=2),
         "inventory update 41 (Other) is running, which it needs"),
        (other(41, "ad_hoc_command", inventory=2),
         "ad hoc command 41 (Other) is running on the same inventory"),
        (other(39, unified_job_template=9),
         "job 39 (Other) is running, and the template does not allow several at a time"),
    ],
)  # fmt: skip
def test_what_blocks_it_is_named_as_awxs_scheduler_sees_it(
    client: Client, awx: FakeAwx, active: Row, told: str
) -> None:
    assert why(client, awx, active) == told


@pytest.mark.parametrize(
    "active",
    [
        other(41, unified_job_template=9),
        other(39, unified_job_template=10),
        other(41, "project_update", project=9),
        other(41, "project_update", project=None),
    ],
)
def test_what_does_not_block_it_is_not_named(client: Client, awx: FakeAwx, active: Row) -> None:
    assert why(client, awx, active, groups=FREE) == NO_REASON


def test_a_template_that_allows_several_at_a_time_is_not_blocked_by_its_own_jobs(
    client: Client, awx: FakeAwx
) -> None:
    earlier = other(39, unified_job_template=9)
    assert why(client, awx, earlier, groups=FREE, allow_simultaneous=True) == NO_REASON


def test_management_jobs_run_one_at_a_time(client: Client, awx: FakeAwx) -> None:
    text = why(client, awx, other(39, "system_job"), type="system_job")
    assert text == "system job 39 (Other) is running, and management jobs run one at a time"


def test_no_capacity_is_told_with_its_figures(client: Client, awx: FakeAwx) -> None:
    text = why(client, awx, groups=FULL)
    assert text == "no capacity: instance group default uses 100 of 100"


def test_awxs_own_words_come_first_with_the_job_that_they_mean(
    client: Client, awx: FakeAwx
) -> None:
    words = "waiting for projectupdate-41 to finish"
    text = why(client, awx, other(41, "project_update"), job_explanation=words)
    assert text == f"AWX says: {words} (project update 41 (Other) is running)"


def test_awxs_own_words_about_capacity_come_with_its_figures(client: Client, awx: FakeAwx) -> None:
    words = "This job is not ready to start because there is not enough available capacity"
    text = why(client, awx, groups=FULL, job_explanation=f"{words}.")
    assert text == f"AWX says: {words}; no capacity: instance group default uses 100 of 100"


def test_how_many_wait_before_it_is_told(client: Client, awx: FakeAwx) -> None:
    before = [other(each, status="pending") for each in (37, 38)]
    later, workflow = other(41, status="pending"), other(36, "workflow_job", "pending")
    text = why(client, awx, *before, later, workflow, groups=FREE)
    assert text == f"{NO_REASON}; 2 other(s) wait before it"


def test_one_that_was_given_to_an_instance_says_to_which(client: Client) -> None:
    detail = Record(job(status="waiting", execution_node="awx-2"), "")
    assert reason(client, JOB, detail) == "awx-2 has not started it yet"


class TestTelling:
    @staticmethod
    def on(node: str) -> Record:
        return Record(job(status="waiting", execution_node=node), "")

    def test_it_is_told_after_some_seconds_and_again_when_it_changes(
        self, client: Client, time: FakeTime, caplog: pytest.LogCaptureFixture
    ) -> None:
        waiting = WaitingReason(client, JOB, time.clock)
        assert waiting.next_in_s == FIRST_S
        for node in ("awx-1", "awx-1", "awx-2"):
            waiting.tell("job 40", self.on(node))
        told = [each.message for each in caplog.records if each.name == "awx.waiting"]
        assert told == [
            "job 40 waits: awx-1 has not started it yet",
            "job 40 waits: awx-2 has not started it yet",
        ]

    def test_it_is_asked_for_less_and_less(self, client: Client, time: FakeTime) -> None:
        waiting = WaitingReason(client, JOB, time.clock)
        pauses = []
        for _ in range(6):
            pauses.append(waiting.next_in_s)
            time.now += waiting.next_in_s
            waiting.tell("job 40", self.on("awx-1"))
        assert pauses == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0]

    def test_trouble_with_it_ends_nothing(
        self, client: Client, awx: FakeAwx, time: FakeTime
    ) -> None:
        awx.refuse("GET", "unified_jobs/", 503)
        waiting = WaitingReason(client, JOB, time.clock)
        waiting.tell("job 40", Record(pending(), ""))
        assert (waiting.text, time.pauses, len(awx.sent)) == ("", [], 1)


class TestApproval:
    APPROVAL = Launched(41, "workflow_approval", "workflow_approvals/41/", "page", "pending", "Go?")

    @staticmethod
    def row(**fields: object) -> Row:
        template = {"workflow_job_template": {"id": 23, "name": "Release"}}
        return job(
            id=41, type="workflow_approval", status="pending", summary_fields=template,
            approval_expiration=None, **fields,
        )  # fmt: skip

    @staticmethod
    def user(name: str, *roles: str) -> Row:
        access = {"role": {"name": "some"}, "descendant_roles": list(roles)}
        return {"id": 1, "username": name,
                "summary_fields": {"direct_access": [], "indirect_access": [access]}}  # fmt: skip

    def test_who_may_give_it_and_how_is_told_at_once(
        self, client: Client, awx: FakeAwx, time: FakeTime, caplog: pytest.LogCaptureFixture
    ) -> None:
        awx.get(
            "workflow_job_templates/23/access_list/",
            page(self.user("ann", "approval_role"), self.user("bob", "read_role"),
                 self.user("admin", "admin_role", "approval_role")),
        )  # fmt: skip
        waiting = WaitingReason(client, self.APPROVAL, time.clock)
        assert waiting.next_in_s == 0
        waiting.tell("job 41 (Go?)", Record(self.row(), ""))
        assert caplog.messages[-1] == (
            "job 41 (Go?) waits: approval by ann or admin; "
            "at http://awx.test/#/workflow_approvals/41/details, "
            "or by: python main.py approval approve 41"
        )

    def test_an_approval_in_the_embedded_awx_is_not_looked_for_in_another(
        self, client: Client, awx: FakeAwx
    ) -> None:
        awx.get("workflow_job_templates/23/access_list/", page())
        client.is_embedded = True
        text = reason(client, self.APPROVAL, Record(self.row(), ""))
        assert text.endswith("python main.py approval approve 41 --host http://awx.test")

    def test_where_awx_cannot_list_access_those_with_the_role_are_named(
        self, client: Client, awx: FakeAwx
    ) -> None:
        awx.refuse("GET", "workflow_job_templates/23/access_list/", 500)
        awx.get("workflow_job_templates/23/object_roles/", page({"id": 108}))
        awx.get("roles/108/users/", page({"id": 3, "username": "ann"}))
        awx.get("roles/108/teams/", page({"id": 1, "name": "Release managers"}))
        text = reason(client, self.APPROVAL, Record(self.row(), ""))
        assert text.startswith("approval by ann or team Release managers or an administrator; at ")

    def test_until_when_is_told(self, client: Client, awx: FakeAwx) -> None:
        row = {**self.row(), "approval_expiration": "2026-11-22T12:00:00Z"}
        awx.refuse("GET", "workflow_job_templates/23/access_list/", 403)
        awx.refuse("GET", "workflow_job_templates/23/object_roles/", 403)
        text = reason(client, self.APPROVAL, Record(row, ""))
        assert "approval by whom AWX allows it" in text
        assert "; until 2026-11-22 " in text
        assert text.endswith(", when it fails")
