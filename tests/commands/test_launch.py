from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from commands import launch
from tests.rows import event, job, launch_facts, launched, page, template
from utils.errors import ExitCode, UnknownOutcome, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_awx import FakeAwx
    from utils.command_line import Call

POST = "POST job_templates/9/launch/"


@pytest.fixture
def _ready(awx: FakeAwx, me: None) -> None:
    del me
    awx.get("ping/", {"version": "24.6.1"})
    awx.get("job_templates/9/", template())
    awx.get("job_templates/9/launch/", launch_facts())
    awx.get("unified_jobs/", page())


@pytest.mark.usefixtures("_ready")
class TestLaunch:
    def test_prints_the_id_and_returns(
        self, call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        awx.post("job_templates/9/launch/", launched(), 201)
        assert launch.run(call()) == ExitCode.OK
        assert capsysbinary.readouterr().out == b"40\n"
        assert awx.sent[-1] == POST

    def test_as_json(
        self, call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        awx.post("job_templates/9/launch/", launched(), 201)
        launch.run(call(output="json"))
        found = json.loads(capsysbinary.readouterr().out)
        assert (found["id"], found["type"]) == (40, "job")

    @pytest.mark.parametrize(("status", "code"), [("successful", 0), ("failed", 1)])
    def test_with_watch_it_is_followed_and_its_end_is_the_code(
        self,
        call: Callable[..., Call],
        awx: FakeAwx,
        capsysbinary: pytest.CaptureFixture[bytes],
        status: str,
        code: int,
    ) -> None:
        awx.post("job_templates/9/launch/", launched(), 201)
        awx.get("jobs/40/", job(status=status))
        awx.get("jobs/40/job_events/", {"results": [event(1, "ok: [web01]")]})
        if status == "failed":
            awx.get("jobs/40/job_host_summaries/", page())
        made = call(watch="true")
        assert launch.run(made) == code
        assert capsysbinary.readouterr().out == b"ok: [web01]\n"
        saved = Path(made.settings.log_dir) / "jobs" / "40.txt"
        assert saved.read_bytes() == b"ok: [web01]\n"

    def test_a_lost_answer_is_an_unknown_outcome(
        self, call: Callable[..., Call], awx: FakeAwx
    ) -> None:
        awx.post("job_templates/9/launch/", {}, 504)
        with pytest.raises(UnknownOutcome):
            launch.run(call())
        assert awx.sent.count(POST) == 1


def test_it_needs_a_template(call: Callable[..., Call], awx: FakeAwx) -> None:
    with pytest.raises(UsageError, match="no job template"):
        launch.run(call(environ={"AWX_TEMPLATE": ""}))
    assert awx.sent == []
