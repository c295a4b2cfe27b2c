from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import retry
from monitor import Finished
from tests.rows import event, job, launched, page
from utils.attempts import Attempt, Attempts
from utils.errors import ExitCode, UnknownOutcome
from utils.flow import Timeline
from utils.jobs import Launched
from utils.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from tests.fake_awx import FakeAwx, FakeTime
    from utils.awx_client import Client
    from utils.results import Results

    Make = Callable[..., Settings]


def failing(awx: FakeAwx, *ids: int) -> None:
    """Let these jobs fail on web01, each but the first a relaunch of the one before."""
    for job_id in ids:
        row = job(id=job_id, status="failed", unified_job_template=9)
        awx.get("unified_jobs/", page(row))
        awx.get("unified_jobs/", page())
        awx.get(f"jobs/{job_id}/", row)
        awx.get(f"jobs/{job_id}/job_events/", {"results": [event(1, "no")]})
        awx.get(f"jobs/{job_id}/job_host_summaries/", page({"id": 1, "host_name": "web01"}))
        awx.get(f"jobs/{job_id}/relaunch/", {"retry_counts": {"all": 3, "failed": 1}})


@pytest.fixture
def begun(done: Results, tmp_path: Path) -> Results:
    done.add(Journal(tmp_path))
    done.add(Timeline())
    done.add(Launched(40, "job", "jobs/40/", "page", "pending"))
    return done


def test_the_pauses_grow_and_no_two_runs_have_the_same(
    client: Client, settings: Make, begun: Results, awx: FakeAwx, time: FakeTime
) -> None:
    failing(awx, 40, 41, 42)
    for job_id in (41, 42):
        awx.post(f"jobs/{job_id - 1}/relaunch/", launched(id=job_id), 201)
    awx.mock.assert_all_requests_are_fired = False  # the last one is not started again
    ended = retry.follow(client, settings(retries=2, retry_delay="10s", retry_backoff=3), begun)
    assert (ended.job.integer("id"), ended.exit_code) == (42, ExitCode.JOB_FAILED)
    first, second = (pause for pause in time.pauses if pause > 5)
    assert 9 <= first <= 11
    assert 27 <= second <= 33
    assert [each.job_id for each in begun[Attempts].ended] == [40, 41, 42]
    assert awx.body_of("POST", "jobs/40/relaunch/") == {"hosts": "failed"}


def test_without_retries_nothing_more_is_asked(
    client: Client, settings: Make, begun: Results, awx: FakeAwx
) -> None:
    awx.get("jobs/40/", job(status="error"))
    awx.get("jobs/40/job_events/", {"results": [event(1, "no")]})
    awx.get("jobs/40/job_host_summaries/", page())
    assert retry.follow(client, settings(), begun).status == "error"
    assert not any(each.startswith("POST") for each in awx.sent)


def test_an_attempt_that_awx_refuses_leaves_the_end_of_the_last_one(
    client: Client, settings: Make, begun: Results, awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    failing(awx, 40)
    awx.refuse("POST", "jobs/40/relaunch/", 403, "You do not have permission.")
    assert retry.follow(client, settings(retries=2), begun).status == "failed"
    assert begun[Finished].status == "failed"
    assert "no other attempt: AWX answered 403" in caplog.text
    assert awx.sent.count("POST jobs/40/relaunch/") == 1


def test_an_attempt_of_which_nobody_knows_is_an_unknown_outcome(
    client: Client, settings: Make, begun: Results, awx: FakeAwx
) -> None:
    failing(awx, 40)
    awx.post("jobs/40/relaunch/", {}, 502)
    with pytest.raises(UnknownOutcome):
        retry.follow(client, settings(retries=2), begun)
    assert awx.sent.count("POST jobs/40/relaunch/") == 1
    # Its end is not that of the job before.
    assert Finished not in begun


def test_a_host_is_flaky_where_it_failed_first_and_passed_later() -> None:
    def attempt(job_id: int, status: str, *failed: str) -> Attempt:
        return Attempt(job_id, "job", "page", status, failed)

    attempts = Attempts()
    attempts.add(attempt(1, "failed", "a", "b", "c"))
    attempts.add(attempt(2, "canceled"))
    attempts.add(attempt(3, "failed", "b", "c"))
    attempts.add(attempt(4, "failed", "c"))
    assert list(attempts.flaky()) == [("a", 1, 3), ("b", 1, 4)]
