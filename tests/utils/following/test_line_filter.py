from __future__ import annotations

from dataclasses import replace

from utils.following.line_filter import LineFilter, all_text
from utils.following.transcript import Line


def heading(task: str) -> Line:
    return Line(
        1, f"TASK [{task}]\n".encode(), event="playbook_on_task_start", task=task, uuid=task
    )


def of_host(host: str, task: str, event: str = "runner_on_ok", *, ignored: bool = False) -> Line:
    text = f"{event[10:]}: [{host}]\n".encode()
    return Line(2, text, event=event, task=task, host=host, parent=task, ignored=ignored)


LINES = [
    Line(1, b"PLAY [all]\n", event="playbook_on_play_start"),
    heading("Install nginx"),
    of_host("web01", "Install nginx"),
    of_host("web02", "Install nginx", "runner_on_failed"),
    of_host("db01", "Install nginx", "runner_on_failed", ignored=True),
    heading("Restart nginx"),
    of_host("web01", "Restart nginx"),
    of_host("db01", "Restart nginx", "runner_on_unreachable"),
    Line(9, b"PLAY RECAP\n", event="playbook_on_stats"),
]


def chosen(*hosts: str, task: str = "", failed: bool = False) -> list[str]:
    choose = LineFilter(hosts, [task] if task else [], failed=failed)
    return b"".join(choose(line) for line in LINES).decode().splitlines()


def test_without_anything_to_choose_by_all_passes() -> None:
    assert LineFilter().passes_all
    assert b"".join(map(LineFilter(), LINES)) == b"".join(map(all_text, LINES))


def test_a_host_with_the_tasks_that_it_was_in() -> None:
    assert chosen("WEB01") == [
        "TASK [Install nginx]", "ok: [web01]", "TASK [Restart nginx]", "ok: [web01]",
    ]  # fmt: skip


def test_hosts_by_a_pattern_under_each_task_once() -> None:
    assert chosen("web*", task="install*") == [
        "TASK [Install nginx]", "ok: [web01]", "failed: [web02]",
    ]  # fmt: skip


def test_several_hosts() -> None:
    assert len(chosen("web01", "web02")) == 5


def test_a_task_with_all_hosts() -> None:
    assert chosen(task="Restart*") == [
        "TASK [Restart nginx]", "ok: [web01]", "unreachable: [db01]",
    ]  # fmt: skip


def test_failures_are_those_that_the_playbook_does_not_ignore() -> None:
    assert chosen(failed=True) == [
        "TASK [Install nginx]", "failed: [web02]", "TASK [Restart nginx]", "unreachable: [db01]",
    ]  # fmt: skip
    assert chosen("db01", failed=True) == ["TASK [Restart nginx]", "unreachable: [db01]"]


def test_what_fits_nothing_passes_nothing() -> None:
    assert chosen("nosuch") == chosen(task="nosuch") == []


def test_what_prints_nothing_brings_no_heading() -> None:
    choose = LineFilter(["web01"])
    choose(heading("x"))
    assert choose(Line(2, b"", event="runner_on_start", host="web01", parent="x")) == b""


def test_the_empty_line_before_a_task_is_dropped_at_the_start_only() -> None:
    first, second = (replace(heading(name), text=b"\nTASK\n") for name in "xy")
    choose = LineFilter(["web01"])
    lines = (first, of_host("web01", "x"), second, of_host("web01", "y"))
    assert b"".join(map(choose, lines)) == b"TASK\nok: [web01]\n\nTASK\nok: [web01]\n"
