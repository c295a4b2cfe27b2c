from __future__ import annotations

from utils.following.tally import Tally
from utils.following.transcript import Line
from utils.record import Record


def line(event: str, host: str = "", **fields: object) -> Line:
    data = {"host": host, "ignore_errors": fields.pop("ignore_errors", None)}
    row = {"counter": 1, "event": event, "event_data": data, **fields}
    return Line.of(Record(row, "websocket"))


def tally_of(*lines: Line) -> Tally:
    tally = Tally()
    for each in lines:
        tally.take(each)
    return tally


def test_the_running_task_is_the_last_that_started() -> None:
    tally = tally_of(
        line("playbook_on_task_start", task="Install"),
        line("playbook_on_task_start", task="Restart"),
        line("runner_on_ok", "web01", task="Install"),
    )
    assert tally.task == "Restart"


def test_a_host_counts_as_the_worst_that_happened_to_it() -> None:
    tally = tally_of(
        line("runner_on_ok", "web01", changed=True),
        line("runner_on_ok", "web01"),
        line("runner_on_ok", "web02"),
        line("runner_on_failed", "web02"),
        line("runner_on_unreachable", "web03"),
        line("runner_on_skipped", "web04"),
    )
    assert tally.hosts == {"ok": 1, "changed": 1, "failed": 1, "unreachable": 1}


def test_a_failure_that_the_playbook_ignores_is_none() -> None:
    tally = tally_of(line("runner_on_failed", "web01", ignore_errors=True))
    assert tally.hosts == {"ok": 1, "changed": 0, "failed": 0, "unreachable": 0}


def test_what_tells_of_no_host_counts_nothing() -> None:
    tally = tally_of(line("verbose"), line("runner_item_on_ok", "web01"), line("runner_on_ok"))
    assert sum(tally.hosts.values()) == 0


def test_events_of_an_odd_shape_are_taken_all_the_same() -> None:
    row = {"counter": 1, "event": None, "event_data": "text", "task": 5, "changed": "yes"}
    assert Line.of(Record(row, "websocket")) == Line(1, b"", task="5")
