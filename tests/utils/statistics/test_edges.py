from __future__ import annotations

import pytest

from tests.utils.statistics.histories import job, text
from tests.utils.statistics.week import MOMENT, SINCE, UNTIL, at, labels, report, several
from utils.statistics.counts import Counts
from utils.statistics.figures import Spread


def test_no_jobs() -> None:
    found = report(slo=0.9)
    assert found.total.counts.rate is found.total.flakiness is None
    assert found.total.counts.interval is None
    assert (found.streak, found.templates, found.busiest, found.kinds) == (None, (), (), ())
    assert found.slo
    assert found.slo.is_met
    assert found.slo.spent is None
    assert (len(found.days), len(found.hours)) == (7, 168)


def test_one_job() -> None:
    found = report(job(1, at(30)))
    assert found.total.counts == Counts(successful=1)
    assert found.total.duration == Spread(1, 2.0, 2.0, 2.0, 2.0)
    assert found.total.waiting == Spread(1, 1.0, 1.0, 1.0, 1.0)
    assert [(each.weekday, each.hour, each.runs) for each in found.busiest] == [(1, 6, 1)]


def test_all_failed() -> None:
    found = report(*several("BBEB"), slo=1.0)
    assert found.total.counts.rate == 0
    assert found.streak
    assert (found.streak.length, found.streak.is_over) == (4, False)
    assert (found.templates[0].red_now, found.templates[0].longest_streak) == (4, 4)
    assert (found.total.repairs, found.total.repair_s) == (0, None)
    assert found.slo
    assert (found.slo.is_met, found.slo.spent) == (False, None)


def test_canceled_ones_tell_nothing_of_the_playbook() -> None:
    found = report(*several("CCC"))
    assert found.total.counts == Counts(canceled=3)
    assert found.total.counts.rate is None
    assert found.total.duration.count == 0
    assert found.total.waiting.count == 3


def test_one_that_was_canceled_before_it_started_has_not_waited() -> None:
    found = report(job(1, at(1), status="canceled", started=None, elapsed=0.0, scm_revision=""))
    assert found.total.counts.canceled == 1
    assert found.total.waiting.count == found.total.duration.count == 0


def test_unfinished_ones_are_runs_and_nothing_else() -> None:
    found = report(*(job(n, at(n), status=each) for n, each in enumerate(
        ("new", "pending", "waiting", "running"), 1)))  # fmt: skip
    assert found.total.counts == Counts(unfinished=4)
    assert found.total.counts.judged == 0
    assert found.total.waiting.count == 1


def test_an_error_before_the_start_is_bad_and_has_no_duration() -> None:
    found = report(job(1, at(1), status="error", started=None, elapsed=0.0, scm_revision=""))
    assert found.total.counts.bad == found.total.counts.judged == 1
    assert found.total.duration.count == 0


def test_a_job_that_started_before_it_was_created_has_not_waited() -> None:
    found = report(job(1, at(1), started=text(at(1, -0.2))))
    assert found.total.waiting.max == 0


def test_a_period_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    before = SINCE - (UNTIL - SINCE)
    found = report(
        job(1, before - MOMENT), job(2, before), job(3, SINCE - MOMENT), job(4, SINCE),
        job(5, UNTIL - MOMENT), job(6, UNTIL),
    )  # fmt: skip
    assert (found.before.counts.runs, found.total.counts.runs) == (2, 2)
    assert found.since_before == before


def test_a_deleted_template_is_known_by_its_name_alone() -> None:
    found = report(
        job(1, at(1), None, name="Gone"), job(2, at(2), None, name="Gone"),
        job(3, at(3), None, name="5"), job(4, at(4), 5, name="Gone"),
    )  # fmt: skip
    assert labels(found) == [("Gone", None, 2), ("5", None, 1), ("Gone", 5, 1)]
    urls = {each.template_id: each.url for each in found.templates}
    assert urls == {None: "", 5: "page of templates/job_template/5/details"}


def test_templates_of_one_name_stay_apart() -> None:
    found = report(*several("BB"), *(job(n, at(n), 7, name="Deploy web") for n in (3, 4)))
    assert labels(found) == [("Deploy web", 5, 2), ("Deploy web", 7, 2)]
    assert [each.template_id for each in found.templates] == [5, 7]


def test_a_renamed_template_has_the_name_of_its_newest_job() -> None:
    old, new = job(1, at(2), name="Old"), job(2, at(1), name="New")
    assert labels(report(old, new)) == labels(report(new, old)) == [("New", 5, 2)]


@pytest.mark.parametrize("by", ["inventory", "project", "organization"])
def test_a_job_without_a_resource_is_in_a_group_of_its_own(by: str) -> None:
    found = report(job(1, at(1), **{by: None}), job(2, at(2), **{by: 4}), job(3, at(3), **{by: 4}),
                   by=by)  # fmt: skip
    assert labels(found) == [(f"{by} 4", 4, 2), (f"(no {by})", None, 1)]


def test_a_schedule_and_a_webhook_count_as_users() -> None:
    found = report(
        job(1, at(1), launched_by={"id": 1, "name": "Nightly", "type": "schedule"}),
        job(2, at(2), launched_by={"id": 5, "name": "Deploy", "type": "job_template"}),
        job(3, at(3), launched_by={}, launch_type="scheduled"), job(4, at(4)), job(5, at(5)),
        by="user",
    )  # fmt: skip
    assert labels(found) == [
        ("admin", None, 2), ("(scheduled)", None, 1), ("Deploy (job template)", None, 1),
        ("Nightly (schedule)", None, 1),
    ]  # fmt: skip


def test_a_group_without_jobs_in_the_period_is_not_listed() -> None:
    found = report(job(1, SINCE - MOMENT, 6), job(2, SINCE - MOMENT), job(3, SINCE), by="template")
    assert labels(found) == [("Deploy web", 5, 1)]
    assert found.groups[0].before
    assert found.groups[0].before.counts.runs == 1


@pytest.mark.parametrize(
    ("bad", "target", "is_met", "spent"),
    [(1, 0.9, True, 1.0), (2, 0.9, False, 2.0), (3, 0.7, True, 1.0), (0, 1.0, True, None),
     (0, 0.5, True, 0.0), (10, 0.0, True, 1.0)],
)  # fmt: skip
def test_a_budget_may_be_spent_to_the_last_job(
    bad: int, target: float, is_met: bool, spent: float | None
) -> None:
    found = report(*several("B" * bad + "G" * (10 - bad) + "CCRC"), slo=target).slo
    assert found
    assert (found.is_met, found.spent) == (is_met, spent)


def test_jobs_of_one_moment_are_all_counted() -> None:
    found = report(*(job(number, at(1), status="failed") for number in range(1, 6)))
    assert found.total.counts.failed == found.templates[0].longest_streak == 5


def test_a_report_of_one_template_leaves_out_all_others() -> None:
    rows = (job(1, at(1)), job(2, at(2), 6), job(3, at(3), None, name="Deploy web"))
    found = report(*rows, template=5)
    assert found.total.counts.runs == 1
    assert labels(found) == [("Deploy web", 5, 1)]


def test_a_job_that_took_no_time_counts_among_the_durations() -> None:
    found = report(job(1, at(1), elapsed=0.0), job(2, at(2)))
    assert found.total.duration == Spread(2, 0.0, 2.0, 2.0, 2.0)
