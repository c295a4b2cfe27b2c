"""Bulk jobs: the quick ways of filtering, sorting and showing them do what the long ones do."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest

from demo import rows_runs
from demo.bulk_jobs import LONGEST_S, BulkJobs
from demo.fields import TABLES
from demo.model import Project, User
from demo.paging import selected
from demo.queries import order_key, predicates
from demo.rendered import as_json
from demo.rows_common import Frame
from demo.run_rows import RunRows
from demo.world import World
from tests.demo.stage import Clock

if TYPE_CHECKING:
    from demo.run_kinds import Job

COUNT = 3000


@pytest.fixture(scope="module")
def world() -> World:
    return World(jobs=COUNT, clock=Clock())


@pytest.fixture(scope="module")
def jobs(world: World) -> list[Job]:
    """All jobs, made the long way."""
    return [run for run in world.jobs.values() if run.kind == "job"]  # type: ignore[misc]


class TestStencils:
    @pytest.mark.parametrize("viewer", [1, 2])
    def test_a_row_is_the_same_as_the_one_made_the_long_way(
        self, world: World, viewer: int
    ) -> None:
        frame = Frame(world, world.get(User, viewer), "/api/v2")
        bulk = world.jobs.bulk_jobs
        last_of_each_kind = {bulk.kind(n): n for n in bulk.ids}.values()
        with world.moment():
            for job_id in (9, 999, 1000, *last_of_each_kind):
                quick = world.stencils.row(frame, bulk[job_id])
                assert quick == as_json(rows_runs.run(frame, world.jobs[job_id]))

    def test_what_changes_of_a_template_is_shown(self) -> None:
        clock = Clock()
        world = World(jobs=100, clock=clock)
        frame = Frame(world, world.get(User, 1), "/api/v2")
        figures = world.jobs.bulk_jobs[50]
        world.stencils.row(frame, figures)
        figures.kind.template.description = "100% new"
        world.update_project(world.get(Project, 8), None)
        clock.tick(1)
        row = world.stencils.row(frame, figures)
        assert "100% new" in row
        assert row == as_json(rows_runs.run(frame, world.jobs[50]))

    def test_an_answer_is_the_json_that_it_was(self, world: World) -> None:
        frame = Frame(world, world.get(User, 1), "/api/v2")
        rows = [world.stencils.row(frame, world.jobs.bulk_jobs[n]) for n in (9, 10)]
        plain = {"count": 3, "results": [*map(json.loads, rows), {"id": 1}]}
        quick = {"count": 3, "results": [*rows, {"id": 1}]}
        assert as_json(quick) == as_json(plain)


MIDDLE = "2026-07-20T12:00:00Z"
FILTERS = [
    "id__lt=500&id__gte=300", "id=77", "id__in=9,10,99999,2000", "not__id__gt=100", "id__gt=3100",
    f"created__gte={MIDDLE}", f"created__lt={MIDDLE}", f"not__created__lt={MIDDLE}",
    f"finished__gt={MIDDLE}", f"finished__lte={MIDDLE}&status=failed", f"started__gt={MIDDLE}",
    "started__isnull=true", "started__isnull=false&id__lt=200", "elapsed__gt=100",
    "status__in=failed,error", "not__status=successful", "job_template=9", "inventory=5",
    "job_template__name__icontains=deploy", "created_by__username=operator", "created_by=1",
    "created_by__isnull=true", "launch_type=relaunch", "or__status=error&or__launch_type=relaunch",
    "or__id=50&or__status=canceled", "search=health", "organization__name=Default&project=8",
    "job_explanation__startswith=Task", "canceled_on__isnull=false", "unified_job_template=21",
]  # fmt: skip


@pytest.mark.parametrize("query", FILTERS)
def test_a_filter_leaves_what_it_leaves_of_any_rows(
    world: World, jobs: list[Job], query: str
) -> None:
    params = parse_qsl(query)
    table = TABLES["job"]
    expected = [job.id for job in jobs if all(t(job) for t in predicates(table, params))]
    found = selected(RunRows.of(world.jobs, frozenset({"job"})), table, params)
    assert [row.id for row in found] == expected
    assert expected


@pytest.mark.parametrize(
    "asked", ["-id", "created", "-created", "-elapsed", "finished", "-started", "name,-id",
              "status,-elapsed", "created_by__username,id", "-job_template"],
)  # fmt: skip
def test_an_order_is_that_of_any_rows(world: World, jobs: list[Job], asked: str) -> None:
    table = TABLES["job"]
    expected = sorted(jobs, key=lambda job: job.id)
    for word in reversed(asked.split(",")):
        order = order_key(table, word)
        expected.sort(key=order.key, reverse=order.backwards)
    found = selected(RunRows.of(world.jobs, frozenset({"job"})), table, [("order_by", asked)])
    assert [row.id for row in found] == [job.id for job in expected]
    assert [row.id for row in found[5:8]] == [job.id for job in expected[5:8]]


class TestPlausibility:
    def test_ids_rise_with_time_and_no_job_takes_longer_than_is_said(self, world: World) -> None:
        rows = [world.jobs.bulk_jobs[n] for n in world.jobs.bulk_jobs.ids]
        times = [row.created for row in rows]
        assert times == sorted(times)
        assert times[-1] < world.born - 60 * 86400
        assert all(0 < row.finished - row.created < LONGEST_S for row in rows)

    def test_ends_launchers_and_revisions(self, world: World) -> None:
        rows = [world.jobs.bulk_jobs[n] for n in world.jobs.bulk_jobs.ids]
        ends = Counter(row.kind.outcome for row in rows)
        assert 0.8 < ends["successful"] / COUNT < 0.9
        assert ends["failed"] > ends["canceled"] > ends["error"] > 0
        kinds = Counter(row.kind.launch_type for row in rows)
        assert kinds["scheduled"] > kinds["relaunch"] > 20
        assert 3 <= len({row.revision for row in rows if row.kind.template.id == 9}) <= 6
        assert {len(row.revision) for row in rows} == {40}
        assert all(row.kind.explanation for row in rows if row.kind.outcome == "error")

    def test_a_relaunch_is_of_the_template_that_failed_just_before(self, world: World) -> None:
        bulk = world.jobs.bulk_jobs
        again = [n for n in bulk.ids if bulk[n].kind.launch_type == "relaunch"]
        for number in again:
            before = bulk[number - 1].kind
            assert before.outcome == "failed"
            assert before.template is bulk[number].kind.template

    def test_who_works_by_day_waits_longer(self, world: World) -> None:
        rows = [world.jobs.bulk_jobs[n] for n in world.jobs.bulk_jobs.ids]
        waits = {
            is_day: sorted(
                row.wait_s
                for row in rows
                if row.kind.has_run and (9 <= row.created % 86400 // 3600 < 16) is is_day
            )
            for is_day in (True, False)
        }
        middles = {is_day: each[len(each) // 2] for is_day, each in waits.items()}
        assert middles[True] > 1.5 * middles[False]

    def test_one_that_never_started_is_as_awx_shows_it(self, world: World) -> None:
        frame = Frame(world, world.get(User, 1), "/api/v2")
        unstarted = next(
            n for n in world.jobs.bulk_jobs.ids if not world.jobs.bulk_jobs[n].kind.has_run
        )
        row = rows_runs.run(frame, world.jobs[unstarted], detail=True)
        assert (row["status"], row["started"], row["elapsed"]) == ("canceled", None, 0.0)
        assert row["finished"] > row["canceled_on"] > row["created"]
        assert (row["execution_node"], row["scm_revision"], row["work_unit_id"]) == ("", "", None)
        assert row["event_processing_finished"]

    def test_what_a_schedule_starts_is_nobodys(self, world: World) -> None:
        frame = Frame(world, world.get(User, 1), "/api/v2")
        bulk = world.jobs.bulk_jobs
        number = next(n for n in bulk.ids if bulk[n].kind.launch_type == "scheduled")
        row = rows_runs.run(frame, world.jobs[number])
        assert row["launched_by"]["type"] == "schedule"
        assert row["related"]["schedule"] == row["launched_by"]["url"]
        assert row["summary_fields"]["schedule"]["name"] == row["launched_by"]["name"]
        assert "created_by" not in row["summary_fields"]

    def test_a_job_depends_on_its_id_alone(self, world: World) -> None:
        first = world.jobs.bulk_jobs
        again = BulkJobs(
            world.jobs.templates,
            world.jobs.users,
            first=9,
            count=COUNT,
            end=world.born - 60 * 86400,
        )
        assert [again[n] for n in (3000, 9, 1500)] == [first[n] for n in (3000, 9, 1500)]
