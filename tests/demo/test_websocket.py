from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

import pytest
import websocket

from tests.demo.conftest import Api
from tests.demo.derive_shapes import message_place
from tests.demo.sockets import ALL_JOBS, Socket
from tests.demo.test_contract import RECORDED, differences

if TYPE_CHECKING:
    from demo.aliases import Json, Passed
    from demo.server import DemoServer
    from tests.demo.stage import Clock

MICROSECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00")
RECORDED_ORDER = RECORDED["websocket_session"]["order"]


def refused(server: DemoServer, path: str = "/websocket/", **how: Passed) -> int:
    """Return the status that refuses a connection."""
    url = server.url.replace("http", "ws", 1) + path
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        websocket.create_connection(url, timeout=5, **how)
    return int(caught.value.status_code)


def places(messages: list[Json]) -> list[str]:
    """Return what the messages are about, repetitions left out."""
    told = [message_place(message) for message in messages]
    return [each for i, each in enumerate(told) if told[i - 1 : i] != [each]]


def is_recap(message: Json) -> bool:
    return bool(message.get("event") == "playbook_on_stats")


def statuses(messages: list[Json], run: int) -> list[str]:
    return [m["status"] for m in messages if m.get("unified_job_id") == run and "status" in m]


def is_watching(server: DemoServer) -> bool:
    return not server.awx.live.is_idle


def ends(run: int) -> Json:
    return lambda message: message.get("unified_job_id") == run and "finished" in message


# The contract


def test_a_session_is_as_recorded(api: Api, clock: Clock) -> None:
    with Socket(api) as socket:
        socket.ask(jobs=ALL_JOBS, control=["limit_reached_1"], schedules=["changed"])
        got = socket.until(lambda message: "groups_current" in message)
        job = api.launch(9)
        got += socket.until(lambda message: message.get("status") == "pending")
        socket.ask(jobs=ALL_JOBS, job_events=[job])
        got += socket.until(lambda message: "groups_current" in message)
        clock.tick(60)
        got += socket.until(lambda message: message.get("status") == "successful")
        missing = {e["counter"] for e in _with_output(api, f"jobs/{job}/job_events/")} - {
            message.get("counter") for message in got
        }
        got += [socket.receive() for _ in missing]
    assert places(got) == RECORDED_ORDER["bearer+csrf"]
    for message in got:
        assert differences(message, message_place(message)) == []
    left, joined = got[3]["groups_left"], got[3]["groups_joined"]
    assert sorted(left) == ["control-limit_reached_1", "schedules-changed"]
    assert joined == [f"job_events-{job}"]


def test_a_session_without_the_cookie_is_as_recorded(api: Api) -> None:
    with Socket(api, cookie="") as socket:
        socket.ask(jobs=ALL_JOBS)
        got = socket.until(lambda message: "error" in message)
    assert places(got) == RECORDED_ORDER["bearer only"]
    assert got[-1] == {"error": "access denied to channel"}
    assert RECORDED_ORDER["anonymous"] == [f"status {refused(api.server)}"]


# Who may listen


def test_who_may_connect(server: DemoServer, api: Api) -> None:
    bearer = {"Authorization": f"Bearer {api.token}"}
    assert refused(server) == 403
    assert refused(server, header={"Authorization": "Bearer nosuch"}) == 403
    assert refused(server, cookie=f"token={api.token}; csrftoken=x") == 403
    assert refused(server, "/websockets/", header=bearer) == 404
    with Socket(api, path="/api/websocket/") as socket:
        assert socket.receive() == {"accept": True, "user": 1}
    url = server.url.replace("http://", "ws://") + "/websocket/"
    basic = websocket.create_connection(
        url, header=["Authorization: Basic YWRtaW46cGFzc3dvcmQ="], timeout=5
    )
    assert json.loads(basic.recv()) == {"accept": True, "user": 1}
    basic.shutdown()  # type: ignore[no-untyped-call]
    noted = [(path, status) for method, path, status in server.awx.requests if method == "WS"]
    assert noted == [
        ("/websocket/", 403),
        ("/websocket/", 403),
        ("/websocket/", 403),
        ("/websockets/", 404),
        ("/api/websocket/", 101),
        ("/websocket/", 101),
    ]


@pytest.mark.parametrize("token", ["y", "", None])
def test_the_token_must_be_the_cookies(api: Api, token: str | None) -> None:
    with Socket(api) as socket:
        socket.receive()
        socket.raw.send(json.dumps({"xrftoken": token, "groups": {"jobs": ["summary"]}}))
        assert socket.receive() == {"error": "access denied to channel"}
        assert socket.subscribe(jobs=["summary"])["groups_joined"] == ["jobs-summary"]


def test_permission_is_by_object(server: DemoServer, api: Api) -> None:
    hidden, update = api.launch(12), api.post("projects/8/update/", status=202)["id"]
    operator = Api(server, "operator")
    with Socket(operator) as socket:
        socket.receive()
        socket.ask(jobs=["summary"], job_events=[hidden, update], project_update_events=[update])
        got = socket.until(lambda message: "groups_current" in message)
    assert [message.get("error") for message in got[:2]] == [
        f"access denied to channel job_events for resource id {each}" for each in (hidden, update)
    ]
    assert set(got[2]["groups_current"]) == {"jobs-summary", f"project_update_events-{update}"}


# Subscriptions


def test_a_subscription_replaces_the_one_before(api: Api, clock: Clock) -> None:
    with Socket(api) as socket:
        socket.subscribe(jobs=ALL_JOBS)
        first = api.launch(9)
        socket.until(lambda message: message.get("status") == "pending")
        answer = socket.subscribe(jobs=["summary"])
        assert answer == {
            "groups_current": ["jobs-summary"],
            "groups_left": ["jobs-status_changed"],
            "groups_joined": [],
        }
        clock.tick(60)
        assert socket.receive()["unified_job_id"] == first  # and not its status
        socket.subscribe()
        api.launch(9)
        clock.tick(60)
        assert socket.subscribe(jobs=["summary"])["groups_joined"] == ["jobs-summary"]


def test_groups_must_be_lists(api: Api) -> None:
    with Socket(api) as socket:
        socket.subscribe(jobs=["summary"])
        socket.ask(jobs="summary")
        assert socket.receive() == {"error": "access denied to channel"}
        assert socket.subscribe(jobs=["summary"])["groups_joined"] == ["jobs-summary"]


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"xrftoken": "x", "groups": []}'])
def test_what_is_no_subscription_ends_the_connection(api: Api, text: str) -> None:
    with Socket(api) as socket:
        socket.receive()
        socket.raw.send(text)
        code, data = socket.raw.recv_data()
    assert (code, int.from_bytes(data[:2], "big")) == (websocket.ABNF.OPCODE_CLOSE, 1011)


def test_nothing_is_watched_while_nobody_listens(server: DemoServer, api: Api) -> None:
    with Socket(api) as socket:
        socket.receive()
        assert server.awx.live.is_idle
        socket.subscribe(jobs=["summary"])
        assert is_watching(server)
    deadline = time.monotonic() + 5
    while is_watching(server) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.awx.live.is_idle


def test_listeners_get_what_comes_after_them(api: Api, clock: Clock) -> None:
    with Socket(api) as early, Socket(api) as late:
        early.subscribe(jobs=ALL_JOBS)
        job = api.launch(9)
        clock.tick(1)
        early.until(lambda message: message.get("status") == "running")
        late.subscribe(jobs=ALL_JOBS, job_events=[job])
        clock.tick(60)
        got = late.until(ends(job))
        assert [m["status"] for m in early.until(ends(job)) if "status" in m] == ["successful"]
    assert statuses(got, job) == ["successful"]
    counters = [message["counter"] for message in got if "counter" in message]
    assert 1 not in counters  # it was long since told
    assert counters


# Messages of every kind of run


def _with_output(api: Api, path: str) -> list[Json]:
    """Return the events that AWX sends where the rate allows: those with output, and some."""
    always = {"playbook_on_play_start", "playbook_on_task_start", "playbook_on_stats"}
    events = api.get(f"{path}?no_truncate=1&page_size=200&order_by=counter")["results"]
    return [e for e in events if e["counter"] == 1 or e["stdout"] or e["event"] in always]


@pytest.mark.parametrize(
    ("post", "kind", "events", "more"),
    [
        ("job_templates/10/launch/", "job", "jobs/{}/job_events/", {"unified_job_template_id": 10}),
        (
            "projects/8/update/",
            "project_update",
            "project_updates/{}/events/",
            {"unified_job_template_id": 8, "project_id": 8},
        ),
        ("inventories/2/ad_hoc_commands/", "ad_hoc_command", "ad_hoc_commands/{}/events/", {}),
    ],
)
def test_every_event_is_told_whole(
    api: Api, clock: Clock, post: str, kind: str, events: str, more: dict[str, int]
) -> None:
    made = api.send(
        "POST", post, {"module_name": "ping", "credential": 3} if "ad_hoc" in post else {}
    )
    run = made.json()["id"]
    group = f"{kind}_events"
    with Socket(api) as socket:
        socket.subscribe(jobs=ALL_JOBS, **{group: [run]})
        clock.tick(60)
        got = [
            message
            for message in socket.until(ends(run))
            if "status" in message or "counter" in message
        ]
        stored = _with_output(api, events.format(run))
        while sum("counter" in message for message in got) < len(stored):
            got.append(socket.receive())
    changes = [message for message in got if "status" in message]
    assert all(message.items() >= more.items() for message in changes)
    assert {message["type"] for message in changes} == {kind}
    place = "controlplane" if kind == "project_update" else "default"
    assert changes[0]["instance_group_name"] == place
    told = sorted((m for m in got if "counter" in m), key=lambda m: int(m["counter"]))
    assert [m["counter"] for m in told] != [m["counter"] for m in got if "counter" in m]
    for message, row in zip(told, stored, strict=True):
        same = (
            "id",
            "counter",
            "event",
            "stdout",
            "uuid",
            "start_line",
            "end_line",
            "changed",
            kind,
        )
        assert {key: message[key] for key in same} == {key: row[key] for key in same}
        assert message["event_data"] == row["event_data"]
        assert MICROSECONDS.fullmatch(message["created"])
        assert message["created"] == message["modified"]
        url = "" if kind == "project_update" else f"/api/v2/{group}/{row['id']}"
        assert (message["group_name"], message["url"]) == (group, url)


def test_the_number_of_events_is_known_before_the_end(api: Api, clock: Clock) -> None:
    with Socket(api) as socket:
        socket.subscribe(jobs=ALL_JOBS)
        job = api.launch(9)
        clock.tick(60)
        got = socket.until(ends(job))
    count = api.get(f"jobs/{job}/job_events/")["count"]
    assert got[-2] == {"group_name": "jobs", "unified_job_id": job, "final_counter": count}


def test_a_cancel_is_told_twice(api: Api, clock: Clock) -> None:
    with Socket(api) as socket:
        job = api.launch(12)
        clock.tick(10)
        socket.subscribe(jobs=ALL_JOBS, job_events=[job])
        api.post(f"jobs/{job}/cancel/", status=202)
        (first,) = socket.until(lambda message: "status" in message)
        assert (first["status"], "finished" in first) == ("canceled", False)
        clock.tick(10)
        got = socket.until(ends(job))
    assert statuses(got, job) == ["canceled"]
    count = api.get(f"jobs/{job}/job_events/")["count"]
    assert [m["final_counter"] for m in got if "final_counter" in m] == [count]
    assert max(m["counter"] for m in got if "counter" in m) <= count
    assert not any(is_recap(message) for message in got)


def test_a_cancel_before_the_start_is_told_once(api: Api, clock: Clock) -> None:
    with Socket(api) as socket:
        socket.subscribe(jobs=ALL_JOBS)
        job = api.launch(9)
        api.post(f"jobs/{job}/cancel/", status=202)
        clock.tick(10)
        other = api.launch(9)
        clock.tick(60)
        got = socket.until(ends(other))
    mine = [message for message in got if message["unified_job_id"] == job]
    assert [message["status"] for message in mine] == ["pending", "canceled"]
    assert "finished" not in mine[-1]


def test_an_error_has_no_time_of_its_end(api: Api, clock: Clock) -> None:
    with Socket(api) as socket:
        socket.subscribe(jobs=ALL_JOBS)
        api.launch(31)
        clock.tick(60)
        got = socket.until(lambda message: message.get("status") == "error")
    assert "finished" not in got[-1]


def test_a_workflow_tells_of_its_steps(api: Api, clock: Clock) -> None:
    workflow = api.post("workflow_job_templates/22/launch/")["workflow_job"]
    with Socket(api) as socket:
        socket.subscribe(jobs=ALL_JOBS, workflow_events=[workflow])
        got: list[Json] = []
        for _ in range(30):
            clock.tick(1)
            time.sleep(0.03)
        got = socket.until(ends(workflow))
    assert statuses(got, workflow) == ["running", "successful"]
    running = next(message for message in got if message.get("unified_job_id") == workflow)
    assert running["instance_group_name"] is None
    nodes = api.get(f"workflow_jobs/{workflow}/workflow_nodes/")["results"]
    for node in nodes:
        told = [m for m in got if m.get("unified_job_id") == node["job"] and "status" in m]
        own = [message for message in told if message["group_name"] == "jobs"]
        copies = [message for message in told if message["group_name"] == "workflow_events"]
        assert [message["status"] for message in own] == ["pending", "running", "successful"]
        assert {message["workflow_node_id"] for message in own} == {node["id"]}
        template = own[0]["unified_job_template_id"]
        extra = {"group_name": "workflow_events", "workflow_job_template_id": template}
        assert copies == [message | extra for message in own]


def test_slices_are_steps_of_a_workflow(api: Api, clock: Clock) -> None:
    with Socket(api) as socket:
        socket.subscribe(jobs=["status_changed"])
        workflow = api.post("job_templates/17/launch/")["id"]
        for _ in range(10):
            clock.tick(1)
            time.sleep(0.03)
        got = socket.until(ends(workflow))
    slices = {m["unified_job_id"] for m in got} - {workflow}
    assert len(slices) == 2
    for job in slices:
        assert statuses(got, job) == ["pending", "running", "successful"]


def test_an_approval_is_told(api: Api, clock: Clock) -> None:
    workflow = api.post("workflow_job_templates/23/launch/")["workflow_job"]
    with Socket(api) as socket:
        socket.subscribe(workflow_events=[workflow])
        clock.tick(5)
        pending = socket.until(lambda message: message.get("status") == "pending")[-1]
        api.post(f"workflow_approvals/{pending['unified_job_id']}/approve/", status=204)
        approved = socket.receive()
    assert pending["type"] == approved["type"] == "workflow_approval"
    assert (approved["status"], approved["workflow_job_id"]) == ("successful", workflow)
