from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rows import event, job, node, page
from utils.following.follower import Follower
from utils.following.news import News
from utils.following.nodes import Node
from utils.following.workflow import FollowedWorkflow, followed
from utils.jobs import Launched

if TYPE_CHECKING:
    import pytest

    from tests.fake_awx import FakeAwx, FakeTime
    from utils.awx_client import Client

    Row = dict[str, object]

WORKFLOW = Launched(40, "workflow_job", "workflow_jobs/40/", "")
NODES = "workflow_jobs/40/workflow_nodes/"


class Followed:
    """A workflow that was followed to its end, without a websocket."""

    def __init__(self, client: Client, time: FakeTime) -> None:
        self.shown: list[bytes] = []
        job = followed(client, WORKFLOW, self.shown.append, clock=time.clock)
        assert isinstance(job, FollowedWorkflow)
        Follower(client, [job], sleep=time.sleep, clock=time.clock, use_push=False).follow()
        self.job = job

    @property
    def lines(self) -> list[str]:
        return b"".join(self.shown).decode().splitlines()


def running(awx: FakeAwx, *statuses: str) -> None:
    for status in statuses:
        awx.get("workflow_jobs/40/", job(type="workflow_job", status=status))


def step(awx: FakeAwx, job_id: int, *texts: str, path: str = "jobs", events: str = "") -> None:
    awx.get(f"{path}/{job_id}/", job(id=job_id))
    rows = [event(number, text) for number, text in enumerate(texts, 1)]
    awx.get(f"{path}/{job_id}/{events or 'job_events'}/", {"results": rows})


def test_the_lines_of_its_jobs_come_with_their_names(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    running(awx, "running", "running", "successful")
    awx.get(NODES, page(node(1, 41, status="running"), node(2)))
    awx.get(NODES, page(node(1, 41), node(2, 42, "project_update")))
    step(awx, 41, "\r\nTASK [x]\r\nok")
    step(awx, 42, "Cloning", path="project_updates", events="events")
    found = Followed(client, time)
    assert found.lines == ["step 41 | ", "step 41 | TASK [x]", "step 41 | ok", "step 42 | Cloning"]
    assert found.job.is_whole
    assert [each.job.job_id for each in found.job.steps.values()] == [41, 42]


def test_one_in_another_is_followed_too(client: Client, awx: FakeAwx, time: FakeTime) -> None:
    running(awx, "successful")
    awx.get(NODES, page(node(1, 41, "workflow_job")))
    awx.get("workflow_jobs/41/workflow_nodes/", page(node(5, 42)))
    step(awx, 42, "ok")
    assert Followed(client, time).lines == ["step 42 | ok"]


def test_the_nodes_tell_where_it_is(client: Client, awx: FakeAwx, time: FakeTime) -> None:
    running(awx, "failed")
    awx.get(NODES, page(node(1, 41, status="failed"), node(2, do_not_run=True), node(3)))
    step(awx, 41, "fatal")
    found = Followed(client, time)
    assert found.job.nodes == [
        Node("step", 41, "failed"),
        Node("step", is_skipped=True),
        Node("step"),
    ]
    assert found.job.steps[41].status == "failed"


def test_the_jobs_of_a_node_without_a_name_have_their_templates(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    running(awx, "successful")
    bare: Row = {"id": 1, "identifier": "first", "summary_fields": {}}
    awx.get(NODES, page(bare))
    assert Followed(client, time).job.nodes == [Node("first")]


def test_an_approval_is_waited_for_and_who_may_give_it_told(
    client: Client, awx: FakeAwx, time: FakeTime, caplog: pytest.LogCaptureFixture
) -> None:
    running(awx, "running", "running", "successful")
    approval = "workflow_approval"
    awx.get(NODES, page(node(1, 41, approval, status="pending")))
    awx.get(NODES, page(node(1, 41, approval, status="pending")))
    awx.get(NODES, page(node(1, 41, approval)))
    template = {"workflow_job_template": {"id": 23}}
    awx.get("workflow_approvals/41/", job(id=41, type=approval, summary_fields=template,
                                          status="pending", approval_expiration=None))  # fmt: skip
    awx.refuse("GET", "workflow_job_templates/23/access_list/", 403)
    found = Followed(client, time)
    assert found.lines == []
    waits = [each.message for each in caplog.records if each.name == "awx.waiting"]
    assert waits[-1].startswith("job 41 (step) waits: approval by whom AWX allows it")
    assert found.job.is_over


def test_a_job_that_is_pushed_and_unknown_makes_it_look_at_its_nodes(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    awx.get(NODES, page())
    awx.get(NODES, page(node(1, 41)))
    workflow = FollowedWorkflow(client, WORKFLOW, print, clock=time.clock)
    workflow.take(News(40, status="running"))
    assert workflow.new_steps() == []
    assert workflow.new_steps() == []
    workflow.expect_more()
    assert workflow.patience_s <= 0.5
    assert workflow.new_steps() == []  # it was asked just now
    time.now += 0.6
    assert [each.job.job_id for each in workflow.new_steps()] == [41]
    assert len(awx.sent) == 2


def test_one_that_was_deleted_ends_the_following(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    running(awx, "running")
    awx.get("workflow_jobs/40/", {"detail": "Not found."}, 404)
    awx.get(NODES, {"detail": "Not found."}, 404)
    found = Followed(client, time)
    assert (found.job.status, found.job.is_lost) == ("deleted", True)


def test_a_job_of_it_that_was_deleted_while_it_waited_is_let_go(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    running(awx, "running", "running", "canceled")
    awx.get(NODES, page(node(1, 41, status="pending")))
    awx.get(NODES, page(node(1)))
    awx.get("jobs/41/", {"detail": "Not found."}, 404)
    found = Followed(client, time)
    assert found.job.status == "canceled"
    assert found.job.steps[41].is_lost


def test_output_that_is_not_shown_to_this_user_is_done_without(
    client: Client, awx: FakeAwx, time: FakeTime, caplog: pytest.LogCaptureFixture
) -> None:
    running(awx, "running", "running", "successful")
    awx.get(NODES, page(node(1, 41, status="running"), node(2, 42, status="running")))
    awx.get(NODES, page(node(1, 41), node(2, 42)))
    awx.refuse("GET", "jobs/41/job_events/", 403)
    step(awx, 42, "ok")
    found = Followed(client, time)
    assert found.lines == ["step 42 | ok"]
    assert found.job.steps[41].status == "successful"
    assert caplog.text.count("the output of job 41 (step) is not shown to this user") == 1


def test_one_that_is_asked_for_itself_is_shown_in_both_places(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    awx.get("unified_jobs/", page(job(status="running"), job(id=41, status="running")))
    awx.get("unified_jobs/", page(job(status="successful"), job(id=41)))
    awx.get(NODES, page(node(1, 41)))
    step(awx, 41, "ok")
    shown: list[bytes] = []
    jobs = [
        followed(client, WORKFLOW, shown.append, clock=time.clock),
        followed(client, Launched(41, "job", "jobs/41/", ""), shown.append, clock=time.clock),
    ]
    Follower(client, jobs, sleep=time.sleep, clock=time.clock, use_push=False).follow()
    assert sorted(shown) == [b"ok\n", b"step 41 | ok\n"]
    assert all(each.is_whole for each in jobs)
