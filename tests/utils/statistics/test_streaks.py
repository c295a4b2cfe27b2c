from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.utils.statistics.histories import job, text
from tests.utils.statistics.week import MOMENT, SINCE, UNTIL, at, report, several

if TYPE_CHECKING:
    from tests.utils.statistics.jobs_by_hand import Row

RELAUNCH: Row = {"launch_type": "relaunch"}


@pytest.mark.parametrize(
    ("statuses", "longest", "now"),
    [("BGBBG", 2, 0), ("BBCRB", 3, 3), ("GBC", 1, 1), ("BBGBE", 2, 2), ("GG", 0, 0),
     ("BEGC", 2, 0)],
)  # fmt: skip
def test_a_streak_is_of_bad_jobs_in_a_row(statuses: str, longest: int, now: int) -> None:
    (template,) = report(*several(statuses)).templates
    assert (template.longest_streak, template.red_now) == (longest, now)


def test_of_equal_streaks_the_latest_to_begin_is_shown() -> None:
    found = report(*several("BBGBBG")).streak
    assert found
    assert (found.first_job, found.last_job, found.is_over) == (4, 5, True)
    assert found.began == at(4)


def test_a_streak_is_of_one_template_in_the_order_of_its_ids() -> None:
    others = [job(each["id"] + 10, at(each["id"]), 6) for each in several("GGG")]
    late = job(5, at(0.5), status="failed")  # created first, and its id is greater
    found = report(*several("BGBB"), *others, late).streak
    assert found
    assert (found.first_job, found.last_job, found.length) == (3, 5, 3)


def test_a_streak_begins_and_ends_with_the_period() -> None:
    found = report(job(1, SINCE - MOMENT, status="failed"), *several("CB")[1:], job(3, UNTIL))
    assert found.streak
    assert (found.streak.length, found.streak.is_over, found.total.repairs) == (1, False, 0)


def test_a_repair_is_from_the_end_of_the_first_failure_to_that_of_the_success() -> None:
    found = report(*several("BBGGBG"))
    assert (found.total.repairs, found.total.repair_s) == (2, (2 * 3600 + 3600) / 2)


def test_a_success_that_finished_before_what_it_repairs_took_no_time() -> None:
    long = job(1, at(1), status="failed", finished=text(at(9)))
    found = report(long, job(2, at(2)))
    assert (found.total.repairs, found.total.repair_s) == (1, 0)


def test_a_repair_without_an_end_is_none() -> None:
    found = report(job(1, at(1), status="error", finished=None), job(2, at(2)))
    assert (found.total.repairs, found.total.repair_s) == (0, None)
    assert found.streak
    assert found.streak.is_over
    assert found.failures[0].finished == at(1)


def test_a_repair_is_in_the_group_of_what_broke() -> None:
    zoe: Row = {"launched_by": {"id": 2, "name": "zoe", "type": "user"}}
    found = report(*several("B"), job(2, at(2), status="failed", **zoe), job(3, at(3), **zoe),
                   by="user")  # fmt: skip
    assert {each.label: each.summary.repairs for each in found.groups} == {"zoe": 0, "admin": 1}


@pytest.mark.parametrize(
    ("fields", "flaky"),
    [
        ({}, 1), ({"inventory": 3}, 0), ({"inventory": None}, 0), ({"scm_revision": "b21c"}, 0),
        ({"scm_revision": ""}, 0), ({"created": text(at(-1))}, 0), ({"created": text(at(0.5))}, 1),
        ({"status": "canceled"}, 0), ({"job_template": 6}, 0),
    ],
)  # fmt: skip
def test_a_failure_is_flaky_where_the_same_went_well(fields: Row, flaky: int) -> None:
    rows = (job(1, at(1), status="failed"), job(2, at(2)))
    rows[1].update(fields)
    assert report(*rows).total.flaky == flaky


def test_no_inventory_is_the_same_as_none_and_no_revision_is_not() -> None:
    same = [job(n, at(n), status=s, inventory=None) for n, s in ((1, "error"), (2, "successful"))]
    assert report(*same).total.flaky == 1
    unknown = [{**each, "scm_revision": ""} for each in same]
    assert report(*unknown).total.flaky == 0


@pytest.mark.parametrize(
    ("rows", "flaky"),
    [
        ([("failed", {}), ("successful", RELAUNCH)], [1]),
        ([("failed", {}), ("failed", RELAUNCH), ("successful", RELAUNCH)], [2]),
        ([("failed", {}), ("successful", {}), ("successful", RELAUNCH)], []),
        ([("failed", {}), ("canceled", RELAUNCH), ("successful", RELAUNCH)], [1]),
        ([("failed", {}), ("running", {}), ("successful", RELAUNCH)], [1]),
        ([("failed", {}), ("error", RELAUNCH)], []),
    ],
)
def test_a_failure_is_flaky_where_it_was_relaunched_and_passed(
    rows: list[tuple[str, Row]], flaky: list[int]
) -> None:
    found = [
        job(number, at(number), status=status, scm_revision="", **fields,
            launched_by={"id": number, "name": f"{number}", "type": "user"})
        for number, (status, fields) in enumerate(rows, 1)
    ]  # fmt: skip
    groups = report(*found, by="user").groups
    assert [int(each.label) for each in groups if each.summary.flaky] == flaky
