from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.utils.notifying.conftest import JOB, NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from utils.notifying.facts import Facts


def test_the_headline(facts: Callable[..., Facts]) -> None:
    assert facts().title == "FAILED: Deploy web (job 40) on 2 of 3 hosts"
    fine = replace(JOB, status="successful", hosts={"ok": 3})
    assert facts("success", 0, job=fine, jobs=(fine,)).title == "SUCCEEDED: Deploy web (job 40)"


def test_the_headline_of_a_run_without_a_job(facts: Callable[..., Facts]) -> None:
    found = facts(code=6, job=None, jobs=(), reason="project sync: Git says no")
    assert found.title == "NOT LAUNCHED: Deploy web: the project sync failed"
    assert found.why == "project sync: Git says no"
    assert facts(code=3, job=None, jobs=(), template="").title == (
        "AWX UNREACHABLE: a run: AWX cannot be reached or is not healthy"
    )


def test_the_headline_of_several_jobs(facts: Callable[..., Facts]) -> None:
    fine = replace(JOB, id=41, status="successful")
    assert facts(jobs=(JOB, fine)).title == "FAILED: 1 of 2 jobs"
    assert facts("success", 0, jobs=(fine, fine)).title == "SUCCEEDED: 2 jobs"


@pytest.mark.parametrize(
    ("usual_s", "told"),
    [
        (None, "1 min 30 s"),
        (85.0, "1 min 30 s, as usual"),
        (30.0, "1 min 30 s, usually 30 s"),
        (89.5, "1 min 30 s, as usual"),
    ],
)
def test_the_duration(facts: Callable[..., Facts], usual_s: float | None, told: str) -> None:
    assert facts(usual_s=usual_s).duration == told


def test_since_when_it_had_failed(facts: Callable[..., Facts]) -> None:
    found = facts("recovery", 0, failing_since=NOW, failed_before=3)
    assert found.why.startswith("It had failed since 2026-01-31 ")
    assert found.why.endswith(" (3 jobs).")
    assert facts("recovery", 0, failed_before=1).why == "It had failed (1 job)."
    of_several = facts("recovery", 0, failed_before=1, recovered="Deploy web (job 40)")
    assert of_several.why == "Deploy web (job 40) had failed (1 job)."


def test_hosts_the_bad_ones_first(facts: Callable[..., Facts]) -> None:
    found = facts().job
    assert found
    assert found.told_hosts == "2 failed, 1 ok"
