from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from tests.rows import job as details
from utils.flow import Passed, Timeline
from utils.following.board import Board
from utils.following.nodes import Node
from utils.following.workflow import FollowedWorkflow, followed
from utils.jobs import Launched
from utils.live.picture import Picture
from utils.live.words import duration
from utils.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_awx import FakeTime
    from utils.awx_client import Client
    from utils.following.followed_job import FollowedJob

    Make = Callable[..., FollowedJob]

STEPS = ("ping", "token", "inventory", "hosts", "credentials", "project sync", "launch", "monitor",
         "stdout", "history")  # fmt: skip


@pytest.fixture
def make(client: Client, time: FakeTime) -> Make:
    """Return a maker of jobs that are followed."""

    def of(job_id: int, name: str, status: str, kind: str = "job", **detail: object) -> FollowedJob:
        launched = Launched(job_id, kind, f"{kind}s/{job_id}/", "", name=name)
        made = followed(client, launched, lambda _: None, clock=time.clock)
        made.status = status
        if detail:
            made.status = ""
            made.take_details(Record(details(id=job_id, status=status, **detail), ""))
        return made

    return of


class Drawn:
    """What is drawn of a timeline and a board, without colours unless asked for."""

    def __init__(self, time: FakeTime, *jobs: FollowedJob, **how: bool) -> None:
        self.timeline = Timeline(steps=STEPS)
        self.board = Board(list(jobs))
        self.time = time
        self.picture = Picture(
            self.timeline, self.board, clock=time.clock, **{"color": False, "signs": True, **how}
        )

    def __call__(self, width: int = 80, height: int = 24) -> list[str]:
        lines = self.picture.lines(width, height)
        assert all(cell_len(line) < width for line in lines if "\x1b" not in line)
        assert len(lines) <= height - 3
        return [re.sub("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]", "*", line.rstrip()) for line in lines]


def pass_steps(timeline: Timeline, *states: str) -> None:
    timeline.passed = [
        Passed(name, state, 0.1, "") for name, state in zip(STEPS, states, strict=False)
    ]
    timeline.current = STEPS[len(states)]


def test_the_steps_are_a_checklist_in_one_or_two_lines_or_one_step(time: FakeTime) -> None:
    drawn = Drawn(time)
    pass_steps(drawn.timeline, "ok", "failed", "skipped")
    first = "✔ ping  ✘ token  ↷ inventory  * hosts  · credentials  · project sync  · launch"
    second = "· monitor  · stdout  · history"
    assert drawn(80) == [first, second]
    assert drawn(120) == [f"{first}  {second}"]
    assert drawn(50) == ["* 4/10 hosts"]


def test_no_step_runs_once_the_last_has_passed(time: FakeTime) -> None:
    drawn = Drawn(time)
    pass_steps(drawn.timeline, *["ok"] * 9)
    drawn.timeline.passed.append(Passed("history", "ok", 0.1, ""))
    assert "*" not in "".join(drawn(120))
    assert drawn(50) == []


def test_a_job_tells_its_time_its_hosts_and_its_task(make: Make, time: FakeTime) -> None:
    job = make(642, "Deploy web", "running", elapsed=10.0)
    job.tally.task = "Install nginx"
    job.tally.hosts |= {"ok": 2, "failed": 1}
    drawn = Drawn(time, job)
    assert drawn()[2:] == [
        "* Deploy web 642  running  10 s",
        "  failed 1  ok 2",
        "  TASK [Install nginx]",
    ]
    time.sleep(5)
    assert drawn()[2] == "* Deploy web 642  running  15 s"
    job.take_details(Record(details(id=642, status="failed", elapsed=16.4), ""))
    assert drawn()[2:] == [
        "✘ Deploy web 642  failed  16 s", "  failed 1  ok 2",
    ]  # fmt: skip
    job.is_over = True
    assert drawn()[2:] == []


@pytest.mark.parametrize(
    ("elapsed_s", "told"),
    [
        (0.0, "0.0 s of about 20 s  " + "·" * 31),
        (5.0, "5.0 s of about 20 s  " + "━" * 7 + "·" * 24),
        (19.9, "19 s of about 20 s  " + "━" * 31 + "·"),
        (31.0, "31 s  longer than usual (20 s)"),
    ],
)
def test_the_bar_claims_no_more_than_is_known(
    make: Make, time: FakeTime, elapsed_s: float, told: str
) -> None:
    job = make(642, "Deploy web", "running", elapsed=elapsed_s)
    job.expected_s = 20.0
    assert Drawn(time, job)()[2] == f"* Deploy web 642  running  {told}"


def test_the_bar_fills_the_room_or_is_not_there(make: Make, time: FakeTime) -> None:
    job = make(642, "Deploy web", "running", elapsed=10.0)
    job.expected_s = 20.0
    drawn = Drawn(time, job)
    drawn.timeline.steps = ()
    start = "* Deploy web 642  running  10 s of about 20 s"
    assert drawn(120) == [f"{start}  {'━' * 36}{'·' * 36}"]
    assert drawn(len(start) + 9) == [f"{start}  ━━━···"]
    assert drawn(len(start) + 8) == drawn(len(start) + 1) == [start]
    job.job = replace(job.job, name="Deploy everything that there is to deploy")
    assert drawn(60) == ["* Deploy everything that… 642  running  10 s of about 20 s"]


def test_a_job_that_waits_says_for_how_long_and_why(make: Make, time: FakeTime) -> None:
    job = make(642, "Deploy web", "pending")
    job.waiting.text = "job 640 (Deploy\nweb) is running"
    time.sleep(70)
    assert Drawn(time, job)()[2:] == [
        "◷ Deploy web 642  pending  for 1 min 10 s", "  job 640 (Deploy web) is running",
    ]  # fmt: skip


def workflow(make: Make, *nodes: Node, job_id: int = 50) -> FollowedWorkflow:
    made = make(job_id, f"Release {job_id}", "running", "workflow_job")
    assert isinstance(made, FollowedWorkflow)
    made.nodes = list(nodes)
    return made


def test_a_workflow_is_a_tree_with_nested_ones_and_approvals(make: Make, time: FakeTime) -> None:
    inner = workflow(make, Node("Smoke test"), Node("Roll back", is_skipped=True), job_id=52)
    outer = workflow(
        make,
        Node("Build", 51, "successful"),
        Node("Inner", 52, "running"),
        Node("Go?", 53, "pending"),
        Node("Notify", 54, "failed"),
    )
    approval = make(53, "Go?", "pending", "workflow_approval")
    approval.waiting.text = "approval by ann"
    time.sleep(130)
    build = make(51, "Build", "successful", elapsed=4.0)
    build.tally.hosts["changed"] = 3
    outer.steps = {51: build, 52: inner, 53: approval}
    assert Drawn(time, outer)()[2:] == [
        "* Release 50 50  running  2 min 10 s",
        "├── ✔ Build 51  successful  4.0 s  changed 3",
        "├── * Release 52 52  running  2 min 10 s",
        "│   ├── · Smoke test  to come",
        "│   └── ↷ Roll back  not taken",
        "├── ◷ Go? 53  waits for approval  for 2 min 10 s",
        "│   └── approval by ann",
        "└── ✘ Notify  failed",
    ]
    approval.status = "failed"
    assert "├── ✘ Go? 53  denied, or timed out  0.0 s" in Drawn(time, outer)()


def test_a_steps_line_has_room_for_what_matters(make: Make, time: FakeTime) -> None:
    outer = workflow(make, Node("A", 51, "running"), Node("B" * 90, 52), Node("C" * 90))
    step, other = (make(n, name, "running") for n, name in ((51, "Deploy web"), (52, "B" * 90)))
    outer.steps = {51: step, 52: other}
    step.tally.task = "Install nginx and everything that belongs to it"
    other.tally.hosts |= {"failed": 12}
    hosts = step.tally.hosts
    time.sleep(65)
    shown = Drawn(time, outer)
    start = "├── * Deploy web 51  running  1 min 05 s"
    assert shown()[3] == f"{start}  TASK [Install nginx and everything…]"
    hosts |= {"ok": 5, "changed": 3}
    assert shown()[3] == f"{start}  changed 3  ok 5  TASK [Install ngin…]"
    hosts |= {"failed": 2}
    assert shown()[3] == f"{start}  failed 2  changed 3  ok 5"
    hosts |= {"unreachable": 1}
    assert shown()[3] == f"{start}  unreachable 1  failed 2  changed 3"
    assert shown()[4] == f"├── * {'B' * 37}… 52  running  1 min 05 s  failed 12"
    assert shown()[5] == f"└── · {'C' * 63}…  to come"
    assert shown(50)[1] == "├── * Deploy web 51  running  1 min 05 s  unreac…"
    assert shown(60)[-2] == f"├── * {'B' * 17}… 52  running  1 min 05 s  failed 12"


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("names", [1, 40])
def test_the_address_of_an_approval_is_whole(
    make: Make, time: FakeTime, width: int, names: int
) -> None:
    outer = workflow(make, Node("Go?", 53, "pending"), Node("Deploy"))
    approval = make(53, "Go?", "pending", "workflow_approval")
    outer.steps = {53: approval}
    page = "https://awx.example.com/#/jobs/workflow_approval/53"
    approval.waiting.text = (
        f"approval by {' or '.join(['somebody'] * names)}; at {page}, or by: "
        "python main.py approval approve 53; until 2026-11-29 12:00:00 UTC, when it fails"
    )
    lines = Drawn(time, outer)(width)
    assert page in "\n".join(lines)
    reason = [line for line in lines if line.startswith(("│   └── ", "│       "))]
    assert 2 <= len(reason) <= 3
    assert lines[-1] == "└── · Deploy  to come"
    told = " ".join(line[8:] for line in reason)
    assert told == approval.waiting.text or "…" in told
    drawn = Drawn(time, outer)(width, height=len(lines) + 2)
    assert drawn[-1].startswith("… and ")
    assert len(drawn) <= len(lines) - 1
    assert page in "\n".join(Drawn(time, approval)(width))


def test_a_tree_leaves_out_what_is_over_first_and_what_is_to_come_last(
    make: Make, time: FakeTime
) -> None:
    outer = workflow(make, *(Node(f"Node {n}", n) for n in range(51, 71)), Node("Last"))
    outer.steps = {n: make(n, "Job", "successful" if n < 61 else "running") for n in range(51, 65)}
    full = Drawn(time, outer)(height=40)
    assert len(full) == 24
    lines = Drawn(time, outer)(height=18)[2:]
    assert lines[0] == "* Release 50 50  running  0.0 s"
    assert [line.split("  ")[0] for line in lines[1:5]] == [f"├── * Job {n}" for n in range(61, 65)]
    assert "successful" not in "".join(lines)
    assert lines[-1] == "… and 10 more"
    assert Drawn(time, outer)(height=7)[2:] == ["* Release 50 50  running  0.0 s", "… and 21 more"]
    assert len(Drawn(time, outer)(height=4)) == 1


def test_several_jobs_are_listed(make: Make, time: FakeTime) -> None:
    jobs = [make(n, "Deploy", "running") for n in (1, 2)]
    jobs[0].tally.task = "Install"
    assert Drawn(time, *jobs)()[2:] == [
        "* Deploy 1  running  0.0 s  TASK [Install]", "* Deploy 2  running  0.0 s",
    ]  # fmt: skip


def test_a_download_tells_how_much_came_and_how_fast(time: FakeTime) -> None:
    drawn = Drawn(time)
    drawn.board.downloaded_bytes = 1000
    assert drawn()[2:] == []
    drawn.board.downloaded_bytes = 3_400_000
    time.sleep(2)
    assert drawn()[2:] == ["* output: 3.4 MB, 1.7 MB/s  2.0 s"]
    drawn.board.downloaded_bytes = 0
    assert drawn()[2:] == []


def test_names_cannot_move_the_cursor(make: Make, time: FakeTime) -> None:
    job = make(1, "a\x1b[2Jb\r\nc", "running")
    job.tally.task = "\x1b[1Ad\u202e字" + "x" * 100
    drawn = Drawn(time, job)
    assert "* a [2Jb  c 1  running  0.0 s" in drawn()
    assert drawn()[3].startswith("  TASK [ [1Ad 字xx")
    assert drawn()[3].endswith("x…]")


def test_colours_are_the_terminals_own_and_none_where_not_wanted(
    make: Make, time: FakeTime
) -> None:
    job = make(1, "Deploy", "running")
    assert "\x1b[36mrunning\x1b[0m" in "".join(Drawn(time, job, color=True)())
    assert "\x1b" not in "".join(Drawn(time, job)())


def test_a_terminal_without_signs_gets_ascii(make: Make, time: FakeTime) -> None:
    outer = workflow(make, Node("Node " + "x" * 100))
    drawn = Drawn(time, outer, signs=False)
    pass_steps(drawn.timeline, "ok", "failed", "skipped")
    text = "\n".join(drawn())
    assert text.isascii()
    assert text.startswith("+ ping  x token  - inventory  ")
    assert "`-- . Node xx" in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0.0 s"), (9.94, "9.9 s"), (59.9, "59 s"), (307, "5 min 07 s"), (7500, "2 h 05 min")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
