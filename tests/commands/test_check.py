from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from commands import check
from tests.rows import launch_facts, page, template
from utils.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_awx import FakeAwx
    from utils.command_line import Call

MACHINE = {"id": 3, "name": "M", "credential_type": 1, "inputs": {"password": "$encrypted$"}}


@pytest.fixture(autouse=True)
def _up(awx: FakeAwx) -> None:
    awx.get("ping/", {"version": "24.6.1"})


@pytest.fixture
def _sound(awx: FakeAwx, me: None) -> None:
    del me
    awx.get("job_templates/9/", template())
    awx.get("job_templates/9/launch/", launch_facts())
    awx.get("inventories/2/hosts/", page({"id": 2, "name": "web01", "enabled": True}))
    awx.get("credential_types/1/", {"id": 1, "namespace": "ssh", "inputs": {}})


@pytest.mark.usefixtures("_sound")
def test_a_go(
    call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    awx.get("inventories/2/", {"id": 2, "name": "Web", "total_hosts": 1})
    awx.get("credentials/3/", MACHINE)
    assert check.run(call()) == ExitCode.OK
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["ok", "ping"], ["ok", "token"], ["ok", "template"], ["ok", "inventory"],
        ["ok", "hosts"], ["ok", "credentials"], ["go"],
    ]  # fmt: skip
    assert {each.method for each in awx.requests} == {"GET"}


@pytest.mark.usefixtures("_sound")
def test_a_no_go_has_all_that_is_wrong_and_the_code_of_the_first(
    call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    awx.get("inventories/2/", {"id": 2, "name": "Web", "total_hosts": 0})
    awx.get("credentials/3/", {**MACHINE, "inputs": {}})
    awx.get("credentials/3/input_sources/", page())
    assert check.run(call(output="json")) == ExitCode.PREFLIGHT
    found = json.loads(capsysbinary.readouterr().out)
    assert (found["go"], found["exit_code"]) == (False, 5)
    failed = {each["name"]: each["text"] for each in found["checks"] if each["state"] == "failed"}
    assert set(failed) == {"inventory", "credentials"}
    assert "has no hosts" in failed["inventory"]


@pytest.mark.usefixtures("_sound")
def test_that_a_check_is_skipped_is_said_once(
    call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    awx.refuse("GET", "inventories/2/", 403)
    awx.get("credentials/3/", MACHINE)
    assert check.run(call()) == ExitCode.OK
    told = capsysbinary.readouterr().out.decode()
    assert "skipped  inventory    not shown to this user\n" in told


def test_without_a_token_nothing_else_is_tried(
    call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    awx.refuse("GET", "me/", 401)
    # Asked only now, to tell a bad token from an AWX that has none.
    awx.get("/api/", {"current_version": "/api/v2/", "oauth2": "/api/o/"})
    assert check.run(call()) == ExitCode.REFUSED
    assert awx.sent == ["GET ping/", "GET me/", "GET /api/"]
    assert capsysbinary.readouterr().out.endswith(b"no go\n")


@pytest.mark.usefixtures("me")
def test_a_template_that_is_not_there(
    call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    awx.get("job_templates/", page())
    awx.get("unified_job_templates/", page())
    assert check.run(call(template="Nope")) == ExitCode.PREFLIGHT
    told = capsysbinary.readouterr().out.decode()
    assert "failed   template     AWX has no job template 'Nope'" in told
    assert not any("inventories" in each for each in awx.sent)
