from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from launch_plan import LaunchPlan
from tests.rows import event, page
from utils import reachability
from utils.errors import PreflightFailed

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx, FakeTime
    from utils.awx_client import Client

PLAN = LaunchPlan(9, "Deploy web", 2, (30, 3), 8, "web*", {})
COMMANDS = "inventories/2/ad_hoc_commands/"


@pytest.fixture(autouse=True)
def _credentials(awx: FakeAwx) -> None:
    awx.get("credentials/30/", {"id": 30, "kind": "aws"})


@pytest.fixture
def _ping(awx: FakeAwx) -> None:
    awx.get("credentials/3/", {"id": 3, "kind": "ssh"})
    awx.post(COMMANDS, {"id": 50, "type": "ad_hoc_command"}, 201)


def end(status: str, **fields: object) -> dict[str, object]:
    return {"id": 50, "status": status, "event_processing_finished": True, **fields}


@pytest.mark.usefixtures("_ping")
def test_hosts_that_answer(client: Client, awx: FakeAwx, time: FakeTime) -> None:
    for status in ("pending", "running", "successful"):
        awx.get("ad_hoc_commands/50/", end(status))
    reachability.check(client, PLAN, time.sleep)
    assert awx.body_of("POST", COMMANDS) == {
        "module_name": "ping", "credential": 3, "limit": "web*",
    }  # fmt: skip
    assert awx.sent.count(f"POST {COMMANDS}") == 1


@pytest.mark.usefixtures("_ping")
def test_hosts_that_do_not_are_named_with_ansibles_words(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    awx.get("ad_hoc_commands/50/", end("failed"))
    awx.get(
        "ad_hoc_commands/50/events/",
        page(
            event(1, event="playbook_on_start"),
            event(2, event="runner_on_unreachable", host_name="web02",
                  event_data={"res": {"msg": "Failed to connect:\n timed out"}}),
            event(3, event="runner_on_ok", host_name="web01"),
            event(4, event="runner_on_failed", host_name="db01", event_data={}),
            event(5, event="runner_on_failed", host_name="db02", event_data={"res": {"msg": 5}}),
        ),
    )  # fmt: skip
    told = r"db01 \(failed\); db02 \(failed\); web02 \(Failed to connect: timed out\)"
    with pytest.raises(PreflightFailed, match=f"hosts do not answer: {told}"):
        reachability.check(client, PLAN, time.sleep)


@pytest.mark.usefixtures("_ping")
@pytest.mark.parametrize(
    ("explanation", "told"), [("No hosts", "No hosts"), ("", "/ad_hoc_commands/50/stdout/")]
)
def test_a_ping_that_ends_otherwise_is_told(
    client: Client, awx: FakeAwx, time: FakeTime, explanation: str, told: str
) -> None:
    awx.get("ad_hoc_commands/50/", end("error", job_explanation=explanation))
    awx.get("ad_hoc_commands/50/events/", page())
    with pytest.raises(PreflightFailed, match=f"the ping ended error: .*{told}"):
        reachability.check(client, PLAN, time.sleep)


def test_without_a_machine_credential_nothing_is_run(
    client: Client, awx: FakeAwx, time: FakeTime
) -> None:
    awx.get("credentials/3/", {"id": 3, "kind": "net"})
    with pytest.raises(PreflightFailed, match="needs a machine credential"):
        reachability.check(client, PLAN, time.sleep)
    assert not any(each.startswith("POST") for each in awx.sent)
