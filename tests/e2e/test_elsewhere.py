"""What benchmarks ask an AWX of one's own for."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

import requests

from benchmarks.elsewhere import Elsewhere
from tests.e2e.conftest import PASSWORD, new_jobs
from utils import job_text

if TYPE_CHECKING:
    from demo.server import DemoServer


def test_the_truth_of_a_job_is_that_of_its_events_and_no_token_is_left(awx: DemoServer) -> None:
    launch = f"{awx.url}/api/v2/job_templates/9/launch/"
    requests.post(launch, auth=("admin", PASSWORD), timeout=10).raise_for_status()
    with Elsewhere(f"{awx.url}/", "admin", PASSWORD, 9) as bench:
        assert bench.token in {each.token for each in awx.awx.tokens.values()}
        truth = bench.last_job()
    (run,) = new_jobs(awx)
    text = job_text.plain(b"".join(job_text.of_event(event.stdout) for event in run.script.events))
    assert (truth.status, truth.lines) == ("successful", text.count(b"\n"))
    assert truth.digest == hashlib.sha256(text).hexdigest()
    # The clock of AWX is that of this machine.
    assert run.ended - 1.0 <= truth.ended + time.time() - time.monotonic() <= time.time()
    assert awx.awx.tokens == {}
