"""How many events the websocket passes, and how it fails on purpose."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import websocket

from demo.faults import Fault
from demo.live_messages import Limit
from demo.script import Event
from demo.server import DemoServer
from demo.websocket_faults import GARBAGE, GARBAGE_ITEMS
from tests.demo.conftest import Api
from tests.demo.sockets import ALL_JOBS, Socket
from tests.demo.test_websocket import ends, refused

if TYPE_CHECKING:
    from tests.demo.stage import Clock


def passed(offsets: list[float], event: str = "runner_on_ok", stdout: str = "x") -> list[int]:
    """Return which events of these times AWX sends."""
    limit = Limit()
    return [i for i, at in enumerate(offsets) if limit.passes(Event(at, event, stdout))]


def test_up_to_thirty_a_second_pass() -> None:
    assert passed([i / 29 for i in range(200)]) == list(range(200))
    assert passed([0.0] * 100) == list(range(30))
    assert passed([0.0] * 30 + [0.01, 0.02, 0.04, 0.05, 0.08]) == [*range(30), 32, 34]
    assert passed([0.0] * 40 + [1.1] * 40) == [*range(30), *range(40, 70)]


def test_what_prints_nothing_is_not_sent_and_the_outline_always() -> None:
    assert passed([float(i) for i in range(5)], stdout="") == [0]
    assert passed([0.0] * 100, "playbook_on_task_start", "") == list(range(100))


def test_a_big_output_arrives_in_part(api: Api, clock: Clock) -> None:
    job = api.launch(13)
    with Socket(api) as socket:
        socket.subscribe(jobs=ALL_JOBS, job_events=[job])
        clock.tick(60)
        got = socket.until(lambda message: message.get("event") == "playbook_on_stats")
    counters = {message["counter"] for message in got if "counter" in message}
    (count,) = [m["final_counter"] for m in got if "final_counter" in m]
    assert max(counters) == count == api.get(f"jobs/{job}/job_events/")["count"]
    assert 40 < len(counters) < 120 < count


def test_speed_speeds_up_the_messages() -> None:
    with DemoServer(speed=100) as server:
        api = Api(server)
        with Socket(api) as socket:
            socket.subscribe(jobs=ALL_JOBS)
            job = api.launch(12)
            began = time.monotonic()
            got = socket.until(ends(job))
        assert [m["status"] for m in got if "status" in m] == ["pending", "running", "successful"]
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("code", [403, 404, 502, 400])
def test_a_refused_handshake(server: DemoServer, api: Api, code: int) -> None:
    server.faults.add(Fault("status", "WS", code=code))
    bearer = {"Authorization": f"Bearer {api.token}"}
    assert refused(server, header=bearer) == code
    assert server.awx.requests[-1] == ("WS", "/websocket/", code)
    with Socket(api) as socket:
        assert socket.receive()["accept"]


def test_a_dropped_handshake(server: DemoServer, api: Api) -> None:
    server.faults.add(Fault("drop_before", "WS"))
    with pytest.raises((ConnectionError, websocket.WebSocketException)):
        Socket(api)
    assert server.awx.requests[-1] == ("WS", "/websocket/", 0)


def test_silence(server: DemoServer, api: Api) -> None:
    server.faults.add(Fault("ws_silent"))
    assert api.get("me/")["count"] == 1  # the fault is not for it
    with Socket(api) as socket:
        socket.ask(jobs=ALL_JOBS)
        socket.raw.settimeout(0.2)
        with pytest.raises(websocket.WebSocketTimeoutException):
            socket.receive()


@pytest.mark.parametrize("fault", [Fault("ws_close", after=2), Fault("ws_close", seconds=0.2)])
def test_an_early_end(server: DemoServer, api: Api, fault: Fault) -> None:
    server.faults.add(fault)
    with Socket(api) as socket:
        socket.subscribe(jobs=ALL_JOBS)
        code, data = socket.raw.recv_data()
    assert (code, int.from_bytes(data[:2], "big")) == (websocket.ABNF.OPCODE_CLOSE, 1011)
    with Socket(api) as socket:
        assert socket.receive()["accept"]


def test_an_end_without_a_word(server: DemoServer, api: Api) -> None:
    server.faults.add(Fault("ws_close", after=1, close_code=0))
    with Socket(api) as socket:
        socket.receive()
        with pytest.raises(websocket.WebSocketConnectionClosedException):
            socket.receive()


def test_a_cut_frame(server: DemoServer, api: Api) -> None:
    server.faults.add(Fault("ws_cut", after=1))
    with Socket(api) as socket:
        socket.receive()
        socket.ask(jobs=ALL_JOBS)
        with pytest.raises(websocket.WebSocketConnectionClosedException):
            socket.receive()


def test_lost_messages(server: DemoServer, api: Api, clock: Clock) -> None:
    server.faults.add(Fault("ws_lose", after=2, messages=2))
    with Socket(api) as socket:
        socket.subscribe(jobs=ALL_JOBS)
        job = api.launch(9)
        clock.tick(60)
        assert "final_counter" in socket.receive()  # pending and running are lost
        assert ends(job)(socket.receive())


def sent_before_the_answer(api: Api) -> list[str | bytes]:
    """Return what comes between the greeting and the answer about groups."""
    with Socket(api) as socket:
        socket.receive()
        socket.ask(jobs=ALL_JOBS)
        got = [socket.raw.recv()]
        while "groups_current" not in str(got[-1]):
            got.append(socket.raw.recv())
    return got[:-1]


@pytest.mark.parametrize("number", range(GARBAGE_ITEMS))
def test_each_garbage(server: DemoServer, api: Api, number: int) -> None:
    server.faults.add(Fault("ws_garbage", after=1, next_garbage=number))
    assert sent_before_the_answer(api) == [GARBAGE[number]]
    assert sent_before_the_answer(api) == []


def test_each_connection_gets_the_next_garbage(server: DemoServer, api: Api) -> None:
    server.faults.add(Fault("ws_garbage", after=1, times=None))
    got = [sent_before_the_answer(api) for _ in range(GARBAGE_ITEMS + 1)]
    assert got == [[each] for each in (*GARBAGE, GARBAGE[0])]
