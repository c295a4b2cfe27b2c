from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from job_output import Log
from launch_plan import LaunchPlan
from monitor import Finished
from tests.rows import job, page
from utils.attempts import Attempt, Attempts
from utils.errors import ExitCode, Unreachable
from utils.failures import Failure
from utils.flow import Passed, Timeline
from utils.following.board import Board
from utils.following.followed_job import FollowedJob
from utils.following.workflow import followed
from utils.jobs import Launched
from utils.journal import Journal
from utils.notifying import gathering
from utils.notifying.facts import FailureFacts
from utils.record import Record
from utils.results import Results
from utils.signing_in.who import User

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

LAUNCHED = Launched(40, "job", "jobs/40/", "http://awx.test/#/jobs/playbook/40", name="Deploy web")


def ended(done: Results, **fields: object) -> Results:
    done.add(LAUNCHED)
    done.add(Finished(Record(job(unified_job_template=9, **fields), "GET jobs/40/")))
    return done


def shown(_text: bytes) -> None:
    """Show nothing."""


@pytest.fixture
def known(client: Client, settings: Callable[..., Settings]) -> Callable[..., dict[str, Any]]:
    def gather(done: Results, code: int = 1, *each: Results, reason: str = "") -> dict[str, Any]:
        return gathering.gather(
            client, settings(), done, each or [done], exit_code=ExitCode(code), reason=reason
        )

    return gather


def test_what_is_known_without_awx(
    known: Callable[..., dict[str, Any]], client: Client, done: Results, tmp_path: Path
) -> None:
    counts = {"ok": 2, "failures": 1}
    ended(done, status="failed", host_status_counts=counts, limit="web*", name="Deploy\nweb")
    log = tmp_path / "40.txt"
    log.write_text("PLAY\nfatal\n")
    followed_job = FollowedJob(client, LAUNCHED, shown)
    followed_job.failures = [Failure("web01", "Install", "No package", unreachable=False)]
    done.add(Board([followed_job]))
    done.add(Log(log, 11))
    done.add(User(1, "admin", "token"))
    done.add(LaunchPlan(9, "Deploy web", 2, (3,), 8, "", {}))
    done.add(Journal(tmp_path))
    done.add(Attempts([Attempt(39, "job", "page", "failed", ("web01",))]))
    found = known(done)
    assert found["job"].name == "Deploy web"
    assert (found["job"].hosts, found["job"].limit) == (counts, "web*")
    assert (found["job"].launched_by, found["job"].launch_type) == ("admin", "manual")
    assert found["job"].elapsed_s == 2.131
    assert found["jobs"] == (found["job"],)
    assert found["failures"] == (FailureFacts("web01", "Install", "No package", unreachable=False),)
    assert [each.id for each in found["attempts"]] == [39]
    assert (found["template"], found["user"], found["awx"]) == ("Deploy web", "admin", client.host)
    assert found["excerpt"].lines == ("PLAY", "fatal")
    assert found["run_id"] == done[Journal].run_id
    assert found["next"] == ("python main.py relaunch 40  # on the hosts that failed",)
    assert found["reason"] == ""


def test_failures_in_the_jobs_of_a_workflow_name_their_job(
    known: Callable[..., dict[str, Any]], client: Client, done: Results
) -> None:
    workflow = followed(client, Launched(50, "workflow_job", "workflow_jobs/50/", "p"), shown)
    step = FollowedJob(client, LAUNCHED, shown, is_step=True)
    step.failures = [Failure("web01", "", "gone", unreachable=True)]
    workflow.steps[40] = step
    done.add(Board([workflow]))
    (failure,) = known(ended(done, status="failed"))["failures"]
    assert failure.where == "Deploy web 40: web01"


def test_a_run_that_ended_before_its_job(
    known: Callable[..., dict[str, Any]], done: Results
) -> None:
    steps = [Passed("ping", "ok", 0.1, "AWX 24"), Passed("token", "failed", 0.1, "bad password")]
    done.add(Timeline(steps))
    found = known(done, 4)
    assert (found["job"], found["jobs"], found["reason"]) == (None, (), "bad password")
    assert found["template"] == "template 9"


def test_a_job_that_is_gone(known: Callable[..., dict[str, Any]], done: Results) -> None:
    assert known(ended(done, status="deleted"), 10)["reason"] == "the job was deleted in AWX"


def test_a_job_that_was_not_followed_to_its_end(
    known: Callable[..., dict[str, Any]], done: Results, tmp_path: Path
) -> None:
    journal = Journal(tmp_path)
    journal.note(state="launched")
    journal.part(40).write_text("TASK [wait]\n")
    done.add(journal)
    done.add(LAUNCHED)
    done.add(Timeline([Passed("monitor", "failed", 9.0, "the time for it is over (--timeout)")]))
    found = known(done, 7)
    journal.unlock()
    assert (found["job"].status, found["job"].name) == ("not at its end", "Deploy web")
    assert found["reason"] == "the time for it is over (--timeout)"
    assert found["excerpt"].lines == ("TASK [wait]",)
    assert found["next"][0] == f"python main.py resume {journal.run_id}"


def test_nonsense_of_awx_is_left_out(known: Callable[..., dict[str, Any]], done: Results) -> None:
    nonsense: Any = {"started": "soon", "elapsed": "long", "launched_by": 7, "limit": ["x"],
                     "host_status_counts": {"ok": "many", "failures": 1}}  # fmt: skip
    found = known(ended(done, status="failed", **nonsense))["job"]
    assert (found.started, found.elapsed_s, found.launched_by, found.limit) == (None, None, "", "")
    assert found.hosts == {"failures": 1}


def before(job_id: int, status: str, **fields: object) -> dict[str, object]:
    return job(id=job_id, status=status, **fields)


def test_the_first_success_after_a_failure(client: Client, awx: FakeAwx, done: Results) -> None:
    awx.get("jobs/", page(before(39, "failed")))
    awx.get("jobs/", page(before(35, "successful")))
    awx.get("jobs/", {**page(before(36, "error", finished="2026-01-30T01:00:00Z")), "count": 3})
    done.add(Attempts([Attempt(40, "job", "p", "failed"), Attempt(41, "job", "p", "successful")]))
    found = gathering.recovery(client, ended(done))
    assert found == {
        "failing_since": datetime(2026, 1, 30, 1, tzinfo=timezone.utc), "failed_before": 3,
    }  # fmt: skip
    last, good, bad = awx.queries("jobs/")
    assert (last["unified_job_template"], last["id__lt"], last["order_by"]) == ("9", "40", "-id")
    assert last["status__in"] == "successful,failed,error"
    assert good["status"] == "successful"
    assert (bad["id__gt"], bad["status__in"], bad["order_by"]) == ("35", "failed,error", "id")


def test_of_several_jobs_it_is_told_which_had_failed(client: Client, awx: FakeAwx) -> None:
    awx.get("jobs/", page())
    awx.get("jobs/", page(before(39, "failed")))
    awx.get("jobs/", page())
    awx.get("jobs/", page(before(39, "failed")))
    found = gathering.first_recovery(client, [ended(Results()), ended(Results())])
    assert found["recovered"] == "Deploy web (job 40)"


@pytest.mark.parametrize("rows", [[], [before(39, "successful")]])
def test_a_success_after_none_or_another_is_none(
    client: Client, awx: FakeAwx, done: Results, rows: list[dict[str, object]]
) -> None:
    awx.get("jobs/", page(*rows))
    assert gathering.recovery(client, ended(done)) == {}


def test_a_template_that_never_went_well_before(
    client: Client, awx: FakeAwx, done: Results
) -> None:
    awx.get("jobs/", page(before(39, "failed")))
    awx.get("jobs/", page())
    awx.get("jobs/", page(before(39, "failed")))
    assert gathering.recovery(client, ended(done))["failed_before"] == 1
    assert "id__gt" not in awx.queries("jobs/")[2]


def test_a_job_of_no_template_recovers_from_nothing(client: Client, done: Results) -> None:
    done.add(LAUNCHED)
    done.add(Finished(Record(job(), "")))
    assert gathering.recovery(client, done) == {}


def test_an_awx_that_is_gone_is_raised(client: Client, awx: FakeAwx, done: Results) -> None:
    awx.get("jobs/", status=503)
    with pytest.raises(Unreachable):
        gathering.recovery(client, ended(done))


def test_of_several_jobs_the_worst_is_told_first(
    known: Callable[..., dict[str, Any]], done: Results
) -> None:
    each = [Results(), Results(), Results()]
    for results, status in zip(each, ("successful", "canceled", "failed"), strict=True):
        ended(results, status=status)
    found = known(done, 1, *each)
    assert [one.status for one in found["jobs"]] == ["failed", "canceled", "successful"]
    assert found["job"].status == "failed"
