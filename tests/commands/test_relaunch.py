from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import relaunching
from commands import relaunch
from tests.rows import job, launched, page
from utils.errors import PreflightFailed, UnknownOutcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fake_awx import FakeAwx, FakeTime
    from utils.command_line import Call

    Row = dict[str, object]

pytestmark = pytest.mark.usefixtures("me")
PATH = "jobs/40/relaunch/"


def there(awx: FakeAwx, **fields: object) -> None:
    row = job(**{"status": "failed", "unified_job_template": 9, **fields})
    awx.get("unified_jobs/", page(row))
    awx.get(f"{row['type']}s/40/", row)


def failed_hosts(awx: FakeAwx, count: int) -> None:
    awx.get(PATH, {"passwords_needed_to_start": [], "retry_counts": {"all": 3, "failed": count}})


def test_the_failed_hosts_are_the_default_and_the_new_id_is_printed(
    call: Callable[..., Call],
    awx: FakeAwx,
    capsysbinary: pytest.CaptureFixture[bytes],
    tmp_path: Path,
) -> None:
    there(awx)
    failed_hosts(awx, 1)
    awx.post(PATH, launched(id=41), 201)
    assert relaunch.run(call("40")) == 0
    assert capsysbinary.readouterr().out == b"41\n"
    assert awx.sent.count(f"POST {PATH}") == 1
    assert awx.body_of("POST", PATH) == {"hosts": "failed"}
    (journal,) = (tmp_path / "logs" / "runs").glob("*.json")
    noted = json.loads(journal.read_text())
    assert (noted["relaunch_of"], noted["job"], noted["state"]) == (40, 41, "ended")


def test_all_hosts_need_no_question(call: Callable[..., Call], awx: FakeAwx) -> None:
    there(awx)
    awx.post(PATH, launched(id=41), 201)
    relaunch.run(call("40", relaunch_hosts="all"))
    assert awx.body_of("POST", PATH) == {"hosts": "all"}


@pytest.mark.parametrize("kind", ["workflow_job", "ad_hoc_command"])
def test_what_has_no_failed_hosts_is_relaunched_whole(
    call: Callable[..., Call], awx: FakeAwx, kind: str
) -> None:
    there(awx, type=kind)
    awx.post(f"{kind}s/40/relaunch/", launched(id=41, type=kind), 201)
    relaunch.run(call("40"))
    assert awx.body_of("POST", f"{kind}s/40/relaunch/") == {}


def test_without_failed_hosts_nothing_is_sent(
    call: Callable[..., Call], awx: FakeAwx, time: FakeTime
) -> None:
    there(awx)
    failed_hosts(awx, 0)
    with pytest.raises(PreflightFailed, match="no host failed in job 40") as error:
        relaunch.run(call("40"))
    assert "--hosts all" in str(error.value)
    assert not any(each.startswith("POST") for each in awx.sent)
    # They may be known a moment after the end only.
    assert time.pauses == [relaunching.STATS_S]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"type": "project_update"}, "AWX relaunches no project update"),
        ({"status": "running"}, "job 40 is running: relaunch it when it is over"),
    ],
)
def test_what_cannot_be_relaunched_is_told(
    call: Callable[..., Call], awx: FakeAwx, fields: Row, told: str
) -> None:
    awx.get("unified_jobs/", page(job(**{"status": "failed", **fields})))
    with pytest.raises(PreflightFailed, match=told):
        relaunch.run(call("40"))


def test_failed_hosts_of_a_workflow_are_not_pretended(
    call: Callable[..., Call], awx: FakeAwx
) -> None:
    awx.get("unified_jobs/", page(job(status="failed", type="workflow_job")))
    with pytest.raises(PreflightFailed, match="relaunches a workflow job on all its hosts"):
        relaunch.run(call("40", relaunch_hosts="failed"))


def test_a_refusal_is_told_in_awxs_words(call: Callable[..., Call], awx: FakeAwx) -> None:
    there(awx)
    words = "Missing passwords needed to start: ssh_password"
    awx.post(PATH, {"credential_passwords": [words]}, 400)
    with pytest.raises(PreflightFailed, match=words):
        relaunch.run(call("40", relaunch_hosts="all"))


def test_a_lost_answer_is_an_unknown_outcome_and_not_sent_again(
    call: Callable[..., Call], awx: FakeAwx
) -> None:
    there(awx)
    awx.get("unified_jobs/", page(job()))
    awx.get("unified_jobs/", page())
    awx.post(PATH, "<html>", 502)
    with pytest.raises(UnknownOutcome, match=r"one relaunched from 40"):
        relaunch.run(call("40", relaunch_hosts="all"))
    assert awx.sent.count(f"POST {PATH}") == 1
